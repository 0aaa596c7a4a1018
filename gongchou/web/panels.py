"""What later rooms show on a page of an earlier one, which does not know them.

The table of panels stands in the settings, because only `config` knows every room.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.module_loading import import_string

from gongchou.core.powers import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    """One line, and where it leads."""

    says: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What one room has to say; `nothing` stands there while it has no lines."""

    title: str
    lines: tuple[PanelLine, ...]
    nothing: str


Maker = Callable[[str, str, Actor, date], Panel | None]


def site_panels(ref: str, name: str, by: Actor, on: date) -> tuple[Panel, ...]:
    """The panels about one site of the reader's bureau, as of a day; no more than may be read."""
    makers: list[Maker] = [import_string(path) for path in settings.SITE_PANELS]
    made = (maker(ref, name, by, on) for maker in makers)
    return tuple(panel for panel in made if panel)
