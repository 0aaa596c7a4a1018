"""The second pair of eyes: return with a reason, or accept; and the paper that comes in."""

from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check, system
from gongchou.core.refusals import Invalid, Refused, Stale, WrongState
from gongchou.core.terms import LetterProgress, VisitResult, VisitState
from gongchou.inspection import reads
from gongchou.inspection.permissions import check_may_review, check_own_bureau
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.writers import move_visit, own_row, reason_of, set_once
from gongchou.intake import actions as intake
from gongchou.offsite import clue_reads
from gongchou.registry import actions as registry
from gongchou.web.clock import day_of

WITH_PAPER = (VisitState.SUBMITTED, VisitState.RETURNED, VisitState.REVIEWED)


@transaction.atomic
def return_record(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """The record goes back to the team, which completes it with a reason of its own."""
    row, found, record = own_row(ref, by), reads.visit(ref), reads.record(ref)
    check_may_review(by, found, record, day_of(at))
    if found.state is VisitState.REVIEWED:
        raise WrongState(
            "这份记录已经审核通过，不能再退回。确需改动的，请从检查页面写明理由，重新开启记录。"
        )
    why = reason_of(reason, "退回记录")
    move_visit(row, VisitState.RETURNED, return_reason=why)
    data = {"digest": record.digest, "reason": why}
    audit.append(EventKind.RECORD_RETURNED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def review_record(ref: str, *, base: str = "", by: Actor, at: datetime) -> None:
    """The record stands; the visit enters the memory of rotation and caps."""
    row, found, record = own_row(ref, by), reads.visit(ref), reads.record(ref)
    check_may_review(by, found, record, day_of(at))
    if base and base != record.digest:
        raise Stale("记录在您打开以后又有补正，请刷新页面，核对最新一版后再审核。")
    move_visit(
        row, VisitState.REVIEWED, reviewed_by=by.ref, reviewed_by_name=by.name, reviewed_at=at
    )
    data = {"digest": record.digest}
    audit.append(EventKind.RECORD_REVIEWED, about=ref, by=by, at=at, data=data)
    assert found.ended_on is not None
    registry.record_visit_history(
        found.subject,
        ref,
        ended_on=found.ended_on,
        kind=found.inspection_kind,
        inspectors=tuple(person.ref for person in found.inspectors),
        is_clean=found.visit_result is VisitResult.NO_PROBLEM,
        is_again=bool(reads.reopenings(ref)),
        by=by,
        at=at,
    )
    _tell_senders(found, at)


def _tell_senders(found: VisitRow, at: datetime) -> None:
    """Whoever wrote because of which this visit was made reads that it has been made."""
    for clue in clue_reads.clues_of_visit(found.ref, found.bureau):
        if not clue.letter:
            continue
        by = system(found.bureau)
        intake.tell_progress(clue.letter, LetterProgress.CHECKED, about=found.ref, by=by, at=at)


@transaction.atomic
def receive_paper(ref: str, *, on: date, by: Actor, at: datetime) -> None:
    """The office received the signed paper of a record; once."""
    check(by, Power.DISPATCH_VISIT)
    row, found = own_row(ref, by), reads.visit(ref)
    check_own_bureau(by, found)
    if found.state not in WITH_PAPER or found.submitted_at is None:
        raise Refused("记录还没有提交，不能登记收到纸质记录。请待检查组提交后再登记。")
    if on > day_of(at) or (found.ended_on is not None and on < found.ended_on):
        raise Invalid("收到纸质记录的日期应在检查结束之后，且不晚于今天，请核对。")
    set_once(
        row,
        {"paper_received_on": None},
        paper_received_on=on,
        paper_received_by=by.ref,
        paper_received_by_name=by.name,
    )
    audit.append(EventKind.PAPER_RECEIVED, about=ref, by=by, at=at, data={"on": str(on)})
