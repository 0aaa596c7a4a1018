"""Records that were approved and opened again: what counts is the newest approved version."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from gongchou.core.terms import VisitResult, VisitState
from gongchou.inspection import models
from gongchou.inspection.rows import ReopeningRow, VisitRow
from gongchou.web.clock import day_of

# When something was approved, and the reopening that ended it; None where it still stands.
Approval = tuple[datetime, models.RecordReopening | None]


def reopenings(ref: str) -> tuple[ReopeningRow, ...]:
    """Every reopening of a visit's record, the oldest first."""
    rows = models.RecordReopening.objects.filter(visit__ref=ref).order_by("pk")
    return tuple(
        ReopeningRow(
            visit=ref,
            revision=row.revision,
            digest=row.digest,
            reason=row.reason,
            is_late=row.is_late,
            is_overlap=row.is_overlap,
            by=row.by_name,
            at=row.at,
            reviewed_by=row.reviewed_by_name,
            reviewed_at=row.reviewed_at,
            visit_result=VisitResult(row.visit_result),
        )
        for row in rows
    )


def _approvals(row: models.Visit, on: date) -> Iterator[Approval]:
    ended = [(held.reviewed_at, held) for held in row.reopenings.all()]
    stands = row.reviewed_at if row.state == VisitState.REVIEWED.value else None
    yield from (one for one in ended if day_of(one[0]) <= on)
    if stands is not None and day_of(stands) <= on:
        yield stands, None


def approved_on(row: models.Visit, found: VisitRow, quarter: str, on: date) -> VisitRow | None:
    """The visit as its newest approval by the end of a day says, or None without one."""
    approvals = sorted(_approvals(row, on), key=lambda one: one[0])
    if not approvals:
        return None
    held = approvals[-1][1]
    stands = found if held is None else _as_approved(found, held)
    return stands if stands.quarter == quarter else None


def _as_approved(found: VisitRow, held: models.RecordReopening) -> VisitRow:
    return replace(
        found,
        state=VisitState.REVIEWED,
        revision=held.revision,
        reviewed_by=held.reviewed_by_name,
        reviewed_at=held.reviewed_at,
        quarter=held.quarter,
        ended_on=held.ended_on,
        visit_result=VisitResult(held.visit_result),
        problem_count=held.problem_count,
    )
