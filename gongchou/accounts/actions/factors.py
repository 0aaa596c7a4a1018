"""The second factor: bound by the person, proved at each login, taken off by security alone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from gongchou.accounts import models, second_factor
from gongchou.accounts.actions import _sessions as sessions
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.web.clock import SHANGHAI

FAILURES = 5
LOCKED = timedelta(minutes=15)
WRONG = "动态口令不对。请核对手机时间是否准确，等下一个口令再试"
COUNTED = "；连续错 5 次将锁定 15 分钟。"
USED = "这个口令已经用过。请等手机上显示下一个，再输入一次。"


@transaction.atomic
def begin_factor(*, by: Actor, at: datetime) -> None:
    """A fresh key for the person, in force once a code of it has been shown."""
    user = models.User.objects.get(ref=by.ref)
    if models.SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists():
        raise Refused("您已绑定动态口令。要换手机，请先请安全管理员解除。")
    box = second_factor.sealed(second_factor.fresh_key(), by.ref)
    models.SecondFactor.objects.update_or_create(user=user, defaults={"key": box, "begun_at": at})
    audit.append(EventKind.FACTOR_BEGUN, about=by.ref, by=by, at=at)


@transaction.atomic
def confirm_factor(code: str, *, by: Actor, at: datetime) -> list[str]:
    """The first code binds the phone; returns the recovery codes, shown this once."""
    row = models.SecondFactor.objects.filter(user__ref=by.ref, confirmed_at=None).first()
    if row is None:
        raise Stale("没有等待绑定的动态口令，请刷新后再看。")
    step = second_factor.step_of(second_factor.opened(bytes(row.key), by.ref), code, at)
    if step is None:
        raise Refused(WRONG + "。")
    rows = models.SecondFactor.objects.filter(pk=row.pk, confirmed_at=None)
    if rows.update(confirmed_at=at, last_step=step) != 1:
        raise Stale("动态口令已经绑定，请刷新后再看。")
    codes = second_factor.fresh_codes()
    models.RecoveryCode.objects.bulk_create(
        models.RecoveryCode(user_id=row.user_id, digest=second_factor.digest_of(spare, by.ref))
        for spare in codes
    )
    audit.append(EventKind.FACTOR_BOUND, about=by.ref, by=by, at=at)
    return codes


@transaction.atomic
def prove_factor(code: str, *, by: Actor, at: datetime) -> None:
    """A code of the phone, each step once, or a recovery code, each once; Refused otherwise.

    A failure is counted by `record_factor_failure`, in a transaction of its own.
    """
    row = _in_force(by)
    if row.locked_until is not None and row.locked_until > at:
        raise Refused(_locked_until(row.locked_until))
    step = second_factor.step_of(second_factor.opened(bytes(row.key), by.ref), code, at)
    if step is None and not _takes_recovery(code, by, at):
        raise Refused(WRONG + COUNTED)
    if step is not None and not _takes_step(row, step):
        raise Refused(USED)
    models.SecondFactor.objects.filter(pk=row.pk).update(failures=0, locked_until=None)
    audit.append(EventKind.FACTOR_PROVED, about=by.ref, by=by, at=at)


def _in_force(by: Actor) -> models.SecondFactor:
    row = models.SecondFactor.objects.filter(user__ref=by.ref).exclude(confirmed_at=None).first()
    if row is None:
        raise Refused("您还没有绑定动态口令，请先绑定。")
    return row


def _locked_until(end: datetime) -> str:
    """With the first whole minute at which the door is open again."""
    first = end.astimezone(SHANGHAI) + timedelta(seconds=59)
    return f"动态口令连续错 {FAILURES} 次，已锁定，请在 {first:%H:%M} 以后再试。"


def _takes_step(row: models.SecondFactor, step: int) -> bool:
    """Whether the step is later than any used: a code seen over a shoulder is spent."""
    unused = models.SecondFactor.objects.filter(pk=row.pk, last_step__lt=step)
    return unused.update(last_step=step) == 1


def _takes_recovery(code: str, by: Actor, at: datetime) -> bool:
    digest = second_factor.digest_of(code.lower(), by.ref)
    unused = models.RecoveryCode.objects.filter(user__ref=by.ref, digest=digest, used_at=None)
    return unused.update(used_at=at) == 1


@transaction.atomic
def record_factor_failure(*, by: Actor, at: datetime) -> str:
    """One more wrong code; the fifth in a row closes the door for a while, which is told.

    While it is closed nothing is looked at, so nothing counts: the time does not start anew.
    """
    rows = models.SecondFactor.objects.filter(user__ref=by.ref).exclude(locked_until__gt=at)
    rows.update(failures=F("failures") + 1)
    closed = rows.filter(failures__gte=FAILURES).update(failures=0, locked_until=at + LOCKED)
    audit.append(EventKind.FACTOR_FAILED, about=by.ref, by=by, at=at)
    return _locked_until(at + LOCKED) if closed else ""


@transaction.atomic
def reset_factor(ref: str, *, by: Actor, at: datetime) -> None:
    """A phone is lost: security unbinds, every sign-in ends, the person binds anew.

    The administrator who may reset a password may not do this, so that nobody alone can take
    over another's account.
    """
    check(by, Power.GRANT_ROLES)
    rows = models.SecondFactor.objects.filter(user__ref=ref, user__bureau__code=by.bureau)
    if rows.delete()[0] == 0:
        raise Stale("该用户没有绑定动态口令，请刷新后再看。")
    models.RecoveryCode.objects.filter(user__ref=ref).delete()
    sessions.end_all(ref, at=at)
    audit.append(EventKind.FACTOR_RESET, about=ref, by=by, at=at)
