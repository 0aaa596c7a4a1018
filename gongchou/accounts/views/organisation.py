"""The bodies of the programme, and the bureau that is too small to keep all roles apart."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import actions, organisation_reads
from gongchou.accounts.access import requires, signed_in
from gongchou.accounts.forms import SeatForm
from gongchou.core.oversight_terms import GroupKind
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.web.clock import day_of


@signed_in
def groups(request: HttpRequest) -> HttpResponse:
    seats, today = organisation_reads.seats(request.actor.bureau), day_of(request.at)
    context = {
        "groups": [
            (group, [(seat, seat.is_held(today)) for seat in seats if seat.group is group])
            for group in GroupKind
        ],
        "form": SeatForm(initial={"since": today}),
        "may_fill": may(request.actor, Power.MANAGE_USERS),
    }
    return render(request, "accounts/groups.html", context)


@require_POST
@requires(Power.MANAGE_USERS)
def fill_seat(request: HttpRequest) -> HttpResponse:
    form = SeatForm(request.POST)
    if not form.is_valid():
        raise Refused("请填写小组、姓名、职务和任期起日，日期写成 2026-01-05 的样子。")
    given = dict(form.cleaned_data, group=GroupKind(form.cleaned_data["group"]))
    actions.fill_seat(actions.SeatDraft(**given), by=request.actor, at=request.at)
    messages.success(request, "已登记成员。")
    return redirect("accounts:groups")


@require_POST
@requires(Power.MANAGE_USERS)
def end_seat(request: HttpRequest, number: int) -> HttpResponse:
    actions.end_seat(number, on=day_of(request.at), by=request.actor, at=request.at)
    messages.success(request, "已登记离任，任期保留备查。")
    return redirect("accounts:groups")


@require_POST
@requires(Power.GRANT_ROLES)
def set_small(request: HttpRequest) -> HttpResponse:
    document_number, reason = (
        request.POST.get("document_number", ""),
        request.POST.get("reason", ""),
    )
    actions.set_small_bureau(document_number, reason, by=request.actor, at=request.at)
    messages.success(request, "已登记为小型机构；兼任的角色逐人授予，写明理由。")
    return redirect("accounts:people")


@require_POST
@requires(Power.GRANT_ROLES)
def end_small(request: HttpRequest) -> HttpResponse:
    actions.end_small_bureau(by=request.actor, at=request.at)
    messages.success(request, "已终止小型机构，岗位须全部分设。")
    return redirect("accounts:people")
