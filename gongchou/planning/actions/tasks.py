"""Tasks beside the ordinary one: directed, cross-department, temporary; approved, never edited."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau, InternalUnit
from gongchou.audit import actions as audit
from gongchou.core import plain
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.task_condition import TaskCondition
from gongchou.core.terms import JointKind, PlanState, Stratum, TaskMode
from gongchou.planning import models, task_reads
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerDraft:
    """One body of a cross-department task, by its code; without counts it draws as the bureau."""

    dept: str
    items: tuple[str, ...]
    inspectors_count: int
    is_lead: bool = False
    counts: Mapping[Stratum, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """A task as the office enters it."""

    name: str
    initiating_unit: str
    counts: Mapping[Stratum, int]
    condition: TaskCondition = field(default_factory=TaskCondition)
    condition_text: str = ""
    item_groups: tuple[str, ...] = ()
    sessions: int = 0
    partners: tuple[PartnerDraft, ...] = ()
    reason: str = ""


@transaction.atomic
def create_task(plan: str, draft: TaskDraft, *, by: Actor, at: datetime) -> str:
    """A further task of a plan; approved with it, or by itself where the plan is approved."""
    check(by, Power.MAKE_PLAN)
    row = _plan(plan, by)
    is_temporary = row.state == PlanState.APPROVED.value
    _check_words(draft, is_temporary=is_temporary)
    _check_partners(draft, by)
    _check_seats(draft, by, day_of(at))
    _check_groups(draft, row)
    _check_counts(draft, row)
    _check_own_counts(draft, by)
    task = _store(row, draft, by, at, is_temporary=is_temporary)
    data: dict[str, Canonical] = {"plan": plan, "name": task.name, "counts": task.counts}
    data |= {"joint_kind": task.joint_kind, "condition": task.condition_text}
    audit.append(EventKind.TASK_CREATED, about=task.ref, by=by, at=at, data=data)
    return task.ref


def _plan(ref: str, by: Actor) -> models.QuarterPlan:
    row = models.QuarterPlan.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    if row.state not in (PlanState.FROZEN.value, PlanState.APPROVED.value):
        raise Refused("这份计划已作废，不能再加任务。请先重新测算本季度计划。")
    return row


def _check_words(draft: TaskDraft, *, is_temporary: bool) -> None:
    if not draft.name.strip() or len(draft.name.strip()) > 80:
        raise Refused("请写明任务名称，不超过 80 字。")
    if not draft.condition.is_open and not draft.condition_text.strip():
        raise Refused("定向抽查须写明条件和理由，例如“入河排口集中的东片化工企业”。请补充。")
    if is_temporary and not draft.reason.strip():
        raise Refused("计划批准以后追加的任务为临时任务，须写明理由，并单独计数。请补充理由。")
    if max(map(len, (draft.condition_text, draft.reason))) > 200:
        raise Refused("条件说明和理由各不超过 200 字，请缩短。")


def _check_partners(draft: TaskDraft, by: Actor) -> None:
    if not draft.partners:
        return
    known = dict(Bureau.objects.filter(is_partner=True).values_list("code", "name"))
    strange = [p.dept for p in draft.partners if p.dept != by.bureau and p.dept not in known]
    if strange:
        raise Refused(f"“{strange[0]}”不是已登记的配合部门，请先由管理员登记机构。")
    if len({p.dept for p in draft.partners}) != len(draft.partners) or len(draft.partners) < 2:
        raise Refused("部门联合抽查须有本机构和至少一个配合部门，每个部门只列一次。请改正。")
    if by.bureau not in {p.dept for p in draft.partners}:
        raise Refused("部门联合抽查的参加单位须包括本机构，请补上。")
    _check_shares(draft, {**known, by.bureau: "本机构"})


def _check_shares(draft: TaskDraft, names: Mapping[str, str]) -> None:
    if sum(p.is_lead for p in draft.partners) != 1:
        raise Refused("请指定一个牵头部门，只能有一个。")
    for partner in draft.partners:
        if not partner.items or partner.inspectors_count < 1:
            raise Refused(f"请写明{names[partner.dept]}的检查事项和每组检查人数（至少 1 人）。")
    if draft.sessions < 1:
        raise Refused("请写明部门联合抽查的次数，至少 1 次。")


def _check_seats(draft: TaskDraft, by: Actor, on: date) -> None:
    """The leading department sends as many certified officers as any team of its own."""
    lead = next((partner for partner in draft.partners if partner.is_lead), None)
    if lead is None or lead.dept != by.bureau:
        return
    least = profile_of(by.bureau, on).number("team.min_certified", on)
    if lead.inspectors_count < least:
        raise Refused(
            f"本机构牵头，每组检查人数不得少于 {least} 名持证人员，"
            f"现写 {lead.inspectors_count} 名。请改正。"
        )


def _check_groups(draft: TaskDraft, plan: models.QuarterPlan) -> None:
    units = InternalUnit.objects.filter(bureau=plan.bureau, code=draft.initiating_unit)
    if not units.exists():
        raise Refused(f"没有科室“{draft.initiating_unit}”，请从列表中选择发起科室。")
    snapshot = registers.frozen_snapshot(plan.snapshot_ref)
    known = {group.code for group in snapshot.item_groups}
    strange = [code for code in draft.item_groups if code not in known]
    if strange:
        raise Refused(f"现行事项清单里没有项目组“{strange[0]}”，请从列表中选择。")


def _check_counts(draft: TaskDraft, plan: models.QuarterPlan) -> None:
    counts = {stratum: count for stratum, count in draft.counts.items() if count}
    if not counts or min(counts.values()) < 0:
        raise Refused("请写明各层抽几家，合计至少 1 家。")
    task_reads.members_for(plan.ref, draft.condition, counts)


def _check_own_counts(draft: TaskDraft, by: Actor) -> None:
    names = dict(Bureau.objects.values_list("code", "name"))
    is_own_lead = any(p.is_lead and p.dept == by.bureau for p in draft.partners)
    for partner in (p for p in draft.partners if p.counts):
        name = names[partner.dept]
        if partner.dept == by.bureau:
            raise Refused("本机构抽几家就是任务的各层家数，不另填。请只给配合部门另填家数。")
        if sum(partner.counts.values()) < 1 or min(partner.counts.values()) < 0:
            raise Refused(f"{name}各层合计至少抽 1 家；与本机构相同的，各层都不填。")
        if is_own_lead:
            _check_not_more(name, partner.counts, draft.counts)


def _check_not_more(name: str, counts: Mapping[Stratum, int], own: Mapping[Stratum, int]) -> None:
    """A partner goes along: where it drew more than the bureau that leads, it would go alone."""
    for stratum, count in counts.items():
        most = own.get(stratum, 0)
        if count > most:
            raise Refused(
                f"{name}的“{stratum.label}”写了 {count} 家，本机构这一层只抽 {most} 家："
                "联合抽查由各部门同去一家单位，配合部门不得多于牵头的本机构，"
                "多出的由该部门自行抽查。请改正。"
            )


def _store(
    plan: models.QuarterPlan, draft: TaskDraft, by: Actor, at: datetime, *, is_temporary: bool
) -> models.CheckTask:
    joint = JointKind.JOINT_CROSS_DEPT if draft.partners else JointKind.NONE
    mode = TaskMode.UNDIRECTED if draft.condition.is_open else TaskMode.DIRECTED
    number = models.CheckTask.objects.filter(plan=plan).count() + 1
    try:
        with transaction.atomic():
            task = models.CheckTask.objects.create(
                ref=f"T{plan.ref[1:]}-{number}",
                bureau=plan.bureau,
                plan=plan,
                name=draft.name.strip(),
                task_mode=mode.value,
                joint_kind=joint.value,
                initiating_unit=draft.initiating_unit,
                item_groups=list(draft.item_groups),
                condition=plain.to_plain(draft.condition),
                condition_text=draft.condition_text.strip(),
                counts={s.value: n for s, n in draft.counts.items() if n},
                sessions=draft.sessions if draft.partners else 0,
                is_temporary=is_temporary,
                reason=draft.reason.strip(),
                made_by_ref=by.ref,
                made_by_name=by.name,
                made_at=at,
            )
    except IntegrityError as error:
        raise Stale("已有同名的任务，或他人刚刚加了任务。请刷新页面，换一个名称再提交。") from error
    for partner in draft.partners:
        models.TaskPartner.objects.create(
            task=task,
            dept=Bureau.objects.get(code=partner.dept),
            is_lead=partner.is_lead,
            items=list(partner.items),
            inspectors_count=partner.inspectors_count,
            counts={s.value: n for s, n in partner.counts.items() if n},
        )
    return task


def _task(ref: str, by: Actor) -> models.CheckTask:
    rows = models.CheckTask.objects.select_related("plan").filter(bureau__code=by.bureau)
    row = rows.filter(ref=ref).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的抽查任务，请从计划页面进入。")
    return row


@transaction.atomic
def approve_task(ref: str, *, by: Actor, at: datetime) -> None:
    """A task added after its plan was approved is in force; nobody approves the own one."""
    check(by, Power.APPROVE_PLAN)
    row = _task(ref, by)
    if row.made_by_ref == by.ref:
        raise NotAllowed("提出任务的人不能批准同一项任务，请由另一位负责人批准。")
    if row.plan.state != PlanState.APPROVED.value:
        raise Refused("这项任务随季度计划一并批准，请先批准计划。")
    rows = models.CheckTask.objects.filter(pk=row.pk, approved_at=None, voided_at=None)
    if rows.update(approved_by_ref=by.ref, approved_by_name=by.name, approved_at=at) != 1:
        raise Stale("这项任务已经批准或作废，请刷新页面查看最新情况。")
    audit.append(EventKind.TASK_APPROVED, about=ref, by=by, at=at, data={"plan": row.plan.ref})


@transaction.atomic
def void_task(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """A task has no effect; once approved, only who may approve may void it."""
    if not may(by, Power.MAKE_PLAN):
        check(by, Power.APPROVE_PLAN)
    row = _task(ref, by)
    check(by, Power.APPROVE_PLAN if row.approved_at else Power.MAKE_PLAN)
    if not row.counts:
        raise Refused("日常任务随计划作废，不能单独作废。")
    why = reason.strip()
    if not why or len(why) > 200:
        raise Refused("作废任务须写明理由，不超过 200 字。请补充后再提交。")
    rows = models.CheckTask.objects.filter(
        pk=row.pk, voided_at=None, approved_at__isnull=row.approved_at is None
    )
    if rows.update(voided_at=at, void_reason=why) != 1:
        raise Stale("这项任务刚被他人办理，请刷新页面查看最新情况。")
    audit.append(EventKind.TASK_VOIDED, about=ref, by=by, at=at, data={"reason": why})
