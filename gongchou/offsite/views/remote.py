"""Remote enforcement: the list, the request, the approval, the minutes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.clue_terms import RemoteCheckState
from gongchou.core.powers import Power, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.offsite import actions, inlet_reads
from gongchou.offsite.clue_settings import clue_rules
from gongchou.offsite.inlet_forms import HeldForm, RemoteForm
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of


@requires(Power.SEE_VISITS)
def remote_list(request: HttpRequest) -> HttpResponse:
    rows = inlet_reads.remote_checks(request.actor.bureau)
    context = {
        "page": page_of(rows, request.GET.get("page", "")),
        "needs_approval": clue_rules(request.actor.bureau, day_of(request.at)).remote_approval,
    }
    return render(request, "offsite/remote_list.html", context)


@requires(Power.RECORD_OFFSITE)
def remote_new(request: HttpRequest, subject: str) -> HttpResponse:
    today, by, at = day_of(request.at), request.actor, request.at
    unit = registers.subject(subject, by.bureau, today).subject
    form = RemoteForm(request.POST or None, initial={"planned_on": today})
    clue = request.GET.get("clue", "")[:60]
    if request.method == "POST" and form.is_valid():
        purpose, planned_on = form.cleaned_data["purpose"], form.cleaned_data["planned_on"]
        try:
            ref = actions.request_remote(subject, purpose, planned_on, clue, by=by, at=at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记。")
            return redirect("offsite:remote", ref)
    return render(request, "offsite/remote_new.html", {"form": form, "unit": unit, "clue": clue})


@requires(Power.SEE_VISITS)
def remote(request: HttpRequest, ref: str) -> HttpResponse:
    row = inlet_reads.remote_check(ref, request.actor.bureau)
    return render(request, "offsite/remote.html", _page(request, row, HeldForm(on=row.planned_on)))


def _page(request: HttpRequest, row: inlet_reads.RemoteRow, form: HeldForm) -> dict[str, object]:
    return {
        "row": row,
        "form": form,
        "decides": may(request.actor, Power.AUTHORISE_VISIT)
        and row.state is RemoteCheckState.REQUESTED,
        "records": may(request.actor, Power.RECORD_OFFSITE)
        and row.state is RemoteCheckState.APPROVED,
    }


@require_POST
@requires(Power.AUTHORISE_VISIT)
def remote_decide(request: HttpRequest, ref: str) -> HttpResponse:
    is_approved = request.POST.get("answer") == "yes"
    opinion = request.POST.get("opinion", "")
    actions.decide_remote(ref, is_approved, opinion, by=request.actor, at=request.at)
    messages.success(request, "已批准，可以连线。" if is_approved else "已登记不予批准。")
    return redirect("offsite:remote", ref)


@require_POST
@requires(Power.RECORD_OFFSITE)
def remote_hold(request: HttpRequest, ref: str) -> HttpResponse:
    row = inlet_reads.remote_check(ref, request.actor.bureau)
    form = HeldForm(request.POST, request.FILES, on=row.planned_on)
    if form.is_valid():
        try:
            actions.record_remote(ref, form.draft(), by=request.actor, at=request.at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记远程执法记录，摘要已留痕。")
            return redirect("offsite:remote", ref)
    return render(request, "offsite/remote.html", _page(request, row, form))
