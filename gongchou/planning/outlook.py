"""What stands before a plan's approval: the report, and the question for the solver."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from gongchou.core.classify import Classification
from gongchou.core.deadlines import quarter_deadlines
from gongchou.core.plan_report import (
    JOINT_SEATS,
    FeasibilityReport,
    Span,
    can_join,
    free_days,
    plan_report,
    team_size,
)
from gongchou.core.planmodel import Group, Owed, PlanQuestion
from gongchou.core.quota import part_members, stratum_plan
from gongchou.core.roster import RegisterSnapshot, Subject
from gongchou.core.rules import PolicyProfile, Quota
from gongchou.core.terms import Rotation
from gongchou.core.workdays import Calendar, Quarter
from gongchou.planning.sums import PlanBody, drawable_count


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
) -> FeasibilityReport:
    """The feasibility of a plan as things stand on a day."""
    span = span_of(quarter, profile, calendar, max(today, snapshot.on))
    return plan_report(snapshot, profile, body.strata, body.draw, span=span, calendar=calendar)


def question(
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    classification: Classification,
    quarter: Quarter,
    *,
    calendar: Calendar,
    today: date,
) -> PlanQuestion:
    """This quarter and the rest of its year, for the solver."""
    on = snapshot.on
    quarters = [Quarter(quarter.year, n) for n in range(quarter.number, 5)]
    cap = profile.setting("cap.daily", on)
    limit = cap if isinstance(cap, int) and not isinstance(cap, bool) else None
    per_day = profile.number("team.visits_per_day", on)
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    parts = [
        (quota, members)
        for stratum in profile.precedence(on)
        for quota, members in part_members(classification, profile, stratum, subjects)
        if not quota.is_offsite and members
    ]
    people = drawable_count(snapshot)
    return PlanQuestion(
        quarters=tuple(str(q) for q in quarters),
        owed=tuple(_owed(quota, len(members), quarter, people) for quota, members in parts),
        groups=_groups(parts, snapshot, quarters, limit, _made(snapshot, profile, quarter)),
        cap=limit,
        joint_least=profile.share("joint.internal", on).least,
        tiered_least=profile.share("tiered", on).least,
        untiered=0,
        seats=team_size(profile, on),
        joint_seats=JOINT_SEATS,
        slots=tuple(
            per_day
            * free_days(
                snapshot.inspectors,
                span_of(q, profile, calendar, max(today, on)).workdays(calendar),
            )
            for q in quarters
        ),
    )


def _name(quota: Quota) -> str:
    return ".".join(filter(None, (quota.stratum.value, quota.part)))


def _owed(quota: Quota, base: int, quarter: Quarter, people: int) -> Owed:
    row = stratum_plan(quota, base=base, quarter=quarter, inspectors=people)
    label = quota.stratum.label + (f"（{quota.part_name}）" if quota.part else "")
    return Owed(
        quota=_name(quota),
        label=label,
        stratum=quota.stratum,
        ratio=quota.ratio,
        base_count=base,
        count=row.required_count,
    )


def _made(snapshot: RegisterSnapshot, profile: PolicyProfile, quarter: Quarter) -> dict[str, int]:
    """Daily visits of the year so far: of the enterprise, or of the site where the policy says."""
    by_site = profile.text("cap.per", snapshot.on) == "site"

    def owner(subject: Subject) -> str:
        return subject.ref if by_site or not subject.uscc else subject.uscc

    made = Counter[str]()
    for subject in snapshot.subjects:
        made[owner(subject)] += sum(day.year == quarter.year for day in subject.visited_on)
    return {subject.ref: made[owner(subject)] for subject in snapshot.subjects}


def _groups(
    parts: list[tuple[Quota, tuple[str, ...]]],
    snapshot: RegisterSnapshot,
    quarters: list[Quarter],
    cap: int | None,
    made: Mapping[str, int],
) -> tuple[Group, ...]:
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    alike = Counter[tuple[str, int, bool]]()
    for quota, members in parts:
        for ref in members:
            room = len(quarters) if cap is None else max(0, cap - made[ref])
            if quota.rotation is Rotation.YEAR_NO_REPEAT:
                room = min(room, int(not made[ref]))
            alike[_name(quota), room, can_join(subjects[ref], snapshot)] += 1
    return tuple(
        Group(quota=name, size=size, room=room, can_join=joint)
        for (name, room, joint), size in sorted(alike.items())
    )
