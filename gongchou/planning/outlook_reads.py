"""Can this plan be done? Asked of a stored plan, or of the register as it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gongchou.core.classify import Classification
from gongchou.core.plan_report import FeasibilityReport, team_size
from gongchou.core.planmodel import PlanAnswer, PlanQuestion
from gongchou.core.refusals import Refused
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import PolicyProfile
from gongchou.core.task_condition import TaskCondition
from gongchou.core.terms import PlanState, Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_calendar, load_profile
from gongchou.planning import outlook, reads, sums
from gongchou.planning.solver import solve
from gongchou.planning.task_reads import members_for
from gongchou.registry import policy
from gongchou.registry import reads as registers


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The report and the solver's answer, with the question it was asked."""

    report: FeasibilityReport
    question: PlanQuestion
    answer: PlanAnswer

    @property
    def by_quarter(self) -> tuple[tuple[Quarter, int, int], ...]:
        """Quarter, fewest visits and joint ones among them."""
        quarters = (Quarter.parse(text) for text in self.question.quarters)
        return tuple(zip(quarters, self.answer.visits, self.answer.joint, strict=False))


def _outlook(
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    classification: Classification,
    body: sums.PlanBody,
    today: date,
    further: Sequence[outlook.FurtherTask] = (),
) -> Outlook:
    calendar, quarter = load_calendar(), Quarter.parse(classification.quarter)
    asked = outlook.question(
        snapshot, profile, classification, quarter, calendar=calendar, today=today, further=further
    )
    report = outlook.report(
        snapshot, profile, body, quarter, calendar=calendar, today=today, further=further
    )
    return Outlook(report=report, question=asked, answer=solve(asked))


def further_task(
    plan: str,
    name: str,
    counts: Mapping[Stratum, int],
    condition: TaskCondition,
    *,
    seats: int,
) -> tuple[outlook.FurtherTask, ...]:
    """What a task draws of each stratum; `seats` of the bureau's own people go to each site.

    Refused where a stratum has fewer sites of the condition than are to be drawn.
    """
    if not any(counts.values()):
        return ()
    members = members_for(plan, condition, counts)
    return tuple(
        outlook.FurtherTask(
            label=f"{name}（{stratum.label}）",
            count=count,
            members=frozenset(members.get(stratum, ())),
            seats=seats,
        )
        for stratum, count in counts.items()
        if count
    )


def _further(plan: reads.PlanPage, least: int) -> tuple[outlook.FurtherTask, ...]:
    found: tuple[outlook.FurtherTask, ...] = ()
    for task in plan.tasks:
        own = next((row for row in task.partners if row.is_own), None)
        seats = own.inspectors_count if own else least
        found += further_task(plan.ref, task.name, dict(task.counts), task.condition, seats=seats)
    return found


def outlook_of(ref: str, today: date, *, thought_of: Sequence[outlook.FurtherTask] = ()) -> Outlook:
    """The outlook of a stored plan with its further tasks, by the policy it was made from.

    `thought_of` is a task that nobody has added yet.

    Until the approval as of today; afterwards as of the day it was made from, for visits done since
    no longer need anybody's days.
    """
    plan = reads.plan(ref)
    on = today if plan.state is PlanState.FROZEN else plan.on
    snapshot = registers.own_people(registers.frozen_snapshot(plan.snapshot_ref))
    classification, body = reads.classification(ref), reads.body_of(ref)
    profile = reads.policy_of(ref)
    further = _further(plan, team_size(profile, snapshot.on))
    return _outlook(snapshot, profile, classification, body, on, (*further, *thought_of))


def outlook_now(bureau: str, quarter: str, today: date, *, path: str = "") -> Outlook:
    """The outlook of a quarter by today's register, under the policy in force or another one."""
    if Quarter.parse(quarter).last < today:
        raise Refused(f"{Quarter.parse(quarter).label}已经结束，请改问本季度或以后的季度。")
    profile = load_profile(path) if path else policy.profile_of(bureau, today)
    return outlook_under(profile, bureau, quarter, today)


def outlook_under(profile: PolicyProfile, bureau: str, quarter: str, today: date) -> Outlook:
    """The outlook of a quarter by today's register, under a policy that need not be in force."""
    snapshot = registers.own_people(registers.snapshot(bureau, today))
    classification, body = sums.summed(snapshot, profile, Quarter.parse(quarter))
    return _outlook(snapshot, profile, classification, body, today)
