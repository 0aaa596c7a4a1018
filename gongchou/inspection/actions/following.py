"""What follows a visit: an order, a later look, a case, a hand-over."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.roster import PenaltyFact
from gongchou.core.terms import CorrectionState
from gongchou.inspection import models, reads
from gongchou.inspection.drafts import CaseDraft, OrderDraft, RevocationDraft, TransferDraft
from gongchou.inspection.permissions import check_may_follow
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.writers import own_row, text_of
from gongchou.registry import actions as registry
from gongchou.web.clock import day_of


def _open(ref: str, by: Actor, at: datetime) -> tuple[models.Visit, VisitRow]:
    """A visit with a submitted record that gives cause for something to follow."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_may_follow(by, found, day_of(at))
    if found.submitted_at is None:
        raise Refused("检查记录还没有提交，请在提交后登记后续办理。")
    if found.visit_result is not None and not found.gives_cause:
        raise Refused(
            f"这次检查的结果是“{found.visit_result.label}”，没有需要责令改正、立案或移送的问题。"
        )
    return row, found


def _check_day(on: date, what: str, found: VisitRow, at: datetime) -> None:
    """Nothing follows a visit before it ended, and nothing is entered before it happened."""
    if on > day_of(at):
        raise Invalid(f"{what}晚于今天，请核对。")
    if found.ended_on is not None and on < found.ended_on:
        raise Invalid(f"{what}早于检查结束之日，请核对。")


@transaction.atomic
def order_correction(ref: str, draft: OrderDraft, *, by: Actor, at: datetime) -> str:
    """The enterprise must put the problem right by a day; returns the order's ref."""
    row, found = _open(ref, by, at)
    says = text_of(draft.says, "改正要求", 1000)
    _check_day(draft.issued_on, "作出日期", found, at)
    if draft.due_on < draft.issued_on:
        raise Invalid("改正期限早于作出日期，请核对。")
    number = row.orders.count() + 1
    try:
        with transaction.atomic():
            kept = models.CorrectionOrder.objects.create(
                ref=f"{ref}-O{number}",
                visit=row,
                document_number=said(draft.document_number)[:80],
                says=says,
                issued_on=draft.issued_on,
                due_on=draft.due_on,
                state=CorrectionState.OPEN.value,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("另一人刚登记了一份责令改正，请刷新页面核对后再登记。") from error
    data = {"due_on": str(draft.due_on), "order": kept.ref}
    audit.append(EventKind.CORRECTION_ORDERED, about=ref, by=by, at=at, data=data)
    return kept.ref


@transaction.atomic
def file_case(ref: str, draft: CaseDraft, *, by: Actor, at: datetime) -> None:
    """A case was filed, or decided: each is an entry of its own, nothing is written over."""
    row, found = _open(ref, by, at)
    number = text_of(draft.number, "立案号", 80)
    _check_day(draft.filed_on, "立案日期", found, at)
    decision = said(draft.decision_number)[:80]
    _check_decision(draft, decision, at)
    try:
        with transaction.atomic():
            models.CaseFiling.objects.create(
                visit=row,
                number=number,
                filed_on=draft.filed_on,
                says=said(draft.says)[:500],
                decision_number=decision,
                decided_on=draft.decided_on,
                amount_fen=draft.amount_fen,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Refused("这个案件已经登记过，没有重复登记。请刷新页面核对。") from error
    if draft.decided_on is not None:
        _tell_register(found, decision, draft.decided_on, by=by, at=at)
    data: dict[str, Canonical] = {
        "amount_fen": draft.amount_fen,
        "decision": decision,
        "number": number,
    }
    audit.append(EventKind.CASE_FILED, about=ref, by=by, at=at, data=data)


def _tell_register(
    visit: VisitRow,
    number: str,
    on: date,
    *,
    by: Actor,
    at: datetime,
    revoked_on: date | None = None,
) -> None:
    """The register knows the penalty from now on: the next classification reads it there."""
    fact = PenaltyFact(
        ref=visit.ref, document_number=number, decision_date=on, revoked_on=revoked_on
    )
    registry.record_penalty(visit.subject, fact, by=by, at=at)


def _check_decision(draft: CaseDraft, decision: str, at: datetime) -> None:
    if bool(decision) != (draft.decided_on is not None):
        raise Invalid("决定书文号和决定日期应一并填写；尚未作出决定的，两项都不填。")
    if draft.amount_fen and not decision:
        raise Invalid("填写了罚款金额，请一并填写决定书文号和决定日期。")
    if draft.amount_fen < 0:
        raise Invalid("罚款金额不能是负数，请核对。")
    if draft.decided_on and not draft.filed_on <= draft.decided_on <= day_of(at):
        raise Invalid("决定日期应在立案之后，且不晚于今天，请核对。")


@transaction.atomic
def revoke_decision(ref: str, draft: RevocationDraft, *, by: Actor, at: datetime) -> None:
    """A decision was revoked, changed or found unlawful; its publication must go within days."""
    row, found = _open(ref, by, at)
    number = text_of(draft.decision_number, "决定书文号", 80)
    decided = row.filings.filter(decision_number=number).order_by("-pk").first()
    if decided is None or decided.decided_on is None:
        raise Refused(f"这次检查没有文号为“{number}”的处罚决定，请核对后从“后续办理”中选择。")
    if not decided.decided_on <= draft.revoked_on <= day_of(at):
        raise Invalid("撤销日期应在决定之后，且不晚于今天，请核对。")
    authority = text_of(draft.authority, "作出撤销的机关", 200)
    says = text_of(draft.says, "撤销理由", 200)
    try:
        with transaction.atomic():
            models.DecisionRevocation.objects.create(
                visit=row,
                decision_number=number,
                revoked_on=draft.revoked_on,
                authority=authority,
                document_number=said(draft.document_number)[:80],
                says=says,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Refused("这份处罚决定已经登记过撤销，没有重复登记。请刷新页面核对。") from error
    gone = draft.revoked_on
    _tell_register(found, number, decided.decided_on, by=by, at=at, revoked_on=gone)
    data = {"decision": number, "on": str(gone), "reason": says}
    audit.append(EventKind.DECISION_REVOKED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def transfer_case(ref: str, draft: TransferDraft, *, by: Actor, at: datetime) -> None:
    """The matter goes to whoever files the case, decides the penalty or keeps the credit."""
    row, found = _open(ref, by, at)
    to_whom = text_of(draft.to_whom, "移送给哪个机关", 200)
    says = text_of(draft.says, "移送事项", 500)
    _check_day(draft.moved_on, "移送日期", found, at)
    models.Transfer.objects.create(
        visit=row,
        kind=draft.kind.value,
        number=said(draft.number)[:80],
        to_whom=to_whom,
        moved_on=draft.moved_on,
        says=says,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data = {"kind": draft.kind.value, "on": str(draft.moved_on), "to": to_whom}
    audit.append(EventKind.CASE_TRANSFERRED, about=ref, by=by, at=at, data=data)
