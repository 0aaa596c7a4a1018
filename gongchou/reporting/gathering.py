"""Decided records of the other rooms, as the core counts them; nothing here writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from gongchou.core.counting import (
    CheckRecord,
    CoverRecord,
    DrawRecord,
    PlanRecord,
    QuarterRecords,
    VisitRecord,
)
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import (
    DrawState,
    OffsiteCheckState,
    PersonGroup,
    PlanState,
    PublicationKind,
    PublicationState,
    RecordKind,
    Stratum,
    VisitState,
)
from gongchou.core.workdays import Calendar, Quarter, publication_deadline
from gongchou.drawing import reads as drawing
from gongchou.inspection import reads as inspection
from gongchou.inspection.rows import VisitRow
from gongchou.law.load import load_calendar
from gongchou.offsite import reads as offsite
from gongchou.planning import reads as planning
from gongchou.planning import sums
from gongchou.publication import reads as publication
from gongchou.registry import reads as registers

SHANGHAI = ZoneInfo("Asia/Shanghai")
DRAWN = (DrawState.DRAWN, DrawState.SEALED, DrawState.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """Where and when the result of a visit became public."""

    publication: str = ""
    on: date | None = None


def records(bureau: str, quarter: Quarter) -> QuarterRecords:
    """Everything decided that a quarter's facts are counted from."""
    profile = sums.profile_of(bureau, quarter.last)
    return QuarterRecords(
        quarter=quarter,
        deadline=planning.deadlines(bureau, str(quarter)).task.on,
        unvisitable_counts=profile.is_on("measure.unvisitable_counts", quarter.last),
        both_count_internal=profile.text("joint.both_counts_internal", quarter.last)
        == "when_two_units",
        plan=_plan(bureau, str(quarter)),
        draws=_draws(bureau, str(quarter)),
        visits=_visits(bureau, quarter, profile),
        checks=_checks(bureau, str(quarter)),
        covers=_covers(bureau, str(quarter)),
    )


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _plan(bureau: str, quarter: str) -> PlanRecord | None:
    """The plan in force; one that nobody approved owes nothing yet."""
    found = planning.plan_of(bureau, quarter)
    if found is None or found.state is not PlanState.APPROVED or found.approved_at is None:
        return None
    classes = planning.classification(found.ref).rows
    people = registers.frozen_snapshot(found.snapshot_ref).inspectors
    certified = sum(person.is_certified for person in people)
    return PlanRecord(
        ref=found.ref,
        snapshot_ref=found.snapshot_ref,
        on=found.on,
        approved_on=_day(found.approved_at),
        strata=tuple(
            (
                row.stratum,
                sum(one.stratum is row.stratum for one in classes),
                row.base_count,
                row.required_count,
            )
            for row in found.strata
        ),
        people=(
            (PersonGroup.CERTIFIED, certified),
            (PersonGroup.SUPERVISION, len(people) - certified),
        ),
    )


def _draws(bureau: str, quarter: str) -> tuple[DrawRecord, ...]:
    """Draws that were made; their strata are named `key.fresh` and the like."""
    return tuple(
        DrawRecord(
            ref=draw.ref,
            on=_day(draw.drawn_at),
            stratum=Stratum(stratum.name.split(".")[0]),
            count=stratum.drawn_count,
        )
        for draw in drawing.draws(bureau, quarter)
        if draw.state in DRAWN and draw.drawn_at is not None
        for stratum in draw.strata
    )


def _visits(bureau: str, quarter: Quarter, profile: PolicyProfile) -> tuple[VisitRecord, ...]:
    """Reviewed visits that ended in the quarter, whichever quarter they were drawn for."""
    held = [
        row
        for planned in (quarter, quarter.previous())
        for row in inspection.visits(bureau, str(planned), state=VisitState.REVIEWED)
        if row.ended_on is not None and Quarter.of(row.ended_on) == quarter
    ]
    shown, calendar = _shown(bureau, [row.ref for row in held]), load_calendar()
    days = profile.number("publish.result", quarter.last)
    return tuple(_visit(row, shown.get(row.ref, _Shown()), calendar, days) for row in held)


def _shown(bureau: str, refs: list[str]) -> dict[str, _Shown]:
    """Public results; a corrected notice counts from the day its first version was public."""
    states = publication.publication_state_of_visits(bureau, refs)
    notices = publication.listed(bureau, kind=PublicationKind.RESULT_NOTICE)
    known = {notice.ref: notice for notice in notices}
    return {
        ref: _Shown(publication=row.publication, on=_first_day(known, row.publication))
        for ref, row in states.items()
        if row.state is PublicationState.PUBLISHED
    }


def _first_day(known: Mapping[str, publication.DocumentRow], ref: str) -> date | None:
    while known[ref].replaces in known:
        ref = known[ref].replaces
    return known[ref].published_on


def _visit(row: VisitRow, shown: _Shown, calendar: Calendar, days: int) -> VisitRecord:
    if row.ended_on is None or row.visit_result is None:
        raise ValueError(f"reviewed visit {row.ref} without end or result")
    return VisitRecord(
        ref=row.ref,
        subject=row.subject,
        ended_on=row.ended_on,
        visit_result=row.visit_result,
        task=row.task,
        stratum=row.stratum,
        inspection_kind=row.inspection_kind,
        is_random=row.is_random,
        is_tiered=row.is_tiered,
        joint_kind=row.joint_kind,
        unit_count=len(row.units),
        person_units=tuple(person.unit for person in row.inspectors),
        problem_count=row.problem_count,
        has_order=row.has_order,
        has_case=row.has_case,
        is_transferred=row.is_transferred,
        penalty_fen=row.penalty_amount_fen,
        paper_on=row.paper_received_on,
        publish_by=publication_deadline(row.ended_on, calendar, days=days).on,
        published_on=shown.on,
        publication=shown.publication,
    )


def _checks(bureau: str, quarter: str) -> tuple[CheckRecord, ...]:
    return tuple(
        CheckRecord(ref=row.ref, concluded_on=row.concluded_on, conclusion=row.conclusion)
        for row in offsite.checks(bureau, quarter)
        if row.state is OffsiteCheckState.CONCLUDED
        and row.concluded_on is not None
        and row.conclusion is not None
    )


def _covers(bureau: str, quarter: str) -> tuple[CoverRecord, ...]:
    """Units of the approved plan's positive list that are covered, and by what."""
    found = offsite.coverage(bureau, quarter)
    if found is None or not found.is_approved:
        return ()
    return tuple(
        CoverRecord(
            subject=unit.subject,
            by=unit.cover.by,
            kind=RecordKind.OFFSITE_CHECK
            if unit.check and unit.check.ref == unit.cover.by
            else RecordKind.VISIT,
            on=unit.cover.on,
        )
        for unit in found.covered
        if unit.cover.on is not None
    )
