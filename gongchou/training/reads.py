"""What was held and collected, as frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from gongchou.core.refusals import Refused
from gongchou.core.terms import TrainingKind
from gongchou.core.workdays import Quarter
from gongchou.training import models


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialRow:
    """A file of an event."""

    number: int
    name: str
    path: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRow:
    """Somebody of the bureau who took part."""

    person: str
    name: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """Something that was held; withdrawn ones count for nothing. `visit` is where, if at one."""

    ref: str
    kind: TrainingKind
    title: str
    held_on: date
    place: str
    held_by: str
    audience: str
    audience_count: int
    says: str
    laws: str
    visit: str
    recorded_by: str
    recorder_ref: str
    recorded_at: datetime
    materials: tuple[MaterialRow, ...]
    attendances: tuple[AttendanceRow, ...]
    withdrawn: str
    withdrawn_by: str

    @property
    def counts(self) -> bool:
        return not self.withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRow:
    """Something that worked well; `is_taken_up` None while nobody has decided."""

    ref: str
    title: str
    says: str
    effect: str
    unit: str
    offered_on: date
    offered_by: str
    offerer_ref: str
    is_taken_up: bool | None
    opinion: str
    decided_on: date | None
    decided_by: str


def _event_rows(bureau: str) -> QuerySet[models.TrainingEvent]:
    rows = models.TrainingEvent.objects.filter(bureau__code=bureau)
    return rows.select_related("withdrawal").prefetch_related("materials", "attendances")


def _event(row: models.TrainingEvent) -> EventRow:
    gone = getattr(row, "withdrawal", None)
    return EventRow(
        ref=row.ref,
        kind=TrainingKind(row.kind),
        title=row.title,
        held_on=row.held_on,
        place=row.place,
        held_by=row.held_by,
        audience=row.audience,
        audience_count=row.audience_count,
        says=row.says,
        laws=row.laws,
        visit=row.visit,
        recorded_by=row.recorded_by_name,
        recorder_ref=row.recorded_by_ref,
        recorded_at=row.recorded_at,
        materials=tuple(
            _material(one) for one in sorted(row.materials.all(), key=lambda one: one.number)
        ),
        attendances=tuple(
            AttendanceRow(person=one.person, name=one.person_name, unit=one.unit)
            for one in sorted(row.attendances.all(), key=lambda one: one.pk)
        ),
        withdrawn=gone.reason if gone else "",
        withdrawn_by=gone.by_name if gone else "",
    )


def _material(row: models.TrainingMaterial) -> MaterialRow:
    return MaterialRow(
        number=row.number,
        name=row.name,
        path=row.file,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        added_by=row.added_by_name,
        added_at=row.added_at,
    )


def events(bureau: str, since: date, until: date) -> tuple[EventRow, ...]:
    """Held between two days, both included, the latest first; withdrawn ones too."""
    rows = _event_rows(bureau).filter(held_on__gte=since, held_on__lte=until)
    return tuple(_event(row) for row in rows.order_by("-held_on", "-pk"))


def events_of_visit(bureau: str, visit: str) -> tuple[EventRow, ...]:
    """What was told during one visit."""
    rows = _event_rows(bureau).filter(visit=visit, withdrawal=None)
    return tuple(_event(row) for row in rows.order_by("pk"))


def attended(bureau: str, person: str) -> tuple[EventRow, ...]:
    """What one person of the bureau took part in and still counts, the latest first."""
    rows = _event_rows(bureau).filter(attendances__person=person, withdrawal=None)
    return tuple(_event(row) for row in rows.order_by("-held_on", "-pk"))


def event(ref: str, bureau: str) -> EventRow:
    row = _event_rows(bureau).filter(ref=ref).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的培训宣传登记，请从培训宣传页面进入。")
    return _event(row)


def material(ref: str, number: int, bureau: str) -> MaterialRow:
    found = next((one for one in event(ref, bureau).materials if one.number == number), None)
    if found is None:
        raise Refused("这次登记里没有这个文件，请从培训宣传页面进入。")
    return found


def practices(bureau: str) -> tuple[PracticeRow, ...]:
    """All that was collected, the latest first."""
    rows = models.GoodPractice.objects.filter(bureau__code=bureau).select_related("verdict")
    return tuple(_practice(row) for row in rows.order_by("-offered_on", "-pk"))


def practice(ref: str, bureau: str) -> PracticeRow:
    found = next((one for one in practices(bureau) if one.ref == ref), None)
    if found is None:
        raise Refused(f"本机构没有编号为 {ref} 的做法，请从培训宣传页面进入。")
    return found


def taken_up(bureau: str, quarter: Quarter) -> tuple[PracticeRow, ...]:
    """Practices that were taken up within a quarter, in the order in which they were."""
    found = [
        one
        for one in practices(bureau)
        if one.is_taken_up and one.decided_on and quarter.first <= one.decided_on <= quarter.last
    ]
    return tuple(sorted(found, key=lambda one: (one.decided_on or quarter.last, one.ref)))


def _practice(row: models.GoodPractice) -> PracticeRow:
    verdict = getattr(row, "verdict", None)
    return PracticeRow(
        ref=row.ref,
        title=row.title,
        says=row.says,
        effect=row.effect,
        unit=row.unit,
        offered_on=row.offered_on,
        offered_by=row.offered_by_name,
        offerer_ref=row.offered_by_ref,
        is_taken_up=verdict.is_taken_up if verdict else None,
        opinion=verdict.opinion if verdict else "",
        decided_on=verdict.decided_on if verdict else None,
        decided_by=verdict.by_name if verdict else "",
    )
