"""Targeted lists: proposed within free officer-days, approved, and then visited case by case."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.clue_terms import TargetedListState
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.workdays import add_workdays
from gongchou.inspection import actions, targeting
from gongchou.inspection.forms import TargetedForm
from gongchou.law.load import load_calendar
from gongchou.web.clock import day_of

WEEK = 5


@requires(Power.SEE_VISITS)
def targeted_lists(request: HttpRequest) -> HttpResponse:
    """All lists, and the form for another."""
    today, by = day_of(request.at), request.actor
    until = add_workdays(today, WEEK, load_calendar())
    form = TargetedForm(request.POST or None, initial={"since": today, "until": until})
    if request.method == "POST":
        check(by, Power.DISPATCH_VISIT)
        if form.is_valid():
            try:
                ref = actions.propose_targeted(**form.cleaned_data, by=by, at=request.at)
            except NotAllowed:
                raise
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "已提出清单，等待批准。")
                return redirect("inspection:targeted_list", ref)
    context = {
        "form": form,
        "rows": targeting.lists(by.bureau),
        "room": targeting.room(by.bureau, today, until, 0),
        "proposes": may(by, Power.DISPATCH_VISIT),
    }
    return render(request, "inspection/targeted_lists.html", context)


@requires(Power.SEE_VISITS)
def targeted_list(request: HttpRequest, ref: str) -> HttpResponse:
    row = targeting.targeted_list(ref, request.actor.bureau)
    is_open = row.state is TargetedListState.PROPOSED
    context = {
        "row": row,
        "decides": is_open and may(request.actor, Power.AUTHORISE_VISIT),
        "dispatches": row.state is TargetedListState.APPROVED
        and may(request.actor, Power.DISPATCH_VISIT),
    }
    return render(request, "inspection/targeted_list.html", context)


@require_POST
@requires(Power.AUTHORISE_VISIT)
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    is_approved, opinion = request.POST.get("answer") == "yes", request.POST.get("opinion", "")
    actions.decide_targeted(ref, is_approved, opinion, by=request.actor, at=request.at)
    messages.success(request, "已批准，可以逐家安排检查。" if is_approved else "已登记不予批准。")
    return redirect("inspection:targeted_list", ref)
