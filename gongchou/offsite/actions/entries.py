"""What a bureau enters about a site for judging; nothing is changed, only withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical, digest
from gongchou.core.event_kinds import EventKind
from gongchou.core.monitoring.entries import check_body
from gongchou.core.monitoring.words import EntryKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.offsite import models
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of


@transaction.atomic
def enter(
    subjects: Sequence[str],
    kind: EntryKind,
    key: str,
    body: Mapping[str, Canonical],
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> list[str]:
    """One entry for each site named; of equal kind and key the one made last holds."""
    check(by, Power.RECORD_OFFSITE)
    why = _reason(reason)
    if not subjects:
        raise Invalid("请至少写明一家单位。")
    check_body(kind, body)
    refs = [_create(subject, kind, key.strip(), body, why, by, at) for subject in subjects]
    for ref in refs:
        data: dict[str, Canonical] = {"kind": kind.value, "key": key, "digest": digest(body)}
        audit.append(
            EventKind.SUPERVISION_ENTERED, about=ref, by=by, at=at, data=data | {"reason": why}
        )
    return refs


@transaction.atomic
def withdraw_entry(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """From now on the entry does not hold; it stays to be read."""
    check(by, Power.RECORD_OFFSITE)
    why = _reason(reason)
    row = models.SupervisionEntry.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的监管资料，请从单位的监管资料页面进入。")
    try:
        with transaction.atomic():
            models.EntryWithdrawal.objects.create(
                entry=row, reason=why, by_ref=by.ref, by_name=by.name, at=at
            )
    except IntegrityError:
        raise Stale("这项资料刚被他人撤回，请刷新页面查看最新情况。") from None
    audit.append(EventKind.SUPERVISION_WITHDRAWN, about=ref, by=by, at=at, data={"reason": why})


def _create(
    subject: str,
    kind: EntryKind,
    key: str,
    body: Mapping[str, Canonical],
    why: str,
    by: Actor,
    at: datetime,
) -> str:
    registers.subject(subject, by.bureau, day_of(at))
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "OE", models.SupervisionEntry)
    try:
        with transaction.atomic():
            row = models.SupervisionEntry.objects.create(
                ref=f"SE{by.bureau}-{number}",
                bureau=owner,
                subject=Subject.objects.get(ref=subject, bureau__code=by.bureau),
                kind=kind.value,
                key=key,
                body=body,
                digest=digest(body),
                reason=why,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError:
        raise Stale("刚有别人登记了资料，请再提交一次。") from None
    return row.ref


def _reason(text: str) -> str:
    why = " ".join(text.split())
    if not why or len(why) > 200:
        raise Invalid("请写明依据或理由，不超过 200 字。")
    return why
