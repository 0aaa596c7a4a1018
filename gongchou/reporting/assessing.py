"""The marks of a quarter, person by person and section by section, from decided records."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from gongchou.accounts import reads as accounts
from gongchou.audit import reads as audit
from gongchou.core.assessment import Marked
from gongchou.core.deadlines import DeadlineSet
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import AssessmentPoint
from gongchou.core.terms import VisitResult
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.inspection.rows import VisitRow
from gongchou.planning import reads as planning
from gongchou.reporting import recheck_reads
from gongchou.reporting.gathering import after_hours

# Whom a sheet is about: ref of an inspector or code of a section, its name, whether a section.
About = tuple[str, str, bool]


def marks(bureau: str, quarter: Quarter, on: date) -> Mapping[About, list[Marked]]:
    """Reviewed random visits of the quarter, marked for each of the team and their sections."""
    # Whoever comes along from a partner department is of that department, not of a section.
    names = {row.code: row.name for row in accounts.bureaus()}
    names |= {unit.code: unit.name for unit in accounts.units(bureau)}
    found: defaultdict[About, list[Marked]] = defaultdict(list)
    ends = planning.deadlines(bureau, str(quarter))
    returned = {link.event.about for link in audit.of_kinds(bureau, (EventKind.RECORD_RETURNED,))}
    again = _again(bureau, str(quarter))
    rows = [row for row in inspection.reviewed_on(bureau, str(quarter), on) if row.is_random]
    late = after_hours(bureau, quarter, rows)
    for row in rows:
        own = [
            *_times(row, ends, on, is_after_hours=row.ref in late),
            *_quality(row, row.ref in returned),
            *again.get(row.ref, ()),
        ]
        for person in row.inspectors:
            found[person.ref, person.name, False] += own
        for unit in {person.unit for person in row.inspectors if person.unit}:
            found[unit, names.get(unit, unit), True] += own
    return found


def _times(row: VisitRow, ends: DeadlineSet, on: date, *, is_after_hours: bool) -> Iterable[Marked]:
    if row.ended_on is not None:
        is_good = row.ended_on <= ends.task.on and not is_after_hours
        yield Marked(point=AssessmentPoint.ON_TIME, record=row.ref, good=int(is_good))
    paper = row.paper_received_on
    if paper is not None or on > ends.forms.on:
        is_good = paper is not None and paper <= ends.forms.on
        yield Marked(point=AssessmentPoint.FORMS, record=row.ref, good=int(is_good))


def _quality(row: VisitRow, was_returned: bool) -> Iterable[Marked]:
    yield Marked(point=AssessmentPoint.WHOLE, record=row.ref, good=int(not was_returned))
    if row.problem_count:
        is_good = (
            row.has_order
            or row.has_case
            or row.is_transferred
            or row.visit_result is VisitResult.CORRECTED_ON_SPOT
        )
        yield Marked(point=AssessmentPoint.FOLLOWED, record=row.ref, good=int(is_good))


def _again(bureau: str, quarter: str) -> dict[str, list[Marked]]:
    """Items of a visit that was checked again, and how many were answered alike."""
    same: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for row in recheck_reads.answers(bureau, quarter):
        all_[row.visit] += 1
        same[row.visit] += row.first == row.second
    point = AssessmentPoint.AGREED
    return {
        ref: [Marked(point=point, record=ref, good=same[ref], of=count)]
        for ref, count in all_.items()
    }
