"""What a sealed list was made of: by seed (DR1, or DR2 for departments) or by balls (BL1).

Everything that comes after the sealing asks here: substitutes, reseats, the public record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongchou.core import joint
from gongchou.core.ballot import BallotAnnouncement, Ballots, outcome_of_ballots, seats_of
from gongchou.core.ballot_record import (
    build_ballot_record,
    read_ballot_announcement,
    read_ballots,
    verify_ballot,
)
from gongchou.core.canon import canon, parse
from gongchou.core.draw import outcome_of_seed
from gongchou.core.draw_record import Step, build_record, verify
from gongchou.core.draw_values import Announcement, DrawOutcome, Substitution
from gongchou.core.joint_record import after, build_joint_record, verify_joint
from gongchou.core.joint_values import JointAnnouncement, JointOutcome
from gongchou.core.substitution import Reseat, Seats, reseat, substitute
from gongchou.core.terms import DrawMode
from gongchou.drawing import sealing, strongbox
from gongchou.drawing.frozen import FrozenDraw
from gongchou.drawing.models import Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The balls of one draw, and the salt that hides its list."""

    ballots: Ballots
    salt: bytes

    def plain(self) -> list[object]:
        return [self.salt.hex(), *self.ballots.plain()]


def read_cast(plain: bytes) -> Cast:
    salt, numbers, people = parse(plain)
    return Cast(ballots=read_ballots(numbers, people), salt=bytes.fromhex(salt))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An officer's place at one object, by refs; `into` is empty until somebody has it."""

    pid: str
    out: str
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What an excused site leads to: the visit in its place, None where the stratum is exhausted.

    `joined` are visits of the list, as they are from now on, which a department joins: its next
    ticket was drawn by another already (DR2 §2.5).
    """

    visit: sealing.OpenVisit | None
    joined: tuple[sealing.OpenVisit, ...] = ()


def _numbered(seat: Seat, numbers: Mapping[str, int]) -> Reseat:
    return Reseat(pid=seat.pid, out=numbers[seat.out], into=numbers[seat.into])


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The rules a list was made by and what decided it; `seats` is None where the seed decides."""

    rules: Announcement
    first: DrawOutcome
    seats: Seats | None
    whole: BallotAnnouncement | None
    secrets: sealing.Secrets | None
    cast: Cast | None

    def now(self, frozen: FrozenDraw, outs: Sequence[str]) -> DrawOutcome:
        """The list after the substitutions made so far, in their order."""
        outcome = self.first
        for out in outs:
            outcome = substitute(outcome, self.rules, frozen.rosters, out, seats=self.seats)
        return outcome

    def next_for(self, frozen: FrozenDraw, outs: Sequence[str], out: str) -> Following:
        """The visit that takes the place of `out`."""
        before = self.now(frozen, outs)
        after = substitute(before, self.rules, frozen.rosters, out, seats=self.seats)
        is_shorter = len(after.visits) < len(before.visits)
        return Following(visit=None if is_shorter else sealing.of_substitute(after.visits[-1]))

    def reseat(
        self, frozen: FrozenDraw, outs: Sequence[str], earlier: Sequence[Seat], seat: Seat
    ) -> str:
        """Who goes instead of an officer."""
        numbers = frozen.numbers()
        found = reseat(
            self.now(frozen, outs),
            self.rules,
            frozen.rosters,
            [_numbered(one, numbers) for one in earlier],
            pid=seat.pid,
            out=numbers[seat.out],
            seats=self.seats,
        )
        return frozen.people_of((found.into,))[0]

    def record(
        self,
        row: Draw,
        frozen: FrozenDraw,
        excused: Sequence[Substitution],
        witnesses: Sequence[tuple[str, str]],
    ) -> tuple[dict[str, Any], list[Step]]:
        """The public record, and every check of it as a citizen would make them."""
        announced, sealed = row.announcement_digest, row.sealed_root
        if self.whole is not None and self.cast is not None:
            made = build_ballot_record(
                self.whole,
                frozen.rosters,
                self.cast.ballots,
                salt=self.cast.salt,
                witnesses=witnesses,
                substitutions=excused,
            )
            return made, verify_ballot(made, announcement=announced, sealed=sealed)
        reveals = self.secrets.reveals if self.secrets else ()
        made = build_record(
            self.rules, frozen.rosters, reveals=reveals, closing=row.closing, substitutions=excused
        )
        return made, verify(made, announcement=announced, sealed=sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointMade:
    """The same of a draw of several departments (DR2)."""

    rules: JointAnnouncement
    first: JointOutcome
    secrets: sealing.Secrets

    def next_for(self, frozen: FrozenDraw, outs: Sequence[str], out: str) -> Following:
        """What takes the place of `out`: at most one new site, as the leading bureau draws most.

        A department that draws fewer goes on to a site that the bureau has drawn already.
        """
        lists = frozen.lists()
        before = after(self.first, self.rules, lists, outs)
        found = joint.substitute(before, self.rules, lists, out)
        parts = {visit.pid: visit.parts for visit in before.visits}
        fresh = [visit for visit in found.visits if visit.pid not in parts]
        return Following(
            visit=sealing.open_joint(fresh[0]) if fresh else None,
            joined=tuple(
                sealing.open_joint(visit)
                for visit in found.visits
                if visit.pid in parts and visit.parts != parts[visit.pid]
            ),
        )

    def reseat(
        self, frozen: FrozenDraw, outs: Sequence[str], earlier: Sequence[Seat], seat: Seat
    ) -> str:
        """Who goes instead of an officer, of the same department."""
        lists = frozen.lists()
        outcome = after(self.first, self.rules, lists, outs)
        d = next(d for d in range(len(lists)) if seat.out in frozen.numbers(d))
        numbers = frozen.numbers(d)
        found = reseat(
            outcome.lists[d],
            self.rules.rules_of(d),
            lists[d],
            [_numbered(one, numbers) for one in earlier if one.out in numbers],
            pid=seat.pid,
            out=numbers[seat.out],
            seats=joint.seats_of(self.rules, outcome.seed, d),
        )
        return frozen.people_of((found.into,), d)[0]

    def record(
        self,
        row: Draw,
        frozen: FrozenDraw,
        excused: Sequence[Substitution],
        witnesses: Sequence[tuple[str, str]],
    ) -> tuple[dict[str, Any], list[Step]]:
        """The public record, checked; `witnesses` stand in records of ballots alone."""
        made = build_joint_record(
            self.rules,
            frozen.lists(),
            reveals=self.secrets.reveals,
            closing=row.closing,
            substitutions=excused,
        )
        announced, sealed = row.announcement_digest, row.sealed_root
        return made, verify_joint(made, announcement=announced, sealed=sealed)


def is_ballot(row: Draw) -> bool:
    return row.mode == DrawMode.MANUAL_BALLOT.value


def announced_ballot(body: bytes) -> BallotAnnouncement:
    return read_ballot_announcement(parse(body))


def lock_cast(list_key: bytes, cast: Cast, *, announcement_digest: str) -> bytes:
    return strongbox.hide(list_key, canon(cast.plain()), about=announcement_digest)


def hold_cast(cast: Cast, draw: str) -> bytes:
    """Under the server's key, between the first typing and the draw."""
    return strongbox.hide(strongbox.server_key(), canon(cast.plain()), about=f"{draw}/balls")


def held_cast(hidden: bytes, draw: str) -> Cast:
    return read_cast(strongbox.show(strongbox.server_key(), hidden, about=f"{draw}/balls"))


def made_of(row: Draw, list_key: bytes, frozen: FrozenDraw) -> Made | JointMade:
    """What the list of a sealed draw was made of; the key of the list opens it."""
    rosters = frozen.rosters
    about, locked = row.announcement_digest, bytes(row.locked_seed)
    if is_ballot(row):
        whole = announced_ballot(bytes(row.announcement))
        cast = read_cast(strongbox.show(list_key, locked, about=about))
        return Made(
            rules=whole.rules,
            first=outcome_of_ballots(whole, rosters, cast.ballots, cast.salt),
            seats=seats_of(cast.ballots),
            whole=whole,
            secrets=None,
            cast=cast,
        )
    secrets = sealing.unlock_secrets(list_key, locked, announcement_digest=about)
    if frozen.is_joint:
        joint_rules = sealing.announced_joint(bytes(row.announcement))
        united = joint.outcome_of_seed(joint_rules, frozen.lists(), secrets.seed)
        return JointMade(rules=joint_rules, first=united, secrets=secrets)
    rules = sealing.announced(bytes(row.announcement))
    first = outcome_of_seed(rules, rosters, secrets.seed)
    return Made(rules=rules, first=first, seats=None, whole=None, secrets=secrets, cast=None)
