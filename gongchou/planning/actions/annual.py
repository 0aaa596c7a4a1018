"""The year's plan: made from today's register, approved by another, never edited."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon, plain
from gongchou.core.canon import Canonical
from gongchou.core.classify import classify
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import PlanState
from gongchou.core.workdays import Quarter
from gongchou.planning import models, tables
from gongchou.registry import policy
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of


@transaction.atomic
def make_annual_plan(year: int, *, by: Actor, at: datetime) -> str:
    """What each quarter of this year or the next asks, by today's register and policy."""
    check(by, Power.MAKE_PLAN)
    today = day_of(at)
    if year not in (today.year, today.year + 1):
        raise Refused(f"只能编制 {today.year} 年或 {today.year + 1} 年的年度计划，请改选年度。")
    snapshot = registers.own_people(registers.snapshot(by.bureau, today))
    if not snapshot.subjects:
        raise Refused("检查对象名录是空的，无法编制年度计划。请先导入检查对象名录。")
    profile = policy.profile_of(by.bureau, today)
    quarters = [Quarter(year, number) for number in range(1, 5)]
    rows = tables.annual_rows(
        snapshot, profile, {q: classify(snapshot, profile, q) for q in quarters}
    )
    body, owner = canon.canon(plain.to_plain(rows)), Bureau.objects.get(code=by.bureau)
    number = models.AnnualPlan.objects.filter(bureau=owner, year=year).count() + 1
    digest = canon.HASHES["sha256"](body).hex()
    try:
        with transaction.atomic():
            row = models.AnnualPlan.objects.create(
                ref=f"Y{by.bureau}-{year}-{number}",
                bureau=owner,
                year=year,
                state=PlanState.FROZEN.value,
                policy=profile.id,
                on=today,
                digest=digest,
                body=body,
                made_by_ref=by.ref,
                made_by_name=by.name,
                made_at=at,
            )
    except IntegrityError as error:
        raise Stale(
            f"{year} 年已有一份未作废的年度计划。确需重新编制的，请先作废原计划。"
        ) from error
    data: dict[str, Canonical] = {"digest": digest, "year": year}
    audit.append(EventKind.ANNUAL_PLAN_MADE, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _own(ref: str, by: Actor) -> models.AnnualPlan:
    row = models.AnnualPlan.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的年度计划，请从计划页面进入。")
    return row


def _move(row: models.AnnualPlan, to: PlanState, **fields: object) -> None:
    was = PlanState(row.state)
    if was is to:
        raise Stale("这份年度计划已经办理过，请刷新页面查看最新情况。")
    rows = models.AnnualPlan.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=move(was, to).value, **fields) != 1:
        raise Stale("这份年度计划刚被他人办理，请刷新页面查看最新情况。")


@transaction.atomic
def approve_annual_plan(ref: str, *, by: Actor, at: datetime) -> None:
    """The year's plan is in force; nobody approves the own one."""
    check(by, Power.APPROVE_PLAN)
    row = _own(ref, by)
    if row.made_by_ref == by.ref:
        raise NotAllowed("编制年度计划的人不能批准同一份计划，请由另一位负责人批准。")
    who = {"approved_by_ref": by.ref, "approved_by_name": by.name, "approved_at": at}
    _move(row, PlanState.APPROVED, **who)
    data = {"digest": row.digest}
    audit.append(EventKind.ANNUAL_PLAN_APPROVED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def void_annual_plan(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """The year's plan has no effect any more; once approved, only who may approve may void it."""
    if not may(by, Power.MAKE_PLAN):
        check(by, Power.APPROVE_PLAN)
    row = _own(ref, by)
    is_approved = row.state == PlanState.APPROVED.value
    check(by, Power.APPROVE_PLAN if is_approved else Power.MAKE_PLAN)
    why = reason.strip()
    if not why or len(why) > 200:
        raise Refused("作废年度计划须写明理由，不超过 200 字。请补充后再提交。")
    _move(row, PlanState.VOID, void_reason=why)
    audit.append(EventKind.ANNUAL_PLAN_VOIDED, about=ref, by=by, at=at, data={"reason": why})
