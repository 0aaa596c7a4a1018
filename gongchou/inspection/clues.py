"""Clues: what officers saw elsewhere and what citizens told, and what was done about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from gongchou.core.refusals import Refused
from gongchou.core.terms import ClueState
from gongchou.inspection import models


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueRow:
    """One clue: where it came from, and how it ended if it has."""

    ref: str
    visit: str
    near: str
    letter: str
    place: str
    says: str
    by: str
    at: datetime
    state: ClueState
    answered_by: str
    ending: str
    ended_by: str
    ended_at: datetime | None

    @property
    def ground(self) -> str:
        """Why a visit for this clue is made, in the words that go into its record."""
        return f"群众举报 {self.letter}" if self.letter else f"检查途中发现的线索 {self.ref}"


def _row(row: models.Clue) -> ClueRow:
    ending = getattr(row, "ending", None)
    state = ClueState.OPEN
    if ending is not None:
        state = ClueState.VISITED if ending.visit else ClueState.CLOSED
    return ClueRow(
        ref=row.ref,
        visit=row.visit.ref if row.visit else "",
        near=row.visit.subject_name if row.visit else "",
        letter=row.letter,
        place=row.place,
        says=row.says,
        by=row.by_name,
        at=row.at,
        state=state,
        answered_by=ending.visit.ref if ending and ending.visit else "",
        ending=ending.says if ending else "",
        ended_by=ending.by_name if ending else "",
        ended_at=ending.at if ending else None,
    )


def _of(bureau: str) -> QuerySet[models.Clue]:
    own = Q(visit__bureau__code=bureau) | Q(letter_bureau=bureau)
    rows = models.Clue.objects.filter(own)
    return rows.select_related("visit", "ending", "ending__visit")


def clues(bureau: str) -> tuple[ClueRow, ...]:
    """Clues of a bureau, those that wait first, then the newest first."""
    rows = [_row(row) for row in _of(bureau).order_by("-pk")]
    return tuple(sorted(rows, key=lambda row: row.state is not ClueState.OPEN))


def clues_about(bureau: str, subject: str, name: str) -> tuple[ClueRow, ...]:
    """Clues that name a site or were answered by a visit to it, the newest first."""
    about = Q(ending__visit__subject__ref=subject) | Q(place__contains=name)
    return tuple(_row(row) for row in _of(bureau).filter(about).order_by("-pk"))


def clue(ref: str, bureau: str) -> ClueRow:
    found = _of(bureau).filter(ref=ref).first()
    if found is None:
        raise Refused(f"本机构没有编号为 {ref} 的线索，请从“线索”页面进入。")
    return _row(found)


def clue_of_letter(letter: str, bureau: str) -> ClueRow | None:
    found = _of(bureau).filter(letter=letter).first()
    return _row(found) if found else None


def letters_of_visit(visit: str) -> Iterator[str]:
    """The letters because of which a visit was made."""
    rows = models.ClueEnding.objects.filter(visit__ref=visit).exclude(clue__letter="")
    yield from rows.values_list("clue__letter", flat=True)
