"""The bureau's own result codes, and what was chosen for visits."""

import re
from collections.abc import Collection
from datetime import date

from gongchou.core.terms import VisitResult
from gongchou.inspection import models
from gongchou.inspection.rows import LocalChoice, LocalResultRow, VisitRow

CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z._\u4e00-\u9fff-]*")
CODE_SAYS = "代码只能用汉字、字母、数字和“.”“_”“-”，以汉字、字母或数字开头。"


def is_code(text: str) -> bool:
    """Whether it can stand in an address and in a table of another platform."""
    return CODE.fullmatch(text) is not None


def _row(found: models.LocalResult) -> LocalResultRow:
    end = getattr(found, "end", None)
    return LocalResultRow(
        code=found.code,
        label=found.label,
        under=VisitResult(found.under),
        since=found.since,
        until=end.until if end else None,
        by=found.by_name,
    )


def local_results(bureau: str) -> tuple[LocalResultRow, ...]:
    """Every code of a bureau, by the standard result it stands under."""
    rows = models.LocalResult.objects.filter(bureau__code=bureau).select_related("end")
    order = list(VisitResult)
    return tuple(sorted(map(_row, rows), key=lambda row: (order.index(row.under), row.code)))


def choosable(bureau: str, under: VisitResult, on: date) -> tuple[LocalResultRow, ...]:
    """The codes in force on a day that say a standard result more closely."""
    rows = local_results(bureau)
    return tuple(row for row in rows if row.under is under and row.is_in_force(on))


def local_results_of(visits: Collection[str]) -> dict[str, LocalResultRow]:
    """What was chosen last for each of these visits; where that is nothing they are left out."""
    marks = models.LocalResultMark.objects.filter(visit__ref__in=visits)
    marks = marks.select_related("visit", "result__end").order_by("pk")
    newest = {mark.visit.ref: mark.result for mark in marks}
    return {ref: _row(result) for ref, result in newest.items() if result is not None}


def choice_of(visit: VisitRow) -> LocalChoice:
    """The codes offered for a visit; none before the record gives it a result."""
    if visit.visit_result is None:
        return LocalChoice(offered=(), held=None)
    on = visit.ended_on or visit.planned_on
    return LocalChoice(
        offered=choosable(visit.bureau, visit.visit_result, on),
        held=local_results_of([visit.ref]).get(visit.ref),
    )
