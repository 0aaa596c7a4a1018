"""From decided records to facts: who was planned, drawn, visited, checked and published.

Only what is decided is counted: approved plans, draws made, reviewed visits, concluded checks,
published results. The same records give the same facts, in the same order.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from gongchou.core.canon import HASHES
from gongchou.core.shares import NOTHING_TO_VISIT
from gongchou.core.statistics import Fact, Record, gathered
from gongchou.core.terms import (
    InspectionKind,
    JointKind,
    Measure,
    OffsiteConclusion,
    PersonGroup,
    RecordKind,
    Stratum,
    VisitResult,
)
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """An approved plan: its day, and per stratum subjects, base and owed; people by group.

    `parts` are base and owed of the kinds of subject with a ratio of their own, by stratum and
    part; the numbers of their stratum are then those of the rest.
    """

    ref: str
    snapshot_ref: str
    on: date
    approved_on: date
    strata: tuple[tuple[Stratum, int, int, int], ...]
    people: tuple[tuple[PersonGroup, int], ...]
    parts: tuple[tuple[Stratum, str, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRecord:
    """How many of a stratum a draw took, on a day."""

    ref: str
    on: date
    stratum: Stratum
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """A reviewed visit; `person_units` has one entry for each inspector.

    `is_after_hours` where it ended on the last day, but after the hour the policy sets (note 33).
    """

    ref: str
    subject: str
    ended_on: date
    visit_result: VisitResult
    task: str
    stratum: Stratum | None = None
    part: str = ""
    inspection_kind: InspectionKind = InspectionKind.DAILY
    is_random: bool = True
    is_tiered: bool = True
    joint_kind: JointKind = JointKind.NONE
    unit_count: int = 1
    person_units: tuple[str, ...] = ()
    problem_count: int = 0
    has_order: bool = False
    has_case: bool = False
    is_transferred: bool = False
    penalty_fen: int = 0
    paper_on: date | None = None
    publish_by: date
    published_on: date | None = None
    publication: str = ""
    is_after_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRecord:
    """A concluded off-site check."""

    ref: str
    concluded_on: date
    conclusion: OffsiteConclusion
    stratum: Stratum = Stratum.GENERAL_LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRecord:
    """A unit checked off site that is covered: by which record, since when."""

    subject: str
    by: str
    kind: RecordKind
    on: date
    part: str = ""
    stratum: Stratum = Stratum.GENERAL_LISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterRecords:
    """Everything decided that a quarter's facts are counted from."""

    quarter: Quarter
    deadline: date
    unvisitable_counts: bool
    both_count_internal: bool
    plan: PlanRecord | None = None
    draws: tuple[DrawRecord, ...] = ()
    visits: tuple[VisitRecord, ...] = ()
    checks: tuple[CheckRecord, ...] = ()
    covers: tuple[CoverRecord, ...] = ()


def facts_of(records: QuarterRecords) -> tuple[Fact, ...]:
    """The facts of a quarter, by key; late is kept apart from in time."""
    held = [visit for visit in records.visits if Quarter.of(visit.ended_on) == records.quarter]
    random = sorted((v for v in held if v.is_random), key=lambda v: (v.ended_on, v.ref))
    rest = [v for v in held if not v.is_random]
    found = [
        *_of_plan(records.plan),
        *_of_draws(records.draws),
        *_of_done(random, records),
        *(fact for visit in random for fact in _of_visit(visit, records)),
        *_of_subjects(random),
        *_of_publication(random),
        *(_one(v, Measure.OTHER_VISITS, kind=v.inspection_kind.value) for v in rest),
        *_of_offsite(records),
    ]
    return gathered(records.quarter, found)


def _of_plan(plan: PlanRecord | None) -> Iterator[Fact]:
    if plan is None:
        return
    by_plan = (Record(kind=RecordKind.PLAN, ref=plan.ref),)
    by_snapshot = (Record(kind=RecordKind.SNAPSHOT, ref=plan.snapshot_ref),)
    for stratum, subjects, base, owed in plan.strata:
        counts = ((Measure.SUBJECTS, subjects), (Measure.BASE, base), (Measure.OWED, owed))
        for measure, count in counts:
            day = plan.approved_on if measure is Measure.OWED else plan.on
            yield Fact(measure=measure, day=day, stratum=stratum, count=count, records=by_plan)
    for stratum, part, base, owed in plan.parts:
        for measure, day, count in (
            (Measure.BASE, plan.on, base),
            (Measure.OWED, plan.approved_on, owed),
        ):
            yield Fact(
                measure=measure, day=day, stratum=stratum, kind=part, count=count, records=by_plan
            )
    for group, count in plan.people:
        yield Fact(
            measure=Measure.PEOPLE,
            day=plan.on,
            kind=group.value,
            count=count,
            records=by_snapshot,
        )


def _of_draws(draws: Iterable[DrawRecord]) -> Iterator[Fact]:
    for draw in draws:
        yield Fact(
            measure=Measure.DRAWN,
            day=draw.on,
            stratum=draw.stratum,
            count=draw.count,
            records=(Record(kind=RecordKind.DRAW, ref=draw.ref),),
        )


def _one(visit: VisitRecord, measure: Measure, *, count: int = 1, kind: str = "") -> Fact:
    return Fact(
        measure=measure,
        day=visit.ended_on,
        stratum=visit.stratum,
        kind=kind,
        count=count,
        records=(Record(kind=RecordKind.VISIT, ref=visit.ref),),
    )


def _of_done(visits: Iterable[VisitRecord], records: QuarterRecords) -> Iterator[Fact]:
    """Each subject once, on the day it was first done (notes 14, 29, 34)."""
    seen: set[tuple[Stratum, str]] = set()
    for visit in visits:
        if visit.stratum is None or (visit.stratum, visit.subject) in seen:
            continue
        if visit.visit_result in NOTHING_TO_VISIT and not records.unvisitable_counts:
            continue
        seen.add((visit.stratum, visit.subject))
        is_late = visit.ended_on > records.deadline or visit.is_after_hours
        yield _one(visit, Measure.DONE_LATE if is_late else Measure.DONE, kind=visit.part)


def _of_visit(visit: VisitRecord, records: QuarterRecords) -> Iterator[Fact]:
    """What one random visit counts for; a visit of several items is one visit (note 15)."""
    is_own = visit.joint_kind is not JointKind.JOINT_CROSS_DEPT
    also_internal = not is_own and records.both_count_internal and visit.unit_count > 1
    yield _one(visit, Measure.VISITS)
    counts = (
        (Measure.TIERED, visit.is_tiered),
        (Measure.OWN_VISITS, is_own or also_internal),
        (
            Measure.JOINT_INTERNAL,
            visit.joint_kind is JointKind.JOINT_INTERNAL or also_internal,
        ),
        (Measure.PROBLEMS, visit.problem_count),
        (Measure.ORDERED, visit.has_order),
        (Measure.CASES, visit.has_case),
        (Measure.PENALTY_FEN, visit.penalty_fen),
        (Measure.TRANSFERRED, visit.is_transferred),
        (Measure.FORMS_IN, visit.paper_on is not None),
    )
    for measure, count in counts:
        if count:
            yield _one(visit, measure, count=int(count))
    for unit in sorted(visit.person_units):
        yield Fact(
            measure=Measure.PERSON_TIMES,
            day=visit.ended_on,
            unit=unit,
            count=1,
            records=(Record(kind=RecordKind.VISIT, ref=visit.ref),),
        )


def _of_subjects(visits: Iterable[VisitRecord]) -> Iterator[Fact]:
    """Things counted once however often they occur: subjects with problems, joint sessions."""
    seen: set[tuple[Measure, str]] = set()
    for visit in visits:
        is_cross = visit.joint_kind is JointKind.JOINT_CROSS_DEPT
        counts = (
            (Measure.PROBLEM_SUBJECTS, visit.subject, visit.problem_count > 0),
            (Measure.CROSS_SUBJECTS, visit.subject, is_cross),
            (Measure.CROSS_SESSIONS, visit.task, is_cross),
        )
        for measure, what, is_counted in counts:
            if is_counted and (measure, what) not in seen:
                seen.add((measure, what))
                yield replace(_one(visit, measure), unit=_short(what))


def _short(ref: str) -> str:
    """What tells a site or task apart in a fact, of one length whatever the ref."""
    return HASHES["sha256"](ref.encode()).hex()[:16]


def _of_publication(visits: Iterable[VisitRecord]) -> Iterator[Fact]:
    """A result is due on its last day and published on another."""
    for visit in visits:
        record = Record(kind=RecordKind.VISIT, ref=visit.ref)
        yield Fact(measure=Measure.PUBLISH_DUE, day=visit.publish_by, count=1, records=(record,))
        if visit.published_on is None:
            continue
        is_late = visit.published_on > visit.publish_by
        yield Fact(
            measure=Measure.PUBLISHED_LATE if is_late else Measure.PUBLISHED,
            day=visit.published_on,
            count=1,
            records=(record, Record(kind=RecordKind.PUBLICATION, ref=visit.publication)),
        )


def _of_offsite(records: QuarterRecords) -> Iterator[Fact]:
    for check in records.checks:
        is_short = check.conclusion is OffsiteConclusion.INSUFFICIENT_DATA
        yield Fact(
            measure=Measure.OFFSITE_SHORT if is_short else Measure.OFFSITE_CHECKS,
            day=check.concluded_on,
            stratum=check.stratum,
            kind=check.conclusion.value,
            count=1,
            records=(Record(kind=RecordKind.OFFSITE_CHECK, ref=check.ref),),
        )
    for cover in records.covers:
        is_late = cover.on > records.deadline
        yield Fact(
            measure=Measure.OFFSITE_COVERED,
            day=cover.on,
            stratum=cover.stratum,
            kind="late" if is_late else "",
            unit=cover.part,
            count=1,
            records=(Record(kind=cover.kind, ref=cover.by),),
        )
