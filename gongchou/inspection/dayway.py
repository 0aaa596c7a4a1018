"""An officer's day: which visits, and in which order they lie near each other."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.coordinates import Point
from gongchou.core.nearness import near_order
from gongchou.core.refusals import Refused
from gongchou.core.terms import VisitState
from gongchou.inspection import reads
from gongchou.inspection.rows import VisitRow
from gongchou.registry import reads as registers
from gongchou.web.papers import typeset
from gongchou.web.templatetags.gongchou import weekday

OPEN = (VisitState.DISPATCHED, VisitState.ACCEPTED, VisitState.STARTED, VisitState.RETURNED)


def near_places(rows: tuple[VisitRow, ...], today: date) -> Mapping[str, int]:
    """The place of each visit in its own day's way, from 0."""
    days: dict[date, list[VisitRow]] = {}
    for row in rows:
        days.setdefault(row.planned_on, []).append(row)
    return {
        ref: number
        for day in days.values()
        for number, ref in enumerate(near_order_of(day, places_of(day, today)))
    }


def near_order_of(rows: Sequence[VisitRow], places: Mapping[str, Point]) -> tuple[str, ...]:
    return near_order([row.ref for row in rows], places)


def places_of(rows: Sequence[VisitRow], today: date) -> dict[str, Point]:
    """Where the sites lie, so far as the register says; a lone visit needs no way."""
    found = {}
    for row in rows if len(rows) > 1 else ():
        if place := registers.subject(row.subject, row.bureau, today).place:
            found[row.ref] = place
    return found


def open_visits(bureau: str, inspector: str) -> tuple[VisitRow, ...]:
    """What an officer still has to do."""
    return tuple(row for row in reads.my_visits(bureau, inspector) if row.state in OPEN)


def day_sheet(inspector: str, bureau: str, on: date, *, at: datetime) -> tuple[str, bytes]:
    """One officer's dispatches of a day on paper, in the order of the way."""
    rows = tuple(row for row in open_visits(bureau, inspector) if row.planned_on <= on)
    if not rows:
        raise Refused("今天没有派给您、还没有办完的检查，没有可以打印的派发单。")
    near = near_places(rows, on)
    name = next(p.name for row in rows for p in row.inspectors if p.ref == inspector)
    values: dict[str, Any] = {
        "title": "检查派发单",
        "organ": accounts.bureau(bureau).name,
        "number": f"{name}　{weekday(on)}",
        "rows": [
            _line(row, on) for row in sorted(rows, key=lambda row: (row.planned_on, near[row.ref]))
        ],
    }
    return f"检查派发单{name}", typeset("inspection/papers/day.typ", values, at=at)


def _line(row: VisitRow, on: date) -> dict[str, str]:
    page = registers.subject(row.subject, row.bureau, on)
    return {
        "ref": row.ref,
        "subject": row.subject_name,
        "address": page.address or "名录中没有登记",
        "contact": page.contact or " ",
        "planned": weekday(row.planned_on),
        "team": row.team_names,
        "groups": "、".join(row.group_names) or " ",
        "state": row.state.label,
    }
