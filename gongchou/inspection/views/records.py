"""The record on the spot: one form, its evidence, and the submission that locks it."""

from dataclasses import replace

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.record import RecordBody, visit_result
from gongchou.core.refusals import Refused
from gongchou.core.terms import EvidenceKind, VisitState
from gongchou.inspection import actions, permissions, reads
from gongchou.inspection.drafts import FileDraft
from gongchou.inspection.forms import EvidenceForm
from gongchou.inspection.record_form import MOMENTS, RecordForm
from gongchou.inspection.rows import RecordView, VisitRow
from gongchou.inspection.views.visits import SEES, seen
from gongchou.web.clock import SHANGHAI, day_of


def _own(request: HttpRequest, ref: str) -> VisitRow:
    """A visit whose record this person may write now."""
    found = reads.visit(ref)
    permissions.check_member(request.actor, found, day_of(request.at))
    if found.state not in (VisitState.STARTED, VisitState.RETURNED):
        raise Refused(
            f"这次检查现在是“{found.state.label}”状态，不能填写记录。请从检查页面查看最新情况。"
        )
    return found


def _form(found: VisitRow, record: RecordView, data: object = None) -> RecordForm:
    return RecordForm(
        data,
        visit=found,
        items=reads.checklist(found),
        body=record.body,
        evidence=record.evidence,
        initial={"client_id": get_random_string(24), "base": record.digest},
    )


def _again(form: RecordForm, record: RecordView) -> RecordForm:
    """The same entries, ready to be saved after the version that came between."""
    data = form.data.copy()
    data["base"], data["client_id"] = record.digest, get_random_string(24)
    return _form(form.visit, record, data)


def _stamped(request: HttpRequest, body: RecordBody) -> RecordBody:
    """The button beside an hour writes the hour of the press."""
    name = request.POST.get("stamp", "")
    at = request.at.astimezone(SHANGHAI)
    return replace(body, **{name: at}) if name in MOMENTS else body


@requires(Power.DO_VISIT)
def record(request: HttpRequest, ref: str) -> HttpResponse:
    found, kept = _own(request, ref), reads.record(ref)
    form, clash = _form(found, kept, request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, form, kept)
        except Refused as refusal:
            clash, form = str(refusal), _again(form, reads.record(ref))
        else:
            return _onward(request, ref)
    context = {
        "visit": found,
        "record": kept,
        "form": form,
        "clash": clash,
        "missing": reads.lacks(found, kept.body),
    }
    return render(request, "inspection/record.html", context)


def _save(request: HttpRequest, form: RecordForm, kept: RecordView) -> None:
    body = _stamped(request, form.body())
    if body.digest() == kept.digest:
        return
    actions.save_record(
        form.visit.ref,
        body,
        client_id=form.cleaned_data["client_id"],
        base=form.cleaned_data["base"],
        by=request.actor,
        at=request.at,
    )


def _onward(request: HttpRequest, ref: str) -> HttpResponse:
    if "check" in request.POST:
        return redirect("inspection:submit", ref)
    number = len(reads.record(ref).revisions)
    messages.success(request, f"已保存，第 {number} 版。内容还可以修改，提交后锁定。")
    return redirect("inspection:record", ref)


@requires(Power.DO_VISIT)
def submit(request: HttpRequest, ref: str) -> HttpResponse:
    """What will be locked, once more, before it is."""
    if request.method == "POST":
        return _submitted(request, ref)
    found, kept = _own(request, ref), reads.record(ref)
    context = {
        "visit": found,
        "record": kept,
        "result": visit_result(kept.body),
        "missing": reads.lacks(found, kept.body),
        "answers": answers(found, kept.body),
        "client_id": get_random_string(24),
        "is_supplement": found.state is VisitState.RETURNED,
    }
    return render(request, "inspection/submit.html", context)


def _submitted(request: HttpRequest, ref: str) -> HttpResponse:
    kept, client_id = reads.record(ref), request.POST.get("client_id", "")
    told = {"client_id": client_id, "base": request.POST.get("base", "")}
    if reads.visit(ref).state is VisitState.RETURNED:
        reason = request.POST.get("reason", "")
        actions.supplement_record(
            ref, kept.body, reason=reason, **told, by=request.actor, at=request.at
        )
    elif kept.newest is None or kept.newest.client_id != client_id:
        actions.submit_record(ref, kept.body, **told, by=request.actor, at=request.at)
    messages.success(request, "已提交，记录已锁定，等待审核。签章后的纸质记录请按期交回。")
    return redirect("inspection:visit", ref)


def answers(found: VisitRow, body: RecordBody) -> list[tuple[object, object, list[object]]]:
    """Each question with its answer and findings, for reading."""
    given = {answer.item: answer for answer in body.answers}
    return [
        (item, given.get(item.code), [f for f in body.findings if f.item == item.code])
        for item in reads.checklist(found)
    ]


@requires(*SEES)
def revision(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """One version of the record, whole and unchangeable."""
    found, body = seen(request, ref), reads.revision_body(ref, number)
    kept = reads.record(ref)
    row = next(row for row in kept.revisions if row.number == number)
    context = {
        "visit": found,
        "revision": row,
        "body": body,
        "record": kept,
        "result": visit_result(body),
        "answers": answers(found, body),
    }
    return render(request, "inspection/revision.html", context)


@requires(Power.DO_VISIT)
def add_evidence(request: HttpRequest, ref: str) -> HttpResponse:
    found = _own(request, ref)
    items = [(item.code, item.name) for item in reads.checklist(found)]
    form = EvidenceForm(request.POST or None, request.FILES or None, items=items)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, ref, form)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "已保存原件，并登记了摘要。")
            return redirect("inspection:add_evidence", ref)
    context = {"visit": found, "form": form, "record": reads.record(ref)}
    context |= {"client_id": get_random_string(24)}
    return render(request, "inspection/evidence.html", context)


def _keep(request: HttpRequest, ref: str, form: EvidenceForm) -> None:
    data = form.cleaned_data
    draft = FileDraft(
        name=data["file"].name,
        content=data["file"].read(),
        kind=EvidenceKind(data["kind"]),
        item=data["item"],
        says=data["says"],
        taken_at=data["taken_at"],
    )
    client_id = request.POST.get("client_id", "")
    actions.add_evidence(ref, draft, client_id=client_id, by=request.actor, at=request.at)


@requires(*SEES)
def evidence_file(request: HttpRequest, ref: str) -> FileResponse:
    """The original; pictures and papers open in the browser, the rest is downloaded."""
    found = reads.evidence(ref)
    seen(request, found.visit)
    is_shown = found.is_image or found.media_type == "application/pdf"
    return FileResponse(
        default_storage.open(found.path),
        as_attachment=not is_shown,
        filename=found.name,
        content_type=found.media_type,
    )
