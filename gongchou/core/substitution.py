"""After the draw: excused objects and absent officers, filled by the late rule (DR1 §2.6, §2.10).

Nobody who already has a place is moved: the next ticket and the smallest load decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from gongchou.core.canon import hash_of
from gongchou.core.draw import ticketer, visit_parts
from gongchou.core.draw_values import (
    Announcement,
    DrawnVisit,
    DrawOutcome,
    RosterRow,
    Rosters,
)
from gongchou.core.pairing import fill_late, fill_place
from gongchou.core.refusals import Invalid

Seats: TypeAlias = Callable[[str], bytes]


def visit_of(outcome: DrawOutcome, pid: str) -> DrawnVisit:
    """The visit of an object in the current list; Invalid where it has none."""
    for visit in outcome.visits:
        if visit.pid == pid:
            return visit
    raise Invalid(f"对象 {pid} 不在当前检查名单中。")


def substitute(
    outcome: DrawOutcome,
    announcement: Announcement,
    rosters: Rosters,
    out: str,
    *,
    seats: Seats | None = None,
) -> DrawOutcome:
    """One object excused: its place goes to the next ticket of its stratum, by the late rule.

    The sealed root stays. Where the stratum is exhausted the list grows shorter. Invalid where
    `out` is not in the current list, NoTeam where nobody has room for the next. A ballot hands in
    its own `seats` instead of the tickets of the seed.
    """
    rows = {row.pid: row for row in rosters.subjects}
    gone = visit_of(outcome, out)
    loads = list(outcome.loads)
    for i in (i for part in gone.parts for i in part):
        loads[i] -= 1
    visits = tuple(visit for visit in outcome.visits if visit.pid != out)
    changed = replace(outcome, visits=visits, loads=tuple(loads))
    waiting = outcome.reserve(rows[out].stratum)
    if not waiting:
        return changed
    row = rows[waiting[0]]
    return _append(changed, announcement, rosters, row, len(gone.parts) == 2, seats)


def _append(
    outcome: DrawOutcome,
    announcement: Announcement,
    rosters: Rosters,
    row: RosterRow,
    joint_due: bool,
    own: Seats | None,
) -> DrawOutcome:
    hash_ = hash_of(announcement.hash)
    seats = own or ticketer(hash_, outcome.seed, "assign")
    caps = [person.cap for person in rosters.inspectors]
    members, loads, number = [], outcome.loads, outcome.parts
    for part in visit_parts(announcement, rosters, row, joint_due and len(row.items) >= 2):
        filled = fill_late(part, number, loads=loads, caps=caps, tickets=seats)
        members.append(filled.members[0])
        loads, number = filled.loads, number + 1
    ticket = "" if own else ticketer(hash_, outcome.seed, "select")(row.pid).hex()
    return replace(
        outcome,
        visits=(*outcome.visits, DrawnVisit(pid=row.pid, parts=tuple(members))),
        taken={**outcome.taken, row.stratum: outcome.taken[row.stratum] + 1},
        last={**outcome.last, row.stratum: ticket},
        loads=loads,
        parts=number,
        numbers={**outcome.numbers, row.pid: outcome.parts},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseat:
    """One officer's place at one object handed to another; both by number in the frozen list."""

    pid: str
    out: int
    into: int


def team_now(outcome: DrawOutcome, pid: str, reseats: Sequence[Reseat]) -> DrawnVisit:
    """The visit of `pid` as it will be carried out: as drawn, then every reseat in log order."""
    parts = [list(part) for part in visit_of(outcome, pid).parts]
    for reseat in (r for r in reseats if r.pid == pid):
        part = next((part for part in parts if reseat.out in part), None)
        if part is None:
            raise Invalid(f"人员 {reseat.out} 不在对象 {pid} 的检查组中。")
        part[part.index(reseat.out)] = reseat.into
    return DrawnVisit(pid=pid, parts=tuple(tuple(sorted(part)) for part in parts))


def reseat(
    outcome: DrawOutcome,
    announcement: Announcement,
    rosters: Rosters,
    earlier: Sequence[Reseat],
    *,
    pid: str,
    out: int,
    seats: Seats | None = None,
) -> Reseat:
    """Who goes instead of officer `out`: least load, then smallest ticket of that part.

    The public record stays as drawn; a reseat is a log entry beside it, so `outcome` is always the
    record's, and the `earlier` reseats are handed in. Nobody who left this visit before returns to
    it. Invalid where `out` is not in the team, NoTeam where nobody may go instead.
    """
    visit = team_now(outcome, pid, earlier)
    place = next((k for k, part in enumerate(visit.parts) if out in part), None)
    if place is None:
        raise Invalid(f"人员 {out} 不在对象 {pid} 的检查组中。")
    row = next(row for row in rosters.subjects if row.pid == pid)
    part = visit_parts(announcement, rosters, row, len(visit.parts) == 2)[place]
    left = {r.out for r in earlier if r.pid == pid} | {out}
    into = fill_place(
        replace(part, eligible=tuple(i for i in part.eligible if i not in left)),
        outcome.numbers[pid] + place,
        tuple(i for i in visit.parts[place] if i != out),
        loads=_loads_now(outcome, earlier),
        caps=[person.cap for person in rosters.inspectors],
        tickets=seats or ticketer(hash_of(announcement.hash), outcome.seed, "assign"),
    )
    return Reseat(pid=pid, out=out, into=into)


def _loads_now(outcome: DrawOutcome, reseats: Sequence[Reseat]) -> list[int]:
    """Loads after the reseats of visits that still stand."""
    loads, standing = list(outcome.loads), {visit.pid for visit in outcome.visits}
    for r in reseats:
        if r.pid in standing:
            loads[r.out] -= 1
            loads[r.into] += 1
    return loads
