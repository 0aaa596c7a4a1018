"""The forms a draw's values must have, and reading an announcement (DR1 §2.1, §2.3, §2.4)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from gongchou.core.draw_values import Announcement, Rate, TeamRule
from gongchou.core.refusals import Invalid

HEX64 = re.compile(r"[0-9a-f]{64}")
HEX32 = re.compile(r"[0-9a-f]{32}")
SHARE = re.compile(r"(?:[0-9a-f]{2}){16,}")
PID = re.compile(r"[0-9A-Za-z-]{1,23}")
PSEUDONYM = re.compile(r"[0-9a-f]{22}")
CLOSING_RULE = re.compile(r"(d6:25|d10:20|lottery:[1-9][0-9]{0,2}|drand:[1-9][0-9]{0,2})(?: .*)?")
CLOSING_ALPHABET = {"d6": "[1-6]", "d10": "[0-9]", "lottery": "[0-9]", "drand": "[0-9a-f]"}
CLOSING_WORDS = {
    "d6": " 1 到 6 的数字",
    "d10": " 0 到 9 的数字",
    "lottery": "数字",
    "drand": "十六进制字符",
}
MANNERS = {
    "d6": "现场投掷骰子 25 次（1 至 6）",
    "d10": "现场投掷十面骰 20 次（0 至 9）",
    "lottery": "公告之后开出的彩票号码，共 {} 位数字",
    "drand": "公开随机信标的值，共 {} 位十六进制",
}
_HOUR = r"(?:[01]\d|2[0-3]):[0-5]\d"
INSTANT = re.compile(rf"\d{{4}}-\d\d-\d\dT{_HOUR}:[0-5]\d[+-]{_HOUR}", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
ANNOUNCED = {
    "v", "draw", "hash", "seq", "prev", "roster", "inspectors", "avoid", "rates", "team", "joint",
    "commits", "closing_rule", "announced",
}  # fmt: skip


def closing_words(rule: str) -> str:
    """A closing rule as people read it: `d6:25 现场` becomes words; any other text stays."""
    if not CLOSING_RULE.fullmatch(rule):
        return rule
    code, _, note = rule.partition(" ")
    kind, _, count = code.partition(":")
    manner = MANNERS[kind].format(count)
    return f"{manner}。{note}" if note else manner


def need(condition: bool, says: str) -> None:
    """Invalid with the sentence `says` unless the condition holds."""
    if not condition:
        raise Invalid(says)


def is_blank(text: str) -> bool:
    """Whether a text holds nothing but ordinary and ideographic spaces."""
    return not text.strip("\u0020\u3000")


# Each reader below returns the value in its type, or raises Invalid naming `where`.


def text_of(value: Any, where: str) -> str:
    need(isinstance(value, str), f"{where}应为文字。")
    return str(value)


def words_of(value: Any, where: str) -> str:
    text = text_of(value, where)
    need(not is_blank(text), f"{where}不得为空。")
    return text


def matching(pattern: re.Pattern[str], value: Any, where: str) -> str:
    text = text_of(value, where)
    need(pattern.fullmatch(text) is not None, f"{where}“{text[:80]}”格式不对。")
    return text


def number_of(value: Any, where: str, least: int = 0) -> int:
    need(isinstance(value, int) and not isinstance(value, bool), f"{where}应为整数。")
    need(value >= least, f"{where}不得小于 {least}。")
    return int(value)


def list_of(value: Any, where: str, size: int | None = None) -> list[Any]:
    need(isinstance(value, list), f"{where}应为数组。")
    need(size is None or len(value) == size, f"{where}应有 {size} 项。")
    return list(value)


def fields_of(value: Any, names: set[str], where: str) -> dict[str, Any]:
    need(isinstance(value, dict), f"{where}应为对象。")
    missing, extra = names - set(value), set(value) - names
    need(not missing, f"{where}缺少字段：{'、'.join(sorted(missing))}。")
    need(not extra, f"{where}有多余字段：{'、'.join(sorted(extra))}。")
    return dict(value)


def sorted_texts(value: Any, where: str) -> tuple[str, ...]:
    texts = tuple(text_of(item, where) for item in list_of(value, where))
    need(list(texts) == sorted(set(texts)), f"{where}应按码点升序且不重复。")
    return texts


def check_ascending(keys: Sequence[str], where: str) -> None:
    need(all(a < b for a, b in pairwise(keys)), f"{where}应按编号升序且不重复。")


# -- announcement


def head_of(value: Any, where: str) -> tuple[int, str]:
    size, root = list_of(value, where, 2)
    return number_of(size, where), matching(HEX64, root, where)


def read_team(value: Any, where: str) -> TeamRule:
    org, seats, experts = list_of(value, where, 3)
    rule = TeamRule(
        org=words_of(org, f"{where}的组织"),
        need=number_of(seats, f"{where}的席位", 1),
        experts=number_of(experts, f"{where}的专长席位"),
    )
    need(rule.experts <= rule.need, f"{where}的专长席位多于席位。")
    return rule


def _rate(value: Any, where: str) -> Rate:
    num, den, floor = list_of(value, where, 3)
    return Rate(
        num=number_of(num, where), den=number_of(den, where, 1), floor=number_of(floor, where)
    )


def read_rates(value: Any) -> dict[str, Rate]:
    need(isinstance(value, dict), "抽取比例应为对象。")
    return {words_of(s, "层"): _rate(rate, f"层“{s}”的比例") for s, rate in value.items()}


def read_instant(value: Any) -> str:
    text = matching(INSTANT, value, "公告时间")
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"公告时间“{text}”不存在。") from error
    return text


def read_commits(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = [list_of(pair, "承诺", 2) for pair in list_of(value, "承诺")]
    found = tuple((text_of(role, "承诺人"), matching(HEX64, c, "承诺值")) for role, c in pairs)
    need(len(found) >= 2, "随机贡献至少应有两方。")
    need(len({role for role, _ in found}) == len(found), "承诺人不得重复。")
    return found


def read_rules(plain: dict[str, Any]) -> Announcement:
    """Lists, rates and teams of an announcement of any protocol; its fields are known to be there.

    Commitments and closing rule stay empty.
    """
    need(plain["hash"] in ("sha256", "sm3"), "摘要算法应为 sha256 或 sm3。")
    draw = words_of(plain["draw"], "抽取编号")
    need(draw.isascii(), "抽取编号应为 ASCII 文字。")
    num, den, joint = list_of(plain["joint"], "联合检查规则", 3)
    team, joint_rule = read_team(plain["team"], "检查组规则"), read_team(joint, "联合检查规则")
    need(team.org != joint_rule.org, "联合检查的组织应与检查组不同。")
    return Announcement(
        draw=draw,
        hash=plain["hash"],
        seq=number_of(plain["seq"], "公告序号", 1),
        prev=matching(HEX64, plain["prev"], "前一日志根"),
        roster=head_of(plain["roster"], "名录根"),
        inspectors=head_of(plain["inspectors"], "人员根"),
        avoid=head_of(plain["avoid"], "回避根"),
        rates=read_rates(plain["rates"]),
        team=team,
        joint_share=(number_of(num, "联合比例"), number_of(den, "联合比例", 1)),
        joint=joint_rule,
        commits=(),
        closing_rule="",
        announced=read_instant(plain["announced"]),
    )


def read_announcement(value: Any) -> Announcement:
    """The announcement of a record; Invalid with a sentence where it breaks a rule of §2.3."""
    names = ANNOUNCED | ({"fresh"} & set(value) if isinstance(value, dict) else set())
    plain = fields_of(value, names, "抽取公告")
    need(plain["v"] == "DR1", "协议版本应为 DR1。")
    return replace(
        read_rules(plain),
        commits=read_commits(plain["commits"]),
        closing_rule=matching(CLOSING_RULE, plain["closing_rule"], "收口规则"),
        fresh=text_of(plain["fresh"], "新鲜值") if "fresh" in plain else None,
    )


def is_closing(rule: str, value: str) -> bool:
    """Whether a closing value has exactly the number and kind of characters its rule says."""
    kind, count = rule.split(" ")[0].split(":")
    return re.fullmatch(f"{CLOSING_ALPHABET[kind]}{{{count}}}", value) is not None


def closing_form(rule: str) -> str:
    """What the rule asks for, in words."""
    kind, count = rule.split(" ")[0].split(":")
    return f"应为 {count} 个{CLOSING_WORDS[kind]}"


def day_of(value: Any, where: str) -> str:
    """A day written YYYY-MM-DD that exists."""
    text = matching(DAY, value, where)
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{where}“{text}”不存在。") from error
    return text
