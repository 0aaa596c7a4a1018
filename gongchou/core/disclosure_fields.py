"""The fields of each kind of public document; what stands in no table never becomes public."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gongchou.core.terms import PublicationKind


class Treatment(StrEnum):
    """What happens to a value on its way to the public."""

    TEXT = "text"  # read by the detector, personal data masked
    NUMBER = "number"
    NAME = "name"  # of a subject: masked by the rules for natural persons
    CODE = "code"  # unified social credit code: likewise
    PROTOCOL = "protocol"  # canonical bytes of the draw: whole or not at all
    OBJECT = "object"
    WITHHELD = "withheld"  # known, and never public


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: its name for people, and its treatment; `many` where it is a list.

    `may_be_secret` marks the words about one enterprise that may hold a trade secret of its own;
    day, item, result and whoever checked are owed to the public in any case.
    """

    label: str
    treatment: Treatment = Treatment.TEXT
    many: bool = False
    may_be_secret: bool = False
    fields: Mapping[str, "Field"] = field(default_factory=dict)


def _text(label: str) -> Field:
    return Field(label=label)


def _texts(label: str) -> Field:
    return Field(label=label, many=True)


def _about_firm(label: str, *, many: bool = False) -> Field:
    return Field(label=label, many=many, may_be_secret=True)


def _number(label: str) -> Field:
    return Field(label=label, treatment=Treatment.NUMBER)


def _withheld(label: str) -> Field:
    return Field(label=label, treatment=Treatment.WITHHELD)


def _rows(label: str, fields: Mapping[str, Field]) -> Field:
    return Field(label=label, treatment=Treatment.OBJECT, many=True, fields=fields)


def _protocol(label: str) -> Field:
    return Field(label=label, treatment=Treatment.PROTOCOL)


_HEAD = {
    "title": _text("标题"),
    "bureau": _text("机构代码"),
    "bureau_name": _text("检查机关"),
    "quarter": _text("季度"),
}

ITEM_LIST: Mapping[str, Field] = {
    **_HEAD,
    "version": _number("版本"),
    "approved_on": _text("批准日期"),
    "items": _rows(
        "事项",
        {
            "code": _text("编码"),
            "group": _text("抽查类别"),
            "name": _text("事项名称"),
            "tier": _text("事项类别"),
            "legal_basis": _text("检查依据"),
            "method": _text("检查方式"),
            "point": _text("检查内容及要求"),
            "note": _text("备注"),
        },
    ),
    "changes": _rows("与上一版相比", {"what": _text("变化"), "name": _text("事项")}),
    "drafted_by": _withheld("草拟人"),
    "approved_by": _withheld("批准人"),
}

ANNUAL_PLAN: Mapping[str, Field] = {
    **_HEAD,
    "year": _text("年度"),
    "policy": _text("实施方案"),
    "counted_on": _text("名录日期"),
    "digest": _text("计划摘要"),
    "rows": _rows(
        "全年抽查任务",
        {
            "number": _text("序号"),
            "name": _text("任务名称"),
            "mode": _text("任务类型"),
            "items": _text("抽查事项"),
            "scope": _text("抽查对象范围"),
            "when": _text("抽取时间"),
            "count": _text("抽查对象数量"),
            "ratio": _text("抽查对象比例"),
        },
    ),
    "made_by": _withheld("编制人"),
    "approved_by": _withheld("批准人"),
}

QUARTER_PLAN: Mapping[str, Field] = {
    **_HEAD,
    "policy": _text("实施方案"),
    "counted_on": _text("名录日期"),
    "digest": _text("计划摘要"),
    "classification_digest": _text("分类摘要"),
    "strata": _rows(
        "各层应抽家数",
        {
            "code": _text("层代码"),
            "name": _text("层"),
            "base_count": _number("基数"),
            "ratio": _text("比例"),
            "required_count": _number("应抽家数"),
            "method": _text("方式"),
            "clause": _text("依据"),
            "why": _text("算式"),
        },
    ),
    "tasks": _rows(
        "抽查任务",
        {
            "name": _text("任务名称"),
            "mode": _text("抽查方式"),
            "joint": _text("联合方式"),
        },
    ),
    "made_by": _withheld("测算人"),
    "approved_by": _withheld("批准人"),
}

_DRAW_STRATA = _rows(
    "各层",
    {
        "code": _text("层代码"),
        "name": _text("层"),
        "base_count": _number("基数"),
        "drawn_count": _number("抽取家数"),
        "chance": _text("抽中机会"),
    },
)

_OVERRIDES = _rows(
    "人为变动",
    {
        "code": _text("代码"),
        "name": _text("变动"),
        "count": _number("次数"),
        "detail": _text("其中"),
    },
)

ANNOUNCEMENT: Mapping[str, Field] = {
    **_HEAD,
    "draw": _text("抽取编号"),
    "task": _text("抽查任务"),
    "announced_at": _text("公告时间"),
    "closing_rule": _text("收口规则"),
    "digest": _text("公告摘要"),
    "drawn_at": _text("抽取时间"),
    "sealed_root": _text("密封名单摘要"),
    "visit_count": _number("抽中家数"),
    "overlaps": _texts("岗位兼任"),
    "strata": _DRAW_STRATA,
    "overrides": _OVERRIDES,
    "announcement": _protocol("公告原文"),
    "voided_at": _text("作废时间"),
    "void_ground": _text("作废事由"),
    "void_reason": _text("作废说明"),
    "void_decision": _text("上级决定"),
    "void_proof": _protocol("作废的凭据"),
}

LOG_HEAD: Mapping[str, Field] = {
    **_HEAD,
    "size": _number("日志条数"),
    "root": _protocol("树根"),
    "signed_at": _protocol("签署时间"),
    "key": _protocol("日志公钥"),
    "signature": _protocol("签名"),
    "witness": _text("见证机关"),
    "witnessed_at": _text("见证时间"),
}

CHECKPOINT: Mapping[str, Field] = {
    **_HEAD,
    "size": _number("留痕条数"),
    "digest": _protocol("校验点摘要"),
}

DRAW_RECORD: Mapping[str, Field] = {
    **_HEAD,
    "draw": _text("抽取编号"),
    "task": _text("抽查任务"),
    "drawn_at": _text("抽取时间"),
    "announcement_digest": _text("公告摘要"),
    "sealed_root": _text("密封名单摘要"),
    "visit_count": _number("抽中家数"),
    "strata": _DRAW_STRATA,
    "overrides": _OVERRIDES,
    "record": _protocol("抽取记录"),
    "witnesses": _withheld("现场监督人员"),
}

RESULT_NOTICE: Mapping[str, Field] = {
    **_HEAD,
    "rows": _rows(
        "检查结果",
        {
            "number": _number("序号"),
            "task": _text("抽查任务名称"),
            "items": _texts("抽查事项"),
            "subject": Field(label="被检查对象", treatment=Treatment.NAME),
            "uscc": Field(label="统一社会信用代码", treatment=Treatment.CODE),
            "authority": _text("检查机关"),
            "ended_on": _text("检查日期"),
            "result_code": _text("检查结果代码"),
            "result": _text("检查结果"),
            "handling": _about_firm("处理情况"),
            "note": _about_firm("备注"),
            "area": _text("片区"),
            "chosen": _text("检查由来"),
            "joint": _text("联合方式"),
            "problem_count": _number("发现问题数"),
            "problems": _about_firm("发现问题的事项", many=True),
            "rectified": _about_firm("是否改好"),
            "cards": _texts("执法证号"),
            "draw": _text("抽取编号"),
            "local_result": _withheld("本地结果代码"),
            "inspectors": _withheld("检查人员"),
            "legal_representative": _withheld("法定代表人（负责人）"),
            "contact": _withheld("联系方式"),
            "address": _withheld("地址"),
        },
    ),
}

STATISTICS: Mapping[str, Field] = {
    **_HEAD,
    "note": _text("说明"),
    "columns": _texts("列"),
    "rows": _rows("行", {"name": _text("名称"), "cells": _texts("数值")}),
}

_STREAM = {
    "name": _text("层"),
    "size": _number("对象数"),
    "drawn": _number("抽中家数"),
    "checked": _number("查清家数"),
    "problems": _number("发现问题家数"),
    "estimate": _text("推算有问题家数"),
    "low": _number("区间下限"),
    "high": _number("区间上限"),
    "says": _text("说明"),
    "note": _text("备注"),
}

RATES: Mapping[str, Field] = {
    **_HEAD,
    "counted_on": _text("推算日期"),
    "method": _text("方法"),
    "rows": _rows("随机抽查推算", _STREAM),
    "clues": _rows(
        "线索检查",
        {
            "name": _text("检查类别"),
            "checked": _number("查清家次"),
            "problems": _number("发现问题家次"),
        },
    ),
}

FIELDS: Mapping[PublicationKind, Mapping[str, Field]] = {
    PublicationKind.ITEM_LIST: ITEM_LIST,
    PublicationKind.ANNUAL_PLAN: ANNUAL_PLAN,
    PublicationKind.QUARTER_PLAN: QUARTER_PLAN,
    PublicationKind.ANNOUNCEMENT: ANNOUNCEMENT,
    PublicationKind.DRAW_RECORD: DRAW_RECORD,
    PublicationKind.LOG_HEAD: LOG_HEAD,
    PublicationKind.CHECKPOINT: CHECKPOINT,
    PublicationKind.RESULT_NOTICE: RESULT_NOTICE,
    PublicationKind.STATISTICS: STATISTICS,
    PublicationKind.RATES: RATES,
}
