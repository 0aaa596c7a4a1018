"""Why an act comes too late, asked of later rooms.

The table stands in the settings, because only `config` knows every room.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from gongchou.core.refusals import Refused

# About what: the ref of a draw and a number in its list, or the ref of a visit.
About = str | int
Objection = Callable[..., str]  # a sentence or nothing


def objection(act: str, *about: About) -> str:
    """The first sentence that a later room has against the act; empty where there is none."""
    asked: list[Objection] = [import_string(path) for path in settings.OBJECTIONS[act]]
    return next((says for ask in asked if (says := ask(*about))), "")


def check_objections(act: str, *about: About) -> None:
    """Refused with that sentence."""
    if says := objection(act, *about):
        raise Refused(says)
