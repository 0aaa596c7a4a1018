"""The positive list: units without a check yet, and checks that want a conclusion."""

from collections.abc import Iterator

from django.urls import reverse

from gongchou.core.powers import Power
from gongchou.core.terms import OffsiteCheckState
from gongchou.core.workdays import Quarter
from gongchou.desk.waiting.rows import Desk, Todo, address, is_past
from gongchou.offsite import clue_reads
from gongchou.offsite import reads as offsite
from gongchou.planning import reads as plans


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.RECORD_OFFSITE):
        yield from _uncovered(desk, desk.this)
    if desk.may(Power.TRIAGE_CLUE):
        yield from _clues(desk)
    if desk.may(Power.CONCLUDE_OFFSITE):
        for quarter in desk.quarters:
            yield from _unconcluded(desk, quarter)


def _uncovered(desk: Desk, quarter: Quarter) -> Iterator[Todo]:
    found = offsite.coverage(desk.bureau, str(quarter))
    if found is None or not found.missing:
        return
    due = plans.deadlines(desk.bureau, str(quarter)).task.on
    yield Todo(
        act="登记非现场检查",
        says=f"正面清单内应查 {found.required_count} 家，还有 {len(found.missing)} 家没有登记。",
        url=address("offsite:board", quarter=quarter) + "#missing",
        due=due,
        is_late=is_past(due, desk.today),
    )


def _clues(desk: Desk) -> Iterator[Todo]:
    count, due = clue_reads.waiting_count(desk.bureau, desk.today)
    if due is not None:
        yield Todo(
            act="研判线索",
            says=f"{count} 条线索等待研判。",
            url=address("offsite:clues"),
            due=due,
            is_late=due < desk.today,
        )


def _unconcluded(desk: Desk, quarter: Quarter) -> Iterator[Todo]:
    rows = offsite.checks(desk.bureau, str(quarter))
    waiting = [row for row in rows if row.state is OffsiteCheckState.RECORDED]
    if waiting:
        only = waiting[0] if len(waiting) == 1 else None
        yield Todo(
            act="作出非现场检查结论",
            says=f"{quarter.label}有 {len(waiting)} 份非现场检查已经登记，等待结论。",
            url=reverse("offsite:check", args=[only.ref])
            if only
            else address("offsite:board", quarter=quarter) + "#short",
        )
