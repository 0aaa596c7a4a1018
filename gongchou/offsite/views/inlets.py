"""Files of patrol cars, drones, cameras, hotlines and weather stations, and their sightings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.clue_terms import InletKind
from gongchou.core.inlets import COLUMNS
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.offsite import actions, clue_pages, inlet_reads
from gongchou.offsite.inlet_forms import InletForm
from gongchou.web.clock import day_of


@requires(Power.SEE_VISITS)
def inlets(request: HttpRequest) -> HttpResponse:
    """The files handed in, and the form for another; what was wrong with rows stays on the page."""
    if request.method == "POST":
        check(request.actor, Power.RECORD_OFFSITE)
    form = InletForm(request.POST or None, request.FILES or None)
    received = None
    if request.method == "POST" and form.is_valid():
        kind, file = InletKind(form.cleaned_data["kind"]), form.cleaned_data["file"]
        try:
            content = file.read()
            by, at = request.actor, request.at
            received = actions.receive_file(kind, file.name, content, by=by, at=at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "received": received,
        "rows": inlet_reads.files(request.actor.bureau),
        "pushing": inlet_reads.pushing(request.actor.bureau, request.at),
        "columns": [(kind.label, COLUMNS[kind.value]) for kind in InletKind],
        "may_upload": may(request.actor, Power.RECORD_OFFSITE),
    }
    return render(request, "offsite/inlets.html", context)


@requires(Power.SEE_VISITS)
def inlet(request: HttpRequest, ref: str) -> HttpResponse:
    bureau = request.actor.bureau
    row, found = inlet_reads.file(ref, bureau), inlet_reads.sightings(ref, bureau)
    today = day_of(request.at)
    context = {
        "row": row,
        "sightings": [(one, clue_pages.map_of_sighting(one, bureau, today)) for one in found],
        "decides": may(request.actor, Power.TRIAGE_CLUE),
    }
    return render(request, "offsite/inlet.html", context)


@require_POST
@requires(Power.TRIAGE_CLUE)
def sighting_act(request: HttpRequest, ref: str) -> HttpResponse:
    why, by, at = request.POST.get("why", ""), request.actor, request.at
    if request.POST.get("act") == "confirm":
        clue = actions.confirm_sighting(ref, why, by=by, at=at)
        messages.success(request, "已确认，列为线索，等待研判。")
        return redirect("offsite:clue", clue)
    actions.dismiss_sighting(ref, why, by=by, at=at)
    messages.success(request, "已登记不予采用。")
    return redirect("offsite:inlet", ref.rsplit("-", 1)[0])
