"""Noting what was entered on platforms outside."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import VisitState
from gongchou.inspection import reads as visits
from gongchou.publication import models
from gongchou.web.clock import day_of


@transaction.atomic
def record_permit_entries(refs: Sequence[str], *, on: date, by: Actor, at: datetime) -> int:
    """These visits were entered on the permit platform on a day; returns how many."""
    check(by, Power.PUBLISH)
    if not refs:
        raise Refused("请勾选已经在许可平台上填报的检查。")
    if on > day_of(at):
        raise Invalid("填报日期晚于今天，请核对。")
    for ref in dict.fromkeys(refs):
        _record(ref, on, by, at)
    return len(set(refs))


def _record(ref: str, on: date, by: Actor, at: datetime) -> None:
    visit = visits.visit(ref)
    if visit.bureau != by.bureau:
        raise Refused(f"本机构没有编号为 {ref} 的检查，请从“许可平台填报”页面勾选。")
    if visit.state is not VisitState.REVIEWED or visit.ended_on is None:
        raise Refused(f"检查 {ref} 的记录还没有审核，审核之后才能填报。")
    if on < visit.ended_on:
        raise Invalid(f"填报日期早于“{visit.subject_name}”的检查结束之日，请核对。")
    try:
        with transaction.atomic():
            models.PermitEntry.objects.create(
                bureau=by.bureau, visit=ref, entered_on=on, by_ref=by.ref, by_name=by.name, at=at
            )
    except IntegrityError as error:
        raise Stale(f"“{visit.subject_name}”已经登记过填报，请刷新页面查看。") from error
    data = {"on": on.isoformat()}
    audit.append(EventKind.PERMIT_ENTRY_RECORDED, about=ref, by=by, at=at, data=data)
