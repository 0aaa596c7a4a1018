"""What phones send: each act once, in its order, and none of them ever lost."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import IO, BinaryIO, cast

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.chain import written
from gongchou.core.clue_terms import ClueOrigin
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import RecordBody, said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import EvidenceKind, OperationKind, OperationOutcome, VisitState
from gongchou.inspection import leases, models, reads, uploads
from gongchou.inspection.actions.cameras import note_recording
from gongchou.inspection.actions.evidence import add_evidence
from gongchou.inspection.actions.recording import save_record, submit_record, supplement_record
from gongchou.inspection.actions.signing import sign_by_pin, sign_record
from gongchou.inspection.actions.visiting import accept_visit, confirm_briefing, start_visit
from gongchou.inspection.drafts import CameraDraft, FileDraft
from gongchou.inspection.files import digests_of
from gongchou.inspection.operations import (
    Operation,
    Receipt,
    instant,
    record_of,
    rests_on_files,
)
from gongchou.inspection.permissions import check_member
from gongchou.inspection.writers import own_row
from gongchou.offsite import actions as offsite
from gongchou.web.clock import day_of

# Nothing a phone sends can be taken up any more: it is kept for whoever reviews.
CLOSED = (VisitState.SUBMITTED, VisitState.REVIEWED, VisitState.VOID)
# What an act made, and a sentence where it was not what its sender expected.
Made = tuple[str, str]


@transaction.atomic
def apply_operation(op: Operation, *, by: Actor, at: datetime) -> Receipt:
    """Do what an officer did on the phone. Sent again, the same receipt comes back."""
    if (held := _sent(op, by)) is not None:
        return held
    row = own_row(op.visit, by)
    if op.after and not row.operations.filter(client_id=op.after).exists():
        raise Stale("前一步还没有上传完，请稍候，手机会按顺序自动上传。")
    # Each of these asks for the power itself, before it changes anything.
    result, says = WORKS[op.kind](op, by, at)
    outcome = OperationOutcome.VERSIONED if says else OperationOutcome.APPLIED
    kept = _kept(op, row, outcome, says, result, by, at)
    audit.append(EventKind.OPERATION_RECEIVED, about=op.visit, by=by, at=at, data=_told(op, kept))
    return kept


@transaction.atomic
def set_aside(op: Operation, says: str, *, by: Actor, at: datetime) -> Receipt:
    """Keep an act that came too late to be taken up, with the reason; the office decides."""
    if (held := _sent(op, by)) is not None:
        return held
    row, found = own_row(op.visit, by), reads.visit(op.visit)
    check_member(by, found, day_of(at))
    if found.state not in CLOSED:
        raise Refused(says)
    kept = _kept(op, row, OperationOutcome.ASIDE, says, "", by, at)
    audit.append(EventKind.OPERATION_RECEIVED, about=op.visit, by=by, at=at, data=_told(op, kept))
    return kept


def _told(op: Operation, kept: Receipt) -> dict[str, Canonical]:
    return {
        "client_id": op.client_id,
        "digest": op.digest,
        "kind": op.kind.value,
        "lease": op.lease,
        "made_at": written(op.made_at),
        "outcome": kept.outcome.value,
        "skew_seconds": int(op.skew.total_seconds()),
    }


def _sent(op: Operation, by: Actor) -> Receipt | None:
    held = models.FieldOperation.objects.filter(client_id=op.client_id).first()
    if held is None:
        return None
    if held.digest != op.digest or held.by_ref != by.ref:
        raise Invalid("这个操作编号已用于另一份内容，没有办理。请联系管理员核对这部手机。")
    return leases.receipt_of(held)


def _kept(
    op: Operation,
    row: models.Visit,
    outcome: OperationOutcome,
    says: str,
    result: str,
    by: Actor,
    at: datetime,
) -> Receipt:
    content = str(op.body.get("paper", ""))
    try:
        with transaction.atomic():
            kept = models.FieldOperation.objects.create(
                client_id=op.client_id,
                lease=models.FieldLease.objects.get(ref=op.lease),
                visit=row,
                number=op.number,
                kind=op.kind.value,
                written=op.text,
                digest=op.digest,
                outcome=outcome.value,
                says=says[:1000],
                result=result,
                paper=hashlib.sha256(content.encode()).hexdigest() if content else "",
                made_at=op.made_at,
                skew_seconds=int(op.skew.total_seconds()),
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("同一步正在由另一次上传办理，手机稍后会再核对一次。") from error
    return leases.receipt_of(kept)


def _accept(op: Operation, by: Actor, at: datetime) -> Made:
    """The colleague's phone may have been faster: accepted is accepted."""
    if reads.visit(op.visit).state is VisitState.DISPATCHED:
        accept_visit(op.visit, by=by, at=at)
    return "", ""


def _briefing(op: Operation, by: Actor, at: datetime) -> Made:
    read_at = op.moment(op.made_at.isoformat(), at)
    confirm_briefing(op.visit, read_at=read_at, by=by, at=at)
    return "", ""


def _arrive(op: Operation, by: Actor, at: datetime) -> Made:
    """Whoever's phone is first has registered the arrival of both."""
    found = reads.visit(op.visit)
    if found.started_at is not None:
        return "", f"这次检查已由另一部手机登记到场（{found.team_names}），以先登记的为准。"
    if found.state is VisitState.DISPATCHED:
        accept_visit(op.visit, has_arrived=True, by=by, at=at)
    arrived = op.moment(op.body.get("arrived_at"), at)
    code = said(str(op.body.get("entry_code", "")))
    start_visit(op.visit, client_id=op.client_id, arrived_at=arrived, entry_code=code, by=by, at=at)
    return "", ""


def _evidence(op: Operation, by: Actor, at: datetime) -> Made:
    """The file was sent in pieces before; its bytes are what the phone counted, or it is not."""
    pieces = int(op.body.get("pieces", 0))
    content = uploads.assembled(op.lease, op.client_id, pieces)
    if content is None:
        raise Stale("文件还没有传完，手机会接着上传。")
    if not _is_what_was_counted(op, content):
        uploads.clear(op.lease, op.client_id)
        raise Stale("收到的文件与手机上的摘要不一致，没有保存。手机会保留原件并重新上传。")
    draft = FileDraft(
        name=str(op.body.get("name", "")),
        content=cast(BinaryIO, content),
        kind=EvidenceKind(str(op.body.get("kind"))),
        item=str(op.body.get("item", ""))[:30],
        says=str(op.body.get("says", "")),
        taken_at=op.moment(op.body.get("taken_at"), at),
    )
    return add_evidence(op.visit, draft, client_id=op.client_id, by=by, at=at), ""


def _is_what_was_counted(op: Operation, content: IO[bytes]) -> bool:
    """Both digests that the phone took before anything else touched the file."""
    found = digests_of(cast(BinaryIO, content))
    return op.body.get("sm3") in (None, found.sm3) and op.body.get("sha256") == found.sha256


def _base(op: Operation) -> Made:
    """The version to build on, and a sentence where somebody else's came between."""
    newest = reads.newest(op.visit)
    if newest is None:
        return "", ""
    seen = newest.digest == op.body.get("base")
    if seen or newest.client_id in leases.names_sent(op.visit, op.lease):
        return newest.digest, ""
    return newest.digest, (
        f"{newest.by}在此期间保存了第 {newest.number} 版记录。两版都已保留，"
        "这一份列为最新一版，请与检查组成员核对。"
    )


def _record(op: Operation, at: datetime) -> RecordBody:
    """The record in an act; files are looked up where a finding rests on one."""
    files = leases.files_by_name(op.visit) if rests_on_files(op) else {}
    return record_of(op, at, files, reads.newest_body(op.visit))


def _save(op: Operation, by: Actor, at: datetime) -> Made:
    body = _record(op, at)
    base, says = _base(op)
    digest = save_record(op.visit, body, client_id=op.client_id, base=base, by=by, at=at)
    return digest, says


def _sign_by_pins(op: Operation, body: RecordBody, by: Actor, at: datetime) -> None:
    """Whose digits came along signs; who signs on another phone has done so, or it waits."""
    for officer in body.officers:
        pin = op.pins.get(officer.ref, "")
        if pin and officer.stands:
            sign_by_pin(op.visit, body, inspector=officer.ref, pin=pin, by=by, at=at)


def _sign(op: Operation, by: Actor, at: datetime) -> Made:
    """A colleague signs on the own phone what the server keeps of the record."""
    body = _record(op, at)
    sign_record(op.visit, body, by=by, at=at)
    newest = reads.newest_body(op.visit)
    is_same = newest.signed_content() == body.signed_content()
    return "", "" if is_same else "签字以后记录又有改动，请刷新后核对最新的记录，再签一次。"


def _submit(op: Operation, by: Actor, at: datetime) -> Made:
    body = _record(op, at)
    base, says = _base(op)
    reason = str(op.body.get("reason", ""))
    told = {"client_id": op.client_id, "base": base}
    _sign_by_pins(op, body, by, at)
    if reads.visit(op.visit).state is VisitState.RETURNED:
        return supplement_record(op.visit, body, reason=reason, **told, by=by, at=at), says
    return submit_record(op.visit, body, reason=reason, **told, by=by, at=at), says


def _clue(op: Operation, by: Actor, at: datetime) -> Made:
    """Seen next door: it goes to the office, not into this site's record."""
    check_member(by, reads.visit(op.visit), day_of(at))
    seen, says = op.moment(op.made_at.isoformat(), at), said(str(op.body.get("says", "")))
    if not says:
        raise Invalid("线索须写明看到的情况，请在手机上补充后再上传。")
    draft = offsite.ClueDraft(
        origin=ClueOrigin.SEEN,
        client_id=op.client_id,
        says=says[:500],
        started_at=seen,
        ended_at=seen,
        place=str(op.body.get("place", "")),
        seen_at_visit=op.visit,
        seen_near=reads.visit(op.visit).subject_name,
    )
    return offsite.take_up_clue(draft, by=by, at=at), ""


def _recording(op: Operation, by: Actor, at: datetime) -> Made:
    """A number and an hour read off the camera on site, so the phone's clock is not in it."""
    began = op.body.get("began_at")
    draft = CameraDraft(
        number=str(op.body.get("number", "")),
        device=str(op.body.get("device", "")),
        says=str(op.body.get("says", "")),
        began_at=min(instant(began), at) if began else None,
    )
    note_recording(op.visit, draft, client_id=op.client_id, by=by, at=at)
    return "", ""


WORKS: Mapping[OperationKind, Callable[[Operation, Actor, datetime], Made]] = {
    OperationKind.ACCEPT: _accept,
    OperationKind.BRIEFING: _briefing,
    OperationKind.ARRIVE: _arrive,
    OperationKind.EVIDENCE: _evidence,
    OperationKind.SAVE: _save,
    OperationKind.CLUE: _clue,
    OperationKind.SIGN: _sign,
    OperationKind.RECORDING: _recording,
    OperationKind.SUBMIT: _submit,
}
