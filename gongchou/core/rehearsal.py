"""A rehearsed draw: the full public record from made-up chance, never to be taken for a real one.

Everything that a real draw takes from people and dice is derived from the inputs by tagged hashes:
the same inputs give the same bytes, whatever order they come in. Whoever knows the inputs knows the
result, therefore the id of a rehearsal begins with TEST and a verifier asked for a real draw
refuses it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongchou.core.ballot import (
    BallotAnnouncement,
    Ballots,
    balls_due,
    roll_head,
    witness_mark,
)
from gongchou.core.ballot_record import build_ballot_record
from gongchou.core.canon import Canonical, Hash, canon, hash_of, tagged
from gongchou.core.draw import Selector, commitment, head, seed_commitment
from gongchou.core.draw_reading import freeze_lists
from gongchou.core.draw_record import build_record
from gongchou.core.draw_values import (
    Announcement,
    InspectorRow,
    Rate,
    Reveal,
    RosterRow,
    Rosters,
    TeamRule,
)
from gongchou.core.workdays import Quarter

ROLES = ("现场监督", "保密领导小组", "系统")
MANNER = "演练用号码，由输入推算，没有真正摇球"
WITNESSES = ("演练见证人甲", "演练见证人乙")
CLOSING_RULE = "d6:25 演练用点数，由输入推算，不是真实投掷"
_SIDES, _THROWS, _RESERVE = 6, 25, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalRow:
    """One object: its private record, and what the draw asks about it (`items` sorted)."""

    private: Mapping[str, Canonical]
    stratum: str
    area: str
    specialty: str
    items: tuple[str, ...]

    def plain(self) -> list[object]:
        return [self.private, self.stratum, self.area, self.specialty, list(self.items)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalPerson:
    """One certified person: private record, organisation, areas, specialties, load, cap."""

    private: Mapping[str, Canonical]
    org: str
    areas: tuple[str, ...]
    specialties: tuple[str, ...]
    load: int
    cap: int

    def plain(self) -> list[object]:
        return [
            self.private, self.org, list(self.areas), list(self.specialties), self.load, self.cap,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What would be announced, apart from the lists."""

    rates: Mapping[str, Rate]
    team: TeamRule
    joint_share: tuple[int, int]
    joint: TeamRule
    quarter: Quarter

    def plain(self) -> list[object]:
        return [
            {s: [r.num, r.den, r.floor] for s, r in self.rates.items()},
            self.team.plain(), [*self.joint_share, self.joint.plain()], str(self.quarter),
        ]  # fmt: skip


class Chance:
    """Bytes in place of chance: a tagged hash of the inputs for each purpose and name."""

    def __init__(self, hash_: Hash, inputs: bytes, version: str = "DR1") -> None:
        self._hash, self._version = hash_, version
        self._inputs = tagged(hash_, f"{version}/rehearsal", inputs)

    def bytes_for(self, purpose: str, name: bytes = b"") -> bytes:
        return tagged(self._hash, f"{self._version}/rehearsal/{purpose}", self._inputs, name)

    def reveals(self, roles: Sequence[str]) -> list[Reveal]:
        """What each contributor would promise and reveal."""
        return [
            Reveal(
                role=role,
                nonce=self.bytes_for("nonce", role.encode())[:16],
                share=self.bytes_for("share", role.encode()),
            )
            for role in roles
        ]

    def throws(self) -> str:
        """Twenty-five throws of a die, written one after the other."""
        number, found = int.from_bytes(self.bytes_for("closing"), "big"), ""
        for _ in range(_THROWS):
            number, side = divmod(number, _SIDES)
            found += str(side + 1)
        return found


def _inputs(
    rows: Sequence[RehearsalRow], people: Sequence[RehearsalPerson], rules: _Rules
) -> bytes:
    """The byte form of all inputs, whatever order the rows came in."""
    lists = [
        sorted((row.plain() for row in rows), key=canon),
        sorted((person.plain() for person in people), key=canon),
    ]
    return canon([*lists, rules.plain()])


def frozen_lists(
    hash_: Hash,
    chance: Chance,
    rows: Sequence[RehearsalRow],
    people: Sequence[RehearsalPerson],
) -> Rosters:
    """The lists of one body; a private record is bound by the same bytes wherever it stands."""

    def bound(kind: str, private: Mapping[str, Canonical]) -> str:
        salt = chance.bytes_for(f"salt/{kind}", canon(private))[:16]
        return commitment(hash_, kind, salt, private)

    subjects = [(bound("object", row.private), row) for row in rows]
    inspectors = [(bound("inspector", person.private), person) for person in people]
    return freeze_lists(
        [
            RosterRow(
                pid=c[:22],
                commitment=c,
                stratum=row.stratum,
                area=row.area,
                specialty=row.specialty,
                items=row.items,
            )
            for c, row in subjects
        ],
        [
            InspectorRow(
                iid=c[:22],
                commitment=c,
                org=person.org,
                areas=person.areas,
                specialties=person.specialties,
                load=person.load,
                cap=person.cap,
            )
            for c, person in inspectors
        ],
        [],
    )


def _announce(
    profile: str, draw: str, rosters: Rosters, rules: _Rules, reveals: Sequence[Reveal]
) -> Announcement:
    hash_ = hash_of(profile)
    commits = tuple(
        (r.role, seed_commitment(hash_, draw=draw, role=r.role, nonce=r.nonce, share=r.share))
        for r in reveals
    )
    return Announcement(
        draw=draw,
        hash=profile,
        seq=1,
        prev="0" * 64,
        roster=head(hash_, rosters.subjects),
        inspectors=head(hash_, rosters.inspectors),
        avoid=head(hash_, rosters.avoid),
        rates=rules.rates,
        team=rules.team,
        joint_share=rules.joint_share,
        joint=rules.joint,
        commits=commits,
        closing_rule=CLOSING_RULE,
        announced=f"{rules.quarter.first.isoformat()}T09:00:00+08:00",
    )


def _by_balls(rules: Announcement, rosters: Rosters, chance: Chance) -> dict[str, object]:
    """The same lists by numbered balls, whose order is taken from the inputs too."""
    hash_ = hash_of(rules.hash)
    announcement = BallotAnnouncement(
        rules=rules, roll=roll_head(hash_, rosters), reserve=_RESERVE, manner=MANNER
    )

    def out(name: str, size: int, count: int) -> tuple[int, ...]:
        balls = range(1, size + 1)
        return tuple(
            sorted(balls, key=lambda n: chance.bytes_for("ball", f"{name} {n}".encode()))[:count]
        )

    due = balls_due(announcement, rosters)
    size = len(rosters.inspectors)
    return build_ballot_record(
        announcement,
        rosters,
        Ballots(
            numbers={stratum: out(stratum, n, k + r) for stratum, (n, k, r) in due.items()},
            people=out("people", size, size),
        ),
        salt=chance.bytes_for("salt/list"),
        witnesses=[
            (ROLES[0], witness_mark(hash_, chance.bytes_for("witness", w.encode())[:16], w, w))
            for w in WITNESSES
        ],
    )


def rehearse(
    rows: Sequence[RehearsalRow],
    people: Sequence[RehearsalPerson],
    rates: Mapping[str, Rate],
    team: TeamRule,
    joint_share: tuple[int, int],
    joint: TeamRule,
    *,
    quarter: Quarter,
    profile: str = "sha256",
    selector: Selector | None = None,
    by_balls: bool = False,
) -> dict[str, object]:
    """The public record of a rehearsal (DR1 §2.10, or BL1 §7 `by_balls`), its id TEST-….

    Nobody is avoided and nothing substituted in it. Invalid where an input breaks its form or two
    private records are equal; NoTeam where no lawful teams exist.
    """
    hash_ = hash_of(profile)
    rules = _Rules(rates=rates, team=team, joint_share=joint_share, joint=joint, quarter=quarter)
    chance = Chance(hash_, _inputs(rows, people, rules))
    draw = f"TEST-{quarter}-{chance.bytes_for('draw').hex()[:8]}"
    rosters = frozen_lists(hash_, chance, rows, people)
    if by_balls:
        return _by_balls(_announce(profile, draw, rosters, rules, []), rosters, chance)
    reveals = chance.reveals(ROLES)
    announcement = _announce(profile, draw, rosters, rules, reveals)
    closing = chance.throws()
    return build_record(announcement, rosters, reveals=reveals, closing=closing, selector=selector)
