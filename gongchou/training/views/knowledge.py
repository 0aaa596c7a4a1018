"""Look up laws, good practices and what was taught."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.training import knowledge
from gongchou.web.clock import day_of

LONGEST = 60


@requires(Power.SEE_TRAINING)
def look_up(request: HttpRequest) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    found = knowledge.look_up(request.actor.bureau, asked, day_of(request.at)) if asked else ()
    return render(request, "training/knowledge.html", {"asked": asked, "found": found})
