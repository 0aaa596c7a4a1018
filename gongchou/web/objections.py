"""Why an act on a place of a drawn list comes too late, asked of later rooms.

The table stands in the settings, because only `config` knows every room.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from gongchou.core.refusals import Refused

Objection = Callable[[str, int], str]  # ref of the draw, number in its list: a sentence or nothing


def check_objections(act: str, draw: str, number: int) -> None:
    """Refused with the first sentence that a later room has against the act."""
    asked: list[Objection] = [import_string(path) for path in settings.LIST_OBJECTIONS[act]]
    for ask in asked:
        if says := ask(draw, number):
            raise Refused(says)
