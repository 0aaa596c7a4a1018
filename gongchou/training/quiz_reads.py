"""Short tests and who passed them, as frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from gongchou.core.plain import from_plain
from gongchou.core.quiz import Question
from gongchou.core.refusals import Refused
from gongchou.training import models


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    person: str
    name: str
    number: int
    right: int
    is_passed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizRow:
    """A test with everything that was answered so far."""

    ref: str
    event: str
    event_title: str
    title: str
    questions: tuple[Question, ...]
    least: int
    attempts: int
    until: date
    by: str
    by_ref: str
    made: tuple[AttemptRow, ...]

    def attempts_of(self, person: str) -> tuple[AttemptRow, ...]:
        return tuple(one for one in self.made if one.person == person)

    @property
    def passed_count(self) -> int:
        return sum(one.is_passed for one in self.made)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """How one person stands in one test: the best of the attempts."""

    quiz: str
    title: str
    tried: int
    right: int
    of: int
    is_passed: bool
    until: date


def _rows(bureau: str) -> QuerySet[models.Quiz]:
    rows = models.Quiz.objects.filter(event__bureau__code=bureau, event__withdrawal=None)
    return rows.select_related("event").prefetch_related("made").order_by("-pk")


def _quiz(row: models.Quiz) -> QuizRow:
    return QuizRow(
        ref=row.ref,
        event=row.event.ref,
        event_title=row.event.title,
        title=row.title,
        questions=tuple(from_plain(Question, one) for one in row.questions),
        least=row.least,
        attempts=row.attempts,
        until=row.until,
        by=row.by_name,
        by_ref=row.by_ref,
        made=tuple(
            AttemptRow(
                person=one.person,
                name=one.person_name,
                number=one.number,
                right=one.right,
                is_passed=one.is_passed,
                at=one.at,
            )
            for one in sorted(row.made.all(), key=lambda one: one.pk)
        ),
    )


def quizzes(bureau: str, event: str = "") -> tuple[QuizRow, ...]:
    """The tests of a bureau, the newest first, where wanted about one event."""
    rows = _rows(bureau)
    return tuple(_quiz(row) for row in (rows.filter(event__ref=event) if event else rows))


def quiz(ref: str, bureau: str) -> QuizRow:
    row = _rows(bureau).filter(ref=ref).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的学习测试，请从培训宣传页面进入。")
    return _quiz(row)


def results(bureau: str, person: str) -> tuple[ResultRow, ...]:
    """Every test that a person tried, the newest first."""
    found = []
    for row in quizzes(bureau):
        if mine := row.attempts_of(person):
            found.append(
                ResultRow(
                    quiz=row.ref,
                    title=row.title,
                    tried=len(mine),
                    right=max(one.right for one in mine),
                    of=len(row.questions),
                    is_passed=any(one.is_passed for one in mine),
                    until=row.until,
                )
            )
    return tuple(found)


def open_for(bureau: str, person: str, today: date) -> tuple[QuizRow, ...]:
    """Tests by others about events the person attended, neither passed nor used up."""
    rows = _rows(bureau).filter(until__gte=today, event__attendances__person=person)
    found = (_quiz(row) for row in rows)
    return tuple(row for row in found if _is_open(row, person))


def _is_open(row: QuizRow, person: str) -> bool:
    mine = row.attempts_of(person)
    if row.by_ref == person:
        return False
    return len(mine) < row.attempts and not any(one.is_passed for one in mine)
