"""What the values of a policy's settings mean to a reader."""

from collections.abc import Mapping
from fractions import Fraction

from gongchou.core import facts
from gongchou.core.policy_keys import KEYS, Setting
from gongchou.core.quota import percent
from gongchou.core.rules import ClassRule
from gongchou.core.terms import (
    ComplaintVerdict,
    CreditLevel,
    DrawMode,
    KeyUnitType,
    PollutantType,
    Rotation,
    Stratum,
    Term,
)

VOCABULARIES: Mapping[str, type[Term]] = {
    "precedence": Stratum,
    "key.unit_types": KeyUnitType,
    "special.credit": CreditLevel,
    "special.complaint": ComplaintVerdict,
    "draw.mode": DrawMode,
    "pairing.expertise_order": PollutantType,
}

WORDS: Mapping[str, str] = {
    "on_day": "快照日之前的全部",
    "previous_calendar_quarter": "上一个自然季度",
    "previous_calendar_year": "上一个自然年",
    "decision_date": "处罚决定书的日期",
    "stratum_after_precedence": "冲突处理之后该层的可抽对象数",
    "in": "计入",
    "out": "不计入",
    "ceil": "有余数即进一",
    "completed_visits": "完成检查的不同对象",
    "site": "固定污染源（厂址）",
    "enterprise": "排污单位",
    "visit_day": "检查当日",
    "hours_before": "检查前若干小时",
    "equal": "各项相等",
    "as_set": "按本机构在监督参数中设定的权重",
    "own_onsite_visits": "本单位全部随机现场检查家次",
    "planned_onsite_visits": "计划的现场检查家次",
    "when_two_units": "另有两个以上内部科室参加时计入",
    "never": "不计入",
    "year_to_date": "年度累计",
    "quarter": "按季度",
    "A": "A：最后一个工作日算作第一天",
    "B": "B：季度最后一日之前（不含当日）倒数",
    "C": "C：其后还有完整的工作日",
}


FACT_NAMES: Mapping[str, str] = {
    "permit_category": "排污许可管理类别",
    "key_unit_types": "重点单位类型",
    "credit_level": "信用等级",
    "penalty_decided": "行政处罚",
    "complaint_verified": "举报查处结论",
    "supervised_by": "挂牌督办",
    "on_positive_list": "在正面清单内",
    "designated": "人工指定",
}


def rule_text(rule: ClassRule) -> str:
    """Which values a class rule counts, and from which time; empty where it asks for neither."""
    words = facts.VOCABULARIES.get(rule.fact)
    values = "、".join(words(value).label for value in rule.values) if words else ""
    window = "" if rule.window == "on_day" else WORDS[rule.window]
    return "，".join(filter(None, (values, window)))


def word_text(key: str, word: str) -> str:
    """The label of one word that a setting may hold."""
    if key in VOCABULARIES and word in set(VOCABULARIES[key]):
        return VOCABULARIES[key](word).label
    return WORDS.get(word, word)


def choices(key: str) -> list[tuple[str, str]]:
    """The words that a setting may hold, each with its label; empty where it is free."""
    return [(word, word_text(key, word)) for word in KEYS[key].words]


def value_text(key: str, value: Setting) -> str:
    """A setting's value as an officer reads it."""
    match value:
        case None:
            return "未定"
        case bool():
            return "是" if value else "否"
        case Fraction():
            return percent(value)
        case tuple() if key.startswith("rotation."):
            return _rotation_text(value)
        case tuple():
            return "、".join(word_text(key, word) for word in value)
        case int():
            return str(value)
        case _:
            return word_text(key, value)


def _rotation_text(words: tuple[str, ...]) -> str:
    named = Rotation(words[0]).label
    return f"{named} {percent(Fraction(words[1]))}" if len(words) > 1 else named
