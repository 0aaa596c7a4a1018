"""What followed a visit: one page with its four small forms."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.inspection import actions, local_result_reads, permissions, reads
from gongchou.inspection.drafts import (
    CaseDraft,
    OrderDraft,
    RevocationDraft,
    TransferDraft,
    TransferReceiptDraft,
)
from gongchou.inspection.forms import (
    CaseForm,
    FollowUpForm,
    OrderForm,
    RevocationForm,
    TransferForm,
    TransferReceiptForm,
)
from gongchou.inspection.rows import Aftermath
from gongchou.inspection.views.visits import seen
from gongchou.web.clock import day_of

FOLLOWS = (Power.DISPATCH_VISIT, Power.DO_VISIT)
FEN = 100
MOST_BEFORE = 6


@requires(*FOLLOWS)
def after(request: HttpRequest, ref: str) -> HttpResponse:
    return _page(request, ref)


def _page(request: HttpRequest, ref: str, **typed: Form) -> HttpResponse:
    """The page; a form that was refused stands open in it, as it was typed."""
    found, today = seen(request, ref), day_of(request.at)
    permissions.check_may_follow(request.actor, found, today)
    after = reads.aftermath(ref)
    forms = {
        "order": OrderForm(initial={"issued_on": today}, prefix="order"),
        "case": CaseForm(initial={"filed_on": today}, prefix="case"),
        "transfer": TransferForm(initial={"moved_on": today}, prefix="transfer"),
        "look": _look_form(ref, initial={"on": today}),
        "receipt": _receipt_form(after, initial={"received_on": today}),
        "choice": local_result_reads.choice_of(found),
        "revocation": _revocation_form(after, initial={"revoked_on": today}),
    }
    context = {"visit": found, "after": after, "today": today} | forms | typed
    return render(request, "inspection/after.html", context)


def _look_form(ref: str, *sent: Any, **more: Any) -> FollowUpForm:
    """A place for an answer to each photo of a problem, or to the first photos of the visit."""
    record = reads.record(ref)
    photos = [file for file in record.evidence if file.is_image and not file.is_signature]
    wanted = set(record.body.problem_items)
    shown = [file for file in photos if file.item in wanted] or photos
    return FollowUpForm(*sent, before=tuple(shown[:MOST_BEFORE]), prefix="look", **more)


def _revocation_form(after: Aftermath, **more: Any) -> RevocationForm:
    """The decisions that still stand are there to choose from."""
    numbers = [case.decision_number for case in after.standing_cases if case.decision_number]
    return RevocationForm(decisions=numbers, prefix="revocation", **more)


def _receipt_form(after: Aftermath, **more: Any) -> TransferReceiptForm:
    return TransferReceiptForm(waiting=after.waiting_transfers, prefix="receipt", **more)


def _done(form: Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the act took the form; what it refuses is said on the form."""
    if not form.is_valid():
        return False
    try:
        act(dict(form.cleaned_data))
    except NotAllowed:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@require_POST
@requires(*FOLLOWS)
def order(request: HttpRequest, ref: str) -> HttpResponse:
    form = OrderForm(request.POST, prefix="order")
    by, at = request.actor, request.at
    if not _done(form, lambda d: actions.order_correction(ref, OrderDraft(**d), by=by, at=at)):
        return _page(request, ref, order=form)
    messages.success(request, "已登记责令改正，期限届满后请复查。")
    return redirect("inspection:after", ref)


@require_POST
@requires(*FOLLOWS)
def look(request: HttpRequest, ref: str) -> HttpResponse:
    visit = reads.order(ref).visit
    permissions.check_may_follow(request.actor, seen(request, visit), day_of(request.at))
    form = _look_form(visit, request.POST, request.FILES)

    def record(data: dict[str, Any]) -> None:
        fields = {"on": data["on"], "is_corrected": data["is_corrected"] == "1"}
        fields["photos"] = form.photos
        actions.record_follow_up(ref, data["says"], **fields, by=request.actor, at=request.at)

    if not _done(form, record):
        return _page(request, visit, look=form)
    messages.success(request, "已登记复查。")
    return redirect("inspection:after", visit)


@require_POST
@requires(*FOLLOWS)
def case(request: HttpRequest, ref: str) -> HttpResponse:
    form = CaseForm(request.POST, prefix="case")

    def file(data: dict[str, Any]) -> None:
        yuan = data.pop("amount_yuan") or Decimal(0)
        draft = CaseDraft(**data, amount_fen=int(yuan * FEN))
        actions.file_case(ref, draft, by=request.actor, at=request.at)

    if not _done(form, file):
        return _page(request, ref, case=form)
    is_decided = bool(form.cleaned_data["decision_number"])
    later = "" if is_decided else "作出决定后，请用同一立案号再登记一次决定。"
    messages.success(request, f"已登记{'处罚决定' if is_decided else '立案'}。{later}")
    return redirect("inspection:after", ref)


@require_POST
@requires(*FOLLOWS)
def revoke(request: HttpRequest, ref: str) -> HttpResponse:
    permissions.check_may_follow(request.actor, seen(request, ref), day_of(request.at))
    by, at = request.actor, request.at
    form = _revocation_form(reads.aftermath(ref), data=request.POST)
    if not _done(form, lambda d: actions.revoke_decision(ref, RevocationDraft(**d), by=by, at=at)):
        return _page(request, ref, revocation=form)
    messages.success(request, "已登记撤销。公示人员的工作台上现在有一件限期撤下。")
    return redirect("inspection:after", ref)


@require_POST
@requires(*FOLLOWS)
def transfer(request: HttpRequest, ref: str) -> HttpResponse:
    form = TransferForm(request.POST, prefix="transfer")
    by, at = request.actor, request.at
    if not _done(form, lambda d: actions.transfer_case(ref, TransferDraft(**d), by=by, at=at)):
        return _page(request, ref, transfer=form)
    messages.success(request, "已登记移送。请下载案卷交给对方，签收后登记回执。")
    return redirect("inspection:after", ref)


@require_POST
@requires(*FOLLOWS)
def receipt(request: HttpRequest, ref: str) -> HttpResponse:
    permissions.check_may_follow(request.actor, seen(request, ref), day_of(request.at))
    form = _receipt_form(reads.aftermath(ref), data=request.POST)
    by, at = request.actor, request.at

    def received(data: dict[str, Any]) -> None:
        actions.receive_transfer(ref, TransferReceiptDraft(**data), by=by, at=at)

    if not _done(form, received):
        return _page(request, ref, receipt=form)
    messages.success(request, "已登记移送回执。")
    return redirect("inspection:after", ref)
