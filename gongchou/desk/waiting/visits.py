"""Visits: to dispatch, to accept, to do, to complete, to review."""

from collections.abc import Iterable, Iterator

from gongchou.core.powers import Power
from gongchou.core.terms import CardLevel, DrawState, VisitState
from gongchou.desk.waiting.rows import Desk, Todo, address
from gongchou.inspection import course
from gongchou.inspection import reads as inspection
from gongchou.inspection.asked import asked_of
from gongchou.inspection.reads import VisitRow
from gongchou.registry import reads as registers

MINE = {
    VisitState.DISPATCHED: "接收检查",
    VisitState.ACCEPTED: "实施检查",
    VisitState.STARTED: "提交记录",
    VisitState.RETURNED: "补正记录",
}


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.DISPATCH_VISIT) or desk.may(Power.AUTHORISE_VISIT):
        yield from _reminded(desk)
    if desk.may(Power.AUTHORISE_VISIT):
        yield from _to_authorise(desk)
    if desk.may(Power.DISPATCH_VISIT):
        yield from _to_dispatch(desk)
    if desk.may(Power.DO_VISIT):
        yield from _mine(desk)
    if desk.may(Power.REVIEW_RECORD):
        rows = inspection.visits(desk.bureau, state=VisitState.SUBMITTED)
        yield from _several(desk, "审核记录", rows, "记录已提交，等待审核")


def _to_dispatch(desk: Desk) -> Iterator[Todo]:
    for row in desk.draws:
        if row.state not in (DrawState.SEALED, DrawState.PUBLISHED):
            continue
        days = [visit.planned_on for visit in inspection.waiting(row.ref)]
        if days:
            yield Todo(
                act="派发检查",
                says=f"{row.draw_id}：已启封 {len(days)} 家，还没有派发给检查组。",
                url=address("inspection:dispatch", row.ref),
                due=min(days),
                is_late=min(days) < desk.today,
            )
        for visit, _ in inspection.reseated(row.ref):
            yield Todo(
                act="更新检查组",
                says=f"{visit.subject_name}：派发以后补派了人员，再派发一次，检查组即更新。",
                url=address("inspection:dispatch", row.ref),
                due=visit.planned_on,
                is_late=visit.planned_on < desk.today,
            )


def _reminded(desk: Desk) -> Iterator[Todo]:
    """The office follows up every card; a red one lies on the leader's desk too."""
    rows = inspection.visits_in(desk.bureau, course.OPEN)
    for visit, card in course.standing_cards(desk.bureau, rows):
        is_red = card.level is CardLevel.RED
        if is_red or desk.may(Power.DISPATCH_VISIT):
            yield Todo(
                act="督办检查" if is_red else "催办检查",
                says=f"{visit.subject_name}（{visit.team_names}）：{card.says}。",
                url=address("inspection:visit", visit.ref),
                due=visit.planned_on,
                is_late=is_red,
            )


def _to_authorise(desk: Desk) -> Iterator[Todo]:
    """Where the policy asks for consent, a visit without it cannot begin."""
    if not asked_of(desk.bureau, desk.today).approval:
        return
    for visit in inspection.visits_in(desk.bureau, (VisitState.DISPATCHED, VisitState.ACCEPTED)):
        if visit.authorised_at is None:
            yield Todo(
                act="批准检查",
                says=f"{visit.subject_name}：检查前须经批准。",
                url=address("inspection:visit", visit.ref),
                due=visit.planned_on,
                is_late=visit.planned_on < desk.today,
            )


def _mine(desk: Desk) -> Iterator[Todo]:
    me = registers.inspector_of_person(desk.actor.ref, desk.bureau, desk.today)
    if me is None:
        return
    mine = inspection.my_visits(desk.bureau, me.ref)
    reminded = {card.visit: card for _, card in course.standing_cards(desk.bureau, mine)}
    for visit in mine:
        if act := MINE.get(visit.state):
            card = reminded.get(visit.ref)
            called = f"，{card.level.label}：{card.says}" if card else ""
            yield Todo(
                act=act,
                says=f"{visit.subject_name}（{visit.state.label}{called}）",
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
