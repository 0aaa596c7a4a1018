"""A phone takes visits along for a day; the right ends by itself, or is taken back."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils.crypto import get_random_string

from gongchou.accounts.models import Bureau
from gongchou.accounts.tokens import digest_of
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.inspection import models
from gongchou.inspection.permissions import inspector_of
from gongchou.web.clock import day_of

LONGEST = timedelta(hours=24)
PIN_DIGITS = range(6, 13)


@transaction.atomic
def take_lease(device: str, *, token: str, by: Actor, at: datetime) -> str:
    """One phone may read this officer's visits for a day; an older right of the phone ends."""
    check(by, Power.DO_VISIT)
    if not inspector_of(by, day_of(at)):
        raise Refused("您的登录名没有登记在检查人员名录中，请联系负责科室登记后再使用手机检查。")
    held = models.FieldLease.objects.filter(person=by.ref, device=device, revoked_at=None)
    held.filter(until__gt=at).update(revoked_by=by.ref, revoked_at=at)
    ref = f"L{get_random_string(20)}"
    models.FieldLease.objects.create(
        ref=ref,
        bureau=Bureau.objects.get(code=by.bureau),
        person=by.ref,
        person_name=by.name,
        device=device[:64],
        token_digest=digest_of(token),
        at=at,
        until=at + LONGEST,
    )
    data = {"device": device[:64], "person": by.ref}
    audit.append(EventKind.DEVICE_LEASED, about=ref, by=by, at=at, data=data)
    return ref


@transaction.atomic
def revoke_lease(ref: str, *, by: Actor, at: datetime) -> None:
    """A phone that was lost reads nothing more; the officer does it, or the office."""
    row = models.FieldLease.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused("没有这部手机的领取记录，请刷新页面后再办。")
    if row.person != by.ref and not may(by, Power.DISPATCH_VISIT):
        raise NotAllowed("只能收回本人的手机。他人的手机请由负责科室收回。")
    rows = models.FieldLease.objects.filter(pk=row.pk, revoked_at=None)
    if rows.update(revoked_by=by.ref, revoked_at=at) != 1:
        raise Stale("这部手机已经收回，不能重复办理。")
    audit.append(EventKind.DEVICE_REVOKED, about=ref, by=by, at=at, data={"person": row.person})


@transaction.atomic
def set_signing_pin(pin: str, *, by: Actor, at: datetime) -> None:
    """The digits by which this officer signs on a colleague's phone."""
    check(by, Power.DO_VISIT)
    if not pin.isascii() or not pin.isdigit() or len(pin) not in PIN_DIGITS or len(set(pin)) < 3:
        raise Invalid("签字口令为 6 至 12 位数字，且至少有 3 个不同的数字，请重新设置。")
    inspector = inspector_of(by, day_of(at))
    if not inspector:
        raise Refused("您的登录名没有登记在检查人员名录中，请联系负责科室登记后再设置。")
    models.SigningPin.objects.update_or_create(
        inspector=inspector, defaults={"secret": make_password(pin), "wrong_count": 0, "at": at}
    )
    audit.append(EventKind.SIGNING_PIN_SET, about=inspector, by=by, at=at)


@transaction.atomic
def note_wrong_pin(inspector: str, *, by: Actor, at: datetime) -> None:
    """A wrong try is counted although the act it belonged to was not done."""
    rows = models.SigningPin.objects.filter(inspector=inspector)
    rows.update(wrong_count=F("wrong_count") + 1)
    audit.append(EventKind.SIGNING_PIN_WRONG, about=inspector, by=by, at=at)
