"""A rehearsed draw of several departments (DR2): made-up chance, an id that begins with TEST.

Like `core.rehearsal`, the same inputs give the same bytes. A site that several departments hold has
one private record, so it is one id everywhere and goes by one ticket.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongchou.core.canon import canon, hash_of
from gongchou.core.draw import head
from gongchou.core.draw_values import Rate, Reveal, Rosters, TeamRule
from gongchou.core.joint import seed_commitment
from gongchou.core.joint_record import build_joint_record
from gongchou.core.joint_values import VERSION, Department, JointAnnouncement
from gongchou.core.rehearsal import (
    CLOSING_RULE,
    ROLES,
    Chance,
    RehearsalPerson,
    RehearsalRow,
    frozen_lists,
)
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalBody:
    """One department: its code, its own rows and people, how many it draws, its part of a team."""

    dept: str
    rows: Sequence[RehearsalRow]
    people: Sequence[RehearsalPerson]
    rates: Mapping[str, Rate]
    team: TeamRule

    def plain(self) -> list[object]:
        return [
            self.dept,
            sorted((row.plain() for row in self.rows), key=canon),
            sorted((person.plain() for person in self.people), key=canon),
            {s: [r.num, r.den, r.floor] for s, r in self.rates.items()},
            self.team.plain(),
        ]


def rehearse_joint(
    bodies: Sequence[RehearsalBody], *, quarter: Quarter, profile: str = "sha256"
) -> dict[str, object]:
    """The public record of a joint rehearsal (DR2 §2.6); the first body leads.

    Every partner gives chance of its own beside the usual three. Invalid where an input breaks its
    form, NoTeam where a department has no lawful teams.
    """
    hash_ = hash_of(profile)
    chance = Chance(hash_, canon([*[body.plain() for body in bodies], str(quarter)]), VERSION)
    lists = [frozen_lists(hash_, chance, body.rows, body.people) for body in bodies]
    reveals = chance.reveals((*ROLES, *(body.team.org for body in bodies[1:])))
    announcement = _announce(bodies, lists, chance, reveals, quarter=quarter, profile=profile)
    return build_joint_record(announcement, lists, reveals=reveals, closing=chance.throws())


def _announce(
    bodies: Sequence[RehearsalBody],
    lists: Sequence[Rosters],
    chance: Chance,
    reveals: Sequence[Reveal],
    *,
    quarter: Quarter,
    profile: str,
) -> JointAnnouncement:
    hash_ = hash_of(profile)
    draw = f"TEST-{quarter}-{chance.bytes_for('draw').hex()[:8]}"
    return JointAnnouncement(
        draw=draw,
        hash=profile,
        seq=1,
        prev="0" * 64,
        departments=tuple(
            Department(
                dept=body.dept,
                roster=head(hash_, held.subjects),
                inspectors=head(hash_, held.inspectors),
                avoid=head(hash_, held.avoid),
                rates=body.rates,
                team=body.team,
            )
            for body, held in zip(bodies, lists, strict=True)
        ),
        commits=tuple(
            (r.role, seed_commitment(hash_, draw=draw, role=r.role, nonce=r.nonce, share=r.share))
            for r in reveals
        ),
        closing_rule=CLOSING_RULE,
        announced=f"{quarter.first.isoformat()}T09:00:00+08:00",
    )
