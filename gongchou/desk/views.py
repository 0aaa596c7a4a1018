from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts import actions
from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, may
from gongchou.core.workdays import Quarter
from gongchou.desk import boards, reads, waiting
from gongchou.reporting.views.tables import past_day
from gongchou.web.clock import day_of


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    todos = waiting.todos(request.actor, today)
    context: dict[str, object] = {
        "today": today,
        "quarter": reads.quarter_of(today),
        "todos": todos,
        "late": sum(todo.is_late for todo in todos),
        "dates": reads.dates(request.actor.bureau, today),
        "sees_board": may(request.actor, Power.SEE_STATISTICS),
        "follows_dates": may(request.actor, Power.SEE_PLAN),
        "has_roles": bool(request.actor.roles),
    }
    if may(request.actor, Power.APPROVE_PLAN) and context["sees_board"]:
        context["board"] = boards.board(request.actor.bureau, Quarter.of(today), today)
    return render(request, "desk/home.html", context)


@requires(Power.READ_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    actions.record_trail_view(by=request.actor, at=request.at)
    before = request.GET.get("before", "")
    page = reads.trail(request.actor.bureau, before=int(before) if before.isdigit() else 0)
    return render(request, "desk/trail.html", {"page": page})


@requires(Power.SEE_STATISTICS)
def board(request: HttpRequest) -> HttpResponse:
    """The plan clause by clause on one sheet, each number with its records."""
    today, text = day_of(request.at), request.GET.get("quarter", "")
    past = past_day(request)
    on = past or today
    asked = Quarter.parse(text) if text else Quarter.of(on)
    found = boards.board(request.actor.bureau, asked, on, is_past=past is not None)
    context = {"quarter": asked, "board": found, "on": on, "past": past, "today": today}
    return render(request, "desk/board.html", context)
