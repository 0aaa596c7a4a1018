"""What a monitoring rule found, with everything it looked at, so that anybody can judge it again.

An event is a suspicion about data, never a finding of fact: electronic monitoring counts as
evidence only after a person has reviewed it (行政处罚法 §41).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from gongchou.core.canon import Canonical, digest


@dataclass(frozen=True, slots=True)
class GuardAnswer:
    """One reason that could have explained the data away, and whether it did."""

    guard: str
    holds: bool
    says: str


@dataclass(frozen=True, slots=True)
class RuleEvent:
    """One rule that fired on one outlet and factor, from its first to its last instant.

    `severity` is 1 (information) to 4 (grave); `completeness` the share of the expected data
    that was there, 0 to 1; `thresholds` and `inputs` are name to value as judged, in the order
    in which they are shown; instants are aware and in UTC.
    """

    rule: str
    rule_version: str
    subject: str
    outlet: str
    factor: str
    started_at: datetime
    ended_at: datetime
    severity: int
    completeness: Fraction
    thresholds: Mapping[str, str]
    inputs: Mapping[str, str]
    guards: tuple[GuardAnswer, ...]
    says: str


@dataclass(frozen=True, slots=True)
class GuardedAway:
    """A rule whose condition held but that did not fire, because a guard explained it."""

    rule: str
    rule_version: str
    subject: str
    outlet: str
    factor: str
    started_at: datetime
    ended_at: datetime
    guard: GuardAnswer


def event_form(event: RuleEvent) -> Mapping[str, Canonical]:
    """The canonical value of an event; its digest is what a clue cites as evidence."""
    return {
        "rule": event.rule,
        "rule_version": event.rule_version,
        "subject": event.subject,
        "outlet": event.outlet,
        "factor": event.factor,
        "started_at": event.started_at.isoformat(),
        "ended_at": event.ended_at.isoformat(),
        "severity": event.severity,
        "completeness": f"{event.completeness.numerator}/{event.completeness.denominator}",
        "thresholds": [[name, value] for name, value in event.thresholds.items()],
        "inputs": [[name, value] for name, value in event.inputs.items()],
        "guards": [[guard.guard, int(guard.holds), guard.says] for guard in event.guards],
        "says": event.says,
    }


def event_digest(event: RuleEvent) -> str:
    """The SHA-256 of the canonical form, in hex."""
    return digest(event_form(event))
