"""The tasks of a plan, what each is drawn from, and the year's cross-department pace."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongchou.core import plain
from gongchou.core.quota import DrawStratum, paced
from gongchou.core.refusals import Refused
from gongchou.core.task_condition import TaskCondition, task_members
from gongchou.core.terms import JointKind, PlanState, Stratum, TaskMode
from gongchou.core.workdays import Quarter
from gongchou.planning import models, sums
from gongchou.registry import policy
from gongchou.registry import reads as registers

SESSIONS, SUBJECTS = "joint.cross_dept.sessions", "joint.cross_dept.subjects"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """One body of a cross-department task."""

    dept: str
    name: str
    is_lead: bool
    is_own: bool
    items: tuple[str, ...]
    inspectors_count: int
    counts: tuple[tuple[Stratum, int], ...]

    @property
    def subject_count(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task. `counts` is empty for the ordinary one, which draws what the plan owes."""

    ref: str
    plan: str
    quarter: str
    name: str
    task_mode: TaskMode
    joint_kind: JointKind
    initiating_unit: str
    item_groups: tuple[str, ...]
    condition: TaskCondition
    condition_text: str
    counts: tuple[tuple[Stratum, int], ...]
    sessions: int
    partners: tuple[PartnerRow, ...]
    is_temporary: bool
    reason: str
    made_by: str
    made_by_ref: str
    approved_by: str
    approved_at: datetime | None
    void_reason: str

    @property
    def subject_count(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def is_ordinary(self) -> bool:
        return not self.counts

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def is_drawable(self) -> bool:
        """Approved, and not led by another department, which then draws."""
        return self.is_approved and (self.lead is None or self.lead.is_own)

    @property
    def lead(self) -> PartnerRow | None:
        return next((partner for partner in self.partners if partner.is_lead), None)

    @property
    def joint_subject_count(self) -> int:
        """How many sites more than one body visits: all go by one ticket, so samples nest."""
        own = dict(self.counts)
        others = [dict(partner.counts) for partner in self.partners if not partner.is_own]
        return sum(
            max((min(n, other.get(s, 0)) for other in others), default=0) for s, n in own.items()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JointProgress:
    """One yearly number of cross-department checks: wanted by then, and planned so far."""

    label: str
    wanted: int | None
    wanted_by_now: int
    planned: int

    @property
    def missing(self) -> int:
        return max(0, self.wanted_by_now - self.planned)


def _counts(held: Mapping[str, int]) -> tuple[tuple[Stratum, int], ...]:
    return tuple((s, held[s.value]) for s in Stratum if held.get(s.value))


def _partner(row: models.TaskPartner, whole: Mapping[str, int]) -> PartnerRow:
    return PartnerRow(
        dept=row.dept.code,
        name=row.dept.name,
        is_lead=row.is_lead,
        is_own=not row.dept.is_partner,
        items=tuple(row.items),
        inspectors_count=row.inspectors_count,
        counts=_counts(row.counts or whole),
    )


def _task(row: models.CheckTask) -> TaskRow:
    condition = {"grids": [], "industries": [], "strata": [], **row.condition}
    partners = row.partners.select_related("dept").order_by("-is_lead", "pk")
    return TaskRow(
        ref=row.ref,
        plan=row.plan.ref,
        quarter=row.plan.quarter,
        name=row.name,
        task_mode=TaskMode(row.task_mode),
        joint_kind=JointKind(row.joint_kind),
        initiating_unit=row.initiating_unit,
        item_groups=tuple(row.item_groups),
        condition=plain.from_plain(TaskCondition, condition),
        condition_text=row.condition_text,
        counts=_counts(row.counts),
        sessions=row.sessions,
        partners=tuple(_partner(partner, row.counts) for partner in partners),
        is_temporary=row.is_temporary,
        reason=row.reason,
        made_by=row.made_by_name,
        made_by_ref=row.made_by_ref,
        approved_by=row.approved_by_name,
        approved_at=row.approved_at,
        void_reason=row.void_reason,
    )


def task(ref: str) -> TaskRow:
    """A task by its ref, void ones too."""
    row = models.CheckTask.objects.select_related("plan").filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的抽查任务，请从计划页面进入。")
    return _task(row)


def tasks_of_plan(plan: str) -> tuple[TaskRow, ...]:
    """The tasks of a plan that are not void, the ordinary one first."""
    rows = models.CheckTask.objects.filter(plan__ref=plan, voided_at=None)
    return tuple(_task(row) for row in rows.select_related("plan").order_by("pk"))


def void_tasks(plan: str) -> tuple[TaskRow, ...]:
    rows = models.CheckTask.objects.filter(plan__ref=plan, voided_at__isnull=False)
    return tuple(_task(row) for row in rows.select_related("plan").order_by("pk"))


def members_of(plan: str, condition: TaskCondition) -> dict[Stratum, tuple[str, ...]]:
    """The sites of a plan's base that a condition leaves, by stratum."""
    row = models.QuarterPlan.objects.filter(ref=plan).first()
    if row is None:
        raise Refused(f"没有编号为 {plan} 的季度抽查计划，请从计划页面进入。")
    classification = sums.thawed_classification(bytes(row.classification_body))
    snapshot = registers.frozen_snapshot(row.snapshot_ref)
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    return task_members(classification, subjects, condition)


def members_for(
    plan: str, condition: TaskCondition, counts: Mapping[Stratum, int]
) -> dict[Stratum, tuple[str, ...]]:
    """The sites that a condition leaves; Refused where a stratum has fewer than are to be drawn."""
    members = members_of(plan, condition)
    for stratum, count in counts.items():
        held = len(members.get(stratum, ()))
        if count > held:
            raise Refused(
                f"符合条件的“{stratum.label}”对象只有 {held} 家，抽不出 {count} 家。"
                "请减少家数或放宽条件。"
            )
    return members


def task_strata(ref: str) -> tuple[DrawStratum, ...]:
    """What a task draws: the plan's strata for the ordinary one, else its own counts.

    A stratum of a task is named like that of the classification, so its visits count as tiered.
    """
    found = task(ref)
    if found.is_ordinary:
        row = models.QuarterPlan.objects.get(ref=found.plan)
        return sums.thawed_plan(bytes(row.body)).draw
    members = members_of(found.plan, found.condition)
    return tuple(
        DrawStratum(name=stratum.value, count=count, members=members[stratum])
        for stratum, count in found.counts
    )


def joint_progress(bureau: str, quarter: str) -> tuple[JointProgress, ...]:
    """The yearly numbers of cross-department checks against what approved plans hold so far."""
    wanted = Quarter.parse(quarter)
    profile = policy.profile_of(bureau, wanted.last)
    rows = models.CheckTask.objects.filter(
        bureau__code=bureau,
        joint_kind=JointKind.JOINT_CROSS_DEPT.value,
        voided_at=None,
        approved_at__isnull=False,
        plan__quarter__startswith=f"{wanted.year:04}",
        plan__quarter__lte=quarter,
    ).exclude(plan__state=PlanState.VOID.value)
    held = [_task(row) for row in rows.select_related("plan")]
    planned = (sum(t.sessions for t in held), sum(t.joint_subject_count for t in held))
    return tuple(
        _progress(label, profile.setting(key, wanted.last), done, wanted)
        for key, label, done in zip(
            (SESSIONS, SUBJECTS), ("部门联合抽查次数", "部门联合检查主体数"), planned, strict=True
        )
    )


def _progress(label: str, value: object, planned: int, quarter: Quarter) -> JointProgress:
    whole = value if isinstance(value, int) else None
    by_now = sum(paced(whole or 0, Quarter(quarter.year, n)) for n in range(1, quarter.number + 1))
    return JointProgress(label=label, wanted=whole, wanted_by_now=by_now, planned=planned)
