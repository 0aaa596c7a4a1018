"""Clues (线索): suspicions that make work, never findings; how they merge and when they are due.

All instants are aware; the numbers come from `law/clues.toml` or the policy, none stands here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from gongchou.core.clue_terms import Channel, ClueOrigin, ClueState, PollutantFamily
from gongchou.core.workdays import Calendar, add_workdays

GRAVE = 3
CHANNELS: Mapping[ClueOrigin, Channel] = {
    ClueOrigin.MOBILE_LAB: Channel.MOBILE,
    ClueOrigin.DRONE: Channel.DRONE,
    ClueOrigin.VIDEO: Channel.VIDEO,
    ClueOrigin.LETTER: Channel.COMPLAINT,
    ClueOrigin.SEEN: Channel.OFFICER,
    ClueOrigin.HISTORY: Channel.HISTORY,
}
# By how a factor's code begins (HJ 212); longer beginnings first.
FAMILIES: tuple[tuple[str, PollutantFamily], ...] = (
    ("a24", PollutantFamily.ODOUR),
    ("a25", PollutantFamily.ODOUR),
    ("a21001", PollutantFamily.ODOUR),
    ("a21028", PollutantFamily.ODOUR),
    ("a34", PollutantFamily.DUST),
    ("a", PollutantFamily.GAS),
    ("w", PollutantFamily.WATER),
    ("L", PollutantFamily.NOISE),
)
SETTLED = frozenset(
    {ClueState.CONFIRMED, ClueState.UNCONFIRMED, ClueState.UNVERIFIABLE, ClueState.ARCHIVED}
)
WAITING = frozenset({ClueState.GENERATED, ClueState.SCREENED, ClueState.PENDING})


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePoint:
    """What the desk knows of one rule: its title, family, threshold in minutes, what to check."""

    rule: str
    title: str
    family: PollutantFamily
    minutes: int
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginPoint:
    """The same of clues that no rule made, with the severity they begin with."""

    severity: int
    family: PollutantFamily
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule:
    """The numbers of the score; `base` by severity 1 to 4, `red`, `orange`, `yellow` from below."""

    base: Mapping[int, int]
    per_channel: int
    confirmed_before: int
    unconfirmed_twice: int
    sensitive_place: int
    key_unit: int
    longest: Fraction
    least_quality: Fraction
    red: int
    orange: int
    yellow: int
    prior_confirmed: int
    prior_unconfirmed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueRules:
    """All that is set for clues; every number here is `assumed` until the bureau says otherwise."""

    triage_days: int
    watch_days: int
    extend: timedelta
    case: timedelta
    before: timedelta
    after: timedelta
    remote_approval: bool
    officers_per_visit: int
    least_outcomes: int
    score: ScoreRule
    rules: Mapping[str, RulePoint]
    origins: Mapping[ClueOrigin, OriginPoint]

    def points(self, origin: ClueOrigin, rule: str) -> tuple[str, ...]:
        """What an officer looks at on site for such a clue (检查要点)."""
        known = self.rules.get(rule)
        if known:
            return known.points
        return self.origins[origin].points if origin in self.origins else ()

    def title(self, origin: ClueOrigin, rule: str) -> str:
        known = self.rules.get(rule)
        return f"{rule} {known.title}" if known else rule or origin.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A clue already on the desk, as far as merging asks; `case` is the ref its case goes by."""

    ref: str
    case: str
    origin: ClueOrigin
    rule: str
    outlet: str
    factor: str
    family: PollutantFamily
    started_at: datetime
    ended_at: datetime
    state: ClueState


def channel_of(origin: ClueOrigin, rule: str) -> Channel:
    """The way of knowing: electricity rules (E…) are one, those on emission data another."""
    if origin is ClueOrigin.RULE:
        return Channel.POWER if rule.startswith("E") else Channel.MONITORING
    return CHANNELS[origin]


def family_of(factor: str, default: PollutantFamily) -> PollutantFamily:
    """What a factor's code is about; the rule's own family where it says nothing."""
    for start, family in FAMILIES:
        if factor.startswith(start):
            return family
    return default


def gap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> timedelta:
    """The time between two spans; zero where they touch."""
    return max(one[0] - other[1], other[0] - one[1], timedelta())


def extended_by(new: Held, held: Iterable[Held], within: timedelta) -> Held | None:
    """The clue that a new event belongs to: same rule, outlet and factor, not settled, near."""
    same = [
        clue
        for clue in held
        if (clue.rule, clue.outlet, clue.factor) == (new.rule, new.outlet, new.factor)
        and clue.origin is new.origin is ClueOrigin.RULE
        and clue.state not in SETTLED
        and gap(_span(clue), _span(new)) <= within
    ]
    return max(same, key=lambda clue: (clue.ended_at, clue.ref), default=None)


def case_for(new: Held, held: Iterable[Held], within: timedelta) -> str:
    """The ref of the case that a new clue joins (same subject and family, near); empty for none."""
    near = [
        clue
        for clue in held
        if goes_with(clue.family, new.family)
        and clue.state not in SETTLED
        and clue.state is not ClueState.EXCLUDED
        and gap(_span(clue), _span(new)) <= within
    ]
    nearest = min(near, key=lambda clue: (gap(_span(clue), _span(new)), clue.ref), default=None)
    return nearest.case if nearest else ""


def _span(clue: Held) -> tuple[datetime, datetime]:
    return clue.started_at, clue.ended_at


def goes_with(one: PollutantFamily, other: PollutantFamily) -> bool:
    """Whether two suspicions may be about one thing; how a plant works goes with everything."""
    return one is other or PollutantFamily.WORKING in (one, other)


def triage_due(on: date, days: int, calendar: Calendar) -> date:
    """The last day to decide on a clue that came to the desk on a day."""
    return add_workdays(on, days, calendar)


def may_expire(severity: int, state: ClueState) -> bool:
    """Only a light clue under watch ends by time alone; a grave one waits for a person."""
    return severity < GRAVE and state is ClueState.WATCHED
