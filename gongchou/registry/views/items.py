"""The item list: all versions, and the leader's approval."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.registry import actions, reads
from gongchou.web.clock import day_of


@requires(Power.SEE_REGISTER)
def items(request: HttpRequest) -> HttpResponse:
    lists = reads.item_lists(request.actor.bureau)
    may_approve = may(request.actor, Power.APPROVE_ITEMS)
    return render(request, "registry/items.html", {"lists": lists, "may_approve": may_approve})


@require_POST
@requires(Power.APPROVE_ITEMS)
def approve_items(request: HttpRequest, ref: str) -> HttpResponse:
    actions.approve_item_list(ref, on=day_of(request.at), by=request.actor, at=request.at)
    messages.success(request, "已批准，这一版清单从今天起使用。")
    return redirect("registry:items")
