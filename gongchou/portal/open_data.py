"""The open data: which files there are, what each column means, and their rows."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongchou.core.terms import PublicationKind
from gongchou.publication import override_reads, reads

Rows = Iterable[Mapping[str, str | int]]
LICENCE = "可以自由使用，请注明来源和下载日期"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    name: str
    label: str
    kind: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """One table, offered as csv and as json."""

    name: str
    label: str
    says: str
    columns: tuple[Column, ...]
    rows: Callable[[date], Rows]


def _column(name: str, label: str, says: str, kind: str = "文字") -> Column:
    return Column(name=name, label=label, kind=kind, says=says)


def _results(on: date) -> Rows:
    for row in reads.result_rows(on):
        yield {
            "publication": row.publication,
            "number": row.number,
            "quarter": row.quarter,
            "task": row.task,
            "items": row.items,
            "subject": row.subject,
            "uscc": row.uscc,
            "bureau": row.bureau,
            "area": row.area,
            "ended_on": row.ended_on.isoformat(),
            "result_code": row.visit_result.value,
            "result": row.visit_result.label,
            "published_on": row.published_on.isoformat(),
        }


def _items(on: date) -> Rows:
    for code in reads.bureaus():
        found = reads.current(code, PublicationKind.ITEM_LIST)
        for item in found.document["items"] if found else ():
            same = ("code", "group", "name", "tier", "legal_basis", "method", "point", "note")
            yield {"publication": found.ref if found else "", "bureau": code} | {
                name: item[name] for name in same
            }


def _plans(on: date) -> Rows:
    for row in reads.documents(kind=PublicationKind.QUARTER_PLAN):
        if row.is_current:
            for stratum in row.document["strata"]:
                same = ("code", "name", "base_count", "ratio", "required_count", "method", "why")
                yield {
                    "publication": row.ref,
                    "bureau": row.bureau,
                    "quarter": row.quarter,
                } | {name: stratum[name] for name in same}


def _rates(on: date) -> Rows:
    for row in reads.documents(kind=PublicationKind.RATES):
        if row.is_current:
            head = {"publication": row.ref, "bureau": row.bureau, "quarter": row.quarter}
            same = ("name", "size", "drawn", "checked", "problems", "estimate", "low", "high")
            for stratum in row.document["rows"]:
                yield head | {"stream": "随机抽查"} | {name: stratum[name] for name in same}
            for kind in row.document["clues"]:
                found = {name: kind[name] for name in ("name", "checked", "problems")}
                yield head | {"stream": "线索检查"} | dict.fromkeys(same, "") | found


def _overrides(on: date) -> Rows:
    same = ("publication", "bureau", "quarter", "draw", "code", "name", "count", "detail")
    for row in override_reads.rows():
        yield {name: getattr(row, name) for name in same}


def _documents(on: date) -> Rows:
    for row in reads.open_to_all():
        yield {
            "publication": row.ref,
            "bureau": row.bureau,
            "kind": row.kind.value,
            "title": row.title,
            "quarter": row.quarter,
            "published_on": row.published_on.isoformat() if row.published_on else "",
            "digest": row.digest,
            "replaced_by": row.replaced_by,
            "withdrawn_on": row.withdrawn_on.isoformat() if row.withdrawn_on else "",
            "withdrawal_reason": row.withdrawal_reason,
        }


_REF = _column("publication", "公示件编号", "网页地址中的编号，永久不变")
_BUREAU = _column("bureau", "机构代码", "公示机关的代码")
_QUARTER = _column("quarter", "季度", "写成 2026Q1 的样子")

FILES: tuple[DataFile, ...] = (
    DataFile(
        name="results",
        label="检查结果",
        says="公示期内的每一次检查一行；撤下的和期满的不在其中。",
        rows=_results,
        columns=(
            _REF,
            _column("number", "序号", "在公示件中的序号", "整数"),
            _QUARTER,
            _column("task", "抽查任务名称", "属于哪一批抽查"),
            _column("items", "抽查事项", "几个事项用“；”隔开"),
            _column("subject", "被检查对象", "个体工商户的名称隐去中间部分"),
            _column("uscc", "统一社会信用代码", "个体工商户的代码隐去中间部分"),
            _BUREAU,
            _column("area", "片区", "检查对象所在片区"),
            _column("ended_on", "检查日期", "检查结束的日期", "日期"),
            _column("result_code", "结果代码", "检查结果的固定代码"),
            _column("result", "检查结果", "标准结果的名称，不含本机构的细分"),
            _column("published_on", "公示日期", "首次公示这一版的日期", "日期"),
        ),
    ),
    DataFile(
        name="items",
        label="抽查事项清单",
        says="现行清单的每个事项一行。",
        rows=_items,
        columns=(
            _REF,
            _BUREAU,
            _column("code", "编码", "事项在清单中的编码"),
            _column("group", "抽查类别", "事项所属类别"),
            _column("name", "事项名称", "检查什么"),
            _column("tier", "事项类别", "一般检查事项或重点检查事项"),
            _column("legal_basis", "检查依据", "依据的法律法规"),
            _column("method", "检查方式", "现场或书面"),
            _column("point", "检查内容及要求", "检查时看什么"),
            _column("note", "备注", "其他说明"),
        ),
    ),
    DataFile(
        name="plans",
        label="抽查计划",
        says="每个季度、每一层一行；更正过的只列最新一版。",
        rows=_plans,
        columns=(
            _REF,
            _BUREAU,
            _QUARTER,
            _column("code", "层代码", "监管对象分层的固定代码"),
            _column("name", "层", "监管对象分层的名称"),
            _column("base_count", "基数", "这一层有多少家", "整数"),
            _column("ratio", "比例", "方案要求的抽查比例"),
            _column("required_count", "应抽家数", "本季度至少抽多少家", "整数"),
            _column("method", "方式", "现场或非现场"),
            _column("why", "算式", "应抽家数怎样算出"),
        ),
    ),
    DataFile(
        name="rates",
        label="真实违法率推算",
        says="每个季度、每一层一行，由随机抽查推算；线索检查单列，没有推算。",
        rows=_rates,
        columns=(
            _REF,
            _BUREAU,
            _QUARTER,
            _column("stream", "来源", "随机抽查或线索检查"),
            _column("name", "类别", "监管对象分层或检查类别的名称"),
            _column("size", "对象数", "这一层有多少家；线索检查为空", "整数"),
            _column("drawn", "抽中家数", "抽中多少家；线索检查为空", "整数"),
            _column("checked", "查清家数", "查清多少家（次）", "整数"),
            _column("problems", "发现问题家数", "其中发现问题的", "整数"),
            _column("estimate", "推算有问题家数", "一位小数；没有查清的为空"),
            _column("low", "区间下限", "95% 区间，家数", "整数"),
            _column("high", "区间上限", "95% 区间，家数", "整数"),
        ),
    ),
    DataFile(
        name="overrides",
        label="抽取中的人为介入",
        says="每次公开的抽取、每种情形一行，没有的次数写 0。",
        rows=_overrides,
        columns=(
            _REF,
            _BUREAU,
            _QUARTER,
            _column("draw", "抽取编号", "哪一次抽取"),
            _column("code", "代码", "情形的固定代码"),
            _column("name", "情形", "由人介入的情形"),
            _column("count", "次数", "到所列公示件为止", "整数"),
            _column("detail", "其中", "按理由分列"),
        ),
    ),
    DataFile(
        name="documents",
        label="公示件目录",
        says="每个公示件一行，包括更正过的和撤下的。",
        rows=_documents,
        columns=(
            _REF,
            _BUREAU,
            _column("kind", "种类代码", "公示件种类的固定代码"),
            _column("title", "标题", "公示件的标题"),
            _QUARTER,
            _column("published_on", "公示日期", "开始公示的日期", "日期"),
            _column("digest", "摘要", "公开件规范字节的 SHA-256，十六进制"),
            _column("replaced_by", "已更正为", "更正后的公示件编号，没有更正为空"),
            _column("withdrawn_on", "撤下日期", "没有撤下为空", "日期"),
            _column("withdrawal_reason", "撤下理由", "没有撤下为空"),
        ),
    ),
)


def file_of(name: str) -> DataFile | None:
    return next((one for one in FILES if one.name == name), None)


def as_csv(file: DataFile, on: date) -> str:
    """With a byte order mark, as spreadsheets want it, and no cell that is read as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(column.label for column in file.columns)
    for row in file.rows(on):
        writer.writerow(_harmless(row[column.name]) for column in file.columns)
    return "\ufeff" + text.getvalue()


def _harmless(value: str | int) -> str | int:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value


def as_json(file: DataFile, on: date) -> str:
    rows = [dict(row) for row in file.rows(on)]
    document = {"name": file.name, "on": on.isoformat(), "licence": LICENCE, "rows": rows}
    return json.dumps(document, ensure_ascii=False, indent=1)


def schema() -> str:
    """What each column of each file means, for programs."""
    described: list[dict[str, Any]] = [
        {
            "name": file.name,
            "title": file.label,
            "description": file.says,
            "columns": [
                {"name": c.name, "title": c.label, "type": c.kind, "description": c.says}
                for c in file.columns
            ],
        }
        for file in FILES
    ]
    document = {"licence": LICENCE, "encoding": "UTF-8", "files": described}
    return json.dumps(document, ensure_ascii=False, indent=1)
