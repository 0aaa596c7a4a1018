"""What came of clues, new base points to sign, and who should leave the positive list."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.offsite import actions, clue_figures
from gongchou.offsite.clue_settings import clue_rules
from gongchou.web.clock import day_of


@requires(Power.SEE_VISITS)
def figures(request: HttpRequest) -> HttpResponse:
    bureau = request.actor.bureau
    context = {
        "rules": clue_figures.by_rule(bureau),
        "channels": clue_figures.by_channel(bureau),
        "proposals": clue_figures.proposals(bureau),
        "delistings": clue_figures.delistings(bureau),
        "least": clue_rules(bureau, day_of(request.at)).least_outcomes,
        "proposes": may(request.actor, Power.TRIAGE_CLUE),
        "signs": may(request.actor, Power.SIGN_CLUE_WEIGHTS),
        "decides": may(request.actor, Power.APPROVE_REGISTER),
    }
    return render(request, "offsite/clue_figures.html", context)


@require_POST
@requires(Power.TRIAGE_CLUE)
def propose_weights(request: HttpRequest) -> HttpResponse:
    actions.propose_weights(by=request.actor, at=request.at)
    messages.success(request, "已提出新的基础分，批准领导签署以后才使用。")
    return redirect("offsite:clue_figures")


@require_POST
@requires(Power.SIGN_CLUE_WEIGHTS)
def sign_weights(request: HttpRequest, ref: str) -> HttpResponse:
    actions.sign_weights(ref, request.POST.get("why", ""), by=request.actor, at=request.at)
    messages.success(request, "已签署，从现在起按新的基础分计算。")
    return redirect("offsite:clue_figures")


@require_POST
@requires(Power.APPROVE_REGISTER)
def decide_delisting(request: HttpRequest, number: int) -> HttpResponse:
    is_agreed, why = request.POST.get("answer") == "yes", request.POST.get("why", "")
    actions.decide_delisting(number, is_agreed, why, by=request.actor, at=request.at)
    messages.success(request, "已登记决定。同意移出的，由名录维护人员导入新的正面清单。")
    return redirect("offsite:clue_figures")
