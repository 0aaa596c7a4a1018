"""Every other setting a policy may hold: its key, the form of its value, and what it decides.

The numbers themselves stand in the policy's files; here stands only what may be said there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from gongchou.core.refusals import Invalid
from gongchou.core.terms import (
    ComplaintVerdict,
    CreditLevel,
    DrawMode,
    KeyUnitType,
    PollutantType,
    Stratum,
    Term,
)

Setting: TypeAlias = "str | int | bool | Fraction | tuple[str, ...] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One setting: the Python type of its value, the words allowed, and its label.

    `least` bounds a whole number from below, `pattern` is the form of a text, and `needs_key` names
    the setting that the last of the words cannot do without. `is_needed` where nothing works
    without it.
    """

    label: str
    kind: type
    words: tuple[str, ...] = ()
    least: int = 0
    pattern: str = ""
    needs_key: str = ""
    is_needed: bool = True


def _words(label: str, vocabulary: type[Term]) -> Key:
    return Key(label=label, kind=tuple, words=tuple(word.value for word in vocabulary))


def _choice(label: str, *words: str) -> Key:
    return Key(label=label, kind=str, words=words)


def _yes(label: str) -> Key:
    return Key(label=label, kind=bool)


def _count(label: str, least: int = 0) -> Key:
    return Key(label=label, kind=int, least=least)


def _maybe(label: str, kind: type, words: tuple[str, ...] = (), least: int = 0) -> Key:
    return Key(label=label, kind=kind, words=words, least=least, is_needed=False)


WINDOW_WORDS = ("on_day", "previous_calendar_quarter", "previous_calendar_year")

LEVELS = tuple(level.value for level in CreditLevel)

KEYS: Mapping[str, Key] = {
    "precedence": _words("冲突时各层的先后", Stratum),
    "key.unit_types": _words("计入重点的重点单位类型", KeyUnitType),
    "special.credit": _words("计入特殊的信用等级", CreditLevel),
    "special.lookback": _choice("处罚和举报的回溯期", *WINDOW_WORDS[1:]),
    "special.penalty_date": _choice("处罚以哪个日期为准", "decision_date"),
    "special.complaint": _words("视为查实的举报结论", ComplaintVerdict),
    "include.registered": _yes("登记管理单位在抽查范围内"),
    "include.no_permit_duty": _yes("无需办理排污许可的单位在抽查范围内"),
    "base.reading": _choice("抽查基数的口径", "stratum_after_precedence"),
    "base.stopped_long": _choice("长期停产的单位", "in", "out"),
    "base.stopped_temporary": _choice("临时停产的单位", "in", "out"),
    "rounding": _choice("应抽家数的取整", "ceil"),
    "measure.done": _choice("完成数的口径", "completed_visits"),
    "measure.late_counts": _yes("期限后、季度内完成的计入"),
    "measure.unvisitable_counts": _yes("停产、关闭、搬迁而未能检查的计入"),
    "draw.unit": _choice("抽取单位", "site"),
    "draw.mode": _choice("抽取方式", *(mode.value for mode in DrawMode)),
    "draw.window_days": _count("季度开始后几日内抽取", 1),
    "team.min_certified": _count("每组最少持证人数", 2),
    "team.balance": _yes("以年度检查次数作为起始次数"),
    "team.visits_per_day": _count("每组每日检查家数", 1),
    "team.experts": _count("每组所需专长人数"),
    "team.no_repeat_visits": _count("同一人不连续检查同一对象的次数"),
    "aux.assist_only": Key(label="辅助检查人员只能协助", kind=bool, words=("true",)),
    "release.earliest": Key(
        label="名单最早启封时间",
        kind=str,
        words=("visit_day", "hours_before"),
        needs_key="release.hours",
    ),
    "release.hours": _maybe("检查前几小时启封", int, least=1),
    "offsite.sources": _count("一次非现场检查所需数据来源数", 1),
    "offsite.completeness": Key(label="每个数据来源最低读取比例", kind=Fraction),
    "offsite.case_visit_covers": _yes("当季个案检查视为覆盖"),
    "clue.triage_days": _maybe("线索研判的工作日数", int, least=1),
    "remote.approval": _maybe("远程执法须事先批准", bool),
    "register.cooldown_days": _count("抽取前名录变更须两人办理的工作日数"),
    "assessment.weights": _choice("考核权重", "equal", "as_set"),
    "joint.internal.denominator": _choice(
        "内部联合比例的分母", "own_onsite_visits", "planned_onsite_visits"
    ),
    "joint.both_counts_internal": _choice("部门联合是否计入内部联合", "when_two_units", "never"),
    "joint.cross_dept.sessions": _maybe("全年部门联合抽查次数", int),
    "joint.cross_dept.subjects": _maybe("全年部门联合检查主体数", int),
    "tiered.judged_on": _choice("分级分类比例按何期判定", "year_to_date", "quarter"),
    "tiered.warned_on": _choice("分级分类比例按何期预警", "year_to_date", "quarter"),
    "deadline.task": _count("季度结束前完成任务的工作日数", 1),
    "deadline.task.reading": _choice("季度结束前工作日的读法", "A", "B", "C"),
    "deadline.statistics": _count("季度结束后报送统计表的工作日", 1),
    "deadline.forms": _count("季度结束后交齐记录表的工作日", 1),
    "deadline.cutoff": Key(
        label="期限日的截止时刻", kind=str, pattern=r"([01]\d|2[0-3]):[0-5]\d|24:00"
    ),
    "publish.result": _count("检查结束后公示结果的工作日", 1),
    "publish.penalty": _count("处罚决定公示的工作日", 1),
    "publish.withdrawal": _count("决定变更、撤销后撤下的工作日", 1),
    "publish.retention_years": _count("公示保留年数", 1),
    "publish.retention_years_natural_person": _count("自然人公示保留年数", 1),
    "cap.per": _choice("年度频次上限按何计算", "enterprise", "site"),
    "cap.daily": _maybe("年度日常检查次数上限", int, least=1),
    "cap.exemptions": _maybe("不受年度频次上限约束的情形", tuple),
    "cap.exempt_credit": _maybe("不受年度频次上限约束的信用等级", tuple, LEVELS),
    "cap.day": _maybe("同一场所一日内检查超过几次须提示", int, least=1),
    "cap.week": _maybe("同一场所一周内检查超过几次须提示", int, least=1),
    "cap.month": _maybe("同一场所一月内检查超过几次须提示", int, least=1),
    "cap.clean_visits": _maybe("同一人一年内几次未查出问题后不再派往该场所", int, least=1),
    "approval.required": _maybe("检查前须经批准", bool),
    "notice.required": _maybe("检查时须送达通知书", bool),
    "scan_in.required": _maybe("进入企业须扫码登记", bool),
    "aux.number_in_approval": _maybe("审批表须写明协助人员数", bool),
    "visit.shortest_minutes": _maybe("现场停留不足几分钟须说明", int, least=1),
    "pairing.expertise_order": _maybe(
        "专长匹配时污染物的先后", tuple, tuple(kind.value for kind in PollutantType)
    ),
}


def problem(key: str, value: Setting) -> str | None:
    """What is wrong with a setting, as a sentence without full stop; None where it is fine."""
    known = KEYS.get(key)
    if known is None:
        return f"没有“{key}”这一项设置，可用的见说明书的设置一览"
    if type(value) is not known.kind:
        return f"“{key}”（{known.label}）应为{FORMS[known.kind]}"
    if isinstance(value, int) and value < known.least:
        return f"“{key}”（{known.label}）不得小于 {known.least}"
    if known.pattern and not re.fullmatch(known.pattern, str(value), re.ASCII):
        return f"“{key}”（{known.label}）的值“{value}”写法不对，请写成 24:00 的样子"
    return _word_problem(key, known, value)


def setting_of(key: str, text: str) -> Setting:
    """The value of a setting as a person writes it in a form; Invalid where it does not fit."""
    known = KEYS.get(key)
    if known is None:
        raise Invalid(f"没有“{key}”这一项设置，可用的见说明书的设置一览。")
    value = _parsed(known.kind, text.strip())
    fault = problem(key, value)
    if fault:
        raise Invalid(f"{fault}。请改正后再提交。")
    return value


def setting_text(value: Setting) -> str:
    """A value as `setting_of` reads it again."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case tuple():
            return "、".join(value)
        case _:
            return str(value)


def _parsed(kind: type, text: str) -> Setting:
    if kind is bool and text in ("true", "false"):
        return text == "true"
    if kind is int and re.fullmatch(r"\d{1,9}", text, re.ASCII):
        return int(text)
    if kind is Fraction and re.fullmatch(r"\d{1,9}/[1-9]\d{0,8}", text, re.ASCII):
        return Fraction(text)
    if kind is tuple:
        return tuple(word.strip() for word in re.split("[、，,]", text) if word.strip())
    return text


FORMS: Mapping[type, str] = {
    tuple: '文字列表，如 ["C", "D"]',
    str: "带引号的文字",
    bool: "true 或 false",
    int: "整数",
    Fraction: '带引号的分数，如 "75/100"',
}


def _word_problem(key: str, known: Key, value: Setting) -> str | None:
    given = value if isinstance(value, tuple) else (value,)
    strange = [word for word in map(setting_text, given) if known.words and word not in known.words]
    if strange:
        return f"“{key}”不认识“{'、'.join(strange)}”，应取自{'、'.join(known.words)}"
    if len(set(given)) != len(given):
        return _repeated(key, [str(word) for word in given])
    if key == "precedence" and len(given) != len(known.words):
        return "“precedence”应把四个层各列一次"
    return None


def _repeated(key: str, given: list[str]) -> str:
    """A value written twice; in an order of precedence that is a tie or a cycle."""
    again = next(word for word in given if given.count(word) > 1)
    if key != "precedence":
        return f"“{key}”里“{again}”写了两次，请各写一次"
    first = given.index(again)
    between = given[first + 1 : given.index(again, first + 1)]
    if not between:
        return f"“{again}”占了两个先后位置，同一先后只能有一层，请把四个层各列一次"
    return (
        f"先后成了循环：“{again}”先于“{between[0]}”，“{between[0]}”又先于“{again}”，"
        "请把四个层各列一次"
    )
