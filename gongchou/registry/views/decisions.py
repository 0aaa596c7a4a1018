"""What a second person decides: designations, and changes that move sites between classes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.registry import actions, diffs, policy, reads
from gongchou.web.clock import day_of


@requires(Power.SEE_REGISTER)
def designations(request: HttpRequest) -> HttpResponse:
    by = request.actor
    context = {
        "rows": reads.designations(by.bureau),
        "may_decide": may(by, Power.APPROVE_REGISTER),
        "me": by.ref,
        "today": day_of(request.at),
    }
    return render(request, "registry/designations.html", context)


@require_POST
@requires(Power.APPROVE_REGISTER)
def decide_designation(request: HttpRequest, ref: str, act: str) -> HttpResponse:
    day, reason = day_of(request.at), request.POST.get("reason", "")
    if act == "approve":
        actions.approve_designation(ref, on=day, by=request.actor, at=request.at)
        messages.success(request, "已批准，下一次测算计划时按特殊监管对象计。")
    elif act == "refuse":
        actions.refuse_designation(ref, reason, on=day, by=request.actor, at=request.at)
        messages.success(request, "已记录不予批准及理由。")
    else:
        actions.end_designation(ref, reason, on=day, by=request.actor, at=request.at)
        messages.success(request, "已终止，从今天起不再按特殊监管对象计。")
    return redirect("registry:designations")


@requires(Power.SEE_REGISTER)
def changes(request: HttpRequest) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    first = policy.cooldown_begins(by.bureau, today)
    context = {
        "rows": reads.changes(by.bureau),
        "waiting": reads.waiting_changes(by.bureau, first, today),
        "first": first,
    }
    return render(request, "registry/changes.html", context)


@requires(Power.SEE_REGISTER)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    by = request.actor
    context = {
        "row": reads.change(ref, by.bureau),
        "diff": diffs.by_ref(ref, by.bureau),
        "shown": diffs.SHOWN,
        "may_confirm": may(by, Power.APPROVE_REGISTER),
        "may_undo": may(by, Power.IMPORT_REGISTER),
    }
    return render(request, "registry/register_change.html", context)


@require_POST
@requires(Power.APPROVE_REGISTER)
def confirm_change(request: HttpRequest, ref: str) -> HttpResponse:
    actions.confirm_change(ref, by=request.actor, at=request.at)
    messages.success(request, "已复核，这项变更不再阻碍冻结名录。")
    return redirect("registry:register_change", ref)


@require_POST
@requires(Power.IMPORT_REGISTER)
def undo_change(request: HttpRequest, ref: str) -> HttpResponse:
    by, reason = request.actor, request.POST.get("reason", "")
    new = actions.undo_change(ref, reason, on=day_of(request.at), by=by, at=request.at)
    messages.success(request, "已整份撤销，从今天起名录恢复为变更以前的内容。")
    return redirect("registry:register_change", new)


@requires(Power.SEE_REGISTER)
def board(request: HttpRequest) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    boards = reads.board(by.bureau, today)
    context = {
        "boards": boards,
        "total": sum(board.total for board in boards),
        "on": today,
        "may_edit": may(by, Power.EDIT_REGISTER),
    }
    return render(request, "registry/board.html", context)
