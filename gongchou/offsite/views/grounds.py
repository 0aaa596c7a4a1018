"""The map of clues: where they lie, what is near, where the wind came from, hour by hour."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.offsite.ground import (
    Asked,
    Ground,
    GroundClue,
    GroundSite,
    degrees_of,
    ground,
    wind_plain,
)
from gongchou.offsite.ground_forms import GroundForm
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of


@requires(Power.SEE_VISITS)
def clue_map(request: HttpRequest) -> HttpResponse:
    today, bureau = day_of(request.at), request.actor.bureau
    form = GroundForm(request.GET, today, partial(registers.places_named, bureau, today))
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        given = form.cleaned_data
        name, centre = given["near"] or ("", None)
        radius = float(given["radius"]) * 1000
        asked = Asked(since=given["since"], until=given["until"], centre=centre, radius=radius)
        found = ground(bureau, today, asked)
        context |= {
            "found": found,
            "sites": page_of(found.sites, request.GET.get("page", "")),
            "centre": name,
            "drawn": _drawn(found, asked, bureau),
        }
    return render(request, "offsite/clue_map.html", context)


def _drawn(found: Ground, asked: Asked, bureau: str) -> dict[str, Any]:
    """All that the script draws; names and states go into it as plain text."""
    area = registers.area(bureau, asked.until)
    since, until = asked.span
    return {
        "since": int(since.timestamp()),
        "until": int(until.timestamp()),
        "rings": [[[degrees_of(at) for at in r] for r in p] for p in area.polygons] if area else [],
        "centre": degrees_of(asked.centre) if asked.centre else None,
        "radius": asked.radius,
        "sites": [_site(one) for one in found.sites],
        "clues": [_clue(one) for one in found.clues],
        "winds": [wind_plain(row) for row in found.winds],
    }


def _site(one: GroundSite) -> dict[str, Any]:
    url = reverse("registry:subject", args=[one.ref])
    return {"at": degrees_of(one.at), "name": one.name, "url": url}


def _clue(one: GroundClue) -> dict[str, Any]:
    """The moments in whole seconds."""
    row = one.row
    return {
        "at": degrees_of(one.at),
        "name": f"{row.where}：{row.title}",
        "state": row.state.label,
        "url": reverse("offsite:clue", args=[row.ref]),
        "from": int(row.started_at.timestamp()),
        "to": int(row.ended_at.timestamp()),
    }
