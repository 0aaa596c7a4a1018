"""The public record of a joint draw: reading, writing, checking step by step (DR2 §2.6, §2.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gongchou.core import draw_record, joint, merkle
from gongchou.core.canon import canon, check, hash_of, parse
from gongchou.core.draw_form import (
    CLOSING_RULE,
    HEX64,
    PID,
    fields_of,
    head_of,
    is_closing,
    list_of,
    matching,
    need,
    number_of,
    read_commits,
    read_instant,
    read_rates,
    read_team,
    text_of,
    words_of,
)
from gongchou.core.draw_reading import (
    avoid_entries,
    read_last,
    read_reveals,
    read_rosters,
    read_substitutions,
)
from gongchou.core.draw_record import Step
from gongchou.core.draw_values import Reveal, Rosters, Substitution
from gongchou.core.joint_values import (
    VERSION,
    Department,
    JointAnnouncement,
    JointOutcome,
    JointVisit,
    joint_count,
)
from gongchou.core.refusals import Refused

FIELDS = {
    "announcement", "departments", "reveals", "closing", "seed", "substitutions", "visits",
    "sealed", "last",
}  # fmt: skip
ANNOUNCED = {
    "v", "draw", "hash", "seq", "prev", "departments", "commits", "closing_rule", "announced",
}  # fmt: skip
OF_DEPARTMENT = {"dept", "roster", "inspectors", "avoid", "rates", "team"}
Paths = tuple[tuple[bytes, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRecord:
    """A public record in typed form; whether it is true is the verifier's question."""

    announcement: JointAnnouncement
    lists: tuple[Rosters, ...]
    avoid_paths: tuple[Paths, ...]
    reveals: tuple[Reveal, ...]
    closing: str
    seed: bytes
    substitutions: tuple[Substitution, ...]
    visits: tuple[JointVisit, ...]
    sealed: str
    last: list[dict[str, str]]


def is_joint(value: Any) -> bool:
    """Whether a parsed record says of itself that it is one of several departments."""
    announced = value.get("announcement") if isinstance(value, dict) else None
    return isinstance(announced, dict) and announced.get("v") == VERSION


def says_joint(content: bytes) -> bool:
    """The same of a file; False where it cannot be read at all."""
    try:
        return is_joint(parse(content))
    except (Refused, ValueError):
        return False


# -- reading


def _department(value: Any) -> Department:
    plain = fields_of(value, OF_DEPARTMENT, "部门公告")
    dept = matching(PID, plain["dept"], "部门代码")
    return Department(
        dept=dept,
        roster=head_of(plain["roster"], f"部门 {dept} 的名录根"),
        inspectors=head_of(plain["inspectors"], f"部门 {dept} 的人员根"),
        avoid=head_of(plain["avoid"], f"部门 {dept} 的回避根"),
        rates=read_rates(plain["rates"]),
        team=read_team(plain["team"], f"部门 {dept} 的检查组规则"),
    )


def _departments(value: Any) -> tuple[Department, ...]:
    found = tuple(_department(one) for one in list_of(value, "参加部门"))
    need(len(found) >= 2, "联合抽取至少应有两个部门。")
    need(len({one.dept for one in found}) == len(found), "部门代码不得重复。")
    need(len({one.team.org for one in found}) == len(found), "各部门的组织应不相同。")
    return found


def read_joint_announcement(value: Any) -> JointAnnouncement:
    """The announcement of a joint draw; Invalid with a sentence where it breaks a rule of §2.2."""
    names = ANNOUNCED | ({"fresh"} & set(value) if isinstance(value, dict) else set())
    plain = fields_of(value, names, "联合抽取公告")
    need(plain["v"] == VERSION, "协议版本应为 DR2。")
    need(plain["hash"] in ("sha256", "sm3"), "摘要算法应为 sha256 或 sm3。")
    draw = words_of(plain["draw"], "抽取编号")
    need(draw.isascii(), "抽取编号应为 ASCII 文字。")
    return JointAnnouncement(
        draw=draw,
        hash=plain["hash"],
        seq=number_of(plain["seq"], "公告序号", 1),
        prev=matching(HEX64, plain["prev"], "前一日志根"),
        departments=_departments(plain["departments"]),
        commits=read_commits(plain["commits"]),
        closing_rule=matching(CLOSING_RULE, plain["closing_rule"], "收口规则"),
        announced=read_instant(plain["announced"]),
        fresh=text_of(plain["fresh"], "新鲜值") if "fresh" in plain else None,
    )


def _lists(value: Any, announcement: JointAnnouncement) -> list[tuple[Rosters, Paths]]:
    found = []
    for own, plain in zip(announcement.departments, list_of(
        value, "各部门名册", len(announcement.departments)
    ), strict=True):  # fmt: skip
        names = {"roster", "inspectors", "avoid"}
        rosters, paths = read_rosters(fields_of(plain, names, f"部门 {own.dept} 的名册"))
        unknown = {row.stratum for row in rosters.subjects} - set(own.rates)
        says = f"部门 {own.dept} 的层“{'、'.join(sorted(unknown))}”没有抽取比例。"
        need(not unknown, says)
        found.append((rosters, paths))
    joint.check_agreement([rosters for rosters, _ in found])
    return found


def _visit(value: Any, count: int) -> JointVisit:
    pid, parts = list_of(value, "检查", 2)
    found = []
    for part in list_of(parts, "检查组"):
        d, members = list_of(part, "检查组", 2)
        need(number_of(d, "部门序号") < count, "部门序号超出范围。")
        people = [number_of(i, "人员序号") for i in list_of(members, "检查组")]
        found.append((d, tuple(people)))
    in_order = all(a[0] < b[0] for a, b in pairwise(found))
    need(bool(found) and in_order, "一次检查的部门应按序号升序且不为空。")
    return JointVisit(pid=matching(PID, pid, "检查对象"), parts=tuple(found))


def read_joint_record(value: Any) -> JointRecord:
    """A public record in typed form; Invalid with one sentence where it breaks a rule of form."""
    check(value)
    plain = fields_of(value, FIELDS, "联合抽取记录")
    announcement = read_joint_announcement(plain["announcement"])
    lists = _lists(plain["departments"], announcement)
    closing = text_of(plain["closing"], "收口值")
    need(is_closing(announcement.closing_rule, closing), "收口值与公告的收口规则不符。")
    count = len(announcement.departments)
    last = list_of(plain["last"], "各部门末位抽签号", count)
    return JointRecord(
        announcement=announcement,
        lists=tuple(rosters for rosters, _ in lists),
        avoid_paths=tuple(paths for _, paths in lists),
        reveals=read_reveals(plain["reveals"]),
        closing=closing,
        seed=bytes.fromhex(matching(HEX64, plain["seed"], "种子")),
        substitutions=read_substitutions(plain["substitutions"]),
        visits=tuple(_visit(one, count) for one in list_of(plain["visits"], "检查名单")),
        sealed=matching(HEX64, plain["sealed"], "密封根"),
        last=[
            dict(read_last(one, own.rates))
            for one, own in zip(last, announcement.departments, strict=True)
        ],
    )


# -- writing


def build_joint_record(
    announcement: JointAnnouncement,
    lists: Sequence[Rosters],
    *,
    reveals: Sequence[Reveal],
    closing: str,
    substitutions: Sequence[Substitution] = (),
) -> dict[str, object]:
    """The whole public record of a joint draw, computed from what decides it."""
    first = joint.conduct(announcement, lists, reveals, closing)
    outcome = after(first, announcement, lists, [one.out for one in substitutions])
    record: dict[str, object] = {
        "announcement": announcement.plain(),
        "departments": [
            {
                "roster": [row.plain() for row in rosters.subjects],
                "inspectors": [row.plain() for row in rosters.inspectors],
                "avoid": avoid_entries(announcement.hash, rosters),
            }
            for rosters in lists
        ],
        "reveals": [reveal.plain() for reveal in reveals],
        "closing": closing,
        "seed": first.seed.hex(),
        "substitutions": [one.plain() for one in substitutions],
        "visits": [visit.plain() for visit in outcome.visits],
        "sealed": first.sealed,
        "last": outcome.last,
    }
    read_joint_record(record)
    return record


def after(
    first: JointOutcome,
    announcement: JointAnnouncement,
    lists: Sequence[Rosters],
    outs: Sequence[str],
) -> JointOutcome:
    """The list after these substitutions, in their order."""
    outcome = first
    for out in outs:
        outcome = joint.substitute(outcome, announcement, lists, out)
    return outcome


# -- the checks


def _check_seed(record: JointRecord) -> None:
    shares = [reveal.share for reveal in record.reveals]
    found = joint.seed_of(record.announcement, record.closing, shares)
    need(found == record.seed, "种子与公告、收口值和各方份额不符。")


def _check_shares(record: JointRecord) -> None:
    found = joint.revealed_seed(record.announcement, record.reveals, record.closing)
    need(len(found) == len(record.seed), "种子长度不符。")


def _check_avoidances(record: JointRecord) -> None:
    hash_ = hash_of(record.announcement.hash)
    for own, rosters, paths in zip(
        record.announcement.departments, record.lists, record.avoid_paths, strict=True
    ):
        for i, (row, path) in enumerate(zip(rosters.avoid, paths, strict=True)):
            root = merkle.root_by_path(
                hash_, canon(row.plain()), index=i, size=len(rosters.avoid), siblings=path
            )
            is_in = root is not None and root.hex() == own.avoid[1]
            need(is_in, f"部门 {own.dept} 第 {i} 条回避的路径不符。")


def _recompute(record: JointRecord) -> tuple[JointOutcome, JointOutcome]:
    first = joint.outcome_of_seed(record.announcement, record.lists, record.seed)
    outs = [one.out for one in record.substitutions]
    return first, after(first, record.announcement, record.lists, outs)


def _check_drawn(record: JointRecord, outcome: JointOutcome) -> str:
    ours, claimed = [v.pid for v in outcome.visits], [v.pid for v in record.visits]
    need(sorted(ours) == sorted(claimed), "抽中对象与按抽签号重算的结果不符。")
    need(ours == claimed, "检查次序与重算结果不符。")
    return f"抽中 {len(ours)} 家，与重算结果逐一相符。"


def _check_departments(record: JointRecord, outcome: JointOutcome) -> str:
    for ours, claimed in zip(outcome.visits, record.visits, strict=True):
        same = [d for d, _ in ours.parts] == [d for d, _ in claimed.parts]
        need(same, f"到对象 {ours.pid} 的部门与重算结果不符。")
    return f"{joint_count(outcome.visits)} 家由两个以上部门一次检查，与重算结果相符。"


def _check_teams(record: JointRecord, outcome: JointOutcome) -> None:
    for ours, claimed in zip(outcome.visits, record.visits, strict=True):
        need(ours.parts == claimed.parts, f"对象 {ours.pid} 的检查组与重算结果不符。")


def _check_sealed(record: JointRecord, first: JointOutcome) -> None:
    need(first.sealed == record.sealed, "密封名单的根与重算结果不符。")


def _check_last(record: JointRecord, outcome: JointOutcome) -> None:
    for own, ours, claimed in zip(
        record.announcement.departments, outcome.last, record.last, strict=True
    ):
        for stratum, ticket in ours.items():
            same = ticket == claimed[stratum]
            need(same, f"部门 {own.dept} 层“{stratum}”的末位抽签号与重算结果不符。")


def verify_joint(
    value: Any, *, announcement: str | None = None, sealed: str | None = None, real: bool = False
) -> list[Step]:
    """All checks of a record, in order, up to the first that fails; never raises."""
    return draw_record.steps_of(lambda step: _verify(value, step, (announcement, sealed), real))


def _verify(
    value: Any, step: draw_record.Take, anchors: tuple[str | None, str | None], is_real: bool
) -> None:
    record = step("格式与次序", lambda: read_joint_record(draw_record.parsed(value)))
    step("抽取编号", lambda: draw_record.check_kind(record.announcement.draw, is_real))
    step("各部门名册根", lambda: joint.check_lists(record.announcement, record.lists))
    step("份额与承诺", lambda: _check_shares(record))
    step("种子", lambda: _check_seed(record))
    step("回避", lambda: _check_avoidances(record))
    first, outcome = step("重算", lambda: _recompute(record))
    step("抽中对象与次序", lambda: _check_drawn(record, outcome))
    step("联合检查", lambda: _check_departments(record, outcome))
    step("检查组", lambda: _check_teams(record, outcome))
    step("密封根", lambda: _check_sealed(record, first))
    step("各部门末位抽签号", lambda: _check_last(record, outcome))
    ours = record.announcement.digest().hex()
    step("锚定", lambda: draw_record.check_anchor(ours, record.sealed, *anchors))
