"""The enterprise's door: with the code on its papers, without an account.

The code is sent in the body and never stands in an address, so that no log and no history keeps
it. Nobody is signed in here, so there is no session that a foreign page could misuse, and the
forms need no token against that; the pages set no cookie.
"""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from gongchou.core.powers import outsider
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import CorrectionState, IntakeKind, RatingQuestion, VisitState
from gongchou.intake import actions as intake
from gongchou.intake import reads as letters
from gongchou.portal.forms import CodeForm, FirmForm, RatingForm, files_of
from gongchou.portal.pages import private
from gongchou.portal.standing import standings
from gongchou.publication.reads import bureaus
from gongchou.publication.slip_reads import (
    FirmSlip,
    Slip,
    firm_slip_by_code,
    slip_by_code,
    slip_of,
)
from gongchou.web import gate_keys
from gongchou.web.clock import day_of
from gongchou.web.door_keys import door_code

NO_SUCH = (
    "没有这个查验码。请核对是否抄错；刚送达的文书最长 5 分钟后可以查验。"
    "如果来人拿着的文书始终查不到，请拨打检查机关公布的电话核实。"
)
CLOSED = {
    IntakeKind.EXPLANATION: "情况说明的期限已过。对公示的结果有意见的，可以在公示后提出申诉。",
    IntakeKind.APPEAL: "现在不能提出申诉：结果还没有公示，或者申诉期限已过。",
    IntakeKind.MENDING: "这次检查没有等待改正的责令改正，不需要提交整改材料。",
}
# The officers have left: a paper of this visit lets nobody in any more.
OVER = frozenset({VisitState.SUBMITTED, VisitState.RETURNED, VisitState.REVIEWED})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest) -> HttpResponse:
    """Ask for the code, and show the visit that it opens, or who stands at the gate."""
    if request.method != "POST" and (scanned := request.GET.get("gate", "")):
        return _gate(request, scanned)
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return private(request, "door", {"form": form})
    found = slip_by_code(form.cleaned_data["code"])
    if found is None:
        return _firm(request, form.cleaned_data["code"])
    return _page(request, found, form.cleaned_data["code"])


def _firm(request: HttpRequest, code: str) -> HttpResponse:
    """A firm's year, by the code on the letter that the office gave it."""
    slip = firm_slip_by_code(code)
    if slip is None:
        return _unknown(request)
    draws = standings(slip.bureau, slip.document["draws"])
    context = {"slip": slip, "says": slip.document, "draws": draws, "visits": _own(slip)}
    return private(request, "firm", context)


def _own(slip: FirmSlip) -> list[dict[str, Any]]:
    """Each visit it has had, with the code that opens it: whoever holds the year holds them too."""
    return [
        {**visit, "code": door_code(visit["visit"]) if slip_of(visit["visit"]) else ""}
        for visit in slip.document["visits"]
    ]


def _gate(request: HttpRequest, scanned: str) -> HttpResponse:
    """Who came, by the signature alone: no account, no database, nothing about it kept."""
    says, code = "", None
    try:
        code = gate_keys.checked(scanned)
        says = code.problem(request.at)
    except Invalid as refusal:
        says = str(refusal)
    context = {"code": code, "says": says, "organ": bureaus().get(code.bureau, "") if code else ""}
    return private(request, "gate", context, status=400 if says else 200)


def _unknown(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    form.add_error("code", NO_SUCH)
    return private(request, "door", {"form": form}, status=404)


def _page(
    request: HttpRequest, slip: Slip, code: str, *, status: int = 200, **forms: Any
) -> HttpResponse:
    state = VisitState(slip.document["state"])
    context = {
        "slip": slip,
        "says": slip.document,
        "state": state,
        "is_over": state in OVER,
        "code": code,
        "open_kinds": _open_kinds(slip, request),
        "draws": standings(slip.bureau, slip.document["draws"]),
        "sent": letters.about_visit(slip.visit),
        "has_rated": letters.has_rated(code),
        "may_rate": bool(slip.document["ended_on"]),
        "form": forms.get("form") or FirmForm(),
        "rating": forms.get("rating") or RatingForm(),
        "chosen": forms.get("chosen", ""),
    }
    return private(request, "slip", context, status=status)


def _open_kinds(slip: Slip, request: HttpRequest) -> list[IntakeKind]:
    """What may be sent in today."""
    today = day_of(request.at)
    explain, appeal = slip.last_day("explain_until"), slip.last_day("appeal_until")
    found = []
    if explain is None or today <= explain:
        found.append(IntakeKind.EXPLANATION)
    if appeal is not None and today <= appeal:
        found.append(IntakeKind.APPEAL)
    if any(order["state"] == CorrectionState.OPEN.label for order in slip.document["orders"]):
        found.append(IntakeKind.MENDING)
    return found


@csrf_exempt
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """An explanation, an appeal, or evidence of mending."""
    code = request.POST.get("code", "")
    slip = slip_by_code(code)
    if slip is None:
        return _unknown(request)
    form = FirmForm(request.POST, request.FILES)
    kind = next((k for k in IntakeKind if k.value == request.POST.get("kind")), None)
    if form.is_valid():
        try:
            receipt = _sent(request, slip, kind, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            context = {"receipt": receipt, "kind": kind, "door_code": code}
            return private(request, "receipt", context)
    chosen = kind.value if kind else ""
    return _page(request, slip, code, status=400, form=form, chosen=chosen)


def _sent(
    request: HttpRequest, slip: Slip, kind: IntakeKind | None, given: dict[str, Any]
) -> intake.Receipt:
    if kind is None or kind not in CLOSED:
        raise Refused("请选择提交的是哪一类材料。")
    if kind not in _open_kinds(slip, request):
        raise Refused(CLOSED[kind])
    draft = intake.LetterDraft(
        kind=kind,
        about=slip.visit,
        subject=slip.document["subject"],
        says=given["says"],
        sender=given["sender"],
        contact=given["contact"],
    )
    return intake.send_letter(
        draft,
        files_of(request.FILES.getlist("pictures")),
        chance=secrets.token_bytes(intake.CHANCE_BYTES),
        by=outsider(slip.bureau),
        at=request.at,
    )


@csrf_exempt
@require_POST
def rate(request: HttpRequest) -> HttpResponse:
    """The anonymous rating, once a code, after the visit has ended."""
    code, form = request.POST.get("code", ""), RatingForm(request.POST)
    slip = slip_by_code(code)
    if slip is None:
        return _unknown(request)
    if form.is_valid():
        try:
            _rated(request, slip, code, form.answers())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return private(request, "rated", {"door_code": code})
    return _page(request, slip, code, status=400, rating=form)


def _rated(
    request: HttpRequest, slip: Slip, code: str, answers: dict[RatingQuestion, bool]
) -> None:
    if not slip.document["ended_on"]:
        raise Refused("检查结果审核以后才能评价。")
    quarter = slip.document["quarter"]
    intake.rate(quarter, answers, code=code, by=outsider(slip.bureau), at=request.at)
