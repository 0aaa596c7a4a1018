"""What stands before a plan's approval: the report, and the question for the solver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongchou.core.caps import cap_rule
from gongchou.core.classify import Classification
from gongchou.core.deadlines import quarter_deadlines
from gongchou.core.plan_report import (
    JOINT_SEATS,
    FeasibilityReport,
    Span,
    free_days,
    plan_report,
    team_size,
)
from gongchou.core.planmodel import Owed, PlanQuestion, TaskOwed
from gongchou.core.quota import part_members, stratum_plan
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import PolicyProfile, Quota
from gongchou.core.workdays import Calendar, Quarter
from gongchou.planning import alike
from gongchou.planning.alike import name_of
from gongchou.planning.sums import PlanBody, drawable_count


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherTask:
    """What a task beside the ordinary one draws of a stratum: how many of which sites.

    `seats` are the bureau's own people that go to each.
    """

    label: str
    count: int
    members: frozenset[str]
    seats: int


def _person_visits(further: Sequence[FurtherTask]) -> int:
    return sum(task.count * task.seats for task in further)


def span_of(quarter: Quarter, profile: PolicyProfile, calendar: Calendar, today: date) -> Span:
    """From today, or from the quarter's first day, to the last day for its visits."""
    deadline = quarter_deadlines(quarter, profile, calendar).task
    return Span(first=max(today, quarter.first), last=deadline.on)


def report(
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    body: PlanBody,
    quarter: Quarter,
    *,
    calendar: Calendar,
    today: date,
    further: Sequence[FurtherTask] = (),
) -> FeasibilityReport:
    """The feasibility of a plan as things stand on a day."""
    span = span_of(quarter, profile, calendar, max(today, snapshot.on))
    return plan_report(
        snapshot,
        profile,
        body.strata,
        body.draw,
        span=span,
        calendar=calendar,
        further=_person_visits(further),
    )


def question(
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    classification: Classification,
    quarter: Quarter,
    *,
    calendar: Calendar,
    today: date,
    further: Sequence[FurtherTask] = (),
) -> PlanQuestion:
    """This quarter and the rest of its year, for the solver."""
    on = snapshot.on
    quarters = [Quarter(quarter.year, n) for n in range(quarter.number, 5)]
    rule = cap_rule(profile, on)
    parts = _parts(classification, profile, snapshot)
    people = drawable_count(snapshot)
    groups, firms = alike.gathered(
        [(quota, members) for quota, members in parts if further or not quota.is_offsite],
        snapshot,
        rule,
        quarter,
        tasks=[task.members for task in further],
    )
    return PlanQuestion(
        quarters=tuple(str(q) for q in quarters),
        owed=tuple(
            _owed(quota, len(members), quarter, people)
            for quota, members in parts
            if not quota.is_offsite
        ),
        groups=groups,
        firms=firms,
        cap=rule.limit if rule else None,
        joint_least=profile.share("joint.internal", on).least,
        tiered_least=profile.share("tiered", on).least,
        untiered=0,
        seats=team_size(profile, on),
        joint_seats=JOINT_SEATS,
        slots=tuple(
            _slots(snapshot, profile, span_of(q, profile, calendar, max(today, on)), calendar)
            for q in quarters
        ),
        further=_person_visits(further),
        tasks=tuple(TaskOwed(label=task.label, count=task.count) for task in further),
    )


def _parts(
    classification: Classification, profile: PolicyProfile, snapshot: RegisterSnapshot
) -> list[tuple[Quota, tuple[str, ...]]]:
    """The quotas in force with those that each is counted on, without the empty ones."""
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    return [
        (quota, members)
        for stratum in profile.precedence(snapshot.on)
        for quota, members in part_members(classification, profile, stratum, subjects)
        if members
    ]


def _slots(
    snapshot: RegisterSnapshot, profile: PolicyProfile, span: Span, calendar: Calendar
) -> int:
    """The person-visits that everybody who may be drawn has free in a span."""
    per_day = profile.number("team.visits_per_day", snapshot.on)
    return per_day * free_days(snapshot.inspectors, span.workdays(calendar))


def _owed(quota: Quota, base: int, quarter: Quarter, people: int) -> Owed:
    row = stratum_plan(quota, base=base, quarter=quarter, inspectors=people)
    return Owed(
        quota=name_of(quota),
        label=row.label,
        stratum=quota.stratum,
        ratio=quota.ratio,
        base_count=base,
        count=row.required_count,
    )
