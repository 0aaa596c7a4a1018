from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts import actions
from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, may
from gongchou.core.workdays import Quarter
from gongchou.desk import boards, crowds, reads, trails, waiting
from gongchou.desk.forms import TrailForm
from gongchou.desk.needed import needed
from gongchou.reporting.views.tables import past_day
from gongchou.web.clock import day_of

# No database counts further.
LARGEST = 2**63 - 1
LONGEST = 80
# Whoever works towards a deadline counts down to it; a partner department has dates of its own.
WORKS_TO_DATES = (
    Power.SEE_PLAN,
    Power.RECORD_TRAINING,
    Power.REVIEW_RECORD,
    Power.SEE_PUBLICATION,
)


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    todos = waiting.todos(request.actor, today)
    context: dict[str, object] = {
        "today": today,
        "quarter": Quarter.of(today),
        "todos": todos,
        "late": sum(todo.is_late for todo in todos),
        "dates": reads.dates(request.actor.bureau, today),
        "sees_board": may(request.actor, Power.SEE_STATISTICS),
        "follows_dates": any(may(request.actor, power) for power in WORKS_TO_DATES),
        "has_roles": bool(request.actor.roles),
    }
    if may(request.actor, Power.APPROVE_PLAN) and context["sees_board"]:
        context["board"] = boards.board(request.actor.bureau, Quarter.of(today), today)
    return render(request, "desk/home.html", context)


@requires(Power.READ_AUDIT)
def trail(request: HttpRequest) -> HttpResponse:
    """Filters stay in the address; the look and what it was for are in the log."""
    form, before = TrailForm(request.GET), request.GET.get("before", "")
    given = {name: str(request.GET.get(name, ""))[:LONGEST] for name in form.fields}
    kept = {name: value for name, value in given.items() if value}
    page = None
    actions.record_trail_view(asked=kept, by=request.actor, at=request.at)
    if form.is_valid():
        asked = trails.question(**form.cleaned_data)
        number = int(before) if before.isascii() and before.isdigit() else 0
        page = trails.trail(request.actor.bureau, asked, before=min(number, LARGEST))
    context = {"page": page, "form": form, "kept": urlencode(kept)}
    return render(request, "desk/trail.html", context)


@requires(Power.READ_AUDIT)
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry to the last byte, computed again."""
    actions.record_trail_view(asked={"entry": str(seq)}, by=request.actor, at=request.at)
    sheet = trails.entry(request.actor.bureau, min(seq, LARGEST))
    return render(request, "desk/entry.html", {"sheet": sheet})


def _asked(request: HttpRequest) -> tuple[Quarter, date, bool]:
    """The quarter and the day that the address names, and whether that day is past."""
    text, past = request.GET.get("quarter", ""), past_day(request)
    on = past or day_of(request.at)
    return Quarter.parse(text) if text else Quarter.of(on), on, past is not None


@requires(Power.SEE_STATISTICS)
def board(request: HttpRequest) -> HttpResponse:
    """The plan clause by clause on one sheet, each number with its records."""
    quarter, on, is_past = _asked(request)
    found = boards.board(request.actor.bureau, quarter, on, is_past=is_past)
    caps = crowds.short_caps(request.actor.bureau, quarter, on)
    context = {
        "quarter": quarter,
        "board": found,
        "short_caps": caps,
        "has_short_caps": any(one.clause for one in caps),
        "on": on,
        "is_past": is_past,
        "today": day_of(request.at),
    }
    return render(request, "desk/board.html", context)


@requires(Power.SEE_STATISTICS)
def clause(request: HttpRequest, key: str) -> HttpResponse:
    """One clause, and what each of its numbers was counted from."""
    quarter, on, is_past = _asked(request)
    found = boards.clause(request.actor.bureau, quarter, key, on, is_past=is_past)
    context = {
        "quarter": quarter,
        "sheet": found,
        "needed": () if is_past else needed(quarter, key, by=request.actor),
        "on": on,
        "is_past": is_past,
    }
    return render(request, "desk/clause.html", context)
