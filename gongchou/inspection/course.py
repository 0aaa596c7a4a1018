"""The course of a visit beside its record: who got it, what it waits for, what lies elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongchou.core.terms import CardLevel, ReceiptWay, VisitState, VisitWait
from gongchou.inspection import models
from gongchou.inspection.rows import VisitRow
from gongchou.web.clock import start_of

OPEN = (VisitState.DISPATCHED, VisitState.ACCEPTED, VisitState.STARTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """An officer of the team and when the dispatch arrived; `at` is None where it has not."""

    inspector: str
    name: str
    way: ReceiptWay | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A reminder; `ended_at` is the hour of the record that ended it, None while it stands.

    `is_over` where it stands no more, be it without such an hour (a void visit).
    """

    visit: str
    rule: str
    level: CardLevel
    says: str
    at: datetime
    ended_at: datetime | None
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraRow:
    device: str
    number: str
    began_at: datetime | None
    says: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """What the leader wrote when consenting."""

    reason: str
    assistants: int
    unannounced_ground: str
    emergency_reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalRow:
    system: str
    number: str
    by: str
    at: datetime


def receipts(found: VisitRow) -> tuple[ReceiptRow, ...]:
    """The team in its order, each with the own receipt."""
    held = models.VisitReceipt.objects.filter(visit__ref=found.ref)
    rows = {row.inspector: row for row in held}
    return tuple(_receipt(one.ref, one.name, rows.get(one.ref)) for one in found.inspectors)


def received_by(inspector: str) -> frozenset[str]:
    """Refs of the visits of which this officer has the dispatch: a phone asks at every refresh."""
    rows = models.VisitReceipt.objects.filter(inspector=inspector)
    return frozenset(rows.values_list("visit__ref", flat=True))


def _receipt(inspector: str, name: str, row: models.VisitReceipt | None) -> ReceiptRow:
    way = ReceiptWay(row.way) if row else None
    return ReceiptRow(inspector=inspector, name=name, way=way, at=row.at if row else None)


def waits_of(found: VisitRow) -> Mapping[VisitWait, datetime]:
    """What a visit waits for now, and since when; empty where nothing keeps it waiting."""
    match found.state:
        case VisitState.DISPATCHED:
            waits = {VisitWait.ACCEPTANCE: found.dispatched_at}
            has_all = all(row.at for row in receipts(found))
            return waits if has_all else {VisitWait.RECEIPT: found.dispatched_at, **waits}
        case VisitState.ACCEPTED:
            return {VisitWait.ARRIVAL: end_of(found.planned_on)}
        case VisitState.STARTED if found.started_at is not None:
            return {VisitWait.SUBMISSION: found.started_at}
        case _:
            return {}


def end_of(day: date) -> datetime:
    return start_of(day + timedelta(days=1))


def cards(found: VisitRow) -> tuple[CardRow, ...]:
    """Every reminder of a visit, the oldest first: they stay in the trace when they are over."""
    held = models.VisitReminder.objects.filter(visit__ref=found.ref).order_by("at", "pk")
    rows = list(held)
    waits = waits_of(found) if rows else {}
    ended = _ended(found) if rows else {}
    return tuple(
        CardRow(
            visit=found.ref,
            rule=row.rule,
            level=CardLevel(row.level),
            says=row.says,
            at=row.at,
            ended_at=None if row.waits_for in waits else ended.get(VisitWait(row.waits_for)),
            is_over=row.waits_for not in waits,
        )
        for row in rows
    )


def _ended(found: VisitRow) -> Mapping[VisitWait, datetime | None]:
    got = [row.at for row in receipts(found) if row.at]
    return {
        VisitWait.RECEIPT: max(got) if len(got) == len(found.inspectors) else None,
        VisitWait.ACCEPTANCE: found.accepted_at,
        VisitWait.ARRIVAL: found.begun_at,
        VisitWait.SUBMISSION: found.submitted_at,
    }


def standing_cards(bureau: str, rows: tuple[VisitRow, ...]) -> tuple[tuple[VisitRow, CardRow], ...]:
    """The most urgent card that stands of each of these visits."""
    held = models.VisitReminder.objects.filter(visit__bureau__code=bureau)
    reminded = set(held.values_list("visit__ref", flat=True))
    found = []
    for row in rows:
        if row.ref in reminded and (standing := [c for c in cards(row) if not c.is_over]):
            found.append((row, max(standing, key=lambda card: card.level is CardLevel.RED)))
    return tuple(found)


def cameras(visit: str) -> tuple[CameraRow, ...]:
    rows = models.CameraReference.objects.filter(visit__ref=visit).order_by("pk")
    return tuple(
        CameraRow(
            device=row.device,
            number=row.number,
            began_at=row.began_at,
            says=row.says,
            by=row.by_name,
            at=row.at,
        )
        for row in rows
    )


def approval(visit: str) -> ApprovalRow | None:
    row = models.VisitApproval.objects.filter(visit__ref=visit).first()
    if row is None:
        return None
    return ApprovalRow(
        reason=row.reason,
        assistants=row.assistants,
        unannounced_ground=row.unannounced_ground,
        emergency_reason=row.emergency_reason,
        by=row.by_name,
        at=row.at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyRow:
    """What to keep to and to wear on a site, who told it and when."""

    rules: str
    gear: str
    source: str
    by: str
    at: datetime


def safety(subject: str, bureau: str) -> SafetyRow | None:
    rows = models.SiteSafety.objects.filter(subject__ref=subject, subject__bureau__code=bureau)
    row = rows.order_by("-pk").first()
    if row is None:
        return None
    return SafetyRow(rules=row.rules, gear=row.gear, source=row.source, by=row.by_name, at=row.at)


def external_numbers(visit: str) -> tuple[ExternalRow, ...]:
    """Every number told so far, the newest first."""
    rows = models.ExternalNumber.objects.filter(visit__ref=visit).order_by("-pk")
    return tuple(
        ExternalRow(system=row.system, number=row.number, by=row.by_name, at=row.at) for row in rows
    )
