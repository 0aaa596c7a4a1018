"""Visits: to dispatch, to accept, to do, to complete, to review."""

from collections.abc import Iterable, Iterator

from gongchou.core.powers import Power
from gongchou.core.terms import ClueState, DrawState, VisitState
from gongchou.desk.waiting.rows import Desk, Todo, address
from gongchou.drawing import reads as draws
from gongchou.inspection import clues
from gongchou.inspection import reads as inspection
from gongchou.inspection.reads import VisitRow
from gongchou.registry import reads as registers

MINE = {
    VisitState.DISPATCHED: "接收检查",
    VisitState.ACCEPTED: "实施检查",
    VisitState.STARTED: "提交记录",
    VisitState.RETURNED: "补正记录",
}


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.DISPATCH_VISIT):
        yield from _to_dispatch(desk)
        yield from _clues(desk)
    if desk.may(Power.DO_VISIT):
        yield from _mine(desk)
    if desk.may(Power.REVIEW_RECORD):
        rows = inspection.visits(desk.bureau, state=VisitState.SUBMITTED)
        yield from _several(desk, "审核记录", rows, "记录已提交，等待审核")


def _to_dispatch(desk: Desk) -> Iterator[Todo]:
    for quarter in desk.quarters:
        for row in draws.draws(desk.bureau, str(quarter)):
            if row.state not in (DrawState.SEALED, DrawState.PUBLISHED):
                continue
            sent = inspection.dispatched_numbers(row.ref)
            waiting = [v for v in draws.released(row.ref) if v.number not in sent]
            days = [v.planned_on for v in waiting if v.excused_as is None]
            if days:
                yield Todo(
                    act="派发检查",
                    says=f"{row.draw_id}：已启封 {len(days)} 家，还没有派发给检查组。",
                    url=address("inspection:dispatch", row.ref),
                    due=min(days),
                    is_late=min(days) < desk.today,
                )


def _clues(desk: Desk) -> Iterator[Todo]:
    rows = [row for row in clues.clues(desk.bureau) if row.state is ClueState.OPEN]
    if rows:
        yield Todo(
            act="核实线索",
            says=f"{len(rows)} 条线索还没有安排检查，也没有写明核实情况。",
            url=address("inspection:clues"),
        )


def _mine(desk: Desk) -> Iterator[Todo]:
    me = registers.inspector_of_person(desk.actor.ref, desk.bureau, desk.today)
    if me is None:
        return
    for visit in inspection.my_visits(desk.bureau, me.ref):
        if act := MINE.get(visit.state):
            yield Todo(
                act=act,
                says=f"{visit.subject_name}（{visit.state.label}）",
                url=address("inspection:visit", visit.ref),
                due=visit.planned_on,
                is_late=visit.planned_on < desk.today,
            )


def _several(desk: Desk, act: str, rows: Iterable[VisitRow], how: str) -> Iterator[Todo]:
    found = list(rows)
    if found:
        names = found[0].subject_name + ("等" if len(found) > 1 else "")
        yield Todo(
            act=act,
            says=f"{names} {len(found)} 家{how}。",
            url=address("inspection:home"),
        )
