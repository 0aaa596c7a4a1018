"""Which reminders a visit that stands still has earned by an instant.

A rule is data: what is waited for, after how many hours, how urgent it is. A card needs no act to
end it: once what it waited for is there, it is over.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongchou.core.terms import CardLevel, VisitWait


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """After so many whole hours of waiting a card is due; `key` names it for ever."""

    key: str
    waits_for: VisitWait
    hours: int
    level: CardLevel
    says: str


def due_rules(
    rules: Iterable[ReminderRule], waits: Mapping[VisitWait, datetime], at: datetime
) -> tuple[ReminderRule, ...]:
    """The rules whose hours are over; `waits` says since when each thing is waited for."""
    return tuple(
        rule
        for rule in rules
        if rule.waits_for in waits and at >= waits[rule.waits_for] + timedelta(hours=rule.hours)
    )
