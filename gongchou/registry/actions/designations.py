"""A site made special by hand: proposed with a reason, approved by another, expiring."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import DesignationState
from gongchou.registry import models
from gongchou.registry.numbering import take

LONGEST_DAYS = 366


@transaction.atomic
def propose_designation(
    subject: str, reason: str, *, since: date, until: date, on: date, by: Actor, at: datetime
) -> str:
    """Why a site is special though no rule says so; in force once approved, until it expires."""
    check(by, Power.EDIT_REGISTER)
    owner = models.Subject.objects.filter(ref=subject, bureau__code=by.bureau).first()
    if owner is None:
        raise Refused(f"本机构名录中没有编号为 {subject} 的检查对象，请从名录列表进入。")
    _check(reason, since, until, on)
    number = take(owner.bureau, "D", models.ManualDesignation)
    row = models.ManualDesignation(
        ref=f"D{by.bureau}-{number:05}",
        bureau=owner.bureau,
        subject=owner,
        reason=reason.strip()[:200],
        since=since,
        until=until,
        state=DesignationState.PROPOSED.value,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Stale("这一单位已有待批准的人工指定，请等批准领导办理后再提。") from error
    audit.append(
        EventKind.DESIGNATION_PROPOSED,
        about=row.ref,
        by=by,
        at=at,
        data={"subject": subject, "since": str(since), "until": str(until)},
    )
    return row.ref


def _check(reason: str, since: date, until: date, on: date) -> None:
    if not reason.strip():
        raise Invalid("请写明指定理由，例如环境风险的具体情况和依据。")
    if until <= since:
        raise Invalid("截止日期应晚于起始日期，请核对后重填。")
    if until <= on:
        raise Invalid("截止日期已过，请核对后重填。")
    if (until - since).days > LONGEST_DAYS:
        raise Invalid("人工指定最长一年，到期后仍有必要的，请重新提出。")


def _move(row: models.ManualDesignation, to: DesignationState, **fields: object) -> None:
    was = DesignationState(row.state)
    state = move(was, to).value
    rows = models.ManualDesignation.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=state, **fields) != 1:
        raise Stale("这项人工指定刚被他人办理，请刷新页面查看最新情况。")


def _found(ref: str, by: Actor) -> models.ManualDesignation:
    check(by, Power.APPROVE_REGISTER)
    row = models.ManualDesignation.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的人工指定，请从人工指定页面进入。")
    if row.by_ref == by.ref:
        raise NotAllowed("提出人工指定的人不能决定同一项指定，请由另一位批准领导办理。")
    return row


@transaction.atomic
def approve_designation(ref: str, *, on: date, by: Actor, at: datetime) -> None:
    """In force from `since`, for snapshots made from `on` on."""
    row = _found(ref, by)
    _move(
        row,
        DesignationState.APPROVED,
        decided_by_ref=by.ref,
        decided_by_name=by.name,
        decided_at=at,
        decided_on=on,
    )
    audit.append(
        EventKind.DESIGNATION_APPROVED,
        about=ref,
        by=by,
        at=at,
        data={"proposed_by": row.by_ref, "on": str(on)},
    )


@transaction.atomic
def refuse_designation(ref: str, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    """The office reads why."""
    row = _found(ref, by)
    if not reason.strip():
        raise Invalid("不予批准的，请写明理由，提出人会看到。")
    _move(
        row,
        DesignationState.REFUSED,
        decided_by_ref=by.ref,
        decided_by_name=by.name,
        decided_at=at,
        decided_on=on,
        decision=reason.strip()[:200],
    )
    audit.append(
        EventKind.DESIGNATION_REFUSED,
        about=ref,
        by=by,
        at=at,
        data={"reason": reason.strip()[:200]},
    )


@transaction.atomic
def end_designation(ref: str, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    """No longer special from `on`; earlier days keep it."""
    row = _found(ref, by)
    if not reason.strip():
        raise Invalid("提前终止的，请写明理由。")
    _move(
        row,
        DesignationState.ENDED,
        ended_by_ref=by.ref,
        ended_by_name=by.name,
        ended_at=at,
        ended_on=on,
        ended_reason=reason.strip()[:200],
    )
    audit.append(
        EventKind.DESIGNATION_ENDED, about=ref, by=by, at=at, data={"reason": reason.strip()[:200]}
    )
