"""The last days of a quarter by a policy (二（五）, 四（五）), for pages and commands alike."""

from dataclasses import dataclass

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
    """The three last days of a quarter."""

    task: Deadline
    statistics: Deadline
    forms: Deadline


def quarter_deadlines(quarter: Quarter, profile: PolicyProfile, calendar: Calendar) -> DeadlineSet:
    """By what the policy says on the quarter's last day, or on its own first day where later.

    Raises NoRule where the policy leaves a deadline out.
    """
    on = max(quarter.last, profile.since)
    return DeadlineSet(
        task=task_deadline(
            quarter,
            calendar,
            days=profile.number("deadline.task", on),
            reading=profile.text("deadline.task.reading", on),
        ),
        statistics=statistics_deadline(
            quarter, calendar, days=profile.number("deadline.statistics", on)
        ),
        forms=forms_deadline(quarter, calendar, days=profile.number("deadline.forms", on)),
    )
