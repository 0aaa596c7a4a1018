"""Reading a public record of a draw: every rule of form, order and range (§2.1–2.6, §2.10)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongchou.core.canon import check
from gongchou.core.draw import (
    Announcement,
    AvoidRow,
    DrawnVisit,
    InspectorRow,
    Rate,
    RosterRow,
    Rosters,
    Substitution,
    TeamRule,
)
from gongchou.core.refusals import Invalid

HEX64 = re.compile(r"[0-9a-f]{64}")
HEX32 = re.compile(r"[0-9a-f]{32}")
SHARE = re.compile(r"(?:[0-9a-f]{2}){16,}")
PID = re.compile(r"[0-9A-Za-z-]{1,23}")
PSEUDONYM = re.compile(r"[0-9a-f]{22}")
CLOSING_RULE = re.compile(r"(d6:25|d10:20|lottery:[1-9][0-9]{0,2}|drand:[1-9][0-9]{0,2})(?: .*)?")
CLOSING_ALPHABET = {"d6": "[1-6]", "d10": "[0-9]", "lottery": "[0-9]", "drand": "[0-9a-f]"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIELDS = {
    "announcement", "roster", "inspectors", "reveals", "closing", "seed", "avoid",
    "substitutions", "visits", "sealed", "last",
}  # fmt: skip
ANNOUNCED = {
    "v", "draw", "hash", "seq", "prev", "roster", "inspectors", "avoid", "rates", "team", "joint",
    "commits", "closing_rule", "announced",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    role: str
    nonce: bytes
    share: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRecord:
    """A public record in typed form; whether it is true is the verifier's question."""

    announcement: Announcement
    rosters: Rosters
    avoid_paths: tuple[tuple[bytes, ...], ...]
    reveals: tuple[Reveal, ...]
    closing: str
    seed: bytes
    substitutions: tuple[Substitution, ...]
    visits: tuple[DrawnVisit, ...]
    sealed: str
    last: Mapping[str, str]


def need(condition: bool, says: str) -> None:
    if not condition:
        raise Invalid(says)


def is_blank(text: str) -> bool:
    return not text.strip("\u0020\u3000")


def _text(value: Any, where: str) -> str:
    need(isinstance(value, str), f"{where}应为文字。")
    return str(value)


def _words(value: Any, where: str) -> str:
    text = _text(value, where)
    need(not is_blank(text), f"{where}不得为空。")
    return text


def _match(pattern: re.Pattern[str], value: Any, where: str) -> str:
    text = _text(value, where)
    need(pattern.fullmatch(text) is not None, f"{where}“{text[:80]}”格式不对。")
    return text


def _number(value: Any, where: str, least: int = 0) -> int:
    need(isinstance(value, int) and not isinstance(value, bool), f"{where}应为整数。")
    need(value >= least, f"{where}不得小于 {least}。")
    return int(value)


def _list(value: Any, where: str, size: int | None = None) -> list[Any]:
    need(isinstance(value, list), f"{where}应为数组。")
    need(size is None or len(value) == size, f"{where}应有 {size} 项。")
    return list(value)


def _fields(value: Any, names: set[str], where: str) -> dict[str, Any]:
    need(isinstance(value, dict), f"{where}应为对象。")
    missing, extra = names - set(value), set(value) - names
    need(not missing, f"{where}缺少字段：{'、'.join(sorted(missing))}。")
    need(not extra, f"{where}有多余字段：{'、'.join(sorted(extra))}。")
    return dict(value)


def _sorted_texts(value: Any, where: str) -> tuple[str, ...]:
    texts = tuple(_text(item, where) for item in _list(value, where))
    need(list(texts) == sorted(set(texts)), f"{where}应按码点升序且不重复。")
    return texts


def _ascending(keys: Sequence[str], where: str) -> None:
    need(all(a < b for a, b in zip(keys, keys[1:], strict=False)), f"{where}应按编号升序且不重复。")


# -- announcement


def _head(value: Any, where: str) -> tuple[int, str]:
    size, root = _list(value, where, 2)
    return _number(size, where), _match(HEX64, root, where)


def _rule(value: Any, where: str) -> TeamRule:
    org, seats, experts = _list(value, where, 3)
    rule = TeamRule(
        org=_words(org, f"{where}的组织"),
        need=_number(seats, f"{where}的席位", 1),
        experts=_number(experts, f"{where}的专长席位"),
    )
    need(rule.experts <= rule.need, f"{where}的专长席位多于席位。")
    return rule


def _rate(value: Any, where: str) -> Rate:
    num, den, floor = _list(value, where, 3)
    return Rate(num=_number(num, where), den=_number(den, where, 1), floor=_number(floor, where))


def _instant(value: Any) -> str:
    text = _match(INSTANT, value, "公告时间")
    try:
        datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"公告时间“{text}”不存在。") from error
    return text


def _commits(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = [_list(pair, "承诺", 2) for pair in _list(value, "承诺")]
    found = tuple((_text(role, "承诺人"), _match(HEX64, c, "承诺值")) for role, c in pairs)
    need(len(found) >= 2, "随机贡献至少应有两方。")
    need(len({role for role, _ in found}) == len(found), "承诺人不得重复。")
    return found


def read_announcement(value: Any) -> Announcement:
    """The announcement of a record; Invalid with a sentence where it breaks a rule of §2.3."""
    names = ANNOUNCED | ({"fresh"} & set(value) if isinstance(value, dict) else set())
    plain = _fields(value, names, "抽取公告")
    need(plain["v"] == "DR1", "协议版本应为 DR1。")
    need(plain["hash"] in ("sha256", "sm3"), "摘要算法应为 sha256 或 sm3。")
    draw = _words(plain["draw"], "抽取编号")
    need(draw.isascii(), "抽取编号应为 ASCII 文字。")
    need(isinstance(plain["rates"], dict), "抽取比例应为对象。")
    num, den, joint = _list(plain["joint"], "联合检查规则", 3)
    team, joint_rule = _rule(plain["team"], "检查组规则"), _rule(joint, "联合检查规则")
    need(team.org != joint_rule.org, "联合检查的组织应与检查组不同。")
    return Announcement(
        draw=draw,
        hash=plain["hash"],
        seq=_number(plain["seq"], "公告序号", 1),
        prev=_match(HEX64, plain["prev"], "前一日志根"),
        roster=_head(plain["roster"], "底册根"),
        inspectors=_head(plain["inspectors"], "人员根"),
        avoid=_head(plain["avoid"], "回避根"),
        rates={s: _rate(rate, f"“{s}”的比例") for s, rate in plain["rates"].items()},
        team=team,
        joint_share=(_number(num, "联合比例"), _number(den, "联合比例", 1)),
        joint=joint_rule,
        commits=_commits(plain["commits"]),
        closing_rule=_match(CLOSING_RULE, plain["closing_rule"], "收口规则"),
        announced=_instant(plain["announced"]),
        fresh=_text(plain["fresh"], "新鲜值") if "fresh" in plain else None,
    )


def closing_pattern(rule: str) -> str:
    """The form that a closing value must have under a closing rule, as a regular expression."""
    kind, count = rule.split(" ")[0].split(":")
    return f"{CLOSING_ALPHABET[kind]}{{{count}}}"


# -- lists


def _identity(value: Any, commit: Any, where: str) -> tuple[str, str]:
    pid, c = _match(PID, value, f"{where}编号"), _match(HEX64, commit, f"{where}承诺")
    need(not PSEUDONYM.fullmatch(pid) or c.startswith(pid), f"{where}编号 {pid} 与其承诺不符。")
    return pid, c


def _roster_row(value: Any) -> RosterRow:
    pid, c, stratum, area, specialty, items = _list(value, "底册行", 6)
    pid, c = _identity(pid, c, "底册")
    return RosterRow(
        pid=pid,
        commitment=c,
        stratum=_words(stratum, "层"),
        area=_words(area, "片区"),
        specialty=_text(specialty, "专长"),
        items=_sorted_texts(items, "事项"),
    )


def _inspector_row(value: Any) -> InspectorRow:
    iid, c, org, areas, specialties, load, cap = _list(value, "人员行", 7)
    iid, c = _identity(iid, c, "人员")
    return InspectorRow(
        iid=iid,
        commitment=c,
        org=_words(org, "组织"),
        areas=_sorted_texts(areas, "人员片区"),
        specialties=_sorted_texts(specialties, "人员专长"),
        load=_number(load, "已有次数"),
        cap=_number(cap, "次数上限"),
    )


def _avoid_row(entry: Any, index: int) -> tuple[AvoidRow, tuple[bytes, ...]]:
    plain = _fields(entry, {"row", "index", "path"}, "回避")
    need(_number(plain["index"], "回避序号") == index, "回避序号应从 0 起逐一递增。")
    pair, reason, salt = _list(plain["row"], "回避行", 3)
    ids = _text(pair, "回避双方").split(" ")
    need(len(ids) == 2, "回避双方应以一个空格分隔。")
    row = AvoidRow(
        iid=ids[0],
        pid=ids[1],
        reason=_words(reason, "回避理由"),
        salt=_match(HEX32, salt, "回避盐值"),
    )
    path = tuple(bytes.fromhex(_match(HEX64, p, "路径")) for p in _list(plain["path"], "路径"))
    return row, path


def _read_rosters(plain: Mapping[str, Any]) -> tuple[Rosters, tuple[tuple[bytes, ...], ...]]:
    subjects = tuple(_roster_row(row) for row in _list(plain["roster"], "底册"))
    inspectors = tuple(_inspector_row(row) for row in _list(plain["inspectors"], "人员表"))
    _ascending([row.pid for row in subjects], "底册")
    _ascending([row.iid for row in inspectors], "人员表")
    for rows in (subjects, inspectors):
        need(len({row.commitment for row in rows}) == len(rows), "同一名册中的承诺不得重复。")
    pairs = [_avoid_row(entry, i) for i, entry in enumerate(_list(plain["avoid"], "回避表"))]
    avoid = tuple(row for row, _ in pairs)
    _ascending([f"{row.iid} {row.pid}" for row in avoid], "回避表")
    pids, iids = {row.pid for row in subjects}, {row.iid for row in inspectors}
    for row in avoid:
        need(row.pid in pids and row.iid in iids, f"回避“{row.iid} {row.pid}”不在底册或人员表中。")
    rosters = Rosters(subjects=subjects, inspectors=inspectors, avoid=avoid)
    return rosters, tuple(path for _, path in pairs)


def _reveal(value: Any) -> Reveal:
    plain = _fields(value, {"role", "nonce", "share"}, "揭示")
    return Reveal(
        role=_text(plain["role"], "揭示人"),
        nonce=bytes.fromhex(_match(HEX32, plain["nonce"], "随机盐")),
        share=bytes.fromhex(_match(SHARE, plain["share"], "份额")),
    )


def _substitution(value: Any) -> Substitution:
    out, reason, on = _list(value, "补抽", 3)
    _match(DAY, on, "补抽日期")
    try:
        date.fromisoformat(on)
    except ValueError as error:
        raise Invalid(f"补抽日期“{on}”不存在。") from error
    return Substitution(out=_match(PID, out, "补抽对象"), reason=_words(reason, "补抽理由"), on=on)


def _visit(value: Any) -> DrawnVisit:
    pid, parts = _list(value, "检查", 2)
    numbers = [[_number(i, "人员序号") for i in _list(p, "检查组")] for p in _list(parts, "检查组")]
    return DrawnVisit(pid=_match(PID, pid, "检查对象"), parts=tuple(tuple(p) for p in numbers))


def _each(reader: Callable[[Any], Any], value: Any, where: str) -> tuple[Any, ...]:
    return tuple(reader(item) for item in _list(value, where))


def read_record(value: Any) -> DrawRecord:
    """A public record in typed form; Invalid with one sentence where it breaks a rule of form."""
    check(value)
    plain = _fields(value, FIELDS, "抽取记录")
    announcement = read_announcement(plain["announcement"])
    rosters, paths = _read_rosters(plain)
    strata = {row.stratum for row in rosters.subjects}
    unknown = strata - set(announcement.rates)
    need(not unknown, f"层“{'、'.join(sorted(unknown))}”没有抽取比例。")
    last = _fields(plain["last"], set(announcement.rates), "各层末位抽签号")
    for ticket in last.values():
        is_ticket = HEX64.fullmatch(_text(ticket, "抽签号")) is not None
        need(ticket == "" or is_ticket, "抽签号格式不对。")
    closing = _text(plain["closing"], "收口值")
    pattern = closing_pattern(announcement.closing_rule)
    need(re.fullmatch(pattern, closing) is not None, "收口值与公告的收口规则不符。")
    return DrawRecord(
        announcement=announcement,
        rosters=rosters,
        avoid_paths=paths,
        reveals=_each(_reveal, plain["reveals"], "揭示"),
        closing=closing,
        seed=bytes.fromhex(_match(HEX64, plain["seed"], "种子")),
        substitutions=_each(_substitution, plain["substitutions"], "补抽"),
        visits=_each(_visit, plain["visits"], "检查名单"),
        sealed=_match(HEX64, plain["sealed"], "密封根"),
        last=last,
    )
