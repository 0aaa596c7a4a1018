"""The record: drafts by the team, submission that locks, supplements after a return."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import RecordBody, Signature, visit_result
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import RevisionKind, SignerRole, VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection import models, reads
from gongchou.inspection.actions.signing import check_signatures
from gongchou.inspection.permissions import check_member
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.writers import (
    LONGEST_REASON,
    move_visit,
    own_row,
    reason_of,
    sent_before,
    store_revision,
)
from gongchou.web.clock import day_of

OPEN = (VisitState.STARTED, VisitState.RETURNED)


@transaction.atomic
def save_record(
    ref: str, body: RecordBody, *, client_id: str, base: str = "", by: Actor, at: datetime
) -> str:
    """A draft of the record, as far as it is; returns its digest. Sent twice, it is stored once."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    body = _settled(body, found, at)
    if sent_before(row, client_id, body):
        return body.digest()
    if found.state not in OPEN:
        raise Refused(_locked(found))
    kept = store_revision(
        row, body, kind=RevisionKind.DRAFT, client_id=client_id, base=base, by=by, at=at
    )
    data = {"digest": kept.digest, "made_from": kept.made_from, "number": kept.number}
    audit.append(EventKind.RECORD_SAVED, about=ref, by=by, at=at, data=data)
    return kept.digest


def _locked(found: VisitRow) -> str:
    if found.submitted_at is not None:
        return (
            f"{found.submitted_by}已经提交这份记录，内容已锁定。"
            "确需补充的，请联系审核人员退回后作补正。"
        )
    return f"这次检查现在是“{found.state.label}”状态，登记到场以后才能填写记录。"


def _settled(body: RecordBody, found: VisitRow, at: datetime) -> RecordBody:
    """Officers bear the names of the register, and nothing happened later than now."""
    if any(moment > at for moment in _moments(body)):
        raise Invalid("记录中有晚于现在的时间，请核对手机的时间后再保存。")
    _check_proofs(body, found)
    names = {person.ref: person.name for person in found.inspectors}
    return replace(body, signatures=tuple(_named(s, names) for s in body.signatures))


def _check_proofs(body: RecordBody, found: VisitRow) -> None:
    """A finding rests on files of this visit only."""
    named = {ref for finding in body.findings for ref in finding.evidence}
    strange = sorted(named - reads.evidence_refs(found.ref)) if named else []
    if strange:
        raise Invalid(f"证据 {'、'.join(strange)} 不属于这次检查，没有保存。请重新选择证据。")


def _moments(body: RecordBody) -> Iterator[datetime]:
    held = (body.started_at, body.identity_shown_at, body.notice_given_at, body.ended_at)
    return (moment for moment in held if moment is not None)


def _named(signature: Signature, names: dict[str, str]) -> Signature:
    if signature.role is not SignerRole.INSPECTOR:
        return signature
    if signature.ref not in names:
        raise Invalid(f"“{signature.name}”不是检查组成员，不能作为检查人员签字。请核对签字人。")
    return replace(signature, name=names[signature.ref])


@transaction.atomic
def submit_record(
    ref: str,
    body: RecordBody,
    *,
    client_id: str,
    base: str = "",
    reason: str = "",
    by: Actor,
    at: datetime,
) -> str:
    """The complete record, locked from now on; refused with every sentence of what it lacks.

    `reason` answers what a reader would ask, such as why the visit was so short.
    """
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    body = _settled(body, found, at)
    if sent_before(row, client_id, body):
        return body.digest()
    if found.state is VisitState.RETURNED:
        raise Refused("这份记录已被退回，请写明补正理由，以补正的方式提交。")
    if found.state is not VisitState.STARTED:
        raise Refused(_locked(found))
    _check_complete(body, found)
    check_signatures(row, found, body, by=by, at=at)
    kept = store_revision(
        row,
        body,
        kind=RevisionKind.SUBMITTED,
        client_id=client_id,
        base=base,
        reason=" ".join(reason.split())[:LONGEST_REASON],
        by=by,
        at=at,
    )
    move_visit(
        row,
        VisitState.SUBMITTED,
        submitted_by=by.ref,
        submitted_by_name=by.name,
        submitted_at=at,
        **_outcome(body, found),
    )
    _tell(EventKind.RECORD_SUBMITTED, kept, body, by, at)
    return kept.digest


@transaction.atomic
def supplement_record(
    ref: str,
    body: RecordBody,
    *,
    reason: str,
    client_id: str,
    base: str = "",
    by: Actor,
    at: datetime,
) -> str:
    """A record that was returned, completed with a reason; the version sent before stays."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    body = _settled(body, found, at)
    if sent_before(row, client_id, body):
        return body.digest()
    if found.state is not VisitState.RETURNED:
        raise Refused("只有被退回的记录才能补正。请刷新页面查看这次检查的最新状态。")
    why = reason_of(reason, "补正记录")
    _check_complete(body, found)
    check_signatures(row, found, body, by=by, at=at)
    kept = store_revision(
        row,
        body,
        kind=RevisionKind.SUPPLEMENT,
        client_id=client_id,
        base=base,
        reason=why,
        by=by,
        at=at,
    )
    move_visit(row, VisitState.SUBMITTED, **_outcome(body, found))
    _tell(EventKind.RECORD_SUPPLEMENTED, kept, body, by, at)
    return kept.digest


def _check_complete(body: RecordBody, found: VisitRow) -> None:
    says = reads.lacks(found, body)
    if says:
        raise Refused("记录还不完整，没有提交：" + "".join(says))


def _outcome(body: RecordBody, found: VisitRow) -> dict[str, object]:
    """What the visit's row says of a complete record; a case belongs to the quarter it ended in."""
    result = visit_result(body)
    assert body.ended_at is not None
    assert result is not None
    ended = day_of(body.ended_at)
    quarter = found.quarter if found.is_random else str(Quarter.of(ended))
    return {
        "ended_on": ended,
        "visit_result": result.value,
        "problem_count": body.problem_count,
        "quarter": quarter,
    }


def _tell(
    kind: EventKind, kept: models.RecordRevision, body: RecordBody, by: Actor, at: datetime
) -> None:
    """Who signed, and that the record is in: two events of one act, in this order."""
    who, ref = body.representative, kept.visit.ref
    signed = {
        "officers": [s.ref for s in body.officers if s.stands],
        "representative": who.sign_status.value if who and who.sign_status else "",
    }
    audit.append(EventKind.RECORD_SIGNED, about=ref, by=by, at=at, data=signed)
    result = visit_result(body)
    data = {
        "digest": kept.digest,
        "made_from": kept.made_from,
        "number": kept.number,
        "problems": body.problem_count,
        "result": result.value if result else "",
    }
    audit.append(kind, about=ref, by=by, at=at, data=data)
