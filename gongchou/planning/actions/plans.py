"""Every change of a quarter's plan."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import JointKind, PlanState, TaskMode
from gongchou.core.workdays import Quarter
from gongchou.planning import models, sums
from gongchou.planning.actions.proposals import confirm_classification, propose_classification
from gongchou.registry import policy
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

ORDINARY = "日常双随机抽查"


@transaction.atomic
def compute_plan(quarter: str, *, proposal: str = "", by: Actor, at: datetime) -> str:
    """Confirm the classification proposed, sum up, and lock the plan; returns its ref.

    Without a proposal the registers of the day are classified first, and whoever computes the plan
    stands for the differences too.
    """
    check(by, Power.MAKE_PLAN)
    wanted = Quarter.parse(quarter)
    sums.check_quarter(wanted, day_of(at))
    _check_no_other(wanted, by)
    ref = proposal or propose_classification(quarter, by=by, at=at)
    made_from = _proposal(ref, quarter, by)
    if made_from.confirmed_at is None:
        confirm_classification(ref, by=by, at=at)
    body = bytes(made_from.policy_body)
    classification = sums.thawed_classification(bytes(made_from.body))
    snapshot = registers.frozen_snapshot(made_from.snapshot_ref)
    plan = sums.plan_body(
        classification, registers.own_people(snapshot), policy.profile_of_body(body), wanted
    )
    row = _store(
        wanted,
        by,
        at,
        policy=made_from.policy,
        policy_digest=canon.HASHES["sha256"](body).hex(),
        policy_body=body,
        proposal_ref=ref,
        snapshot_ref=made_from.snapshot_ref,
        classification_digest=plan.made_from,
        classification_body=sums.frozen(classification),
        body=sums.frozen(plan),
    )
    _tell_made(row, by, at)
    _create_ordinary_task(row, by, at)
    return row.ref


def _proposal(ref: str, quarter: str, by: Actor) -> models.ClassificationProposal:
    rows = models.ClassificationProposal.objects.filter(ref=ref, bureau__code=by.bureau)
    row = rows.filter(quarter=quarter).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的本季度分类提案，请从计划页面进入。")
    return row


def _tell_made(row: models.QuarterPlan, by: Actor, at: datetime) -> None:
    made_from = {"classification": row.classification_digest, "snapshot": row.snapshot_ref}
    made_from["proposal"] = row.proposal_ref
    audit.append(EventKind.CLASSIFICATION_MADE, about=row.ref, by=by, at=at, data=made_from)
    found = {"digest": row.digest, "quarter": row.quarter, "policy": row.policy_digest}
    audit.append(EventKind.PLAN_COMPUTED, about=row.ref, by=by, at=at, data=found)


def _second_plan(wanted: Quarter) -> str:
    return f"{wanted.label}已有一份未作废的计划，不能再测算一份。确需重新测算的，请先作废原计划。"


def _check_no_other(wanted: Quarter, by: Actor) -> None:
    rows = models.QuarterPlan.objects.filter(bureau__code=by.bureau, quarter=str(wanted))
    if rows.exclude(state=PlanState.VOID.value).exists():
        raise Refused(_second_plan(wanted))


def _store(wanted: Quarter, by: Actor, at: datetime, **fields: object) -> models.QuarterPlan:
    """The database refuses a second live plan even where two clerks click at once."""
    owner = Bureau.objects.get(code=by.bureau)
    number = models.QuarterPlan.objects.filter(bureau=owner, quarter=str(wanted)).count() + 1
    body = fields["body"]
    assert isinstance(body, bytes)
    try:
        with transaction.atomic():
            return models.QuarterPlan.objects.create(
                ref=f"P{by.bureau}-{wanted}-{number}",
                bureau=owner,
                quarter=str(wanted),
                state=PlanState.FROZEN.value,
                digest=canon.HASHES["sha256"](body).hex(),
                made_by_ref=by.ref,
                made_by_name=by.name,
                made_at=at,
                **fields,
            )
    except IntegrityError as error:
        raise Stale(_second_plan(wanted)) from error


def _create_ordinary_task(plan: models.QuarterPlan, by: Actor, at: datetime) -> None:
    task = models.CheckTask.objects.create(
        ref=f"T{plan.ref[1:]}-1",
        bureau=plan.bureau,
        plan=plan,
        name=ORDINARY,
        task_mode=TaskMode.UNDIRECTED.value,
        joint_kind=JointKind.NONE.value,
        made_by_ref=by.ref,
        made_by_name=by.name,
        made_at=at,
    )
    audit.append(EventKind.TASK_CREATED, about=task.ref, by=by, at=at, data={"plan": plan.ref})


def _plan(ref: str, by: Actor) -> models.QuarterPlan:
    found = models.QuarterPlan.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if found is None:
        raise Refused(f"本机构没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    return found


def _move(row: models.QuarterPlan, to: PlanState, **fields: object) -> None:
    was = PlanState(row.state)
    if was is to:
        raise Stale(f"这份计划已经{to.label.removeprefix('已')}，不能重复办理，请刷新页面。")
    state = move(was, to).value
    rows = models.QuarterPlan.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=state, **fields) != 1:
        raise Stale("这份计划刚被他人办理，请刷新页面查看最新情况。")


@transaction.atomic
def approve_plan(ref: str, *, by: Actor, at: datetime) -> None:
    """The plan is in force; nobody approves what the same person summed up."""
    check(by, Power.APPROVE_PLAN)
    row = _plan(ref, by)
    if row.made_by_ref == by.ref:
        raise NotAllowed("测算计划的人不能批准同一份计划，请由另一位负责人批准。")
    _move(
        row,
        PlanState.APPROVED,
        approved_by_ref=by.ref,
        approved_by_name=by.name,
        approved_at=at,
    )
    tasks = models.CheckTask.objects.filter(plan=row, voided_at=None, approved_at=None)
    refs = list(tasks.order_by("pk").values_list("ref", flat=True))
    tasks.update(approved_by_ref=by.ref, approved_by_name=by.name, approved_at=at)
    data = {"digest": row.digest, "tasks": refs}
    audit.append(EventKind.PLAN_APPROVED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def void_plan(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """The plan has no effect any more; once approved, only who may approve may void it."""
    if not may(by, Power.MAKE_PLAN):
        check(by, Power.APPROVE_PLAN)
    row = _plan(ref, by)
    if row.state == PlanState.APPROVED.value:
        check(by, Power.APPROVE_PLAN)
    why = reason.strip()
    if not why or len(why) > 200:
        raise Refused("作废计划须写明理由，不超过 200 字。请补充后再提交。")
    _move(row, PlanState.VOID, void_reason=why)
    audit.append(EventKind.PLAN_VOIDED, about=ref, by=by, at=at, data={"reason": why})
