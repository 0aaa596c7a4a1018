"""What outcomes teach: precision of each rule, yield of each channel, and new base points.

New base points are a proposal. They hold from when a person has signed them, and never before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.clue_terms import Channel, ClueState, UnconfirmedReason
from gongchou.core.clues import ScoreRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A clue that was looked into; `hours` from its making to its outcome."""

    rule: str
    channel: Channel
    state: ClueState
    reason: UnconfirmedReason | None
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """How often one rule was right, among what could be verified.

    `precision` is None where nothing was verified; `median_hours` of all outcomes, rounded down.
    """

    name: str
    confirmed: int
    unconfirmed: int
    unverifiable: int
    reasons: tuple[tuple[UnconfirmedReason, int], ...]
    precision: Fraction | None
    median_hours: int

    @property
    def verified(self) -> int:
        return self.confirmed + self.unconfirmed


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """The proposed factor of one rule's base points, and what it rests on."""

    rule: str
    confirmed: int
    unconfirmed: int
    mean: Fraction
    factor: Fraction


def precisions(outcomes: Iterable[Outcome], *, by_channel: bool = False) -> tuple[Precision, ...]:
    """One row a rule, or a channel; the most verified first."""
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        name = outcome.channel.label if by_channel else outcome.rule or outcome.channel.label
        groups.setdefault(name, []).append(outcome)
    rows = [_precision(name, group) for name, group in groups.items()]
    return tuple(sorted(rows, key=lambda row: (-row.verified, row.name)))


def _precision(name: str, group: list[Outcome]) -> Precision:
    counted = {state: sum(o.state is state for o in group) for state in ClueState}
    yes, no = counted[ClueState.CONFIRMED], counted[ClueState.UNCONFIRMED]
    reasons = [(reason, sum(o.reason is reason for o in group)) for reason in UnconfirmedReason]
    hours = sorted(o.hours for o in group)
    return Precision(
        name=name,
        confirmed=yes,
        unconfirmed=no,
        unverifiable=counted[ClueState.UNVERIFIABLE],
        reasons=tuple((reason, count) for reason, count in reasons if count),
        precision=Fraction(yes, yes + no) if yes + no else None,
        median_hours=hours[len(hours) // 2],
    )


def weights(outcomes: Iterable[Outcome], rule: ScoreRule, least: int) -> tuple[Weight, ...]:
    """B ∝ the mean of Beta(查实 + a, 未查实 + b); a rule without enough outcomes keeps its own.

    The factor is the mean over the prior's mean, so a rule nobody has tested has factor 1.
    """
    a, b = rule.prior_confirmed, rule.prior_unconfirmed
    prior = Fraction(a, a + b)
    found = []
    for row in precisions(o for o in outcomes if o.rule):
        if row.verified >= least:
            mean = Fraction(row.confirmed + a, row.verified + a + b)
            found.append(
                Weight(
                    rule=row.name,
                    confirmed=row.confirmed,
                    unconfirmed=row.unconfirmed,
                    mean=mean,
                    factor=mean / prior,
                )
            )
    return tuple(sorted(found, key=lambda weight: weight.rule))
