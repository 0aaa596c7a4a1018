"""Frozen sheets with their appeals, and problems that somebody has to mend."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet

from gongchou.core.assessment import Assessed, Counted, Excluded
from gongchou.core.oversight_terms import AssessmentPoint, MendingState
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.registry import people_reads
from gongchou.reporting import models


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    number: int
    point: AssessmentPoint
    record: str
    says: str
    by: str
    at: datetime
    is_upheld: bool | None
    answer: str
    answered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """One version of a sheet; `is_current` until a later one took its place.

    `appeals` are those of the versions before it too: an answer stays in sight.
    """

    ref: str
    bureau: str
    quarter: str
    about: str
    name: str
    is_unit: bool
    number: int
    body: Assessed
    digest: str
    made_by: str
    made_at: datetime
    is_current: bool
    appeals: tuple[AppealRow, ...]

    @property
    def period(self) -> Quarter:
        return Quarter.parse(self.quarter)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    ref: str
    about: str
    says: str
    owner: str
    owner_name: str
    due_on: date
    state: MendingState
    set_by: str
    set_by_name: str
    set_at: datetime
    mended_says: str
    checked_says: str
    checked_by: str

    def is_late(self, today: date) -> bool:
        return self.state is MendingState.OPEN and self.due_on < today


def plain(body: Assessed) -> dict[str, object]:
    """The form in which a sheet is frozen."""
    score = body.score
    return {
        "points": [
            [one.point.value, one.good, one.of, one.weight, list(one.short)] for one in body.points
        ],
        "score": [score.numerator, score.denominator] if score is not None else [],
    }


def _thawed(body: dict[str, Any]) -> Assessed:
    points = [
        Counted(
            point=AssessmentPoint(point),
            good=good,
            of=of,
            weight=weight,
            short=tuple(short),
        )
        for point, good, of, weight, short in body["points"]
    ]
    num, den = body["score"] or (0, 0)
    score = Fraction(num, den) if den else None
    return Assessed(points=tuple(points), score=score)


def _appeal(row: models.AssessmentAppeal) -> AppealRow:
    return AppealRow(
        number=row.pk,
        point=AssessmentPoint(row.point),
        record=row.record,
        says=row.says,
        by=row.by_name,
        at=row.at,
        is_upheld=row.is_upheld,
        answer=row.answer,
        answered_by=row.answered_by_name,
    )


def _appeals(row: models.AssessmentSheet) -> QuerySet[models.AssessmentAppeal]:
    return models.AssessmentAppeal.objects.filter(
        sheet__bureau=row.bureau,
        sheet__quarter=row.quarter,
        sheet__about=row.about,
        sheet__is_unit=row.is_unit,
        sheet__number__lte=row.number,
    )


def _sheet(row: models.AssessmentSheet, *, is_current: bool) -> SheetRow:
    return SheetRow(
        ref=row.ref,
        bureau=row.bureau.code,
        quarter=row.quarter,
        about=row.about,
        name=row.name,
        is_unit=row.is_unit,
        number=row.number,
        body=_thawed(row.body),
        digest=row.digest,
        made_by=row.made_by_name,
        made_at=row.made_at,
        is_current=is_current,
        appeals=tuple(_appeal(one) for one in _appeals(row).order_by("pk")),
    )


def sheets(bureau: str, quarter: str = "", about: str = "") -> tuple[SheetRow, ...]:
    """The current sheets, sections after people, each in the order of names: never by score."""
    rows = models.AssessmentSheet.objects.filter(bureau__code=bureau).select_related("bureau")
    rows = rows.filter(quarter=quarter) if quarter else rows
    rows = rows.filter(about=about, is_unit=False) if about else rows
    newest: dict[tuple[str, str, bool], models.AssessmentSheet] = {}
    for row in rows.order_by("number"):
        newest[row.quarter, row.about, row.is_unit] = row
    found = [_sheet(row, is_current=True) for row in newest.values()]
    return tuple(sorted(found, key=lambda row: (row.quarter, row.is_unit, row.name, row.about)))


def sheet(ref: str, bureau: str) -> SheetRow:
    rows = models.AssessmentSheet.objects.select_related("bureau")
    row = rows.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused("没有这份考核表，请从列表进入。")
    same = rows.filter(bureau=row.bureau, quarter=row.quarter, about=row.about, is_unit=row.is_unit)
    return _sheet(row, is_current=not same.filter(number__gt=row.number).exists())


def is_own(row: SheetRow, by: Actor, on: date) -> bool:
    """Whether a sheet is about this person."""
    person = people_reads.inspector_of_person(by.ref, by.bureau, on)
    return not row.is_unit and person is not None and person.ref == row.about


def excluded(bureau: str, quarter: str, about: str) -> Excluded:
    """What upheld appeals of a person took out of the person's own sheet."""
    rows = models.AssessmentAppeal.objects.filter(
        sheet__bureau__code=bureau,
        sheet__quarter=quarter,
        sheet__about=about,
        sheet__is_unit=False,
        is_upheld=True,
    )
    pairs = rows.values_list("point", "record")
    return frozenset((AssessmentPoint(point), record) for point, record in pairs)


def open_appeals(bureau: str) -> int:
    rows = models.AssessmentAppeal.objects.filter(sheet__bureau__code=bureau, is_upheld=None)
    return rows.count()


def _task(row: models.MendingTask) -> TaskRow:
    return TaskRow(
        ref=row.ref,
        about=row.about,
        says=row.says,
        owner=row.owner_ref,
        owner_name=row.owner_name,
        due_on=row.due_on,
        state=MendingState(row.state),
        set_by=row.set_by_ref,
        set_by_name=row.set_by_name,
        set_at=row.set_at,
        mended_says=row.mended_says,
        checked_says=row.checked_says,
        checked_by=row.checked_by_name,
    )


def tasks(bureau: str, owner: str = "") -> tuple[TaskRow, ...]:
    """The open ones first, by their last day."""
    rows = models.MendingTask.objects.filter(bureau__code=bureau).order_by("due_on", "pk")
    rows = rows.filter(owner_ref=owner) if owner else rows
    found = [_task(row) for row in rows]
    return tuple(sorted(found, key=lambda row: row.state is MendingState.CLOSED))


def task(ref: str, bureau: str) -> TaskRow:
    row = models.MendingTask.objects.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused("没有这件整改，请从列表进入。")
    return _task(row)
