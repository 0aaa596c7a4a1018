"""What follows a visit: an order, a later look, a case, a hand-over."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import CorrectionState, VisitResult
from gongchou.inspection import models, reads
from gongchou.inspection.drafts import CaseDraft, OrderDraft, RevocationDraft, TransferDraft
from gongchou.inspection.permissions import check_may_follow
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.writers import own_row
from gongchou.web.clock import day_of

# An idle, closed or clean site gives no ground for an order or a case.
WITHOUT_CAUSE = (
    VisitResult.NO_PROBLEM,
    VisitResult.NOT_OPERATING,
    VisitResult.CLOSED_OR_MOVED,
)


def _open(ref: str, by: Actor, at: datetime) -> tuple[models.Visit, VisitRow]:
    """A visit with a submitted record that gives cause for something to follow."""
    row, found = own_row(ref, by), reads.visit(ref)
    check_may_follow(by, found, day_of(at))
    if found.submitted_at is None:
        raise Refused("检查记录还没有提交，请在提交后登记后续办理。")
    if found.visit_result in WITHOUT_CAUSE:
        assert found.visit_result is not None
        raise Refused(
            f"这次检查的结果是“{found.visit_result.label}”，没有需要责令改正、立案或移送的问题。"
        )
    return row, found


def _text(text: str, what: str, longest: int) -> str:
    clean = said(text)
    if not clean or len(clean) > longest:
        raise Invalid(f"请填写{what}，不超过 {longest} 字。")
    return clean


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
    says = _text(draft.says, "改正要求", 1000)
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
def record_follow_up(
    order: str, says: str, *, on: date, is_corrected: bool, by: Actor, at: datetime
) -> None:
    """A look at one order after it was issued; where all is put right the order closes."""
    row = models.CorrectionOrder.objects.filter(ref=order).select_related("visit").first()
    if row is None:
        raise Refused(f"没有编号为 {order} 的责令改正，请从检查页面进入。")
    found = reads.visit(row.visit.ref)
    check_may_follow(by, found, day_of(at))
    if on < row.issued_on or on > day_of(at):
        raise Invalid("复查日期应在责令改正作出之后，且不晚于今天，请核对。")
    clean = _text(says, "复查情况", 1000)
    if row.state == CorrectionState.CLOSED.value:
        raise Refused("这份责令改正已经办结，不需要再登记复查。")
    if is_corrected:
        _close(row, on)
    models.FollowUp.objects.create(
        order=row,
        on=on,
        is_corrected=is_corrected,
        says=clean,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data: dict[str, Canonical] = {"is_corrected": int(is_corrected), "on": str(on), "order": order}
    audit.append(EventKind.FOLLOW_UP_RECORDED, about=found.ref, by=by, at=at, data=data)


def _close(row: models.CorrectionOrder, on: date) -> None:
    was = CorrectionState(row.state)
    to = move(was, CorrectionState.CLOSED).value
    rows = models.CorrectionOrder.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=to, closed_on=on) != 1:
        raise Stale("这份责令改正刚被他人办结，请刷新页面查看。")


@transaction.atomic
def file_case(ref: str, draft: CaseDraft, *, by: Actor, at: datetime) -> None:
    """A case was filed, or decided: each is an entry of its own, nothing is written over."""
    row, found = _open(ref, by, at)
    number = _text(draft.number, "立案号", 80)
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
    data: dict[str, Canonical] = {
        "amount_fen": draft.amount_fen,
        "decision": decision,
        "number": number,
    }
    audit.append(EventKind.CASE_FILED, about=ref, by=by, at=at, data=data)


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
    row, _ = _open(ref, by, at)
    number = _text(draft.decision_number, "决定书文号", 80)
    decided = row.filings.filter(decision_number=number).order_by("-pk").first()
    if decided is None or decided.decided_on is None:
        raise Refused(f"这次检查没有文号为“{number}”的处罚决定，请核对后从“后续办理”中选择。")
    if not decided.decided_on <= draft.revoked_on <= day_of(at):
        raise Invalid("撤销日期应在决定之后，且不晚于今天，请核对。")
    authority = _text(draft.authority, "作出撤销的机关", 200)
    says = _text(draft.says, "撤销理由", 200)
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
    data = {"decision": number, "on": str(draft.revoked_on), "reason": says}
    audit.append(EventKind.DECISION_REVOKED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def transfer_case(ref: str, draft: TransferDraft, *, by: Actor, at: datetime) -> None:
    """The matter goes to the authority that decides it."""
    row, found = _open(ref, by, at)
    to_whom = _text(draft.to_whom, "移送给哪个机关", 200)
    says = _text(draft.says, "移送事项", 500)
    _check_day(draft.moved_on, "移送日期", found, at)
    models.Transfer.objects.create(
        visit=row,
        number=said(draft.number)[:80],
        to_whom=to_whom,
        moved_on=draft.moved_on,
        says=says,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data = {"on": str(draft.moved_on), "to": to_whom}
    audit.append(EventKind.CASE_TRANSFERRED, about=ref, by=by, at=at, data=data)
