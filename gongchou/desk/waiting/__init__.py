"""What waits for one person today, asked room by room in the order of the flow."""

from collections.abc import Callable, Iterator
from datetime import date

from gongchou.core.powers import Actor
from gongchou.desk.waiting import (
    drawing,
    intake,
    offsite,
    oversight,
    planning,
    publication,
    registry,
    reporting,
    visits,
    webhooks,
)
from gongchou.desk.waiting.rows import Desk, Todo

ROOMS: tuple[Callable[[Desk], Iterator[Todo]], ...] = (
    registry.todos,
    planning.todos,
    drawing.todos,
    visits.todos,
    offsite.todos,
    intake.todos,
    publication.todos,
    reporting.todos,
    oversight.todos,
    webhooks.todos,
)


def todos(actor: Actor, today: date) -> list[Todo]:
    """Late first, then by last day, then what has none, in the order of the flow."""
    desk = Desk.of(actor, today)
    found = [todo for room in ROOMS for todo in room(desk)]
    return sorted(found, key=lambda todo: (not todo.is_late, todo.due or date.max))
