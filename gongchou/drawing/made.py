"""What a sealed list was made of, whichever way: by seed (DR1) or by numbered balls (BL1).

Everything that comes after the sealing asks here: substitutes, reseats, the public record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
from gongchou.core.draw_values import Announcement, DrawOutcome, Rosters, Substitution
from gongchou.core.substitution import Seats, substitute
from gongchou.core.terms import DrawMode
from gongchou.drawing import sealing, strongbox
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
class Made:
    """The rules a list was made by and what decided it; `seats` is None where the seed decides."""

    rules: Announcement
    first: DrawOutcome
    seats: Seats | None
    whole: BallotAnnouncement | None
    secrets: sealing.Secrets | None
    cast: Cast | None

    def now(self, rosters: Rosters, outs: Sequence[str]) -> DrawOutcome:
        """The list after the substitutions made so far, in their order."""
        outcome = self.first
        for out in outs:
            outcome = substitute(outcome, self.rules, rosters, out, seats=self.seats)
        return outcome

    def record(
        self,
        row: Draw,
        rosters: Rosters,
        excused: Sequence[Substitution],
        witnesses: Sequence[tuple[str, str]],
    ) -> tuple[dict[str, Any], list[Step]]:
        """The public record, and every check of it as a citizen would make them."""
        announced, sealed = row.announcement_digest, row.sealed_root
        if self.whole is not None and self.cast is not None:
            made = build_ballot_record(
                self.whole,
                rosters,
                self.cast.ballots,
                salt=self.cast.salt,
                witnesses=witnesses,
                substitutions=excused,
            )
            return made, verify_ballot(made, announcement=announced, sealed=sealed)
        reveals = self.secrets.reveals if self.secrets else ()
        made = build_record(
            self.rules, rosters, reveals=reveals, closing=row.closing, substitutions=excused
        )
        return made, verify(made, announcement=announced, sealed=sealed)


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


def made_of(row: Draw, list_key: bytes, rosters: Rosters) -> Made:
    """What the list of a sealed draw was made of; the key of the list opens it."""
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
    rules = sealing.announced(bytes(row.announcement))
    secrets = sealing.unlock_secrets(list_key, locked, announcement_digest=about)
    first = outcome_of_seed(rules, rosters, secrets.seed)
    return Made(rules=rules, first=first, seats=None, whole=None, secrets=secrets, cast=None)
