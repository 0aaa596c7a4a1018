"""Decided records of the other rooms, as the core counts them; nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gongchou.accounts import reads as accounts
from gongchou.core.counting import (
    CheckRecord,
    CoverRecord,
    DrawRecord,
    PlanRecord,
    QuarterRecords,
    VisitRecord,
)
from gongchou.core.deadlines import is_past
from gongchou.core.quota import part_members
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import (
    JointKind,
    PersonGroup,
    RecordKind,
    Stratum,
)
from gongchou.core.workdays import Calendar, Quarter, publication_deadline
from gongchou.drawing import reads as drawing
from gongchou.inspection import reads as inspection
from gongchou.inspection.rows import VisitRow
from gongchou.law.load import load_calendar
from gongchou.offsite import past_reads
from gongchou.planning import reads as planning
from gongchou.publication import reads as publication
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of

WHOLE_DAY = "24:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """Where and when the result of a visit became public."""

    publication: str = ""
    on: date | None = None


def records(bureau: str, quarter: Quarter, on: date = date.max) -> QuarterRecords:
    """Everything decided that a quarter's facts are counted from, by the end of a day."""
    profile = profile_of(bureau, quarter.last)
    return QuarterRecords(
        quarter=quarter,
        deadline=planning.deadlines(bureau, str(quarter)).task.on,
        unvisitable_counts=profile.is_on("measure.unvisitable_counts", quarter.last),
        both_count_internal=profile.text("joint.both_counts_internal", quarter.last)
        == "when_two_units",
        plan=_plan(bureau, str(quarter), on),
        draws=_draws(bureau, str(quarter), on),
        visits=_visits(bureau, quarter, profile, on),
        checks=_checks(bureau, str(quarter), on),
        covers=_covers(bureau, str(quarter), on),
    )


def _plan(bureau: str, quarter: str, on: date) -> PlanRecord | None:
    """The plan in force; one that nobody approved owes nothing yet."""
    found = planning.approved_plan_on(bureau, quarter, on)
    if found is None or found.approved_at is None:
        return None
    classes = planning.classification(found.ref).rows
    people = registers.own_people(registers.frozen_snapshot(found.snapshot_ref)).inspectors
    certified = sum(person.is_certified for person in people)
    helpers = [row for row in registers.assistants(bureau, found.on) if not row.problem]
    return PlanRecord(
        ref=found.ref,
        snapshot_ref=found.snapshot_ref,
        on=found.on,
        approved_on=day_of(found.approved_at),
        strata=tuple(
            (
                row.stratum,
                sum(one.stratum is row.stratum for one in classes),
                row.base_count,
                row.required_count,
            )
            for row in found.strata
            if not row.part
        ),
        parts=tuple(
            (row.stratum, row.part, row.base_count, row.required_count)
            for row in found.strata
            if row.part
        ),
        people=(
            (PersonGroup.CERTIFIED, certified),
            (PersonGroup.SUPERVISION, len(people) - certified),
            (PersonGroup.AUXILIARY, len(helpers)),
        ),
    )


def _parts(bureau: str, quarter: str, on: date) -> dict[str, str]:
    """Which subjects of the plan in force are of a kind with a ratio of its own, and of which."""
    found = planning.approved_plan_on(bureau, quarter, on)
    if found is None or not any(row.part for row in found.strata):
        return {}
    classes, profile = planning.classification(found.ref), planning.policy_of(found.ref)
    subjects = {s.ref: s for s in registers.frozen_snapshot(found.snapshot_ref).subjects}
    return {
        ref: quota.part
        for stratum in Stratum
        for quota, members in part_members(classes, profile, stratum, subjects)
        for ref in members
    }


def _was_made(draw: drawing.DrawRow, on: date) -> bool:
    """Drawn by the end of a day, and not made void by then."""
    gone = draw.voided_at is not None and day_of(draw.voided_at) <= on
    return draw.drawn_at is not None and day_of(draw.drawn_at) <= on and not gone


def _draws(bureau: str, quarter: str, on: date) -> tuple[DrawRecord, ...]:
    """Draws that were made; their strata are named `key.fresh` and the like."""
    return tuple(
        DrawRecord(
            ref=draw.ref,
            on=day_of(draw.drawn_at),
            stratum=Stratum(stratum.name.split(".")[0]),
            count=stratum.drawn_count,
        )
        for draw in drawing.draws(bureau, quarter)
        if _was_made(draw, on) and draw.drawn_at is not None
        for stratum in draw.strata
    )


def _visits(
    bureau: str, quarter: Quarter, profile: PolicyProfile, on: date
) -> tuple[VisitRecord, ...]:
    """Reviewed visits that ended in the quarter, whichever quarter they were drawn for."""
    held = [
        row
        for planned in (quarter, quarter.previous())
        for row in inspection.reviewed_on(bureau, str(planned), on)
        if row.ended_on is not None and Quarter.of(row.ended_on) == quarter
    ]
    public = publication.public_on(bureau, [row.ref for row in held], on)
    shown = {ref: _Shown(publication=notice, on=day) for ref, (notice, day) in public.items()}
    calendar, days = load_calendar(), profile.number("publish.result", quarter.last)
    partners = accounts.partner_codes()
    parts = _parts(bureau, str(quarter), on)
    late = after_hours(bureau, quarter, held)
    return tuple(
        replace(
            _visit(row, shown.get(row.ref, _Shown()), calendar, days, partners),
            paper_on=_by(row.paper_received_on, on),
            part=parts.get(row.subject, ""),
            is_after_hours=row.ref in late,
        )
        for row in held
    )


def after_hours(bureau: str, quarter: Quarter, rows: Sequence[VisitRow]) -> frozenset[str]:
    """Visits that ended on the task's last day, but after the hour of the policy (note 33)."""
    cutoff = profile_of(bureau, quarter.last).text("deadline.cutoff", quarter.last)
    if cutoff == WHOLE_DAY:
        return frozenset()
    last = planning.deadlines(bureau, str(quarter)).task
    bodies = inspection.approved_bodies([row for row in rows if row.ended_on == last.on])
    return frozenset(
        ref
        for ref, body in bodies.items()
        if body.ended_at is not None and is_past(body.ended_at, last, cutoff)
    )


def _by(day: date | None, on: date) -> date | None:
    """A day that had come by another."""
    return day if day is not None and day <= on else None


def _session(row: VisitRow) -> str:
    """The task a visit counts for as a joint session: a merged one where that is the joint one."""
    cross = (one.task for one in row.merged if one.joint_kind is JointKind.JOINT_CROSS_DEPT)
    return next(cross, row.task)


def _visit(
    row: VisitRow, shown: _Shown, calendar: Calendar, days: int, partners: frozenset[str]
) -> VisitRecord:
    if row.ended_on is None or row.visit_result is None:
        raise ValueError(f"reviewed visit {row.ref} without end or result")
    return VisitRecord(
        ref=row.ref,
        subject=row.subject,
        ended_on=row.ended_on,
        visit_result=row.visit_result,
        task=_session(row),
        stratum=row.stratum,
        inspection_kind=row.inspection_kind,
        is_random=row.is_random,
        is_tiered=row.is_tiered,
        joint_kind=row.joint_kind,
        unit_count=len({*row.units} - partners),
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


def _checks(bureau: str, quarter: str, on: date) -> tuple[CheckRecord, ...]:
    plan = planning.approved_plan_on(bureau, quarter, on)
    strata = planning.offsite_members(plan.ref) if plan else {}
    return tuple(
        CheckRecord(
            ref=row.ref,
            concluded_on=row.concluded_on,
            conclusion=row.conclusion,
            stratum=strata.get(row.subject, Stratum.GENERAL_LISTED),
        )
        for row in past_reads.checks_on(bureau, quarter, on)
        if row.concluded_on is not None and row.conclusion is not None
    )


def _covers(bureau: str, quarter: str, on: date) -> tuple[CoverRecord, ...]:
    """Units of the positive list of the plan in force that day, and by what they are covered."""
    parts = _parts(bureau, quarter, on)
    return tuple(
        CoverRecord(
            subject=unit.subject,
            by=unit.cover.by,
            kind=RecordKind.OFFSITE_CHECK if unit.is_by_check else RecordKind.VISIT,
            on=unit.cover.on,
            part=parts.get(unit.subject, ""),
            stratum=unit.stratum,
        )
        for unit in past_reads.covered_on(bureau, quarter, on)
        if unit.cover.on is not None
    )
