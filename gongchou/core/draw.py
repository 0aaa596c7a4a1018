"""Protocol DR1: from an announcement and the shares to visits with teams (`docs/spec/draw.md`).

A ticket depends on the seed and the subject's own id alone: who else is in the roster changes
nobody's place.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Protocol, TypeAlias

from gongchou.core import merkle, seal
from gongchou.core.canon import Hash, canon, hash_of, tagged
from gongchou.core.draw_form import is_closing, need
from gongchou.core.draw_values import (
    Announcement,
    AvoidRow,
    DrawnVisit,
    DrawOutcome,
    InspectorRow,
    Rate,
    Reveal,
    RosterRow,
    Rosters,
    Substitution,
    TeamRule,
)
from gongchou.core.pairing import NoTeam, Part, Teams, assign

__all__ = [
    "Announcement",
    "AvoidRow",
    "DrawOutcome",
    "DrawnVisit",
    "InspectorRow",
    "NoTeam",
    "Rate",
    "Reveal",
    "RosterRow",
    "Rosters",
    "Selector",
    "Substitution",
    "TeamRule",
    "check_rosters",
    "commitment",
    "conduct",
    "drawn_count",
    "head",
    "joint_count",
    "key_of",
    "odds",
    "outcome_of_seed",
    "ranked",
    "revealed_seed",
    "seed_commitment",
    "seed_of",
    "ticketer",
    "visit_parts",
]

# From (pid, stratum) rows, the key `select` and the rates: the drawn ids of each stratum in order.
Selector: TypeAlias = Callable[
    [Collection[tuple[str, str]], str, Mapping[str, Rate]], Mapping[str, tuple[str, ...]]
]


# -- 2.2 freeze


def commitment(hash_: Hash, kind: str, salt: bytes, private: object) -> str:
    """Hex digest that binds a row to its private record; `kind` is `object` or `inspector`."""
    return tagged(hash_, f"DR1/{kind}", salt, canon(private)).hex()


def head(hash_: Hash, rows: Sequence[RosterRow | InspectorRow | AvoidRow]) -> tuple[int, str]:
    """Size and root (hex) of a frozen list."""
    return len(rows), merkle.root(hash_, [canon(row.plain()) for row in rows]).hex()


def check_rosters(announcement: Announcement, rosters: Rosters) -> None:
    """Invalid where a list is not the announced one, or a stratum has no announced rate."""
    hash_ = hash_of(announcement.hash)
    for name, announced, rows in (
        ("名录", announcement.roster, rosters.subjects),
        ("人员表", announcement.inspectors, rosters.inspectors),
        ("回避表", announcement.avoid, rosters.avoid),
    ):
        need(head(hash_, rows) == announced, f"{name}与公告的根不符。")
    unknown = {row.stratum for row in rosters.subjects} - set(announcement.rates)
    need(not unknown, f"层“{'、'.join(sorted(unknown))}”没有公告抽取比例。")


# -- 2.3 commit, 2.4 seed


def seed_commitment(hash_: Hash, *, draw: str, role: str, nonce: bytes, share: bytes) -> str:
    """What a contributor publishes before the closing value exists; nonce 16, share ≥ 16 bytes."""
    return tagged(hash_, "DR1/commit", draw.encode(), role.encode(), nonce, share).hex()


def seed_of(announcement: Announcement, closing: str, shares: Iterable[bytes]) -> bytes:
    """The seed, 32 bytes, from the shares in announced order."""
    hash_ = hash_of(announcement.hash)
    return tagged(hash_, "DR1/seed", announcement.digest(), closing.encode(), *shares)


def revealed_seed(announcement: Announcement, reveals: Sequence[Reveal], closing: str) -> bytes:
    """The seed, from shares checked against the announced commitments.

    Invalid where a party, a share or the closing value is not what was announced.
    """
    check_reveals(announcement, reveals, closing, seed_commitment)
    return seed_of(announcement, closing, [reveal.share for reveal in reveals])


class Promised(Protocol):
    """What an announcement of any version says of shares and closing value."""

    @property
    def hash(self) -> str: ...
    @property
    def draw(self) -> str: ...
    @property
    def commits(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def closing_rule(self) -> str: ...


class Promise(Protocol):
    """How a version binds a share before the closing value exists."""

    def __call__(self, hash_: Hash, *, draw: str, role: str, nonce: bytes, share: bytes) -> str: ...


def check_reveals(
    announced: Promised, reveals: Sequence[Reveal], closing: str, promise: Promise
) -> None:
    """Invalid where a party, a share or the closing value is not what was announced."""
    hash_ = hash_of(announced.hash)
    roles = [reveal.role for reveal in reveals]
    need(roles == [role for role, _ in announced.commits], "揭示的各方与公告的承诺不一致。")
    for reveal, (role, bound) in zip(reveals, announced.commits, strict=True):
        found = promise(
            hash_, draw=announced.draw, role=role, nonce=reveal.nonce, share=reveal.share
        )
        need(found == bound, f"“{role}”揭示的份额与其承诺不符，请核对信封或重新输入。")
    need(is_closing(announced.closing_rule, closing), "收口值与公告的收口规则不符。")


def key_of(hash_: Hash, seed: bytes, purpose: str) -> str:
    """The 32 hex digits that stand before the id in every ticket of a purpose."""
    return tagged(hash_, "DR1/key", seed, purpose.encode()).hex()[:32]


def ticketer(hash_: Hash, seed: bytes, purpose: str) -> Callable[[str], bytes]:
    """The tickets of one purpose: `select`, `order`, `joint` or `assign`."""
    key = key_of(hash_, seed, purpose)
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


def _part(
    people: Sequence[InspectorRow],
    rule: TeamRule,
    row: RosterRow,
    avoided: frozenset[tuple[str, str]],
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


def visit_parts(
    announcement: Announcement, rosters: Rosters, row: RosterRow, is_joint: bool
) -> list[Part]:
    """The parts of a visit's team, in order."""
    rules = [announcement.team, announcement.joint] if is_joint else [announcement.team]
    avoided = rosters.avoided()
    return [_part(rosters.inspectors, rule, row, avoided) for rule in rules]


def _select(
    announcement: Announcement, rosters: Rosters, seed: bytes, selector: Selector | None
) -> tuple[Mapping[str, tuple[str, ...]], dict[str, int]]:
    """Each stratum in ticket order and how many are drawn; a selector finds the drawn ones only."""
    members: dict[str, list[str]] = {stratum: [] for stratum in announcement.rates}
    for row in rosters.subjects:
        members[row.stratum].append(row.pid)
    sizes = {stratum: len(pids) for stratum, pids in members.items()}
    hash_ = hash_of(announcement.hash)
    if selector is None:
        ticket = ticketer(hash_, seed, "select")
        return {stratum: ranked(ticket, pids) for stratum, pids in members.items()}, sizes
    rows = [(row.pid, row.stratum) for row in rosters.subjects]
    return selector(rows, key_of(hash_, seed, "select"), announcement.rates), sizes


def _joint(
    announcement: Announcement, ticket: Callable[[str], bytes], rows: Sequence[RosterRow]
) -> frozenset[str]:
    """Ids of the drawn rows that get the joint part: those with two units' items, by ticket."""
    candidates = ranked(ticket, (row.pid for row in rows if len(row.items) >= 2))
    return frozenset(candidates[: joint_count(announcement.joint_share, len(rows))])


def seated(
    announcement: Announcement,
    rosters: Rosters,
    rows: Sequence[RosterRow],
    *,
    joint: frozenset[str],
    tickets: Callable[[str], bytes],
) -> tuple[tuple[DrawnVisit, ...], Teams]:
    """The drawn rows, in visit order, with a team for each part; those in `joint` have two."""
    parts = [visit_parts(announcement, rosters, row, row.pid in joint) for row in rows]
    teams = assign(
        [part for visit in parts for part in visit],
        loads=[person.load for person in rosters.inspectors],
        caps=[person.cap for person in rosters.inspectors],
        tickets=tickets,
    )
    members = iter(teams.members)
    visits = tuple(
        DrawnVisit(pid=row.pid, parts=tuple(next(members) for _ in visit))
        for row, visit in zip(rows, parts, strict=True)
    )
    return visits, teams


def first_numbers(visits: Sequence[DrawnVisit]) -> dict[str, int]:
    """The running number of the first part of each visit."""
    starts = accumulate((len(visit.parts) for visit in visits), initial=0)
    return {visit.pid: start for visit, start in zip(visits, starts, strict=False)}


def outcome_of_seed(
    announcement: Announcement,
    rosters: Rosters,
    seed: bytes,
    *,
    selector: Selector | None = None,
) -> DrawOutcome:
    """All that a seed decides: selection, visit order, joint checks, teams, sealed root.

    NoTeam where no lawful teams exist. Nothing but the arguments decides. With a `selector` (an
    engine for large rosters) `order` holds the drawn ids alone, so that nothing can be substituted.
    """
    hash_ = hash_of(announcement.hash)
    select, by_order, joint, seats = (
        ticketer(hash_, seed, purpose) for purpose in ("select", "order", "joint", "assign")
    )
    order, sizes = _select(announcement, rosters, seed, selector)
    taken = {stratum: drawn_count(announcement.rates[stratum], n) for stratum, n in sizes.items()}
    rows = {row.pid: row for row in rosters.subjects}
    drawn = [
        rows[pid] for pid in ranked(by_order, (p for s in order for p in order[s][: taken[s]]))
    ]
    visits, teams = seated(
        announcement, rosters, drawn, joint=_joint(announcement, joint, drawn), tickets=seats
    )
    return DrawOutcome(
        seed=seed,
        visits=visits,
        order=order,
        taken=taken,
        chances={s: Fraction(taken[s], n) for s, n in sizes.items() if n},
        last={s: select(order[s][taken[s] - 1]).hex() if taken[s] else "" for s in order},
        loads=teams.loads,
        parts=len(teams.members),
        numbers=first_numbers(visits),
        sealed=seal.sealed_root(hash_, seal.sealed_leaves(hash_, seed, visits)),
    )


def conduct(
    announcement: Announcement,
    rosters: Rosters,
    reveals: Sequence[Reveal],
    closing: str,
    *,
    selector: Selector | None = None,
) -> DrawOutcome:
    """The whole draw, once: checks what was announced and promised, then lets the seed decide.

    Invalid where lists, shares or closing value are not those announced; NoTeam where no lawful
    teams exist.
    """
    check_rosters(announcement, rosters)
    seed = revealed_seed(announcement, reveals, closing)
    return outcome_of_seed(announcement, rosters, seed, selector=selector)
