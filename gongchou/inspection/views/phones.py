"""Phones that hold visits, and the paper that was signed on site."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid
from gongchou.inspection import actions, leases, paper_check
from gongchou.inspection.views.visits import SEES


@requires(*SEES)
def phones(request: HttpRequest) -> HttpResponse:
    """The own phones; the office sees everybody's."""
    actor = request.actor
    is_office = may(actor, Power.DISPATCH_VISIT)
    rows = leases.leases(actor.bureau, request.at, "" if is_office else actor.ref)
    context = {"rows": rows, "is_office": is_office}
    return render(request, "inspection/phones.html", context)


@require_POST
@requires(*SEES)
def revoke(request: HttpRequest, ref: str) -> HttpResponse:
    actions.revoke_lease(ref, by=request.actor, at=request.at)
    messages.success(request, "已收回。那部手机不能再取得任何内容，下次打开即清除。")
    return redirect("inspection:phones")


@requires(*SEES)
def check_paper(request: HttpRequest) -> HttpResponse:
    """Type or scan the digest on a paper; the server computes everything again."""
    text, found, wrong = request.GET.get("digest", ""), None, ""
    if text:
        try:
            found = paper_check.check_paper(text, request.actor.bureau)
        except Invalid as refusal:
            wrong = str(refusal)
    context = {"text": text, "found": found, "wrong": wrong}
    return render(request, "inspection/check_paper.html", context)
