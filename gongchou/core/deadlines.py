"""The last days of a quarter by a policy (二（五）, 四（五）), for pages and commands alike."""

from dataclasses import dataclass
from datetime import datetime

from gongchou.core.plain import SHANGHAI
from gongchou.core.rules import PolicyProfile
from gongchou.core.workdays import (
    Calendar,
    Deadline,
    Quarter,
    forms_deadline,
    statistics_deadline,
    task_deadline,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineSet:
    """The three last days of a quarter.

    `early` is the task's day in the strictest reading, a reminder inside the house (note 33).
    """

    task: Deadline
    early: Deadline
    statistics: Deadline
    forms: Deadline


def quarter_deadlines(quarter: Quarter, profile: PolicyProfile, calendar: Calendar) -> DeadlineSet:
    """By what the policy says on the quarter's last day, or on its own first day where later.

    Raises NoRule where the policy leaves a deadline out.
    """
    on = max(quarter.last, profile.since)
    days = profile.number("deadline.task", on)
    return DeadlineSet(
        task=task_deadline(
            quarter, calendar, days=days, reading=profile.text("deadline.task.reading", on)
        ),
        early=task_deadline(quarter, calendar, days=days, reading="C"),
        statistics=statistics_deadline(
            quarter, calendar, days=profile.number("deadline.statistics", on)
        ),
        forms=forms_deadline(quarter, calendar, days=profile.number("deadline.forms", on)),
    )


def is_past(at: datetime, deadline: Deadline, cutoff: str) -> bool:
    """Whether an instant lies after the last day, or on it after the policy's hour (note 33)."""
    here = at.astimezone(SHANGHAI)
    return here.date() > deadline.on or (
        here.date() == deadline.on and f"{here:%H:%M:%S}" > f"{cutoff}:00"
    )
