"""Protocol DR1: from an announcement and a seed to visits with teams (`docs/spec/draw.md`).

A ticket depends on the seed and the subject's own id alone: who else is in the roster changes
nobody's place. The steps are numbered as in the specification.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gongchou.core import merkle
from gongchou.core.canon import Hash, canon, hash_of, tagged
from gongchou.core.pairing import Part, assign, fill_late
from gongchou.core.refusals import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One frozen object: pseudonymous id, commitment to its private record, what the draw asks."""

    pid: str
    commitment: str
    stratum: str
    area: str
    specialty: str
    items: tuple[str, ...]

    def plain(self) -> list[object]:
        return [
            self.pid, self.commitment, self.stratum, self.area, self.specialty, list(self.items),
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorRow:
    """One certified person: organisation, areas, specialties, load so far and most it may reach."""

    iid: str
    commitment: str
    org: str
    areas: tuple[str, ...]
    specialties: tuple[str, ...]
    load: int
    cap: int

    def plain(self) -> list[object]:
        return [
            self.iid, self.commitment, self.org, list(self.areas), list(self.specialties),
            self.load, self.cap,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AvoidRow:
    """A declared avoidance of one inspector at one object; `salt` is 32 hex digits."""

    iid: str
    pid: str
    reason: str
    salt: str

    def plain(self) -> list[object]:
        return [f"{self.iid} {self.pid}", self.reason, self.salt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Share of a stratum to draw, ⌈n·num/den⌉, never below `floor`."""

    num: int
    den: int
    floor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRule:
    """A part of every team: organisation, seats, of them at least so many experts."""

    org: str
    need: int
    experts: int

    def plain(self) -> list[object]:
        return [self.org, self.need, self.experts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What is fixed before the seed exists (§2.3). Tree heads are (size, root in hex)."""

    draw: str
    hash: str
    seq: int
    prev: str
    roster: tuple[int, str]
    inspectors: tuple[int, str]
    avoid: tuple[int, str]
    rates: Mapping[str, Rate]
    team: TeamRule
    joint_share: tuple[int, int]
    joint: TeamRule
    commits: tuple[tuple[str, str], ...]
    closing_rule: str
    announced: str
    fresh: str | None = None

    def plain(self) -> dict[str, object]:
        """The canonical object; `fresh` only where it is used."""
        found: dict[str, object] = {
            "v": "DR1", "draw": self.draw, "hash": self.hash, "seq": self.seq, "prev": self.prev,
            "roster": list(self.roster), "inspectors": list(self.inspectors),
            "avoid": list(self.avoid),
            "rates": {s: [r.num, r.den, r.floor] for s, r in self.rates.items()},
            "team": self.team.plain(), "joint": [*self.joint_share, self.joint.plain()],
            "commits": [list(pair) for pair in self.commits],
            "closing_rule": self.closing_rule, "announced": self.announced,
        }  # fmt: skip
        return found if self.fresh is None else {**found, "fresh": self.fresh}

    def digest(self) -> bytes:
        return tagged(hash_of(self.hash), "DR1/announce", canon(self.plain()))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnVisit:
    """One drawn object and its parts: numbers of inspectors, each part sorted."""

    pid: str
    parts: tuple[tuple[int, ...], ...]

    def plain(self) -> list[object]:
        return [self.pid, [list(part) for part in self.parts]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """An excused object, why and when; its place goes to the next ticket of the stratum."""

    out: str
    reason: str
    on: str

    def plain(self) -> list[object]:
        return [self.out, self.reason, self.on]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawOutcome:
    """What a seed decides. `order` is each stratum in ticket order, `taken` how far it is used."""

    visits: tuple[DrawnVisit, ...]
    order: Mapping[str, tuple[str, ...]]
    taken: Mapping[str, int]
    last: Mapping[str, str]
    loads: tuple[int, ...]
    parts: int
    sealed: str

    def reserve(self, stratum: str) -> tuple[str, ...]:
        """The undrawn rest in ticket order: who would be next."""
        return self.order[stratum][self.taken[stratum] :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rosters:
    """The frozen lists of one draw, each sorted by its first field."""

    subjects: tuple[RosterRow, ...]
    inspectors: tuple[InspectorRow, ...]
    avoid: tuple[AvoidRow, ...]

    def avoided(self) -> frozenset[tuple[str, str]]:
        """All (iid, pid) that may not meet."""
        return frozenset((row.iid, row.pid) for row in self.avoid)


# -- 2.2 freeze


def commitment(hash_: Hash, kind: str, salt: bytes, private: object) -> str:
    """Hex digest that binds a row to its private record; `kind` is `object` or `inspector`."""
    return tagged(hash_, f"DR1/{kind}", salt, canon(private)).hex()


def head(hash_: Hash, rows: Sequence[RosterRow | InspectorRow | AvoidRow]) -> tuple[int, str]:
    """Size and root (hex) of a frozen list."""
    return len(rows), merkle.root(hash_, [canon(row.plain()) for row in rows]).hex()


# -- 2.3 commit, 2.4 seed


def seed_commitment(hash_: Hash, *, draw: str, role: str, nonce: bytes, share: bytes) -> str:
    """What a contributor publishes before the closing value exists; nonce 16, share ≥ 16 bytes."""
    return tagged(hash_, "DR1/commit", draw.encode(), role.encode(), nonce, share).hex()


def seed_of(announcement: Announcement, closing: str, shares: Iterable[bytes]) -> bytes:
    """The seed, 32 bytes, from the shares in announced order."""
    hash_ = hash_of(announcement.hash)
    return tagged(hash_, "DR1/seed", announcement.digest(), closing.encode(), *shares)


def ticketer(hash_: Hash, seed: bytes, purpose: str) -> Callable[[str], bytes]:
    """The tickets of one purpose: `select`, `order`, `joint` or `assign`."""
    key = tagged(hash_, "DR1/key", seed, purpose.encode()).hex()[:32]
    return lambda text: hash_((key + text).encode())


# -- 2.5 draw


def drawn_count(rate: Rate, n: int) -> int:
    """k of a stratum of `n` rows, in integers."""
    return min(n, max(-(-n * rate.num // rate.den), rate.floor))


def odds(rate: Rate, n: int) -> Fraction:
    """The exact chance of each row of a stratum of `n` > 0 rows."""
    return Fraction(drawn_count(rate, n), n)


def ranked(ticket: Callable[[str], bytes], pids: Iterable[str]) -> tuple[str, ...]:
    """Ids in ascending order of their tickets."""
    return tuple(sorted(pids, key=lambda pid: (ticket(pid), pid)))


def joint_count(share: tuple[int, int], visits: int) -> int:
    num, den = share
    return min(visits, -(-visits * num // den))


Meetings = frozenset[tuple[str, str]]


def _part(
    people: Sequence[InspectorRow], rule: TeamRule, row: RosterRow, avoided: Meetings
) -> Part:
    eligible = tuple(
        i
        for i, person in enumerate(people)
        if person.org == rule.org
        and row.area in person.areas
        and (person.iid, row.pid) not in avoided
    )
    expert = frozenset(i for i in eligible if row.specialty in people[i].specialties)
    return Part(need=rule.need, experts=rule.experts, eligible=eligible, expert=expert)


def visit_rules(announcement: Announcement, *, is_joint: bool) -> list[TeamRule]:
    """The parts of a visit's team, in order."""
    return [announcement.team, announcement.joint] if is_joint else [announcement.team]


def _select(
    announcement: Announcement, rosters: Rosters, ticket: Callable[[str], bytes]
) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    order, taken = {}, {}
    for stratum, rate in announcement.rates.items():
        pids = [row.pid for row in rosters.subjects if row.stratum == stratum]
        order[stratum] = ranked(ticket, pids)
        taken[stratum] = drawn_count(rate, len(pids))
    return order, taken


def sealed_leaf(hash_: Hash, seed: bytes, j: int, visit: DrawnVisit) -> bytes:
    """Leaf j of the sealed list: `[j, hidden id, pid, teams]` in canonical bytes."""
    hidden = tagged(hash_, "DR1/visit", seed, visit.pid.encode()).hex()
    return canon([j, hidden, *visit.plain()])


def conduct(announcement: Announcement, rosters: Rosters, seed: bytes) -> DrawOutcome:
    """The whole draw: selection, visit order, joint checks, teams, sealed root.

    NoTeam where no lawful teams exist. Nothing but the arguments decides.
    """
    hash_ = hash_of(announcement.hash)
    select, by_order, joint, seats = (
        ticketer(hash_, seed, purpose) for purpose in ("select", "order", "joint", "assign")
    )
    rows = {row.pid: row for row in rosters.subjects}
    order, taken = _select(announcement, rosters, select)
    drawn = ranked(by_order, (pid for s in order for pid in order[s][: taken[s]]))
    candidates = ranked(joint, (pid for pid in drawn if len(rows[pid].items) >= 2))
    is_joint = set(candidates[: joint_count(announcement.joint_share, len(drawn))])
    avoided = rosters.avoided()
    parts = [
        [
            _part(rosters.inspectors, rule, rows[pid], avoided)
            for rule in visit_rules(announcement, is_joint=pid in is_joint)
        ]
        for pid in drawn
    ]
    teams = assign(
        [part for visit in parts for part in visit],
        loads=[person.load for person in rosters.inspectors],
        caps=[person.cap for person in rosters.inspectors],
        tickets=seats,
    )
    members = iter(teams.members)
    visits = tuple(
        DrawnVisit(pid=pid, parts=tuple(next(members) for _ in visit))
        for pid, visit in zip(drawn, parts, strict=True)
    )
    leaves = [sealed_leaf(hash_, seed, j, visit) for j, visit in enumerate(visits)]
    return DrawOutcome(
        visits=visits,
        order=order,
        taken=taken,
        last={s: select(order[s][taken[s] - 1]).hex() if taken[s] else "" for s in order},
        loads=teams.loads,
        parts=len(teams.members),
        sealed=merkle.root(hash_, leaves).hex(),
    )


# -- 2.6 substitute


def substitute(
    outcome: DrawOutcome, announcement: Announcement, rosters: Rosters, seed: bytes, out: str
) -> DrawOutcome:
    """One object excused: its place goes to the next ticket of its stratum, by the late rule.

    Invalid where `out` is not in the current list, NoTeam where nobody has room for the next.
    """
    rows = {row.pid: row for row in rosters.subjects}
    gone = next((visit for visit in outcome.visits if visit.pid == out), None)
    if gone is None:
        raise Invalid(f"补抽所替换的对象 {out} 不在当前名单中。")
    loads = list(outcome.loads)
    for i in (i for part in gone.parts for i in part):
        loads[i] -= 1
    visits = tuple(visit for visit in outcome.visits if visit.pid != out)
    stratum = rows[out].stratum
    waiting = outcome.reserve(stratum)
    changed = replace(outcome, visits=visits, loads=tuple(loads))
    if not waiting:
        return changed
    row = rows[waiting[0]]
    is_joint = len(gone.parts) == 2 and len(row.items) >= 2
    return _append(changed, announcement, rosters, seed, row, is_joint)


def _append(
    outcome: DrawOutcome,
    announcement: Announcement,
    rosters: Rosters,
    seed: bytes,
    row: RosterRow,
    is_joint: bool,
) -> DrawOutcome:
    hash_ = hash_of(announcement.hash)
    seats = ticketer(hash_, seed, "assign")
    caps = [person.cap for person in rosters.inspectors]
    members, loads, number = [], outcome.loads, outcome.parts
    for rule in visit_rules(announcement, is_joint=is_joint):
        part = _part(rosters.inspectors, rule, row, rosters.avoided())
        filled = fill_late(part, number, loads=loads, caps=caps, tickets=seats)
        members.append(filled.members[0])
        loads, number = filled.loads, number + 1
    ticket = ticketer(hash_, seed, "select")(row.pid).hex()
    return replace(
        outcome,
        visits=(*outcome.visits, DrawnVisit(pid=row.pid, parts=tuple(members))),
        taken={**outcome.taken, row.stratum: outcome.taken[row.stratum] + 1},
        last={**outcome.last, row.stratum: ticket},
        loads=loads,
        parts=number,
    )
