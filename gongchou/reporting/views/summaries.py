"""The summary in the browser: read, edited paragraph by paragraph, taken out as files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.workdays import Quarter
from gongchou.reporting import actions, summary_reads
from gongchou.reporting.actions import SummaryEdit
from gongchou.reporting.summary_papers import chart, summary_pdf, summary_word
from gongchou.web.clock import day_of
from gongchou.web.papers import respond
from gongchou.web.wordprocessing import DOCX

TEXT = "text:"


@require_POST
@requires(Power.MAKE_STATISTICS)
def draft(request: HttpRequest) -> HttpResponse:
    quarter = Quarter.parse(request.POST.get("quarter", ""))
    ref = actions.draft_summary(quarter, by=request.actor, at=request.at)
    messages.success(request, "已按现有数字起草工作总结，请逐段核对、补写。")
    return redirect("reporting:summary", ref)


@requires(Power.SEE_STATISTICS)
def summary(request: HttpRequest, ref: str) -> HttpResponse:
    bureau, actor = request.actor.bureau, request.actor
    found = summary_reads.summary(ref, bureau, day_of(request.at))
    taken = frozenset(case.visit for case in found.body.cases)
    may_edit = found.is_current and may(actor, Power.MAKE_STATISTICS)
    context = {
        "found": found,
        "quarter": Quarter.parse(found.quarter),
        "paragraphs": summary_reads.paragraphs(found),
        # Made by the product from numbers and labels, escaped there.
        "chart": mark_safe(chart(found.counted.rows, "各层应完成和已完成家数")),
        "versions": summary_reads.versions(bureau, found.quarter),
        "candidates": summary_reads.candidates(bureau, found.quarter, taken) if may_edit else (),
        "may_edit": may_edit,
    }
    return render(request, "reporting/summary.html", context)


@requires(Power.MAKE_STATISTICS)
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    if request.method == "POST":
        return _saved(request, ref)
    found = summary_reads.summary(ref, request.actor.bureau, day_of(request.at))
    context = {
        "found": found,
        "quarter": Quarter.parse(found.quarter),
        "paragraphs": summary_reads.paragraphs(found),
    }
    return render(request, "reporting/summary_edit.html", context)


def _saved(request: HttpRequest, ref: str) -> HttpResponse:
    texts = {
        name.removeprefix(TEXT): value
        for name, value in request.POST.dict().items()
        if name.startswith(TEXT)
    }
    edit = SummaryEdit(
        texts=texts,
        addressee=request.POST.get("addressee", ""),
        document_number=request.POST.get("document_number", ""),
    )
    new = actions.edit_summary(ref, edit, by=request.actor, at=request.at)
    messages.success(request, "已保存为新的一版，以前各版保留。")
    return redirect("reporting:summary", new)


@require_POST
@requires(Power.MAKE_STATISTICS)
def pick(request: HttpRequest, ref: str) -> HttpResponse:
    visit = request.POST.get("visit", "")
    new = actions.pick_case(ref, visit, by=request.actor, at=request.at)
    messages.success(request, "已选作典型案例，佐证清单随记录列出。")
    return redirect("reporting:summary", new)


@require_POST
@requires(Power.MAKE_STATISTICS)
def drop(request: HttpRequest, ref: str) -> HttpResponse:
    visit = request.POST.get("visit", "")
    new = actions.drop_case(ref, visit, by=request.actor, at=request.at)
    messages.success(request, "已移出典型案例，以前各版保留。")
    return redirect("reporting:summary", new)


@requires(Power.SEE_STATISTICS)
def pdf(request: HttpRequest, ref: str) -> HttpResponse:
    found = summary_reads.summary(ref, request.actor.bureau, day_of(request.at))
    name, content = summary_pdf(found)
    return respond(content, name)


@require_POST
@requires(Power.SEE_STATISTICS)
def word(request: HttpRequest, ref: str) -> HttpResponse:
    actions.export_summary(ref, "docx", by=request.actor, at=request.at)
    found = summary_reads.summary(ref, request.actor.bureau, day_of(request.at))
    name, content = summary_word(found)
    answer = HttpResponse(content, content_type=DOCX)
    answer["Content-Disposition"] = str(content_disposition_header(True, f"{name}.docx"))
    return answer
