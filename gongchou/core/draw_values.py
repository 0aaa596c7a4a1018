"""The frozen values of a draw: what is announced, the lists, and what a seed decides (DR1).

`plain()` of each value is its canonical form in the public record (`docs/spec/draw.md` §2.10).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.canon import canon, hash_of, tagged


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
class Reveal:
    """What a contributor committed to: 16 bytes of nonce, 16 or more of share."""

    role: str
    nonce: bytes
    share: bytes

    def plain(self) -> dict[str, object]:
        return {"role": self.role, "nonce": self.nonce.hex(), "share": self.share.hex()}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawOutcome:
    """What a seed decides; secret as a whole until it is published.

    `order` is each stratum in ticket order, `taken` how many of it are used up (excused ones and
    substitutes included), `chances` the exact chance of each row of a stratum at the draw; `last`
    the largest drawn ticket of each stratum in hex, "" where none; `loads` the visits of each
    inspector by number; `parts` how many team parts were numbered, `numbers` the first of each
    visit; `sealed` the root (hex) of the
    list as first drawn, which a substitution never changes.
    """

    seed: bytes
    visits: tuple[DrawnVisit, ...]
    order: Mapping[str, tuple[str, ...]]
    taken: Mapping[str, int]
    chances: Mapping[str, Fraction]
    last: Mapping[str, str]
    loads: tuple[int, ...]
    parts: int
    numbers: Mapping[str, int]
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
