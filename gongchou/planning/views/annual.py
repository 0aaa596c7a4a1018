from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import PlanState
from gongchou.planning import actions, annual_papers, annual_reads, reads
from gongchou.planning.annual_done import done_by_row
from gongchou.planning.tables import ANNUAL, AnnualRow
from gongchou.web.clock import day_of
from gongchou.web.papers import respond
from gongchou.web.wordprocessing import DOCX

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _year(text: str, request: HttpRequest) -> int:
    return int(text) if text.isdecimal() and len(text) == 4 else day_of(request.at).year


def _back(year: int) -> HttpResponseRedirect:
    return redirect(f"{reverse('planning:annual')}?year={year}")


def _with_done(
    bureau: str, found: annual_reads.AnnualPage
) -> list[tuple[AnnualRow, int | None, int]]:
    """Each row with what is done of it, and how many are still missing."""
    done = done_by_row(bureau, found.rows)
    return [(row, n, max(row.count - (n or 0), 0)) for row, n in zip(found.rows, done, strict=True)]


@requires(Power.SEE_PLAN)
def annual(request: HttpRequest) -> HttpResponse:
    year, this = _year(request.GET.get("year", ""), request), day_of(request.at).year
    found = annual_reads.annual_plan(request.actor.bureau, year)
    makes, approves = may(request.actor, Power.MAKE_PLAN), may(request.actor, Power.APPROVE_PLAN)
    is_frozen = found is not None and found.state is PlanState.FROZEN
    context = {
        "year": year,
        "found": found,
        "rows": _with_done(request.actor.bureau, found) if found else (),
        "columns": ANNUAL,
        "may_make": makes and found is None and year in (this, this + 1),
        "may_approve": approves
        and is_frozen
        and found is not None
        and found.made_by_ref != request.actor.ref,
        "may_void": found is not None and (approves or (makes and is_frozen)),
    }
    return render(request, "planning/annual.html", context)


@require_POST
@requires(Power.MAKE_PLAN)
def make_annual(request: HttpRequest) -> HttpResponse:
    year = _year(request.POST.get("year", ""), request)
    actions.make_annual_plan(year, by=request.actor, at=request.at)
    messages.success(request, "已编制年度计划，请由批准领导核对后批准。")
    return _back(year)


@require_POST
@requires(Power.APPROVE_PLAN)
def approve_annual(request: HttpRequest, ref: str) -> HttpResponse:
    actions.approve_annual_plan(ref, by=request.actor, at=request.at)
    messages.success(request, "已批准年度计划。")
    return _back(_year(request.POST.get("year", ""), request))


@require_POST
@signed_in
def void_annual(request: HttpRequest, ref: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.void_annual_plan(ref, reason, by=request.actor, at=request.at)
    messages.success(request, "已作废，可以重新编制。")
    return _back(_year(request.POST.get("year", ""), request))


def _file(name: str, body: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=KINDS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _kind(request: HttpRequest) -> str:
    return "csv" if request.GET.get("kind") == "csv" else "xlsx"


@requires(Power.SEE_PLAN)
def annual_file(request: HttpRequest, year: int) -> HttpResponse:
    kind = _kind(request)
    return _file(f"plan-{year}", annual_reads.annual_file(request.actor.bureau, year, kind), kind)


@requires(Power.SEE_PLAN)
def annual_paper(request: HttpRequest, year: int) -> HttpResponse:
    """The year's plan as an official paper."""
    name, pdf = annual_papers.annual_paper(request.actor.bureau, year, at=request.at)
    return respond(pdf, name)


@requires(Power.SEE_PLAN)
def annual_word(request: HttpRequest, year: int) -> HttpResponse:
    """The year's plan as a file that the office can edit before it is signed."""
    name, file = annual_papers.annual_word(request.actor.bureau, year, at=request.at)
    answer = HttpResponse(file, content_type=DOCX)
    answer["Content-Disposition"] = str(content_disposition_header(True, f"{name}.docx"))
    return answer


@requires(Power.SEE_PLAN)
def quarter_file(request: HttpRequest, ref: str) -> HttpResponse:
    if reads.plan(ref).bureau != request.actor.bureau:
        raise Refused(f"本机构没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    kind = _kind(request)
    return _file(ref, annual_reads.quarter_file(ref, kind), kind)
