from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power
from gongchou.desk import reads
from gongchou.web.clock import day_of


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    context = {
        "today": today,
        "quarter": reads.quarter_of(today),
        "dates": reads.dates(request.actor.bureau, today),
    }
    return render(request, "desk/home.html", context)


@requires(Power.READ_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    page = reads.trail(request.actor.bureau, before=int(before) if before.isdigit() else 0)
    return render(request, "desk/trail.html", {"page": page})
