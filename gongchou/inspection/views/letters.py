"""Letters of enterprises about their visits: pulled from intake, handled here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.terms import IntakeKind, IntakeOutcome
from gongchou.core.workdays import Quarter
from gongchou.intake import handling, permissions
from gongchou.intake import reads as letters
from gongchou.web.clock import day_of

KINDS = (IntakeKind.APPEAL, IntakeKind.EXPLANATION, IntakeKind.MENDING)
UPHELD = (IntakeOutcome.ACCEPTED, IntakeOutcome.PARTLY_ACCEPTED)
SEES = (Power.HANDLE_LETTER, Power.DECIDE_APPEAL)


@requires(*SEES)
def letter_list(request: HttpRequest) -> HttpResponse:
    bureau, before = request.actor.bureau, Quarter.of(day_of(request.at)).previous()
    page = handling.listed(KINDS, request.GET.get("page", ""), by=request.actor)
    rated = letters.ratings(bureau, str(before), is_over=True)
    context = {"page": page, "rated": rated, "answers": rated.counts.items()}
    return render(request, "inspection/letters.html", {**context, "before": before})


@requires(*SEES)
def letter(request: HttpRequest, ref: str) -> HttpResponse:
    row = handling.looked_at(ref, KINDS, by=request.actor, at=request.at)
    answered = row.answer.outcome if row.answer else None
    context = {
        "row": row,
        "outcomes": permissions.outcomes_for(row.kind),
        "is_upheld": row.kind is IntakeKind.APPEAL and answered in UPHELD,
    }
    return render(request, "inspection/letter.html", context)


@require_POST
@requires(*SEES)
def letter_act(request: HttpRequest, ref: str) -> HttpResponse:
    messages.success(request, handling.act(ref, request.POST, by=request.actor, at=request.at))
    return redirect("inspection:letter", ref)


@requires(*SEES)
def letter_file(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    row = handling.looked_at(ref, KINDS, by=request.actor, at=request.at)
    return handling.attachment(row, number)
