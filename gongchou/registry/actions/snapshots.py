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
from gongchou.registry.policy import cooldown_begins
from gongchou.web.clock import day_of


@transaction.atomic
def freeze_snapshot(*, on: date, by: Actor, at: datetime) -> str:
    """The registers of a day, frozen in canonical bytes; returns the snapshot's ref."""
    check(by, Power.MAKE_PLAN)
    _check_second_persons(by.bureau, on)
    found = reads.snapshot(by.bureau, on)
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "N", models.FrozenSnapshot)
    ref, digest = f"N{by.bureau}-{number:04}", found.digest()
    models.FrozenSnapshot.objects.create(
        ref=ref, bureau=owner, on=on, digest=digest, body=found.frozen()
    )
    audit.append(EventKind.SNAPSHOT_FROZEN, about=ref, by=by, at=at, data={"digest": digest})
    return ref


def _check_second_persons(bureau: str, on: date) -> None:
    """Nobody alone moves sites out of the base or between classes just before a plan."""
    waiting = reads.waiting_changes(bureau, cooldown_begins(bureau, on), on)
    if waiting:
        told = "；".join(
            f"{row.ref}（{row.on}，{row.by_name}，{row.sensitive} 处）" for row in waiting
        )
        raise Refused(
            "最近几个工作日内有名录变更移出了场所或改变了分类，还没有第二人复核，不能冻结名录："
            f"{told}。请批准领导在“名录”的“变更记录”中复核，或者撤销这些变更。"
        )


@transaction.atomic
def record_visit_history(
    subject: str,
    visit_ref: str,
    *,
    ended_on: date,
    kind: InspectionKind,
    inspectors: tuple[str, ...],
    is_clean: bool | None = None,
    is_again: bool = False,
    by: Actor,
    at: datetime,
) -> None:
    """A finished visit enters the memory of rotation and caps; once only.

    With `is_again` it is remembered from today on as its newly approved record says.

    Whoever made the visit or reviewed its record lets it enter.
    """
    if not may(by, Power.REVIEW_RECORD):
        check(by, Power.DO_VISIT)
    owner = models.Subject.objects.filter(ref=subject, bureau__code=by.bureau).first()
    if owner is None:
        raise Refused(f"本机构名录中没有编号为 {subject} 的检查对象，请核对后再登记。")
    known, today = models.PastVisit.objects.filter(visit_ref=visit_ref), day_of(at)
    if is_again:
        known.filter(known_until=None).update(known_until=today)
    elif known.exists():
        raise Stale("这次检查已经登记，不必再办，请刷新页面查看。")
    models.PastVisit.objects.create(
        subject=owner,
        known_since=today,
        visit_ref=visit_ref,
        ended_on=ended_on,
        inspection_kind=kind.value,
        inspectors=list(inspectors),
        is_clean=is_clean,
    )
    audit.append(EventKind.VISIT_HISTORY_RECORDED, about=visit_ref, by=by, at=at)
