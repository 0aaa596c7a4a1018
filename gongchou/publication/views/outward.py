"""Pages for what goes on to platforms outside, and for the letters with yearly codes."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import Invalid
from gongchou.core.shapes import Row
from gongchou.core.workdays import Quarter, days_written
from gongchou.publication import actions, due, firm_papers, outward, shapes_read, slip_reads
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of
from gongchou.web.papers import respond

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _quarter(request: HttpRequest) -> Quarter:
    text = request.GET.get("quarter", "")
    return Quarter.parse(text) if text else Quarter.of(day_of(request.at))


def _file(request: HttpRequest, name: str, title: str, rows: Sequence[Row]) -> HttpResponse:
    """The rows in the shape of this name, as csv or as a workbook."""
    shape = shapes_read.shape(name)
    if request.GET.get("format") == "xlsx":
        answer = HttpResponse(shapes_read.as_xlsx(shape, rows), content_type=XLSX)
        ending = "xlsx"
    else:
        answer = HttpResponse(shapes_read.as_csv(shape, rows), content_type="text/csv")
        ending = "csv"
    answer["Content-Disposition"] = str(content_disposition_header(True, f"{title}.{ending}"))
    return answer


@requires(Power.SEE_PUBLICATION)
def national(request: HttpRequest) -> HttpResponse:
    """Published results of a quarter in the shape of the national platform."""
    quarter = _quarter(request)
    rows = outward.national_rows(request.actor.bureau, str(quarter), day_of(request.at))
    context = {
        "quarter": quarter,
        "page": page_of(rows, request.GET.get("page", "")).shown_as(_in_words),
        "kept": f"quarter={quarter}",
        "shape": shapes_read.shape("national"),
    }
    return render(request, "publication/national.html", context)


def _in_words(row: Row) -> Row:
    return {**row, "ended_on": days_written(row["ended_on"])}


@requires(Power.SEE_PUBLICATION)
def national_file(request: HttpRequest) -> HttpResponse:
    quarter = _quarter(request)
    rows = outward.national_rows(request.actor.bureau, str(quarter), day_of(request.at))
    return _file(request, "national", f"{quarter.label}抽查结果（平台样式）", rows)


@requires(Power.SEE_PUBLICATION)
def permit(request: HttpRequest) -> HttpResponse:
    """Which visits of permit holders stand on the permit platform, and which are overdue."""
    if request.method == "POST":
        return _entered(request)
    quarter, today = _quarter(request), day_of(request.at)
    rows = outward.permit_rows(request.actor.bureau, str(quarter), today)
    page = page_of(rows, request.GET.get("page", ""))
    context = {
        "quarter": quarter,
        "today": today,
        "rows": [(row, row.is_late(today)) for row in page.rows],
        "page": page,
        "kept": f"quarter={quarter}",
        "done": sum(row.entered_on is not None for row in rows),
        "late": sum(row.entered_on is None and row.is_late(today) for row in rows),
        "elsewhere": _elsewhere(request.actor.bureau, quarter, today),
        "may_enter": may(request.actor, Power.PUBLISH),
    }
    return render(request, "publication/permit.html", context)


def _elsewhere(bureau: str, shown: Quarter, today: date) -> list[tuple[Quarter, int, int]]:
    """Other quarters of which something still has to be entered: how much, and how much late."""
    others = [other for other in map(Quarter.parse, due.quarters(today)) if other != shown]
    waiting = [(other, outward.permits_waiting(bureau, str(other), today)) for other in others]
    return [
        (other, len(rows), sum(today > deadline.on for _, deadline in rows))
        for other, rows in waiting
        if rows
    ]


def _entered(request: HttpRequest) -> HttpResponse:
    check(request.actor, Power.PUBLISH)
    refs, text = request.POST.getlist("visit"), request.POST.get("on", "")
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("填报日期写法不对，请按“年-月-日”填写。") from error
    count = actions.record_permit_entries(refs, on=on, by=request.actor, at=request.at)
    messages.success(request, f"已登记 {count} 次检查在许可平台填报。")
    quarter = _quarter(request)
    return redirect(f"{reverse('publication:permit')}?quarter={quarter}")


@requires(Power.SEE_PUBLICATION)
def permit_file(request: HttpRequest) -> HttpResponse:
    """What has not been entered yet; with `all=1` everything."""
    quarter, today = _quarter(request), day_of(request.at)
    found = outward.permit_rows(request.actor.bureau, str(quarter), today)
    is_all = request.GET.get("all") == "1"
    rows = [row.row for row in found if is_all or row.entered_on is None]
    return _file(request, "permit", f"{quarter.label}许可平台填报", rows)


@requires(Power.HANDLE_LETTER)
def firms(request: HttpRequest) -> HttpResponse:
    """Which enterprise asks for its code of the year."""
    wanted, today = request.GET.get("q", "")[:80].strip(), day_of(request.at)
    page = registers.subjects(request.actor.bureau, today, search=wanted) if wanted else None
    issued = slip_reads.firms_with_code(request.actor.bureau, today.year)
    context = {"q": wanted, "page": page, "issued": frozenset(issued), "year": today.year}
    return render(request, "publication/firms.html", context)


@require_POST
@requires(Power.HANDLE_LETTER)
def issue(request: HttpRequest, subject: str) -> HttpResponse:
    actions.issue_firm_code(subject, by=request.actor, at=request.at)
    return redirect("publication:firm_paper", subject)


@requires(Power.HANDLE_LETTER)
def firm_paper(request: HttpRequest, subject: str) -> HttpResponse:
    name, pdf = firm_papers.firm_paper(request.actor.bureau, subject, at=request.at)
    return respond(pdf, name)
