"""What a quarter owes, as frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.audit import reads as audit
from gongchou.core.classify import Classification, ClassRow
from gongchou.core.deadlines import DeadlineSet, quarter_deadlines
from gongchou.core.event_kinds import EventKind
from gongchou.core.quota import DrawStratum, PlanStratum, part_members
from gongchou.core.refusals import Refused
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import PlanState, Stratum
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_calendar
from gongchou.planning import models, sums
from gongchou.planning.task_reads import PartnerRow as PartnerRow
from gongchou.planning.task_reads import TaskRow as TaskRow
from gongchou.planning.task_reads import joint_progress as joint_progress
from gongchou.planning.task_reads import task as task
from gongchou.planning.task_reads import task_strata as task_strata
from gongchou.planning.task_reads import tasks_of_plan
from gongchou.planning.task_reads import void_tasks as void_tasks
from gongchou.registry import policy
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A plan with what each stratum owes, and by whom it was made and approved."""

    ref: str
    bureau: str
    quarter: str
    state: PlanState
    policy: str
    policy_digest: str
    proposal_ref: str
    snapshot_ref: str
    on: date
    classification_digest: str
    digest: str
    strata: tuple[PlanStratum, ...]
    made_by: str
    made_by_ref: str
    made_at: datetime
    approved_by: str
    approved_at: datetime | None
    void_reason: str
    tasks: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifiedPage:
    """One page of the classified sites: name as in the snapshot, and the place with reasons."""

    rows: tuple[tuple[str, ClassRow], ...]
    number: int
    pages: int
    total: int


def _found(ref: str) -> models.QuarterPlan:
    row = models.QuarterPlan.objects.select_related("bureau").filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    return row


def _page(row: models.QuarterPlan) -> PlanPage:
    return PlanPage(
        ref=row.ref,
        bureau=row.bureau.code,
        quarter=row.quarter,
        state=PlanState(row.state),
        policy=row.policy,
        policy_digest=row.policy_digest,
        proposal_ref=row.proposal_ref,
        snapshot_ref=row.snapshot_ref,
        on=sums.thawed_classification(bytes(row.classification_body)).on,
        classification_digest=row.classification_digest,
        digest=row.digest,
        strata=sums.thawed_plan(bytes(row.body)).strata,
        made_by=row.made_by_name,
        made_by_ref=row.made_by_ref,
        made_at=row.made_at,
        approved_by=row.approved_by_name,
        approved_at=row.approved_at,
        void_reason=row.void_reason,
        tasks=tasks_of_plan(row.ref),
    )


def plan(ref: str) -> PlanPage:
    """A plan by its ref, whatever its state."""
    return _page(_found(ref))


def plan_of(bureau: str, quarter: str) -> PlanPage | None:
    """The one plan of a quarter that is not void."""
    rows = models.QuarterPlan.objects.filter(bureau__code=bureau, quarter=quarter)
    row = rows.exclude(state=PlanState.VOID.value).select_related("bureau").first()
    return _page(row) if row else None


def approved_plan_on(bureau: str, quarter: str, on: date) -> PlanPage | None:
    """The plan in force at the end of a day, also where it was made void since."""
    live = plan_of(bureau, quarter)
    held = [*void_plans(bureau, quarter), *([live] if live else [])]
    found = [plan for plan in held if plan.approved_at and day_of(plan.approved_at) <= on]
    return next((plan for plan in found if not _is_void_on(plan, on)), None)


def _is_void_on(plan: PlanPage, on: date) -> bool:
    if plan.state is not PlanState.VOID:
        return False
    events = [link.event for link in audit.events(plan.bureau, about=plan.ref)]
    kind = EventKind.PLAN_VOIDED.value
    return any(event.kind == kind and day_of(event.at) <= on for event in events)


def state_of(bureau: str, quarter: str) -> PlanState | None:
    """The state of the quarter's live plan, without reading the plan: every page asks."""
    rows = models.QuarterPlan.objects.filter(bureau__code=bureau, quarter=quarter)
    word = rows.exclude(state=PlanState.VOID.value).values_list("state", flat=True).first()
    return PlanState(word) if word else None


def void_plans(bureau: str, quarter: str) -> tuple[PlanPage, ...]:
    """The plans of a quarter that were made void, oldest first."""
    rows = models.QuarterPlan.objects.filter(bureau__code=bureau, quarter=quarter)
    rows = rows.filter(state=PlanState.VOID.value).select_related("bureau")
    return tuple(_page(row) for row in rows.order_by("made_at", "pk"))


def classification(ref: str) -> Classification:
    """The classification a plan was made from."""
    return sums.thawed_classification(bytes(_found(ref).classification_body))


def policy_of(ref: str) -> PolicyProfile:
    """The policy a plan was made from, as it stood then."""
    row = _found(ref)
    body = bytes(row.policy_body)
    return policy.profile_of_body(body or policy.body_of_shipped(row.policy))


def body_of(ref: str) -> sums.PlanBody:
    """What a plan owes and draws, as stored."""
    return sums.thawed_plan(bytes(_found(ref).body))


def offsite_members(ref: str) -> dict[str, Stratum]:
    """Who a plan has checked off site, with the stratum: of whatever quota says so."""
    found, profile = classification(ref), policy_of(ref)
    snapshot = registers.frozen_snapshot(plan(ref).snapshot_ref)
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    return {
        member: quota.stratum
        for stratum in Stratum
        for quota, members in part_members(found, profile, stratum, subjects)
        if quota.is_offsite
        for member in members
    }


def draw_strata(ref: str) -> tuple[DrawStratum, ...]:
    """The strata of a plan's on-site draw, as frozen with the plan."""
    return sums.thawed_plan(bytes(_found(ref).body)).draw


def tasks(bureau: str, quarter: str) -> tuple[TaskRow, ...]:
    """The tasks of the quarter's live plan."""
    found = plan_of(bureau, quarter)
    return found.tasks if found else ()


def deadlines(bureau: str, quarter: str) -> DeadlineSet:
    """The quarter's last days by the bureau's policy on its last day."""
    wanted = Quarter.parse(quarter)
    return quarter_deadlines(wanted, profile_of(bureau, wanted.last), load_calendar())


def classified(ref: str, *, stratum: Stratum | None = None, page: int = 1) -> ClassifiedPage:
    """The sites of a plan in the order of the snapshot, where wanted of one stratum."""
    row = _found(ref)
    snapshot = registers.frozen_snapshot(row.snapshot_ref)
    names = {subject.ref: subject.name for subject in snapshot.subjects}
    held = sums.thawed_classification(bytes(row.classification_body)).rows
    chosen = [r for r in held if stratum is None or r.stratum is stratum]
    pages = max(1, -(-len(chosen) // PAGE))
    number = min(max(1, page), pages)
    shown = chosen[(number - 1) * PAGE : number * PAGE]
    return ClassifiedPage(
        rows=tuple((names[r.ref], r) for r in shown),
        number=number,
        pages=pages,
        total=len(chosen),
    )
