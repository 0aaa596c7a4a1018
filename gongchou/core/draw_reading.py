"""Reading the lists and the record of a draw: form, order and range (DR1 §2.2, §2.6, §2.10)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.core import merkle
from gongchou.core.canon import canon, check, hash_of
from gongchou.core.draw_form import (
    HEX32,
    HEX64,
    PID,
    PSEUDONYM,
    SHARE,
    check_ascending,
    day_of,
    fields_of,
    is_closing,
    list_of,
    matching,
    need,
    number_of,
    read_announcement,
    sorted_texts,
    text_of,
    words_of,
)
from gongchou.core.draw_values import (
    Announcement,
    AvoidRow,
    DrawnVisit,
    InspectorRow,
    Rate,
    Reveal,
    RosterRow,
    Rosters,
    Substitution,
)

FIELDS = {
    "announcement", "roster", "inspectors", "reveals", "closing", "seed", "avoid",
    "substitutions", "visits", "sealed", "last",
}  # fmt: skip


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


def _identity(value: Any, commit: Any, where: str) -> tuple[str, str]:
    pid, c = matching(PID, value, f"{where}编号"), matching(HEX64, commit, f"{where}承诺")
    need(not PSEUDONYM.fullmatch(pid) or c.startswith(pid), f"{where}编号 {pid} 与其承诺不符。")
    return pid, c


def _roster_row(value: Any) -> RosterRow:
    pid, c, stratum, area, specialty, items = list_of(value, "名录行", 6)
    pid, c = _identity(pid, c, "名录")
    return RosterRow(
        pid=pid,
        commitment=c,
        stratum=words_of(stratum, "层"),
        area=words_of(area, "片区"),
        specialty=text_of(specialty, "专长"),
        items=sorted_texts(items, "事项"),
    )


def _inspector_row(value: Any) -> InspectorRow:
    iid, c, org, areas, specialties, load, cap = list_of(value, "人员行", 7)
    iid, c = _identity(iid, c, "人员")
    return InspectorRow(
        iid=iid,
        commitment=c,
        org=words_of(org, "组织"),
        areas=sorted_texts(areas, "人员片区"),
        specialties=sorted_texts(specialties, "人员专长"),
        load=number_of(load, "已有次数"),
        cap=number_of(cap, "次数上限"),
    )


def _avoid_row(entry: Any, index: int) -> tuple[AvoidRow, tuple[bytes, ...]]:
    plain = fields_of(entry, {"row", "index", "path"}, "回避")
    need(number_of(plain["index"], "回避序号") == index, "回避序号应从 0 起逐一递增。")
    pair, reason, salt = list_of(plain["row"], "回避行", 3)
    ids = text_of(pair, "回避双方").split(" ")
    need(len(ids) == 2, "回避双方应以一个空格分隔。")
    row = AvoidRow(
        iid=ids[0],
        pid=ids[1],
        reason=words_of(reason, "回避理由"),
        salt=matching(HEX32, salt, "回避盐值"),
    )
    path = tuple(bytes.fromhex(matching(HEX64, p, "路径")) for p in list_of(plain["path"], "路径"))
    return row, path


def freeze_lists(
    subjects: Iterable[RosterRow], inspectors: Iterable[InspectorRow], avoid: Iterable[AvoidRow]
) -> Rosters:
    """The lists of a draw in their frozen order, every row checked (DR1 §2.2).

    Invalid with a sentence where a row breaks its form, an id or a commitment occurs twice, or an
    avoidance names somebody unknown.
    """
    by_avoid = sorted(avoid, key=lambda row: f"{row.iid} {row.pid}")
    plain = {
        "roster": [row.plain() for row in sorted(subjects, key=lambda row: row.pid)],
        "inspectors": [row.plain() for row in sorted(inspectors, key=lambda row: row.iid)],
        "avoid": [{"row": row.plain(), "index": i, "path": []} for i, row in enumerate(by_avoid)],
    }
    check(plain)
    return read_rosters(plain)[0]


def avoid_entries(profile: str, rosters: Rosters) -> list[dict[str, object]]:
    """The avoidances as the public record carries them: each row with its index and path."""
    hash_, leaves = hash_of(profile), [canon(row.plain()) for row in rosters.avoid]
    return [
        {
            "row": row.plain(),
            "index": i,
            "path": [sibling.hex() for sibling in merkle.path(hash_, leaves, i)],
        }
        for i, row in enumerate(rosters.avoid)
    ]


def read_rosters(plain: Mapping[str, Any]) -> tuple[Rosters, tuple[tuple[bytes, ...], ...]]:
    """The three lists of a record, every row checked, and the paths of the avoidances."""
    subjects = tuple(_roster_row(row) for row in list_of(plain["roster"], "名录"))
    inspectors = tuple(_inspector_row(row) for row in list_of(plain["inspectors"], "人员表"))
    check_ascending([row.pid for row in subjects], "名录")
    check_ascending([row.iid for row in inspectors], "人员表")
    for rows in (subjects, inspectors):
        need(len({row.commitment for row in rows}) == len(rows), "同一名册中的承诺不得重复。")
    pairs = [_avoid_row(entry, i) for i, entry in enumerate(list_of(plain["avoid"], "回避表"))]
    avoid = tuple(row for row, _ in pairs)
    check_ascending([f"{row.iid} {row.pid}" for row in avoid], "回避表")
    pids, iids = {row.pid for row in subjects}, {row.iid for row in inspectors}
    for row in avoid:
        need(row.pid in pids and row.iid in iids, f"回避“{row.iid} {row.pid}”不在名录或人员表中。")
    rosters = Rosters(subjects=subjects, inspectors=inspectors, avoid=avoid)
    return rosters, tuple(path for _, path in pairs)


def _reveal(value: Any) -> Reveal:
    plain = fields_of(value, {"role", "nonce", "share"}, "揭示")
    return Reveal(
        role=text_of(plain["role"], "揭示人"),
        nonce=bytes.fromhex(matching(HEX32, plain["nonce"], "随机盐")),
        share=bytes.fromhex(matching(SHARE, plain["share"], "份额")),
    )


def _substitution(value: Any) -> Substitution:
    out, reason, on = list_of(value, "补抽", 3)
    return Substitution(
        out=matching(PID, out, "补抽对象"),
        reason=words_of(reason, "补抽理由"),
        on=day_of(on, "补抽日期"),
    )


def _visit(value: Any) -> DrawnVisit:
    pid, parts = list_of(value, "检查", 2)
    numbers = [
        [number_of(i, "人员序号") for i in list_of(p, "检查组")] for p in list_of(parts, "检查组")
    ]
    return DrawnVisit(pid=matching(PID, pid, "检查对象"), parts=tuple(tuple(p) for p in numbers))


def _each(reader: Callable[[Any], Any], value: Any, where: str) -> tuple[Any, ...]:
    return tuple(reader(item) for item in list_of(value, where))


def read_reveals(value: Any) -> tuple[Reveal, ...]:
    return _each(_reveal, value, "揭示")


def read_last(value: Any, rates: Mapping[str, Rate]) -> dict[str, str]:
    """The largest ticket used of each stratum, "" where none."""
    last = fields_of(value, set(rates), "各层末位抽签号")
    for ticket in last.values():
        is_ticket = HEX64.fullmatch(text_of(ticket, "抽签号")) is not None
        need(ticket == "" or is_ticket, "抽签号格式不对。")
    return last


def read_substitutions(value: Any) -> tuple[Substitution, ...]:
    return _each(_substitution, value, "补抽")


def read_visits(value: Any) -> tuple[DrawnVisit, ...]:
    return _each(_visit, value, "检查名单")


def read_record(value: Any) -> DrawRecord:
    """A public record in typed form; Invalid with one sentence where it breaks a rule of form."""
    check(value)
    plain = fields_of(value, FIELDS, "抽取记录")
    announcement = read_announcement(plain["announcement"])
    rosters, paths = read_rosters(plain)
    strata = {row.stratum for row in rosters.subjects}
    unknown = strata - set(announcement.rates)
    need(not unknown, f"层“{'、'.join(sorted(unknown))}”没有抽取比例。")
    last = read_last(plain["last"], announcement.rates)
    closing = text_of(plain["closing"], "收口值")
    need(is_closing(announcement.closing_rule, closing), "收口值与公告的收口规则不符。")
    return DrawRecord(
        announcement=announcement,
        rosters=rosters,
        avoid_paths=paths,
        reveals=read_reveals(plain["reveals"]),
        closing=closing,
        seed=bytes.fromhex(matching(HEX64, plain["seed"], "种子")),
        substitutions=read_substitutions(plain["substitutions"]),
        visits=read_visits(plain["visits"]),
        sealed=matching(HEX64, plain["sealed"], "密封根"),
        last=last,
    )
