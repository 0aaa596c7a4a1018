"""What followed a visit: one page with its four small forms."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.inspection import actions, permissions, reads
from gongchou.inspection.drafts import CaseDraft, OrderDraft, TransferDraft
from gongchou.inspection.forms import CaseForm, FollowUpForm, OrderForm, TransferForm
from gongchou.inspection.views.visits import first_problem, seen
from gongchou.web.clock import day_of

FOLLOWS = (Power.DISPATCH_VISIT, Power.DO_VISIT)
FEN = 100


@requires(*FOLLOWS)
def after(request: HttpRequest, ref: str) -> HttpResponse:
    found, today = seen(request, ref), day_of(request.at)
    permissions.check_may_follow(request.actor, found, today)
    context = {
        "visit": found,
        "after": reads.aftermath(ref),
        "today": today,
        "order": OrderForm(initial={"issued_on": today}, prefix="order"),
        "case": CaseForm(initial={"filed_on": today}, prefix="case"),
        "transfer": TransferForm(initial={"moved_on": today}, prefix="transfer"),
        "look": FollowUpForm(initial={"on": today}, prefix="look"),
    }
    return render(request, "inspection/after.html", context)


@require_POST
@requires(*FOLLOWS)
def order(request: HttpRequest, ref: str) -> HttpResponse:
    form = OrderForm(request.POST, prefix="order")
    if not form.is_valid():
        raise first_problem(form)
    draft = OrderDraft(**form.cleaned_data)
    actions.order_correction(ref, draft, by=request.actor, at=request.at)
    messages.success(request, "已登记责令改正，期限届满后请复查。")
    return redirect("inspection:after", ref)


@require_POST
@requires(*FOLLOWS)
def look(request: HttpRequest, ref: str) -> HttpResponse:
    form = FollowUpForm(request.POST, prefix="look")
    if not form.is_valid():
        raise first_problem(form)
    data = form.cleaned_data
    actions.record_follow_up(
        ref,
        data["says"],
        on=data["on"],
        is_corrected=data["is_corrected"] == "1",
        by=request.actor,
        at=request.at,
    )
    messages.success(request, "已登记复查。")
    return redirect("inspection:after", reads.order(ref).visit)


@require_POST
@requires(*FOLLOWS)
def case(request: HttpRequest, ref: str) -> HttpResponse:
    form = CaseForm(request.POST, prefix="case")
    if not form.is_valid():
        raise first_problem(form)
    data = dict(form.cleaned_data)
    yuan = data.pop("amount_yuan") or Decimal(0)
    draft = CaseDraft(**data, amount_fen=int(yuan * FEN))
    actions.file_case(ref, draft, by=request.actor, at=request.at)
    messages.success(request, "已登记立案。作出决定后，请用同一立案号再登记一次决定。")
    return redirect("inspection:after", ref)


@require_POST
@requires(*FOLLOWS)
def transfer(request: HttpRequest, ref: str) -> HttpResponse:
    form = TransferForm(request.POST, prefix="transfer")
    if not form.is_valid():
        raise first_problem(form)
    draft = TransferDraft(**form.cleaned_data)
    actions.transfer_case(ref, draft, by=request.actor, at=request.at)
    messages.success(request, "已登记移送。")
    return redirect("inspection:after", ref)
