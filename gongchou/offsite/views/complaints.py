"""Complaints of citizens, pulled from intake: the inlet to clues."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.terms import IntakeKind
from gongchou.intake import handling, permissions

KINDS = (IntakeKind.COMPLAINT,)
SEES = (Power.HANDLE_LETTER,)


@requires(*SEES)
def letter_list(request: HttpRequest) -> HttpResponse:
    page = handling.listed(KINDS, request.GET.get("page", ""), by=request.actor)
    return render(request, "offsite/letters.html", {"page": page})


@requires(*SEES)
def letter(request: HttpRequest, ref: str) -> HttpResponse:
    row = handling.looked_at(ref, KINDS, by=request.actor, at=request.at)
    context = {"row": row, "outcomes": permissions.outcomes_for(row.kind)}
    return render(request, "offsite/letter.html", context)


@require_POST
@requires(*SEES)
def letter_act(request: HttpRequest, ref: str) -> HttpResponse:
    messages.success(request, handling.act(ref, request.POST, by=request.actor, at=request.at))
    return redirect("offsite:letter", ref)


@requires(*SEES)
def letter_file(request: HttpRequest, ref: str, number: int) -> HttpResponseBase:
    row = handling.looked_at(ref, KINDS, by=request.actor, at=request.at)
    return handling.attachment(row, number)
