"""What others rely on later: the registers of a day, and the memory of finished visits."""

from datetime import date, datetime

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, may
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import InspectionKind
from gongchou.registry import models, reads
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of


@transaction.atomic
def freeze_snapshot(*, on: date, by: Actor, at: datetime) -> str:
    """The registers of a day, frozen in canonical bytes; returns the snapshot's ref."""
    check(by, Power.MAKE_PLAN)
    found = reads.snapshot(by.bureau, on)
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "N", models.FrozenSnapshot)
    ref, digest = f"N{by.bureau}-{number:04}", found.digest()
    models.FrozenSnapshot.objects.create(
        ref=ref, bureau=owner, on=on, digest=digest, body=found.frozen()
    )
    audit.append(EventKind.SNAPSHOT_FROZEN, about=ref, by=by, at=at, data={"digest": digest})
    return ref


@transaction.atomic
def record_visit_history(
    subject: str,
    visit_ref: str,
    *,
    ended_on: date,
    kind: InspectionKind,
    inspectors: tuple[str, ...],
    by: Actor,
    at: datetime,
) -> None:
    """A finished visit enters the memory of rotation and caps; once only.

    Whoever made the visit or reviewed its record lets it enter.
    """
    if not may(by, Power.REVIEW_RECORD):
        check(by, Power.DO_VISIT)
    owner = models.Subject.objects.filter(ref=subject, bureau__code=by.bureau).first()
    if owner is None:
        raise Refused(f"本机构名录中没有编号为 {subject} 的检查对象，请核对后再登记。")
    if models.PastVisit.objects.filter(visit_ref=visit_ref).exists():
        raise Stale("这次检查已经登记。")
    models.PastVisit.objects.create(
        subject=owner,
        known_since=day_of(at),
        visit_ref=visit_ref,
        ended_on=ended_on,
        inspection_kind=kind.value,
        inspectors=list(inspectors),
    )
    audit.append(EventKind.VISIT_HISTORY_RECORDED, about=visit_ref, by=by, at=at)
