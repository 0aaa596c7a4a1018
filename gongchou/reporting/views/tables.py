from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid
from gongchou.core.standing import overall
from gongchou.core.statistics import Row
from gongchou.core.workdays import Quarter
from gongchou.planning import reads as planning
from gongchou.reporting import (
    actions,
    package_reads,
    papers,
    public,
    reads,
    rollup_reads,
    summary_reads,
    template_reads,
)
from gongchou.reporting.apart import temporary_tasks
from gongchou.reporting.links import link
from gongchou.reporting.workbook import XLSX, sheet_of, workbook
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of
from gongchou.web.papers import respond


def asked_quarter(request: HttpRequest) -> Quarter:
    """The quarter that the address names, or the running one."""
    text = request.GET.get("quarter", "")
    return Quarter.parse(text) if text else Quarter.of(day_of(request.at))


def past_day(request: HttpRequest) -> date | None:
    """The day that was asked for; None where it is today, or none was."""
    text, today = request.GET.get("on", ""), day_of(request.at)
    if not text:
        return None
    try:
        on = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"“{text}”不是日期，请写成 {today} 的样子。") from error
    if on > today:
        raise Invalid(f"{on} 还没有到，只能查看今天或以前的情况。")
    return on if on < today else None


def _grouped(rows: tuple[Row, ...]) -> list[tuple[str, list[Row]]]:
    return [(name, list(held)) for name, held in groupby(rows, lambda row: row.quarter.group)]


def _opened(request: HttpRequest, found: reads.CellPage, quarter: Quarter) -> dict[str, object]:
    """Facts and records of a number, a page of each at a time."""
    asked = request.GET.get("page", "")
    kept = request.GET.copy()
    kept.pop("page", None)
    links = page_of(found.records, asked).shown_as(lambda one: link(one, str(quarter)))
    return {"facts": page_of(found.lines, asked), "links": links, "kept": kept.urlencode()}


@requires(Power.SEE_STATISTICS)
def home(request: HttpRequest) -> HttpResponse:
    asked, bureau, today = asked_quarter(request), request.actor.bureau, day_of(request.at)
    held, board = reads.held(bureau, asked), reads.board(bureau, asked, today)
    may_make = may(request.actor, Power.MAKE_STATISTICS)
    ends = planning.deadlines(bureau, str(asked))
    versions = reads.versions(bureau, str(asked))
    context = _sent_up(bureau, asked, today)
    context |= {
        "quarter": asked,
        "today": today,
        "held": held,
        "board": board,
        "temporary": temporary_tasks(bureau, asked),
        "overall": [(s, n) for s, n in overall(row.standing for row in board).items() if n],
        "groups": _grouped(reads.table(bureau, asked)) if held.built_at else [],
        "versions": versions,
        "made_on": day_of(versions[-1].made_at) if versions else None,
        "deadline": ends.statistics,
        "task_deadline": ends.task,
        "may_count": may_make,
        "may_make": may_make and today > asked.last and bool(board),
        "may_draft": may_make and bool(board),
        "may_pack": may_make and bool(board) and (today > asked.last or context["summary"]),
    }
    return render(request, "reporting/home.html", context)


def _sent_up(bureau: str, quarter: Quarter, today: date) -> dict[str, object]:
    """What goes to the superior bureau: the summary, the packages, what is still to be done."""
    summaries = summary_reads.versions(bureau, str(quarter))
    return {
        "is_over": today > quarter.last,
        "summary": summaries[0] if summaries else None,
        "packages": package_reads.packages(bureau, str(quarter)),
        "has_districts": rollup_reads.may_roll_up(bureau),
        "lacking": package_reads.lacking(bureau, str(quarter), today),
    }


@requires(Power.SEE_STATISTICS)
def cell(request: HttpRequest, key: str) -> HttpResponse:
    """The records behind one number of the live table."""
    asked, is_year = asked_quarter(request), request.GET.get("span") == "year"
    on = past_day(request)
    found = reads.cell(request.actor.bureau, asked, key, is_year=is_year, on=on)
    context = {
        "quarter": asked,
        "found": found,
        "is_year": is_year,
        "on": on,
    } | _opened(request, found, asked)
    return render(request, "reporting/cell.html", context)


@requires(Power.SEE_STATISTICS)
def version(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.version(ref, request.actor.bureau)
    told = public.told(found, request.actor.bureau)
    may_propose = may(request.actor, Power.PROPOSE_PUBLICATION)
    context = {
        "found": found,
        "quarter": Quarter.parse(found.quarter),
        "groups": _grouped(found.body.rows),
        "has_form": bool(template_reads.templates(request.actor.bureau)),
        "told": told,
        "may_propose": may_propose and found.is_current and told is None,
    }
    return render(request, "reporting/version.html", context)


@requires(Power.SEE_STATISTICS)
def version_cell(request: HttpRequest, ref: str, key: str) -> HttpResponse:
    """The records behind one number of a frozen table, as they were frozen with it."""
    is_year = request.GET.get("span") == "year"
    row = reads.version(ref, request.actor.bureau)
    found = reads.cell_of_version(ref, request.actor.bureau, key, is_year=is_year)
    quarter = Quarter.parse(row.quarter)
    context = {
        "quarter": quarter,
        "found": found,
        "is_year": is_year,
        "version": row,
    } | _opened(request, found, quarter)
    return render(request, "reporting/cell.html", context)


@requires(Power.SEE_STATISTICS)
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    name, pdf = papers.statistics_paper(ref, bureau=request.actor.bureau)
    return respond(pdf, name)


@require_POST
@requires(Power.SEE_STATISTICS)
def download(request: HttpRequest, ref: str) -> HttpResponse:
    actions.export_statistics(ref, by=request.actor, at=request.at)
    found = reads.version(ref, request.actor.bureau)
    answer = HttpResponse(workbook(sheet_of(found)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{ref}.xlsx"'
    return answer


@require_POST
@requires(Power.MAKE_STATISTICS)
def count(request: HttpRequest) -> HttpResponse:
    quarter = Quarter.parse(request.POST.get("quarter", ""))
    for one in reads.year_until(quarter):
        actions.build_facts(one, by=request.actor, at=request.at)
    messages.success(request, f"已重新统计{quarter.label}和年度累计。")
    return redirect(f"/statistics/?quarter={quarter}")


@require_POST
@requires(Power.MAKE_STATISTICS)
def make(request: HttpRequest) -> HttpResponse:
    quarter, reason = Quarter.parse(request.POST.get("quarter", "")), request.POST.get("reason", "")
    ref = actions.make_statistics(quarter, reason=reason, by=request.actor, at=request.at)
    messages.success(request, "已生成统计表，数字和依据已固定。")
    return redirect("reporting:version", ref)


@require_POST
@requires(Power.PROPOSE_PUBLICATION)
def propose(request: HttpRequest, ref: str) -> HttpResponse:
    made = actions.propose_statistics(ref, by=request.actor, at=request.at)
    messages.success(request, "已提出公示，请批准领导核对后批准。")
    return redirect("publication:document", made)
