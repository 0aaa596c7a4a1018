from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, may
from gongchou.desk import reads, waiting
from gongchou.web.clock import day_of


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    todos = waiting.todos(request.actor, today)
    context = {
        "today": today,
        "quarter": reads.quarter_of(today),
        "todos": todos,
        "late": sum(todo.is_late for todo in todos),
        "dates": reads.dates(request.actor.bureau, today),
        "follows_dates": may(request.actor, Power.SEE_PLAN),
        "has_roles": bool(request.actor.roles),
    }
    return render(request, "desk/home.html", context)


@requires(Power.READ_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    page = reads.trail(request.actor.bureau, before=int(before) if before.isdigit() else 0)
    return render(request, "desk/trail.html", {"page": page})
