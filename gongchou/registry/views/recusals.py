"""Recusals: declared by the inspector, decided by the leader, seen by both and the office."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import RecusalReason
from gongchou.registry import actions, reads
from gongchou.registry.forms import RecusalForm
from gongchou.web.clock import day_of


@signed_in
def recusals(request: HttpRequest) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    may_declare = may(by, Power.DECLARE_RECUSAL)
    sees_all = may(by, Power.CONFIRM_RECUSAL) or (may(by, Power.SEE_REGISTER) and not may_declare)
    if not may_declare and not sees_all:
        check(by, Power.DECLARE_RECUSAL)
    own = reads.inspector_of_person(by.ref, by.bureau, today)
    rows = reads.recusal_rows(by.bureau, inspector="" if sees_all else (own.ref if own else "-"))
    context = {
        "rows": rows,
        "may_declare": may_declare,
        "may_confirm": may(by, Power.CONFIRM_RECUSAL),
        "is_known": own is not None,
        "sees_register": may(by, Power.SEE_REGISTER),
    }
    return render(request, "registry/recusals.html", context)


@requires(Power.DECLARE_RECUSAL)
def declare(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    initial = {"target": request.GET.get("target", "")[:40], "since": today.isoformat()}
    form = RecusalForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = {**form.cleaned_data, "reason": RecusalReason(form.cleaned_data["reason"])}
        try:
            actions.declare_recusal(
                asked.pop("target"), **asked, on=today, by=request.actor, at=request.at
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已申报，批准领导确认后生效。")
            return redirect("registry:recusals")
    search = request.GET.get("q", "").strip()[:80]
    found = reads.subjects(request.actor.bureau, today, search=search) if len(search) > 1 else None
    context = {"form": form, "q": search, "found": found}
    return render(request, "registry/recusal_form.html", context)


@require_POST
@requires(Power.CONFIRM_RECUSAL)
def decide(request: HttpRequest, ref: str, act: str) -> HttpResponse:
    day, reason = day_of(request.at), request.POST.get("reason", "")
    if act == "confirm":
        actions.confirm_recusal(ref, on=day, by=request.actor, at=request.at)
        messages.success(request, "已确认，从今天起不再为其抽取这一单位。")
    elif act == "refuse":
        actions.refuse_recusal(ref, reason, on=day, by=request.actor, at=request.at)
        messages.success(request, "已记录不予回避及理由。")
    else:
        actions.end_recusal(ref, reason, on=day, by=request.actor, at=request.at)
        messages.success(request, "已终止，从今天起不再回避；以前的记录保留。")
    return redirect("registry:recusals")
