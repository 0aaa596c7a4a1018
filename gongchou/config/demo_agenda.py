"""Acts in the order of their instants: what one act leads to is put down for later."""

import hashlib
import heapq
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from itertools import count

from gongchou.accounts import reads as people
from gongchou.core.powers import Actor
from gongchou.core.workdays import Quarter, add_workdays
from gongchou.law.load import load_calendar
from gongchou.web.clock import SHANGHAI, day_of

Act = Callable[[datetime], object]


class Agenda:
    """A queue of acts; those of one instant keep the order in which they were put down."""

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    def put(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._queue, (at, next(self._numbers), act))

    def run(self, until: datetime) -> None:
        """Do what is due by an instant; what would come later has not happened yet."""
        while self._queue and self._queue[0][0] <= until:
            at, _, act = heapq.heappop(self._queue)
            act(at)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


def after(day: date, workdays: int) -> date:
    """The working day so many after `day`."""
    return add_workdays(day, workdays, load_calendar())


def starting_day(quarter: Quarter) -> date:
    """The fifth working day of a quarter: the plan is made and the draw is held."""
    return add_workdays(quarter.previous().last, 5, load_calendar())


def pick(about: str, of: int) -> int:
    """A number below `of` that hangs on `about` alone, so that the story is always the same."""
    return int.from_bytes(hashlib.sha256(about.encode()).digest()[:8], "big") % of


def person(login: str, when: datetime) -> Actor:
    return _on(login, day_of(when))


@lru_cache(maxsize=64)
def _on(login: str, day: date) -> Actor:
    return people.actor_of(f"U-{login}", day)
