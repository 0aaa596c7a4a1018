"""An approved record goes back to its team, in the open: nothing of what was approved changes."""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import VisitState
from gongchou.inspection import models, reads
from gongchou.inspection.permissions import check_may_reopen
from gongchou.inspection.writers import move_visit, own_row, reason_of
from gongchou.web.clock import day_of
from gongchou.web.objections import check_objections, objection


@transaction.atomic
def reopen_record(
    ref: str, reason: str, *, base: str = "", is_late: bool = False, by: Actor, at: datetime
) -> None:
    """What was approved goes on counting until a later version is approved.

    `is_late` states that it is a correction of what has been sent to the superior already.
    """
    row, found, record = own_row(ref, by), reads.visit(ref), reads.record(ref)
    is_overlap = check_may_reopen(by, found, record, day_of(at))
    if found.state is not VisitState.REVIEWED:
        raise Refused(
            f"这次检查现在是“{found.state.label}”状态，审核通过的记录才能重新开启。请刷新页面查看。"
        )
    if base and base != record.digest:
        raise Stale("记录在您打开以后有变化，请刷新页面，核对后再重新开启。")
    why = reason_of(reason, "重新开启记录")
    check_objections("reopen_record", ref)
    sent = objection("reopen_in_time", ref)
    if sent and not is_late:
        raise Refused(sent)
    move_visit(
        row,
        VisitState.RETURNED,
        return_reason=why,
        reviewed_by="",
        reviewed_by_name="",
        reviewed_at=None,
    )
    kept = _kept(row, why, is_late=bool(sent), is_overlap=is_overlap, by=by, at=at)
    data: dict[str, Canonical] = {
        "digest": kept.digest,
        "is_late": int(kept.is_late),
        "is_overlap": int(kept.is_overlap),
        "reason": why,
        "revision": kept.revision,
    }
    audit.append(EventKind.RECORD_REOPENED, about=ref, by=by, at=at, data=data)


def _kept(
    row: models.Visit, why: str, *, is_late: bool, is_overlap: bool, by: Actor, at: datetime
) -> models.RecordReopening:
    """What stood approved; `row` is the visit as it was read before it moved on."""
    newest = row.revisions.order_by("-number")[0]
    assert row.reviewed_at is not None
    assert row.ended_on is not None
    return models.RecordReopening.objects.create(
        visit=row,
        revision=newest.number,
        digest=newest.digest,
        reason=why,
        is_late=is_late,
        is_overlap=is_overlap,
        reviewed_by=row.reviewed_by,
        reviewed_by_name=row.reviewed_by_name,
        reviewed_at=row.reviewed_at,
        quarter=row.quarter,
        ended_on=row.ended_on,
        visit_result=row.visit_result,
        problem_count=row.problem_count,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
