"""A file uploaded, previewed, and brought in."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind
from gongchou.registry import actions, reads
from gongchou.registry.export import XLSX, csv_lines
from gongchou.registry.forms import MappingForm, UploadForm
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.sample_files import sample_file
from gongchou.web.clock import day_of


@requires(Power.IMPORT_REGISTER)
def upload(request: HttpRequest) -> HttpResponse:
    saved = reads.mappings(request.actor.bureau)
    names = tuple(sorted({row.name for row in saved}))
    form = UploadForm(request.POST or None, request.FILES or None, names=names)
    if request.method == "POST" and form.is_valid():
        kind, name = ImportKind(form.cleaned_data["kind"]), form.cleaned_data["mapping"]
        columns = [row.columns for row in saved if row.kind is kind and row.name == name]
        file = form.cleaned_data["file"]
        try:
            ref = actions.stage_import(
                kind,
                file.read(),
                file.name,
                mapping=columns[0] if columns else None,
                on=day_of(request.at),
                by=request.actor,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("registry:batch", ref)
    return render(request, "registry/upload.html", {"form": form, "layouts": list(LAYOUTS.items())})


@requires(Power.IMPORT_REGISTER)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """A blank table of one kind, to fill in."""
    asked = next((known for known in LAYOUTS if known.value == kind), None)
    if asked is None:
        raise Refused("没有这一种名册的模板，请从“导入名录”页面下载。")
    name = quote(f"{asked.label}模板.xlsx")
    answer = HttpResponse(sample_file(asked), content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@requires(Power.IMPORT_REGISTER)
def mappings(request: HttpRequest) -> HttpResponse:
    by = request.actor
    form = MappingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind, name = ImportKind(form.cleaned_data["kind"]), form.cleaned_data["name"]
        try:
            actions.save_mapping(kind, name, form.cleaned_data["lines"], by=by, at=request.at)
        except Refused as refusal:
            form.add_error("lines", str(refusal))
        else:
            messages.success(request, f"已保存“{name}”的列对应关系，上传时可以选用。")
            return redirect("registry:mappings")
    layouts = [(kind.label, layout) for kind, layout in LAYOUTS.items()]
    context = {"form": form, "rows": reads.mappings(by.bureau), "layouts": layouts}
    return render(request, "registry/mappings.html", context)


@requires(Power.IMPORT_REGISTER)
def batch(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.batch(ref, request.actor.bureau)
    return render(request, "registry/batch.html", {"batch": found, "report": found.report})


@requires(Power.IMPORT_REGISTER)
def problems(request: HttpRequest, ref: str) -> HttpResponseBase:
    """All problems of an uploaded file as a table to work through beside the file itself."""
    rows = reads.batch_findings(ref, request.actor.bureau)
    answer = StreamingHttpResponse(
        csv_lines(("结果", "行号", "列", "原内容", "说明"), rows), content_type="text/csv"
    )
    name = quote(f"导入问题{ref}.csv")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@require_POST
@requires(Power.IMPORT_REGISTER)
def commit(request: HttpRequest, ref: str) -> HttpResponse:
    report = actions.commit_import(
        ref, on=day_of(request.at), by=request.actor, at=request.at
    ).counts()
    messages.success(
        request,
        f"已导入：新增 {report['accepted']}，更新 {report['updated']}，"
        f"未变 {report['unchanged']}，重复 {report['duplicates']}，退回 {report['rejected']}。",
    )
    return redirect("registry:subjects")
