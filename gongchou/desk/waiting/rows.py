"""One thing to do, and whose desk it lies on."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self
from urllib.parse import urlencode

from django.urls import reverse

from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import DrawState
from gongchou.core.workdays import Quarter
from gongchou.drawing.reads import DrawRow, draws
from gongchou.web.distance import distance


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A person, the day, and the quarters in which work may still lie: the last one and this."""

    actor: Actor
    today: date
    this: Quarter

    @classmethod
    def of(cls, actor: Actor, today: date) -> Self:
        return cls(actor=actor, today=today, this=Quarter.of(today))

    @property
    def bureau(self) -> str:
        return self.actor.bureau

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return self.this.previous(), self.this

    @cached_property
    def draws(self) -> tuple[DrawRow, ...]:
        """The draws of these quarters that are not void; several rooms ask."""
        rows = (row for quarter in self.quarters for row in draws(self.bureau, str(quarter)))
        return tuple(row for row in rows if row.state is not DrawState.VOID)

    def may(self, power: Power) -> bool:
        return may(self.actor, power)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A button with its act, why it is there, and by when."""

    act: str
    says: str
    url: str
    due: date | None = None
    is_late: bool = False


def address(view: str, *arguments: str, quarter: Quarter | str = "", bureau: str = "") -> str:
    found, asked = reverse(view, args=arguments), {"quarter": quarter, "bureau": bureau}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{found}?{query}" if query else found


def is_past(day: date | None, today: date) -> bool:
    return day is not None and distance(day, today).is_late
