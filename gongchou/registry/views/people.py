"""The register of inspectors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.roster import drawable_problem
from gongchou.registry import reads
from gongchou.web.clock import day_of


@requires(Power.SEE_REGISTER)
def inspectors(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    found = reads.inspectors(request.actor.bureau, today)
    rows = [(person, drawable_problem(person, today)) for person in found]
    ready = sum(problem is None for _, problem in rows)
    context = {"rows": rows, "ready": ready}
    return render(request, "registry/inspectors.html", context)
