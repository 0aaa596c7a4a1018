"""From dispatch to arrival: the leader's consent, the notice, the team's acceptance."""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.chain import written
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import RecordBody, said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import Delivery, RevisionKind, VisitState
from gongchou.inspection import models, reads
from gongchou.inspection.asked import missing_before_arrival
from gongchou.inspection.drafts import ApprovalDraft, SafetyDraft
from gongchou.inspection.permissions import check_may_follow, check_member, check_own_bureau
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.teams import BEFORE_START, check_team
from gongchou.inspection.writers import (
    move_visit,
    own_row,
    reason_of,
    sent_before,
    set_once,
    store_revision,
)
from gongchou.offsite import actions as offsite
from gongchou.web.clock import day_of

CONSENT, ASSISTANTS = ApprovalDraft(), range(21)
APPROVAL_LABELS = ("批准意见", "不事先通知的依据", "事后补办的紧急情况")


@transaction.atomic
def authorise_visit(ref: str, draft: ApprovalDraft = CONSENT, *, by: Actor, at: datetime) -> None:
    """The leader consents to a visit before it begins, where the policy asks for it.

    In an emergency the team is already there: what its phone keeps back waits for this.
    """
    check(by, Power.AUTHORISE_VISIT)
    row, found = own_row(ref, by), reads.visit(ref)
    _check_before_start(found)
    kept = _approval(draft)
    if found.authorised_at is not None:
        raise Stale(f"{found.authorised_by}已经批准这次检查，不能重复批准。")
    set_once(
        row,
        {"authorised_at": None},
        authorised_by=by.ref,
        authorised_by_name=by.name,
        authorised_at=at,
    )
    models.VisitApproval.objects.create(visit=row, **kept, by_ref=by.ref, by_name=by.name, at=at)
    audit.append(EventKind.VISIT_AUTHORISED, about=ref, by=by, at=at, data={**kept})


def _approval(draft: ApprovalDraft) -> dict[str, str | int]:
    if draft.assistants not in ASSISTANTS:
        raise Invalid(f"协助检查人员数应为 0 至 {ASSISTANTS[-1]} 的整数，请核对。")
    texts = {
        "reason": said(draft.reason),
        "unannounced_ground": said(draft.unannounced_ground),
        "emergency_reason": said(draft.emergency_reason),
    }
    for label, text in zip(APPROVAL_LABELS, texts.values(), strict=True):
        if len(text) > 300:
            raise Invalid(f"“{label}”不超过 300 字，请精简后再提交。")
    return {**texts, "assistants": draft.assistants}


@transaction.atomic
def record_notice(ref: str, number: str, *, delivery: Delivery, by: Actor, at: datetime) -> None:
    """The number of the notice given to the enterprise, and how it was delivered."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    _check_before_start(found)
    if not number.strip() or len(number.strip()) > 80:
        raise Invalid("请填写检查通知书的文号，不超过 80 字。")
    set_once(
        row,
        {"notice_at": None},
        notice_number=number.strip(),
        notice_delivery=delivery.value,
        notice_by=by.ref,
        notice_at=at,
    )
    data = {"delivery": delivery.value, "number": number.strip()}
    audit.append(EventKind.NOTICE_RECORDED, about=ref, by=by, at=at, data=data)


def _check_before_start(found: VisitRow) -> None:
    if found.state not in BEFORE_START:
        raise Refused(
            f"这次检查现在是“{found.state.label}”状态，批准和通知须在到场之前办理。请核对后再办。"
        )


@transaction.atomic
def confirm_briefing(ref: str, *, read_at: datetime | None = None, by: Actor, at: datetime) -> None:
    """An officer has studied the site and the law before the visit; twice changes nothing.

    `read_at` is the hour a phone claims that could not send it at once.
    """
    row, found = own_row(ref, by), reads.visit(ref)
    member = check_member(by, found, day_of(at))
    if found.state not in (*BEFORE_START, VisitState.STARTED):
        raise Refused(f"这次检查现在是“{found.state.label}”状态，检查前学习须在提交记录之前确认。")
    if row.readings.filter(inspector=member).exists():
        return
    models.BriefingReading.objects.create(
        visit=row,
        inspector=member,
        name=by.name,
        item_list_version=found.item_list_version,
        at=read_at or at,
    )
    data = {"inspector": member, "item_list_version": found.item_list_version}
    audit.append(EventKind.BRIEFING_CONFIRMED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def note_safety(ref: str, draft: SafetyDraft, *, by: Actor, at: datetime) -> None:
    """What the site of a visit asks of whoever comes in; the next visit's briefing shows it."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_may_follow(by, found, day_of(at))
    rules, gear, source = said(draft.rules), said(draft.gear), said(draft.source)
    if not rules and not gear:
        raise Invalid("请填写安全规定或者防护用品，至少一项。")
    for label, text, longest in (("安全规定", rules, 1000), ("防护用品", gear, 500)):
        if len(text) > longest:
            raise Invalid(f"“{label}”不超过 {longest} 字，请精简后再登记。")
    models.SiteSafety.objects.create(
        subject=row.subject,
        rules=rules,
        gear=gear,
        source=source[:200],
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data = {"gear": gear, "rules": rules, "subject": found.subject}
    audit.append(EventKind.SITE_SAFETY_NOTED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def accept_visit(ref: str, *, has_arrived: bool = False, by: Actor, at: datetime) -> None:
    """A member of the team takes on a visit that was dispatched to it.

    Where a phone tells that the team is on site already, whether it should go is asked no more.
    """
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    if not has_arrived:
        check_team(found, at)
    move_visit(
        row, VisitState.ACCEPTED, accepted_by=by.ref, accepted_by_name=by.name, accepted_at=at
    )
    audit.append(EventKind.VISIT_ACCEPTED, about=ref, by=by, at=at)


@transaction.atomic
def start_visit(
    ref: str,
    *,
    client_id: str,
    arrived_at: datetime | None = None,
    entry_code: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """The team is on site: an empty record begins, with the time of arrival and nothing else."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_member(by, found, day_of(at))
    arrived = arrived_at or at
    body = RecordBody(started_at=arrived)
    if sent_before(row, client_id, body if arrived_at else None):
        return
    _check_arrival(found, arrived, at)
    if arrived_at is None:
        check_team(found, at)
    if says := missing_before_arrival(found, entry_code, day_of(at)):
        raise Refused("".join(says))
    move_visit(
        row,
        VisitState.STARTED,
        started_by=by.ref,
        started_at=arrived,
        begun_at=at,
        entry_code=entry_code.strip()[:80],
    )
    store_revision(row, body, kind=RevisionKind.DRAFT, client_id=client_id, base="", by=by, at=at)
    data = {"arrived_at": written(arrived), "digest": body.digest()}
    audit.append(EventKind.VISIT_STARTED, about=ref, by=by, at=at, data=data)


def _check_arrival(found: VisitRow, arrived: datetime, at: datetime) -> None:
    if arrived > at:
        raise Invalid("到场时间晚于现在，请核对手机的时间后再登记。")
    if arrived < found.dispatched_at:
        raise Invalid("到场时间早于任务派发的时间，请核对后再登记。")


@transaction.atomic
def void_visit(ref: str, reason: str, *, by: Actor, at: datetime) -> None:
    """The office ends a visit that has no submitted record; the row and its drafts stay."""
    check(by, Power.DISPATCH_VISIT)
    row, found = own_row(ref, by), reads.visit(ref)
    check_own_bureau(by, found)
    why = reason_of(reason, "作废检查")[:200]
    move_visit(
        row,
        VisitState.VOID,
        voided_by=by.ref,
        voided_by_name=by.name,
        voided_at=at,
        void_reason=why,
    )
    row.merged.filter(ended_at=None).update(ended_at=at)
    data = {"reason": why, "was": found.state.value}
    audit.append(EventKind.VISIT_VOIDED, about=ref, by=by, at=at, data=data)
    offsite.give_back(ref, why, by=by, at=at)
