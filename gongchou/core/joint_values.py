"""The frozen values of a draw of several departments that share one ticket a site (DR2).

`plain()` of each value is its canonical form in the public record (`docs/spec/draw2.md` §2.6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongchou.core.canon import canon, hash_of, tagged
from gongchou.core.draw_values import Announcement, DrawOutcome, Rate, TeamRule

VERSION = "DR2"
# A department's rules have the shape of DR1, where a joint part is asked for; here none is.
NO_JOINT_SHARE, NO_JOINT = (0, 1), TeamRule(org="无", need=1, experts=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """One department of a joint draw: heads of its own lists, its rates, its part of a team."""

    dept: str
    roster: tuple[int, str]
    inspectors: tuple[int, str]
    avoid: tuple[int, str]
    rates: Mapping[str, Rate]
    team: TeamRule

    def plain(self) -> dict[str, object]:
        return {
            "dept": self.dept, "roster": list(self.roster), "inspectors": list(self.inspectors),
            "avoid": list(self.avoid),
            "rates": {s: [r.num, r.den, r.floor] for s, r in self.rates.items()},
            "team": self.team.plain(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class JointAnnouncement:
    """What is fixed before the seed exists (§2.2); the first department leads."""

    draw: str
    hash: str
    seq: int
    prev: str
    departments: tuple[Department, ...]
    commits: tuple[tuple[str, str], ...]
    closing_rule: str
    announced: str
    fresh: str | None = None

    def plain(self) -> dict[str, object]:
        """The canonical object; `fresh` only where it is used."""
        found: dict[str, object] = {
            "v": VERSION, "draw": self.draw, "hash": self.hash, "seq": self.seq, "prev": self.prev,
            "departments": [department.plain() for department in self.departments],
            "commits": [list(pair) for pair in self.commits],
            "closing_rule": self.closing_rule, "announced": self.announced,
        }  # fmt: skip
        return found if self.fresh is None else {**found, "fresh": self.fresh}

    def digest(self) -> bytes:
        return tagged(hash_of(self.hash), "DR2/announce", canon(self.plain()))

    def rules_of(self, d: int) -> Announcement:
        """What department `d` announced, in the shape of a draw of its own without joint part."""
        own = self.departments[d]
        return Announcement(
            draw=self.draw,
            hash=self.hash,
            seq=self.seq,
            prev=self.prev,
            roster=own.roster,
            inspectors=own.inspectors,
            avoid=own.avoid,
            rates=own.rates,
            team=own.team,
            joint_share=NO_JOINT_SHARE,
            joint=NO_JOINT,
            commits=self.commits,
            closing_rule=self.closing_rule,
            announced=self.announced,
            fresh=self.fresh,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JointVisit:
    """One drawn site: of each department that drew it, its number and who goes, by number."""

    pid: str
    parts: tuple[tuple[int, tuple[int, ...]], ...]

    def plain(self) -> list[object]:
        return [self.pid, [[d, list(members)] for d, members in self.parts]]

    @property
    def is_joint(self) -> bool:
        return len(self.parts) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JointOutcome:
    """What a seed decides; secret as a whole until it is published.

    `lists` are the departments' own lists in announced order, each like a draw by itself; `gone`
    the sites excused so far; `sealed` the root (hex) of the list as first drawn.
    """

    seed: bytes
    visits: tuple[JointVisit, ...]
    lists: tuple[DrawOutcome, ...]
    gone: frozenset[str]
    sealed: str

    @property
    def last(self) -> list[dict[str, str]]:
        """Of each department the largest ticket used up in each stratum."""
        return [dict(own.last) for own in self.lists]


def joint_count(visits: Sequence[JointVisit]) -> int:
    """How many sites more than one department visits."""
    return sum(visit.is_joint for visit in visits)
