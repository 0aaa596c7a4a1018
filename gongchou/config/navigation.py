"""The frame of every page: who we are, which quarter, and the rooms this person may enter."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from gongchou.accounts import reads
from gongchou.config import phases
from gongchou.core.powers import Actor, Power, may
from gongchou.core.refusals import Invalid
from gongchou.core.terms import Role
from gongchou.core.workdays import Quarter
from gongchou.web.clock import day_of
from gongchou.web.display import display_of

# Navigation in the order of the flow: label, view, and the power it takes (None: everybody).
ROOMS: tuple[tuple[str, str, Power | tuple[Power, ...] | None], ...] = (
    ("工作台", "desk:home", None),
    ("名录", "registry:subjects", Power.SEE_REGISTER),
    ("计划", "planning:quarter", Power.SEE_PLAN),
    ("抽取", "drawing:home", Power.SEE_DRAW),
    ("联合抽取", "drawing:joint", Power.CONTRIBUTE_JOINT),
    ("抽取日志", "drawing:witness", Power.WITNESS_LOG),
    ("调阅", "inspection:consult", Power.CONSULT_RECORDS),
    ("检查", "inspection:home", (Power.SEE_VISITS, Power.DO_VISIT)),
    ("非现场", "offsite:board", Power.SEE_VISITS),
    ("公示", "publication:home", Power.SEE_PUBLICATION),
    ("统计报送", "reporting:home", Power.SEE_STATISTICS),
    ("培训宣传", "training:home", Power.SEE_TRAINING),
    ("监督", "oversight:home", Power.HANDLE_ALARM),
    ("考核", "oversight:assessments", Power.SET_OVERSIGHT),
    ("廉洁", "intake:own", Power.OWN_MATTERS),
    ("人员", "accounts:people", None),
    ("事件通知", "webhooks:home", Power.MANAGE_WEBHOOKS),
    ("留痕", "desk:trail", Power.READ_AUDIT),
)
QUARTERS_BACK = 4
# Tables, packages, plans, draws and visits have their quarter in their numbers.
OF_QUARTER = re.compile(r"-(\d{4}Q[1-4])[-/]")
# Whoever sees one of these follows the quarter, and has its phase bar.
FOLLOWS = (Power.SEE_PLAN, Power.SEE_DRAW, Power.SEE_VISITS, Power.SEE_PUBLICATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    label: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A phase as the bar shows it; without address where this person may not enter its room."""

    phase: phases.Phase
    url: str


@cache
def _bureau_name(code: str) -> str:
    return reads.bureau(code).name


def frame(request: HttpRequest) -> dict[str, object]:
    actor, at = getattr(request, "actor", None), getattr(request, "at", None)
    found: dict[str, object] = {
        "demo": settings.DEMO,
        "display": display_of(request),
        "here": request.get_full_path() if request.method == "GET" else "/",
    }
    if at is not None:
        found["today"] = day_of(at)
    if actor is not None and at is not None:
        found |= _for(actor, request, day_of(at))
    return {"frame": found}


def _for(actor: Actor, request: HttpRequest, today: date) -> dict[str, object]:
    quarter, this = _quarter(request, today), Quarter.of(today)
    kept = f"?{urlencode({'quarter': quarter})}" if quarter != this else ""
    return {
        "entries": _entries(actor, request.path, kept),
        "bureau_name": _bureau_name(actor.bureau),
        "roles": "、".join(role.label for role in Role if role in actor.roles),
        "quarter": quarter,
        "quarters": _quarters(request, quarter, this),
        "steps": _steps(actor, quarter, today),
        "may_search": may(actor, Power.SEE_REGISTER),
    }


def _quarter(request: HttpRequest, today: date) -> Quarter:
    """The quarter the address names, by itself or in the number of the thing that is shown.

    A misspelt one is the page's to refuse, not the frame's.
    """
    numbered = OF_QUARTER.search(request.path)
    try:
        return Quarter.parse(request.GET.get("quarter") or (numbered[1] if numbered else ""))
    except Invalid:
        return Quarter.of(today)


def _entries(actor: Actor, path: str, kept: str) -> list[Entry]:
    rooms = [(label, reverse(view)) for label, view, power in ROOMS if _may_enter(actor, power)]
    return [Entry(label=label, url=url + kept, is_here=_is_here(path, url)) for label, url in rooms]


def _may_enter(actor: Actor, power: Power | tuple[Power, ...] | None) -> bool:
    """Where several powers are named, each of them opens the room."""
    asked = power if isinstance(power, tuple) else (power,)
    return any(one is None or may(actor, one) for one in asked)


def _is_here(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _quarters(request: HttpRequest, shown: Quarter, this: Quarter) -> list[Entry]:
    """The next quarter, this one and some before: the same page, another quarter."""
    listed = [this.next(), this]
    for _ in range(QUARTERS_BACK):
        listed.append(listed[-1].previous())
    path = request.path if request.method == "GET" else "/"
    return [
        Entry(
            label=f"{quarter.label}（本季度）" if quarter == this else quarter.label,
            url=f"{path}?{urlencode({'quarter': quarter})}",
            is_here=quarter == shown,
        )
        for quarter in listed
    ]


def _steps(actor: Actor, quarter: Quarter, today: date) -> list[Step]:
    if not any(may(actor, power) for power in FOLLOWS):
        return []
    return [
        Step(phase=phase, url=_address(actor, phase, quarter))
        for phase in phases.phases(actor.bureau, quarter, today)
    ]


def _address(actor: Actor, phase: phases.Phase, quarter: Quarter) -> str:
    """Of a phase's room; empty where this person may not enter."""
    if not may(actor, phase.power):
        return ""
    return f"{reverse(phase.view)}?{urlencode({'quarter': quarter})}"
