"""Maps: one site, all sites of a class, and the outline they are drawn on."""

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import SubjectClass
from gongchou.registry import actions, maps, reads
from gongchou.registry.forms import AreaForm, MapForm
from gongchou.registry.views.days import asked_day
from gongchou.web.clock import day_of

LISTED = 30


def site_map(found: reads.SubjectPage, bureau: str, on: date) -> maps.Picture | None:
    """The outline with one site on it; None where the site has no place."""
    if found.place is None:
        return None
    judged = found.class_row
    spot = reads.Spot(
        ref=found.subject.ref,
        name=found.subject.name,
        grid=found.subject.grid,
        at=found.place,
        subject_class=judged.subject_class if judged else None,
    )
    return maps.picture(reads.area(bureau, on), (spot,))


@requires(Power.SEE_REGISTER)
def sites(request: HttpRequest) -> HttpResponse:
    by, on = request.actor, asked_day(request)
    form = MapForm(request.GET, grids=reads.grids(by.bureau, on))
    given = form.cleaned_data if form.is_valid() else {}
    wanted = given.pop("subject_class", "")
    filters = {name: value for name, value in given.items() if value and name != "on"}
    found = reads.spots(by.bureau, on, filters)
    past = {} if on == day_of(request.at) else {"on": on.isoformat()}
    shown = [spot for spot in found.rows if not wanted or spot.subject_class == wanted]
    context = {
        "form": form,
        "map": maps.picture(reads.area(by.bureau, on), shown),
        "shown": shown,
        "listed": shown[:LISTED],
        "found": found,
        "legend": _legend(found.rows, wanted, {**filters, **past}),
        "is_cut": len(found.rows) == reads.MOST_SPOTS,
        "on": on,
        "past": urlencode(past),
        "may_edit": may(by, Power.EDIT_REGISTER) and not past,
    }
    return render(request, "registry/map.html", context)


def _legend(
    rows: tuple[reads.Spot, ...], wanted: str, kept: dict[str, str]
) -> list[dict[str, object]]:
    """Each class with its number of sites and the address that shows it alone."""
    return [
        {
            "kind": kind,
            "count": sum(spot.subject_class is kind for spot in rows),
            "query": urlencode({**kept, "subject_class": kind.value}),
            "is_here": wanted == kind.value,
        }
        for kind in SubjectClass
    ]


@requires(Power.SEE_REGISTER)
def area(request: HttpRequest) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    may_edit = may(by, Power.EDIT_REGISTER)
    form = AreaForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        content, source = form.cleaned_data["file"].read(), form.cleaned_data["source"]
        try:
            points = actions.set_area(content, source, on=today, by=by, at=request.at)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"已更换区域轮廓，共 {points} 个点，今天起使用。")
            return redirect("registry:area")
    context = {
        "form": form,
        "rows": reads.outlines(by.bureau),
        "map": maps.picture(reads.area(by.bureau, today), ()),
        "may_edit": may_edit,
    }
    return render(request, "registry/area.html", context)
