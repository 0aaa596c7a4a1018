"""What random checks say about everybody, and what that means for the next quarter."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import Invalid
from gongchou.core.terms import PublicationKind
from gongchou.core.workdays import Quarter
from gongchou.publication import reads as public
from gongchou.reporting import actions
from gongchou.reporting.proposal import MOST, Proposal, clue_led, history, proposal
from gongchou.reporting.rates import rates as rates_of
from gongchou.reporting.views.tables import asked_quarter


def _total(request: HttpRequest) -> int | None:
    text = request.GET.get("total", "").strip()
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text[:9]) <= MOST:
        raise Invalid(f"家数“{text[:20]}”应是 1 到 {MOST} 的整数，请重新填写。")
    return int(text)


@requires(Power.SEE_STATISTICS)
def rates(request: HttpRequest) -> HttpResponse:
    """Class by class with its interval, beside earlier quarters, and the next one's proposal."""
    asked, bureau, total = asked_quarter(request), request.actor.bureau, _total(request)
    if request.method == "POST":
        return _proposed(request, asked)
    past = history(bureau, asked)
    found = proposal(bureau, asked, past, total)
    context = {
        "quarter": asked,
        "rates": rates_of(bureau, str(asked)),
        "past": past,
        "streams": clue_led(bureau, asked),
        "proposal": found,
        "hand_over": _hand_over(asked, found) if may(request.actor, Power.MAKE_PLAN) else "",
        "shown": public.current(bureau, PublicationKind.RATES, quarter=str(asked)),
        "may_propose": may(request.actor, Power.PROPOSE_PUBLICATION),
    }
    return render(request, "reporting/rates.html", context)


def _hand_over(learnt_from: Quarter, found: Proposal) -> str:
    """Where the plan's office reads the proposal in a form and adds it, or does not."""
    if not found.plan or not found.extra:
        return ""
    asked = {f"count_{stratum.value}": str(count) for stratum, count in found.extra.items()}
    page = reverse("planning:new_task", args=[found.plan])
    return page + "?" + urlencode({"learnt_from": str(learnt_from), **asked})


def _proposed(request: HttpRequest, quarter: Quarter) -> HttpResponse:
    check(request.actor, Power.PROPOSE_PUBLICATION)
    reason = request.POST.get("reason", "")
    ref = actions.propose_rates(quarter, reason, by=request.actor, at=request.at)
    messages.success(request, "已提出公示，请核对；批准以后由公示人员办理。")
    return redirect("publication:document", ref)
