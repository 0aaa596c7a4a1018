"""What lies beside the record: recordings elsewhere, copies to look at, the file, other systems."""

from datetime import datetime
from typing import BinaryIO, cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import Invalid, Refused
from gongchou.inspection import actions, external, look_reads, marking, reads
from gongchou.inspection.drafts import CameraDraft
from gongchou.inspection.forms import CameraForm, ExternalForm
from gongchou.inspection.packet import content_of
from gongchou.inspection.views.visits import SEES, first_problem, quarter_asked, seen
from gongchou.registry.importing.sheets import Source
from gongchou.web.templatetags.gongchou import instant

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SMALL = 360


@require_POST
@requires(Power.DO_VISIT)
def camera(request: HttpRequest, ref: str) -> HttpResponse:
    form = CameraForm(request.POST, on=reads.visit(ref).day_there)
    if not form.is_valid():
        raise first_problem(form)
    draft, client_id = CameraDraft(**form.cleaned_data), get_random_string(24)
    actions.note_recording(ref, draft, client_id=client_id, by=request.actor, at=request.at)
    messages.success(request, "已登记录像编号。")
    return redirect("inspection:visit", ref)


@requires(*SEES)
def visit_file(request: HttpRequest, ref: str) -> FileResponse:
    """The whole file of a visit; taking it is an event."""
    seen(request, ref)
    made = actions.export_visit_file(ref, by=request.actor, at=request.at)
    return FileResponse(
        content_of(made), as_attachment=True, filename=made.name, content_type="application/zip"
    )


def _copy(request: HttpRequest, path: str, lines: tuple[str, ...]) -> HttpResponse:
    widest = SMALL if request.GET.get("size") == "small" else marking.WIDEST
    shown = lines[:1] if widest == SMALL else (*lines, _viewer(request))
    with default_storage.open(path) as original:
        content = marking.marked_copy(cast(BinaryIO, original), shown, widest=widest)
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _viewer(request: HttpRequest) -> str:
    return f"显示用副本，原件未改动。{request.actor.name} 于 {instant(request.at)} 查看"


def _taken(device: datetime | None, received: datetime) -> str:
    claimed = f"设备时间 {instant(device)}，" if device else ""
    return f"{claimed}收到 {instant(received)}"


@requires(*SEES)
def evidence_copy(request: HttpRequest, ref: str) -> HttpResponse:
    """A marked copy to look at; the original stays what it is."""
    found = reads.evidence(ref)
    visit = seen(request, found.visit)
    if not found.is_image:
        raise Refused("这份证据不是图片，没有显示用的副本。请下载原件。")
    lines = (
        f"{visit.subject_name}　{found.ref}",
        f"{_taken(found.taken_at, found.received_at)}　{found.taken_by}",
        f"原件 SHA-256 {found.sha256}",
    )
    return _copy(request, found.path, lines)


@requires(*SEES)
def look_copy(request: HttpRequest, ref: str) -> HttpResponse:
    found = look_reads.look_photo(ref)
    visit = seen(request, found.visit)
    lines = (
        f"{visit.subject_name}　复查 {found.ref}",
        f"收到 {instant(found.at)}　{found.by}",
        f"原件 SHA-256 {found.sha256}",
    )
    return _copy(request, found.path, lines)


@requires(*SEES)
def look_original(request: HttpRequest, ref: str) -> FileResponse:
    found = look_reads.look_photo(ref)
    seen(request, found.visit)
    return FileResponse(
        default_storage.open(found.path), filename=found.name, content_type=found.media_type
    )


@requires(Power.DISPATCH_VISIT)
def numbers(request: HttpRequest) -> HttpResponse:
    """Take the table of a quarter out, bring the numbers back in."""
    quarter, form = (
        quarter_asked(request),
        ExternalForm(request.POST or None, request.FILES or None),
    )
    if request.method == "POST" and form.is_valid():
        try:
            new, all_lines, strange = _brought_in(request, form)
        except Invalid as refusal:
            form.add_error("table", str(refusal))
        else:
            messages.success(request, f"读到 {all_lines} 个编号，新登记 {new} 个。")
            if strange:
                heads = "”“".join(strange[:10])
                messages.warning(
                    request, f"对照文件中没有“{heads}”，这 {len(strange)} 列没有读取。"
                )
            return redirect("inspection:numbers")
    context = {"quarter": quarter, "form": form, "mapping": external.map_of()}
    return render(request, "inspection/numbers.html", context)


def _brought_in(request: HttpRequest, form: ExternalForm) -> tuple[int, int, tuple[str, ...]]:
    mapping, file = external.map_of(form.cleaned_data["mapping"]), form.cleaned_data["table"]
    source = Source(name=file.name, content=file.read())
    lines = external.lines_of(source, mapping)
    by, at = request.actor, request.at
    new = actions.record_external_numbers(mapping.system, lines, by=by, at=at)
    return new, len(lines), external.strange_heads(source, mapping)


@require_POST
@requires(Power.DISPATCH_VISIT)
def number_table(request: HttpRequest, form: str) -> HttpResponse:
    """The quarter's table, by the shipped mapping or by the one that comes with the request."""
    quarter, file = quarter_asked(request), request.FILES.get("mapping")
    if form not in MEDIA:
        raise Refused("对照表可以下载 csv 或 xlsx，请从页面上的按钮下载。")
    try:
        text = file.read().decode("utf-8-sig") if file else ""
    except UnicodeDecodeError as error:
        raise Invalid("对照文件不是 UTF-8 编码，请另存后重新选择。") from error
    by, at, mapping = request.actor, request.at, external.map_of(text)
    content = actions.export_external_table(str(quarter), form, mapping, by=by, at=at)
    answer = HttpResponse(content, content_type=MEDIA[form])
    name = f"{mapping.system}对照表 {quarter.label}.{form}"
    answer["Content-Disposition"] = str(content_disposition_header(True, name))
    return answer


@requires(Power.DISPATCH_VISIT)
def number_mapping(request: HttpRequest) -> HttpResponse:
    """The shipped mapping, to be changed and sent along."""
    text = external.SHIPPED.read_bytes()
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = str(content_disposition_header(True, "对照文件.toml"))
    return answer
