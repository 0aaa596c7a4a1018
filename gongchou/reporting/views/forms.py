"""The superior's form, the districts' tables and earlier quarters, in the browser."""

from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.statistics import rows
from gongchou.reporting import actions, reads, rollup_reads, template_reads
from gongchou.reporting.sealed import sealed_text
from gongchou.reporting.template import default_form, filled, words
from gongchou.reporting.views.tables import asked_quarter
from gongchou.reporting.workbook import XLSX


def _sheet(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@requires(Power.SEE_STATISTICS)
def template(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _saved(request)
    context = {
        "templates": template_reads.templates(request.actor.bureau),
        "words": words(rows((), (), late_counts=True)).items(),
        "may_save": may(request.actor, Power.MAKE_STATISTICS),
    }
    return render(request, "reporting/template.html", context)


def _saved(request: HttpRequest) -> HttpResponse:
    check(request.actor, Power.MAKE_STATISTICS)
    given = request.FILES.get("form")
    if given is None:
        raise Invalid("请选择样式文件，再点“启用这份样式”。")
    marks = actions.save_template(given.name or "", given.read(), by=request.actor, at=request.at)
    messages.success(request, f"已启用这份样式，共 {marks} 处标记。")
    return redirect("reporting:template")


@requires(Power.SEE_STATISTICS)
def default_template(request: HttpRequest) -> HttpResponse:
    return _sheet(default_form(rows((), (), late_counts=True)), "statistics-form.xlsx")


@requires(Power.SEE_STATISTICS)
def current_template(request: HttpRequest) -> HttpResponse:
    content = template_reads.template_content(request.actor.bureau)
    if content is None:
        raise Refused("还没有启用过样式，请先上传。")
    return _sheet(content, "statistics-form-current.xlsx")


@require_POST
@requires(Power.SEE_STATISTICS)
def filled_form(request: HttpRequest, ref: str) -> HttpResponse:
    """The frozen table in the superior's form."""
    content = template_reads.template_content(request.actor.bureau)
    if content is None:
        raise Refused("还没有启用上级的样式，请先在“统计表样式”上传。")
    actions.export_statistics(ref, by=request.actor, at=request.at)
    found = reads.version(ref, request.actor.bureau)
    return _sheet(filled(content, found), f"{ref}-form.xlsx")


@require_POST
@requires(Power.SEE_STATISTICS)
def sealed(request: HttpRequest, ref: str) -> HttpResponse:
    """The frozen table for another installation, with the digest it is checked by."""
    actions.export_statistics(ref, by=request.actor, at=request.at)
    found = reads.version(ref, request.actor.bureau)
    text = sealed_text(found, template_reads.table_content(ref, request.actor.bureau))
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{ref}.json"'
    return answer


@requires(Power.SEE_STATISTICS)
def districts(request: HttpRequest) -> HttpResponse:
    bureau, quarter = request.actor.bureau, asked_quarter(request)
    found = rollup_reads.roll_up(bureau, quarter)
    context = {
        "quarter": quarter,
        "found": found,
        "groups": [(name, list(held)) for name, held in groupby(found.cells, lambda c: c.group)],
        "has_districts": rollup_reads.may_roll_up(bureau),
        "may_import": may(request.actor, Power.MAKE_STATISTICS),
    }
    return render(request, "reporting/districts.html", context)


@require_POST
@requires(Power.MAKE_STATISTICS)
def receive(request: HttpRequest) -> HttpResponse:
    given, typed = request.FILES.get("table"), request.POST.get("typed", "")
    if given is None:
        raise Invalid("请选择区县报来的统计表文件，再点“导入”。")
    ref = actions.import_district(given.read(), typed, by=request.actor, at=request.at)
    messages.success(request, f"已收下统计表 {ref}，内容与摘要相符。")
    return redirect(f"/statistics/districts/?quarter={request.POST.get('quarter', '')}")


@requires(Power.SEE_STATISTICS)
def compare(request: HttpRequest) -> HttpResponse:
    quarter = asked_quarter(request)
    found = rollup_reads.compared(request.actor.bureau, quarter)
    return render(request, "reporting/compare.html", {"quarter": quarter, "found": found})
