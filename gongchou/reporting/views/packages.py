"""The package to the superior in the browser."""

from datetime import date

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.package import AHEAD, ALL, FORMS
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid
from gongchou.core.terms import PackageForm, PackagePart, PackageState, ScanCheck
from gongchou.core.workdays import Quarter
from gongchou.reporting import actions, package_reads
from gongchou.reporting.actions import ScanDraft, SendingDraft
from gongchou.reporting.scans import PDF
from gongchou.web.clock import day_of


@require_POST
@requires(Power.MAKE_STATISTICS)
def make(request: HttpRequest) -> HttpResponse:
    quarter = Quarter.parse(request.POST.get("quarter", ""))
    ref = actions.make_package(quarter, by=request.actor, at=request.at)
    messages.success(request, "已组成报送材料，请打印盖章后把扫描件加进来。")
    return redirect("reporting:package", ref)


@requires(Power.SEE_STATISTICS)
def package(request: HttpRequest, ref: str) -> HttpResponse:
    found = package_reads.package(ref, request.actor.bureau)
    is_newest = package_reads.packages(request.actor.bureau, found.quarter)[0].ref == ref
    due = AHEAD if found.is_ahead else ALL
    may_work = may(request.actor, Power.MAKE_STATISTICS)
    may_send = may_work and is_newest and found.state is PackageState.READY
    today = day_of(request.at)
    context = {
        "found": found,
        "quarter": Quarter.parse(found.quarter),
        "is_newest": is_newest,
        "moved": package_reads.overtaken(found, request.actor.bureau, today) if may_send else (),
        "changed": package_reads.changed_since(found, request.actor.bureau),
        "parts": [part for part in due if set(FORMS[part]) != {PackageForm.ELECTRONIC}],
        "may_add": may_work and is_newest and found.sending is None,
        "may_send": may_send,
        "may_receive": may_work and found.state is PackageState.SENT,
    }
    return render(request, "reporting/package.html", context)


@requires(Power.SEE_STATISTICS)
def file(request: HttpRequest, ref: str, number: int) -> FileResponse:
    """A file as it is kept; papers and pictures open in the browser."""
    found = package_reads.package_file(ref, number, request.actor.bureau)
    is_shown = found.media_type == PDF or found.media_type.startswith("image/")
    return FileResponse(
        default_storage.open(found.path),
        as_attachment=not is_shown,
        filename=found.name,
        content_type=found.media_type,
    )


@require_POST
@requires(Power.MAKE_STATISTICS)
def scan(request: HttpRequest, ref: str) -> HttpResponse:
    given, word = request.FILES.get("scan"), request.POST.get("part", "")
    if given is None or word not in list(PackagePart):
        raise Invalid("请选择材料和扫描件，再点“加入”。")
    draft = ScanDraft(
        part=PackagePart(word),
        name=given.name or "",
        content=given.read(),
        typed=request.POST.get("typed", ""),
    )
    checked = actions.add_scan(ref, draft, by=request.actor, at=request.at)
    says = "盖章扫描件，核对一致" if checked is not ScanCheck.SEEN else "图片"
    messages.success(request, f"已加入{draft.part.label}的{says}（{checked.label}）。")
    return redirect("reporting:package", ref)


def _day(request: HttpRequest, name: str, what: str) -> date:
    text = request.POST.get(name, "")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{what}“{text}”不是日期，请从日历中选择。") from error


@require_POST
@requires(Power.MAKE_STATISTICS)
def send(request: HttpRequest, ref: str) -> HttpResponse:
    draft = SendingDraft(
        sent_on=_day(request, "sent_on", "报送日期"),
        to_whom=request.POST.get("to_whom", ""),
        channel=request.POST.get("channel", ""),
        went_before="went_before" in request.POST,
    )
    actions.record_sending(ref, draft, by=request.actor, at=request.at)
    messages.success(request, "已登记报送，这套材料从此原样保存。")
    return redirect("reporting:package", ref)


@require_POST
@requires(Power.MAKE_STATISTICS)
def receive(request: HttpRequest, ref: str) -> HttpResponse:
    actions.record_receipt(
        ref,
        _day(request, "received_on", "签收日期"),
        request.POST.get("received_by", ""),
        request.POST.get("number", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, "已登记上级签收。")
    return redirect("reporting:package", ref)
