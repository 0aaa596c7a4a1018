"""What one rule sees in one stretch of time, and how stretches become events.

A hit is a stretch in which a rule's condition held. Hits of one rule, outlet and factor that lie
close together are one event, so that nothing flickers; a hit that a guard explains is handed out
as guarded away and opens none.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from gongchou.core.monitoring.events import GuardAnswer, GuardedAway, RuleEvent
from gongchou.core.monitoring.moments import HOUR, instant, written
from gongchou.core.monitoring.rulebook import MonitorRule

WHOLE = Fraction(1)


class Hit(NamedTuple):
    """[since, until) in minutes; `weight` orders hits of one event by how much they show.

    A hit that `suffices` was judged over so long a time that it is not asked to come again.
    """

    outlet: str
    factor: str
    since: int
    until: int
    severity: int
    inputs: Mapping[str, str]
    guards: tuple[GuardAnswer, ...] = ()
    weight: float = 0.0
    completeness: Fraction = WHOLE
    suffices: bool = False

    @property
    def guard(self) -> GuardAnswer | None:
        """The first guard that explains it away."""
        return next((guard for guard in self.guards if guard.holds), None)


@dataclass(frozen=True, slots=True)
class Judged:
    """Everything the rules said about a window."""

    events: tuple[RuleEvent, ...]
    guarded: tuple[GuardedAway, ...]


def events_of(rule: MonitorRule, subject: str, hits: Iterable[Hit]) -> Judged:
    """Hits of one rule on one site as events and as what guards held back, in order of time."""
    events: list[RuleEvent] = []
    guarded: list[GuardedAway] = []
    ordered = sorted(hits, key=lambda hit: (hit.outlet, hit.factor, hit.since, hit.until))
    for _, same in groupby(ordered, key=lambda hit: (hit.outlet, hit.factor)):
        of_one = list(same)
        free = [hit for hit in of_one if hit.guard is None]
        held = [hit for hit in of_one if hit.guard is not None]
        for run in _runs(free, rule.merge_hours * HOUR):
            if _is_enough(run, rule):
                events.append(_event(rule, subject, run))
        for run in _held_runs(held, rule.merge_hours * HOUR):
            guarded.append(_guarded(rule, subject, run))
    return Judged(tuple(events), tuple(guarded))


def _runs(hits: Sequence[Hit], gap: int) -> Iterator[list[Hit]]:
    run: list[Hit] = []
    end = 0
    for hit in hits:
        if run and hit.since - end > gap:
            yield run
            run = []
        end = max(end, hit.until) if run else hit.until
        run.append(hit)
    if run:
        yield run


def _held_runs(hits: Sequence[Hit], gap: int) -> Iterator[list[Hit]]:
    by_guard = sorted(hits, key=lambda hit: (_name(hit), hit.since, hit.until))
    for _, same in groupby(by_guard, key=_name):
        yield from _runs(list(same), gap)


def _name(hit: Hit) -> str:
    return hit.guard.guard if hit.guard else ""


def _is_enough(run: Sequence[Hit], rule: MonitorRule) -> bool:
    """Whether `need` hits begin within some span of `of` hours, or one suffices."""
    if any(hit.suffices for hit in run):
        return True
    if len(run) < rule.need:
        return False
    span = rule.of * HOUR
    begins = [hit.since for hit in run]
    pairs = zip(begins, begins[rule.need - 1 :], strict=False)
    return any(last - first < span for first, last in pairs)


def _event(rule: MonitorRule, subject: str, run: Sequence[Hit]) -> RuleEvent:
    """One event; its inputs are those of its strongest hit, with how often and how long."""
    top = max(run, key=lambda hit: (hit.severity, hit.weight, -hit.since))
    since, until = run[0].since, max(hit.until for hit in run)
    inputs = dict(top.inputs) | {"最突出的时刻": written(top.since), "出现次数": str(len(run))}
    inputs["累计分钟"] = str(sum(hit.until - hit.since for hit in run))
    return RuleEvent(
        rule=rule.id,
        rule_version=rule.version,
        subject=subject,
        outlet=top.outlet,
        factor=top.factor,
        started_at=instant(since),
        ended_at=instant(until),
        severity=max(hit.severity for hit in run),
        completeness=min(hit.completeness for hit in run),
        thresholds=rule.shown(),
        inputs=inputs,
        guards=top.guards,
        says=rule.says.format_map(_Words(inputs)),
    )


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def _guarded(rule: MonitorRule, subject: str, run: Sequence[Hit]) -> GuardedAway:
    first = run[0]
    assert first.guard is not None
    return GuardedAway(
        rule=rule.id,
        rule_version=rule.version,
        subject=subject,
        outlet=first.outlet,
        factor=first.factor,
        started_at=instant(first.since),
        ended_at=instant(max(hit.until for hit in run)),
        guard=first.guard,
    )
