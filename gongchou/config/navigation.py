"""The frame of every page: who we are, and the rooms this person may enter."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from gongchou.accounts import reads
from gongchou.core.powers import Power, may

# Navigation in the order of the flow: label, view, and the power it takes (None: everybody).
ROOMS: tuple[tuple[str, str, Power | None], ...] = (
    ("工作台", "desk:home", None),
    ("名录", "registry:subjects", Power.SEE_REGISTER),
    ("计划", "planning:quarter", Power.SEE_PLAN),
    ("公示", "publication:home", Power.SEE_PUBLICATION),
    ("人员", "accounts:people", None),
    ("留痕", "desk:trail", Power.READ_AUDIT),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    label: str
    url: str
    is_here: bool


@cache
def _bureau_name(code: str) -> str:
    return reads.bureau(code).name


def frame(request: HttpRequest) -> dict[str, object]:
    actor = getattr(request, "actor", None)
    found: dict[str, object] = {"demo": settings.DEMO}
    if actor is not None:
        entries = [
            (label, reverse(view))
            for label, view, power in ROOMS
            if power is None or may(actor, power)
        ]
        found["entries"] = [
            Entry(label=label, url=url, is_here=_is_here(request.path, url))
            for label, url in entries
        ]
        found["bureau_name"] = _bureau_name(actor.bureau)
    return {"frame": found}


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
