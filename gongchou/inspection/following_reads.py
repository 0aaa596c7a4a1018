"""What followed visits: orders and looks, cases, transfers, revoked decisions."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from gongchou.core.refusals import Refused
from gongchou.core.terms import CorrectionState, TransferKind
from gongchou.inspection import models
from gongchou.inspection.look_reads import photo_row
from gongchou.inspection.rows import (
    Aftermath,
    CaseRow,
    FollowUpRow,
    OrderRow,
    RevocationRow,
    TransferRow,
)

# The parts of an aftermath, in the order in which they are read.
PARTS = ("orders", "cases", "transfers", "revocations")


def _order(row: models.CorrectionOrder) -> OrderRow:
    looks = sorted(row.follow_ups.all(), key=lambda look: (look.on, look.pk))
    return OrderRow(
        ref=row.ref,
        visit=row.visit.ref,
        document_number=row.document_number,
        says=row.says,
        issued_on=row.issued_on,
        due_on=row.due_on,
        state=CorrectionState(row.state),
        closed_on=row.closed_on,
        by=row.by_name,
        follow_ups=tuple(
            FollowUpRow(
                on=look.on,
                is_corrected=look.is_corrected,
                says=look.says,
                by=look.by_name,
                photos=tuple(photo_row(one, row.visit.ref) for one in look.photos.all()),
            )
            for look in looks
        ),
    )


def order(ref: str) -> OrderRow:
    rows = models.CorrectionOrder.objects.filter(ref=ref).select_related("visit")
    row = rows.prefetch_related("follow_ups__photos").first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的责令改正，请从检查页面进入。")
    return _order(row)


def aftermath(ref: str) -> Aftermath:
    """What followed one visit."""
    return aftermaths([ref])[ref]


def followed(refs: Collection[str]) -> set[str]:
    """Those of the visits that an order, a case or a transfer followed."""
    papers = (models.CorrectionOrder, models.CaseFiling, models.Transfer)
    return {
        ref
        for paper in papers
        for ref in paper.objects.filter(visit__ref__in=refs).values_list("visit__ref", flat=True)
    }


def aftermaths(refs: Collection[str]) -> dict[str, Aftermath]:
    """What followed each of these visits, by ref."""
    orders = models.CorrectionOrder.objects.prefetch_related("follow_ups__photos")
    filings = models.CaseFiling.objects.order_by("filed_on", "pk")
    moves = models.Transfer.objects.select_related("receipt").order_by("moved_on", "pk")
    revoked = models.DecisionRevocation.objects.order_by("revoked_on", "pk")
    held = [
        _by_visit(rows.filter(visit__ref__in=refs).select_related("visit"), made)
        for rows, made in (
            (orders.order_by("pk"), _order),
            (filings, _case),
            (moves, _transfer),
            (revoked, _revocation),
        )
    ]
    return {
        ref: Aftermath(
            **{name: found.get(ref, ()) for name, found in zip(PARTS, held, strict=True)}
        )
        for ref in refs
    }


def _by_visit(rows: Iterable[Any], made: Callable[[Any], Any]) -> dict[str, tuple[Any, ...]]:
    """Rows of papers, in their order, under the visit they belong to."""
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        found[row.visit.ref] = (*found.get(row.visit.ref, ()), made(row))
    return found


def _case(row: models.CaseFiling) -> CaseRow:
    return CaseRow(
        number=row.number,
        filed_on=row.filed_on,
        says=row.says,
        decision_number=row.decision_number,
        decided_on=row.decided_on,
        amount_fen=row.amount_fen,
        by=row.by_name,
    )


def _transfer(row: models.Transfer) -> TransferRow:
    held = getattr(row, "receipt", None)
    return TransferRow(
        key=row.pk,
        kind=TransferKind(row.kind),
        number=row.number,
        to_whom=row.to_whom,
        moved_on=row.moved_on,
        says=row.says,
        by=row.by_name,
        received_on=held.received_on if held else None,
        received_by=held.received_by if held else "",
        receipt_number=held.number if held else "",
        packet=held.packet if held else "",
    )


def _revocation(row: models.DecisionRevocation) -> RevocationRow:
    same = ("decision_number", "revoked_on", "authority", "document_number", "says")
    return RevocationRow(
        visit=row.visit.ref, by=row.by_name, **{name: getattr(row, name) for name in same}
    )


def revocations(bureau: str) -> tuple[RevocationRow, ...]:
    """Decisions of a bureau that do not stand any more, the oldest first."""
    rows = models.DecisionRevocation.objects.filter(visit__bureau__code=bureau)
    rows = rows.select_related("visit").order_by("revoked_on", "pk")
    return tuple(_revocation(row) for row in rows)


def open_orders(bureau: str) -> tuple[OrderRow, ...]:
    """Orders not yet closed, the soonest due first."""
    rows = models.CorrectionOrder.objects.filter(
        visit__bureau__code=bureau, state=CorrectionState.OPEN.value
    )
    rows = rows.select_related("visit").prefetch_related("follow_ups__photos")
    return tuple(_order(row) for row in rows.order_by("due_on", "ref"))


def late_orders(bureau: str, today: date) -> tuple[OrderRow, ...]:
    return tuple(order for order in open_orders(bureau) if order.is_late(today))
