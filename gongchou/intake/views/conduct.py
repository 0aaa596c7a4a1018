"""The own declarations, a report about a colleague, and the desk that handles reports."""

import secrets
from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.oversight_terms import IntegrityKind, ReportOutcome, ReportState
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.intake import actions, conduct_reads
from gongchou.intake.forms import DeclareForm, ReportForm
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of

# After these a person may still be kept from the draw.
FOUNDED = {ReportOutcome.CONFIRMED, ReportOutcome.PARTLY, ReportOutcome.ELSEWHERE}


@requires(Power.OWN_MATTERS)
def own(request: HttpRequest) -> HttpResponse:
    actor = request.actor
    context = {
        "rows": conduct_reads.integrity(actor.bureau, actor.ref),
        "declare": DeclareForm(initial={"on": day_of(request.at)}),
        "report": ReportForm(auto_id="report_%s"),
        "handles": may(actor, Power.HANDLE_REPORT),
    }
    return render(request, "intake/own.html", context)


@require_POST
@requires(Power.OWN_MATTERS)
def declare(request: HttpRequest) -> HttpResponse:
    form = DeclareForm(request.POST)
    if not form.is_valid():
        raise Refused("请选择登记什么，写明发生日期和内容，日期写成 2026-01-05 的样子。")
    given = form.cleaned_data
    kind = IntegrityKind(given["kind"])
    actions.declare(kind, given["says"], on=given["on"], by=request.actor, at=request.at)
    messages.success(request, f"已登记“{kind.label}”，登记以后不能改动，有变化的另行登记。")
    return redirect("intake:own")


@require_POST
@requires(Power.OWN_MATTERS)
def report(request: HttpRequest) -> HttpResponse:
    """The receipt is shown once, and nothing about it stands in an address or a message."""
    form = ReportForm(request.POST)
    if not form.is_valid():
        raise Refused("请写明反映的是谁，以及什么时间、在哪里、发生了什么。")
    draft = actions.ReportDraft(**form.cleaned_data)
    chance = secrets.token_bytes(actions.CHANCE_BYTES)
    receipt = actions.send_report(draft, chance=chance, by=request.actor, at=request.at)
    answer = render(request, "intake/report_receipt.html", {"receipt": receipt})
    answer["Cache-Control"] = "no-store"
    return answer


@requires(Power.HANDLE_REPORT)
def declarations(request: HttpRequest) -> HttpResponse:
    page = page_of(conduct_reads.integrity(request.actor.bureau), request.GET.get("page", ""))
    return render(request, "intake/declarations.html", {"page": page})


@requires(Power.HANDLE_REPORT)
def reports(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    rows = [
        (row, conduct_reads.due(row) if row.is_open else None)
        for row in conduct_reads.reports(request.actor.bureau)
    ]
    context = {"rows": rows, "today": today}
    return render(request, "intake/reports.html", context)


@requires(Power.HANDLE_REPORT)
def one_report(request: HttpRequest, ref: str) -> HttpResponse:
    row = actions.view_report(ref, by=request.actor, at=request.at)
    context = {
        "row": row,
        "due": conduct_reads.due(row) if row.is_open else None,
        "today": day_of(request.at),
        "is_received": row.state is ReportState.RECEIVED,
        "is_accepted": row.state is ReportState.ACCEPTED,
        "may_suspend": row.is_open or row.outcome in FOUNDED,
        "outcomes": list(ReportOutcome),
    }
    return render(request, "intake/report.html", context)


def _accept(request: HttpRequest, ref: str, given: QueryDict) -> str:
    actions.accept_report(ref, given.get("says", ""), by=request.actor, at=request.at)
    return "已受理，反映人凭回执可以看到。"


def _decline(request: HttpRequest, ref: str, given: QueryDict) -> str:
    says, told = given.get("says", ""), given.get("told", "")
    actions.decline_report(ref, says, told, by=request.actor, at=request.at)
    return "已登记不予受理，反映人凭回执可以看到答复。"


def _conclude(request: HttpRequest, ref: str, given: QueryDict) -> str:
    outcome = next((one for one in ReportOutcome if one.value == given.get("outcome")), None)
    if outcome is None:
        raise Refused("请从列表中选择办理结果。")
    says, told = given.get("says", ""), given.get("told", "")
    actions.conclude_report(ref, outcome, says, told, by=request.actor, at=request.at)
    return "已办结，反映人凭回执可以看到答复。"


ACTS: Mapping[str, Callable[[HttpRequest, str, QueryDict], str]] = {
    "accept": _accept,
    "decline": _decline,
    "conclude": _conclude,
}


@require_POST
@requires(Power.HANDLE_REPORT)
def act(request: HttpRequest, ref: str) -> HttpResponse:
    do = ACTS.get(request.POST.get("act", ""))
    if do is None:
        raise Refused("请选择受理、不予受理或者办结。")
    messages.success(request, do(request, ref, request.POST))
    return redirect("intake:report", ref)


@require_POST
@requires(Power.HANDLE_REPORT, again=True)
def identity(request: HttpRequest, ref: str) -> HttpResponse:
    """Who wrote, shown once; the reason stays in the log."""
    reason = request.POST.get("reason", "")
    sender = actions.open_identity(ref, reason, by=request.actor, at=request.at)
    answer = render(request, "intake/identity.html", {"ref": ref, "sender": sender})
    answer["Cache-Control"] = "no-store"
    return answer
