"""The weights of the score: what holds, what another version would move, who signs it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.offsite import actions, weight_reads
from gongchou.offsite.clue_settings import clue_rules
from gongchou.offsite.weight_forms import WeightsForm
from gongchou.web.clock import day_of


@requires(Power.SEE_VISITS)
def weights(request: HttpRequest) -> HttpResponse:
    """Numbers are tried without being written, or proposed with a reason."""
    by, today, trial = request.actor, day_of(request.at), None
    if request.method == "POST":
        check(by, Power.TRIAGE_CLUE)
    page = weight_reads.page(by.bureau, today)
    form = WeightsForm(request.POST or None, initial=page.numbers)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("act") == "propose":
            if _is_proposed(request, form):
                return redirect("offsite:clue_weights")
        else:
            trial = weight_reads.trial(by.bureau, today, form.numbers())
    context = {
        "page": page,
        "form": form,
        "rows": [(form[one.key], one) for one in page.swings],
        "trial": trial,
        "least": clue_rules(by.bureau, today).least_outcomes,
        "proposes": may(by, Power.TRIAGE_CLUE),
        "signs": may(by, Power.SIGN_CLUE_WEIGHTS),
    }
    return render(request, "offsite/clue_weights.html", context)


def _is_proposed(request: HttpRequest, form: WeightsForm) -> bool:
    try:
        why = form.cleaned_data["why"]
        actions.propose_numbers(form.numbers(), why, by=request.actor, at=request.at)
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "已提出新的权重，批准领导签署以后才使用。")
    return True


@require_POST
@requires(Power.TRIAGE_CLUE)
def propose(request: HttpRequest) -> HttpResponse:
    actions.propose_weights(by=request.actor, at=request.at)
    messages.success(request, "已提出新的基础分系数，批准领导签署以后才使用。")
    return redirect("offsite:clue_weights")


@require_POST
@requires(Power.SIGN_CLUE_WEIGHTS)
def sign(request: HttpRequest, ref: str) -> HttpResponse:
    actions.sign_weights(ref, request.POST.get("why", ""), by=request.actor, at=request.at)
    messages.success(request, "已签署，从现在起按新的权重计算。")
    return redirect("offsite:clue_weights")
