"""What came of clues, and who should leave the positive list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.offsite import actions, clue_figures


@requires(Power.SEE_VISITS)
def figures(request: HttpRequest) -> HttpResponse:
    bureau = request.actor.bureau
    context = {
        "rules": clue_figures.by_rule(bureau),
        "channels": clue_figures.by_channel(bureau),
        "delistings": clue_figures.delistings(bureau),
        "decides": may(request.actor, Power.APPROVE_REGISTER),
    }
    return render(request, "offsite/clue_figures.html", context)


@require_POST
@requires(Power.APPROVE_REGISTER)
def decide_delisting(request: HttpRequest, number: int) -> HttpResponse:
    is_agreed, why = request.POST.get("answer") == "yes", request.POST.get("why", "")
    actions.decide_delisting(number, is_agreed, why, by=request.actor, at=request.at)
    messages.success(request, "已登记决定。同意移出的，由名录维护人员导入新的正面清单。")
    return redirect("offsite:clue_figures")
