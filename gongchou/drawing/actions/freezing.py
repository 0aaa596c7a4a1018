"""Where a draw begins, and where it may still end without a list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts import reads as accounts
from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import HASHES
from gongchou.core.caps import clean_limit
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import DrawMode, DrawState, JointKind, PlanState
from gongchou.drawing import models
from gongchou.drawing.actions._draws import found, move_on
from gongchou.drawing.actions._log import enter
from gongchou.drawing.frozen import FrozenDraw, thawed
from gongchou.drawing.gathering import Sources, gather
from gongchou.drawing.joining import Body, gather_joint
from gongchou.drawing.separation import check_apart, deciders
from gongchou.intake import conduct_reads
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.planning.models import CheckTask
from gongchou.registry import past_reads
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of

PROFILES = ("sha256", "sm3")
SECOND = "这个任务已有一次未作废的抽取，不能再抽一次。"


@transaction.atomic
def freeze_draw(
    task: str,
    *,
    lead_unit: str = "",
    joint_experts: int = 1,
    profile: str = "sha256",
    mode: DrawMode = DrawMode.SYSTEM,
    take_unproved: bool = False,
    by: Actor,
    at: datetime,
) -> str:
    """Fix the lists of a task's draw from its approved plan; returns the draw's ref.

    With `take_unproved` also where teams are not proved for every selection; then a leader must
    accept that before the announcement.
    """
    check(by, Power.FREEZE_DRAW)
    if profile not in PROFILES or joint_experts not in (0, 1):
        raise Refused("摘要算法只能选 SHA-256 或 SM3，联合席位的专长要求只能选要求或不要求。")
    row = _task(task, by)
    check_apart(deciders(row), DrawDuty.DRAWS, by=by, on=day_of(at))
    wanted = plans.task(task)
    plan = plans.plan(wanted.plan)
    _check_drawable(wanted, plan)
    if models.Draw.objects.filter(task=row).exclude(state=DrawState.VOID.value).exists():
        raise Refused(SECOND)
    key = models.SecrecyKey.objects.filter(bureau__code=by.bureau, lost_at=None).first()
    if key is None:
        raise Refused(
            "保密小组还没有建立密钥，抽出的名单无法密封。请保密小组先登记保管人并建立密钥。"
        )
    asked = _Asked(
        lead_unit=lead_unit,
        joint_experts=joint_experts,
        profile=profile,
        take_unproved=take_unproved,
    )
    frozen = _lists_of_the_void(row) or _gathered(plan, wanted, asked, day_of(at))
    if frozen.is_joint and mode is not DrawMode.SYSTEM:
        raise Refused("部门联合抽查各部门共用抽签号，只能系统抽取，不能人工摇号。请改选抽取方式。")
    return _store(row, key, frozen, mode, by, at)


def _task(ref: str, by: Actor) -> CheckTask:
    rows = CheckTask.objects.select_related("plan").filter(ref=ref, bureau__code=by.bureau)
    row = rows.first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的抽查任务，请从计划页面进入。")
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What the clerk chose at the freeze."""

    lead_unit: str
    joint_experts: int
    profile: str
    take_unproved: bool


def _gathered(plan: plans.PlanPage, task: plans.TaskRow, asked: _Asked, today: date) -> FrozenDraw:
    """The lists of this bureau, or those of all departments of a joint task."""
    sources = _sources(plan, task, today)
    made_from = {"plan": plan.digest, "snapshot": plan.snapshot_ref, "policy": plan.policy}
    if task.joint_kind is JointKind.JOINT_CROSS_DEPT:
        bodies = _bodies(task, plan.bureau, sources.profile.number("team.experts", today))
        return gather_joint(
            sources,
            bodies,
            profile=asked.profile,
            made_from=made_from,
            take_unproved=asked.take_unproved,
        )
    return gather(
        sources,
        lead=asked.lead_unit,
        joint_experts=asked.joint_experts,
        profile=asked.profile,
        made_from=made_from,
        take_unproved=asked.take_unproved,
    )


def _bodies(task: plans.TaskRow, own: str, experts: int) -> list[Body]:
    """The departments of a joint task, the leading one first, which is this bureau."""
    return [
        Body(
            dept=row.dept,
            name=row.name,
            items=row.items,
            seats=row.inspectors_count,
            counts={stratum.value: count for stratum, count in row.counts},
            experts=experts if row.dept == own else 0,
        )
        for row in task.partners
    ]


def _lists_of_the_void(task: CheckTask) -> FrozenDraw | None:
    """After a void behind the closing the same lists are drawn from again (DR1 §2.7)."""
    held = models.Draw.objects.filter(task=task, state=DrawState.VOID.value).exclude(void_ground="")
    first = held.order_by("pk").first()
    return thawed(bytes(first.frozen_body)) if first else None


def _check_drawable(task: plans.TaskRow, plan: plans.PlanPage) -> None:
    """Only what was approved is drawn, and only by the people this bureau keeps on its register."""
    if plan.state is not PlanState.APPROVED:
        raise Refused(f"季度抽查计划现在是“{plan.state.label}”，批准后才能冻结抽取底册。")
    if task.void_reason:
        raise Refused(f"任务“{task.name}”已作废（{task.void_reason}），不能抽取。")
    if not task.is_approved:
        raise Refused(f"任务“{task.name}”还没有批准，批准后才能冻结抽取底册。")
    if task.lead is not None and task.lead.dept != plan.bureau:
        raise Refused(f"任务“{task.name}”由{task.lead.name}牵头，由牵头部门抽取，本机构不另抽。")


def _groups(snapshot: RegisterSnapshot, task: plans.TaskRow) -> RegisterSnapshot:
    """With only the item groups that a task names, where it names any."""
    if not task.item_groups:
        return snapshot
    kept = tuple(group for group in snapshot.item_groups if group.code in task.item_groups)
    return replace(snapshot, item_groups=kept)


def _sources(plan: plans.PlanPage, task: plans.TaskRow, today: date) -> Sources:
    snapshot, profile = registers.frozen_snapshot(plan.snapshot_ref), profile_of(plan.bureau, today)
    now = registers.snapshot(plan.bureau, today)
    visits = profile.number("team.no_repeat_visits", today)
    deadline = plans.deadlines(plan.bureau, plan.quarter).task.on
    return Sources(
        snapshot=_groups(snapshot, task),
        strata=plans.task_strata(task.ref),
        people=now.inspectors,
        suspended=conduct_reads.suspended(plan.bureau, today, deadline),
        recusals=now.recusals,
        met=past_reads.last_teams(plan.bureau, today, visits=visits)
        | _often_clean(profile, plan.bureau, today, deadline.year),
        profile=profile,
        calendar=load_calendar(),
        units=_unit_names(plan.bureau),
        partners={row.code: row.name for row in accounts.bureaus() if row.is_partner},
        today=today,
        deadline=deadline,
    )


def _often_clean(
    profile: PolicyProfile, bureau: str, today: date, year: int
) -> frozenset[tuple[str, str]]:
    """Who found nothing at which site so often in the year drawn for that another is to look."""
    limit = clean_limit(profile, today)
    return past_reads.clean_pairs(bureau, year, today, visits=limit) if limit else frozenset()


def _unit_names(bureau: str) -> Mapping[str, str]:
    return {unit.code: unit.name for unit in accounts.units(bureau)}


def _store(
    task: CheckTask,
    key: models.SecrecyKey,
    frozen: FrozenDraw,
    mode: DrawMode,
    by: Actor,
    at: datetime,
) -> str:
    """The database refuses a second live draw even where two clerks click at once."""
    number = models.Draw.objects.filter(task=task).count() + 1
    body = frozen.body()
    digest = HASHES["sha256"](body).hex()
    try:
        with transaction.atomic():
            row = models.Draw.objects.create(
                ref=f"D{task.ref[1:]}-{number}",
                bureau=Bureau.objects.get(code=by.bureau),
                task=task,
                quarter=plans.task(task.ref).quarter,
                mode=mode.value,
                state=DrawState.FROZEN.value,
                profile=frozen.profile,
                key=key,
                frozen_body=body,
                frozen_digest=digest,
                frozen_by_ref=by.ref,
                frozen_by_name=by.name,
                frozen_at=at,
            )
    except IntegrityError as error:
        raise Stale(SECOND) from error
    announced = frozen.announcement(row.ref)
    data = {
        "task": task.ref, "mode": mode.value, "digest": digest, "roster": announced.roster[1],
        "inspectors": announced.inspectors[1], "avoid": announced.avoid[1],
    }  # fmt: skip
    enter(row, "freeze", by=by, at=at, data=data)
    audit.append(EventKind.DRAW_FROZEN, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _check_nothing_typed(row: models.Draw) -> None:
    """Refused once anybody typed what was thrown in public: the closing exists from then on.

    Asked of the database by a write, so that whoever types at the same moment stands in line.
    """
    if models.Draw.objects.filter(pk=row.pk, typed_by_ref="").update(typed_by_ref="") != 1:
        raise Refused(
            "当众产生的收口值或号码已经录入，不能再作废，以免看过结果再重来。"
            "请另一人独立复核，完成抽取；录入有误的，可以重新录入。"
        )


@transaction.atomic
def void_draw(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """End a draw before its closing value exists; its number stays used and visible."""
    check(by, Power.VOID_DRAW)
    row, why = found(ref, by), reason.strip()
    if not why or len(why) > 200:
        raise Refused("作废抽取须写明理由，不超过 200 字。请补充后再提交。")
    if DrawState(row.state) in (DrawState.DRAWN, DrawState.SEALED):
        raise Refused(
            "名单已经抽出，不能作废，以免反复抽取。保管口令都已遗失、名单打不开的，"
            "请由负责科室申请收口后作废，由两人同意、上级机关决定。"
        )
    if DrawState(row.state) is DrawState.CLOSED:
        raise Refused(
            "收口值已经产生，不能直接作废。有贡献人不到场的，请保密小组打开托管份额完成抽取；"
            "份额和托管都丢失，或者组不成检查组的，请申请收口后作废，由两人同意、上级机关决定。"
        )
    _check_nothing_typed(row)
    move_on(
        row,
        DrawState.VOID,
        void_reason=why,
        voided_by_ref=by.ref,
        voided_by_name=by.name,
        voided_at=at,
    )
    enter(row, "void", by=by, at=at, data={"reason": why})
    audit.append(EventKind.DRAW_VOIDED, about=ref, by=by, at=at, data={"reason": why})
