"""The record on the spot: one form, its evidence, and the submission that locks it."""

from dataclasses import replace

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.record import RecordBody, unasked_items, visit_result
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import EvidenceKind, VisitState
from gongchou.inspection import actions, permissions, reads, story
from gongchou.inspection.doubts import doubts_of
from gongchou.inspection.drafts import FileDraft
from gongchou.inspection.forms import EvidenceForm
from gongchou.inspection.operations import WrongPin
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
    """The button beside an empty hour writes the hour of the press; one that stands it leaves."""
    name = request.POST.get("stamp", "")
    if name not in MOMENTS or getattr(body, name) is not None:
        return body
    return replace(body, **{name: request.at.astimezone(SHANGHAI)})


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
        "missing": _missing_now(found, kept.body),
    }
    return render(request, "inspection/record.html", context)


def _missing_now(found: VisitRow, body: RecordBody) -> tuple[str, ...]:
    """What is missing but the officers' signatures, which come last and on a page of their own."""
    signed = body.with_officers({one.ref: one.name for one in found.inspectors})
    return reads.lacks(found, signed)


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
    """What will be locked, once more, before it is; and who has signed it."""
    if request.method == "POST":
        return _submitted(request, ref)
    found, kept = _own(request, ref), reads.record(ref)
    me = permissions.inspector_of(request.actor, day_of(request.at))
    signed = story.signed_by(ref, kept.body)
    body = _signed_body(found, kept.body, {me, *signed})
    context = {
        "visit": found,
        "record": kept,
        "shown": _signed_body(found, kept.body, set(signed)),
        "result": visit_result(kept.body),
        "lacking": _missing_now(found, kept.body),
        "missing": reads.lacks(found, body),
        "doubts": doubts_of(found, kept.body),
        "officers": [(one, signed.get(one.ref), one.ref == me) for one in found.inspectors],
        "answers": answers(found, kept.body),
        "client_id": get_random_string(24),
        "is_supplement": found.state is VisitState.RETURNED,
    }
    return render(request, "inspection/submit.html", context)


def _submitted(request: HttpRequest, ref: str) -> HttpResponse:
    kept, client_id = reads.record(ref), request.POST.get("client_id", "")
    told = {"client_id": client_id, "base": request.POST.get("base", "")}
    if kept.newest is None or kept.newest.client_id != client_id:
        _hand_in(request, reads.visit(ref), kept, told)
    messages.success(request, "已提交，记录已锁定，等待审核。签章后的纸质记录请按期交回。")
    return redirect("inspection:visit", ref)


def _hand_in(request: HttpRequest, found: VisitRow, kept: RecordView, told: dict[str, str]) -> None:
    by, at, reason = request.actor, request.at, request.POST.get("reason", "").strip()
    if doubts_of(found, kept.body) and not reason:
        raise Invalid("这份记录有需要说明的情况，请返回上一页写明原因后再提交。")
    me = permissions.inspector_of(by, day_of(at))
    signed = story.signed_by(found.ref, kept.body)
    body = _signed_body(found, kept.body, {me, *signed})
    is_returned = found.state is VisitState.RETURNED
    act = actions.supplement_record if is_returned else actions.submit_record
    act(found.ref, body, reason=reason, **told, by=by, at=at)


def _signed_body(found: VisitRow, body: RecordBody, signed: set[str]) -> RecordBody:
    return body.with_officers({p.ref: p.name for p in found.inspectors if p.ref in signed})


@require_POST
@requires(Power.DO_VISIT)
def sign(request: HttpRequest, ref: str) -> HttpResponse:
    """An officer signs the version that was shown: who signed in, or a colleague by digits."""
    kept, inspector = reads.record(ref), request.POST.get("inspector", "")
    if request.POST.get("base", "") != kept.digest:
        raise Stale("记录在您打开以后又有改动，请刷新页面，核对最新一版后再签字。")
    by, at = request.actor, request.at
    if not inspector:
        actions.sign_record(ref, kept.body, by=by, at=at)
        messages.success(request, "已签字。记录改动以后须重新签字。")
        return redirect("inspection:submit", ref)
    pin = request.POST.get("pin", "")
    try:
        actions.sign_by_pin(ref, kept.body, inspector=inspector, pin=pin, by=by, at=at)
    except WrongPin as refusal:
        actions.note_wrong_pin(refusal.inspector, by=by, at=at)
        raise
    messages.success(request, "已由本人凭签字口令签字。")
    return redirect("inspection:submit", ref)


def answers(found: VisitRow, body: RecordBody) -> list[tuple[object, object, list[object], bool]]:
    """Each question with its answer and findings, and whether it was none, for reading."""
    given = {answer.item: answer for answer in body.answers}
    skipped = unasked_items(body, reads.record_items(found))
    return [
        (
            item,
            given.get(item.code),
            [f for f in body.findings if f.item == item.code],
            item.code in skipped,
        )
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
        "doubts": doubts_of(found, body),
    }
    return render(request, "inspection/revision.html", context)


@requires(Power.DO_VISIT)
def add_evidence(request: HttpRequest, ref: str) -> HttpResponse:
    found = _own(request, ref)
    items = [(item.code, item.name) for item in reads.checklist(found)]
    form = EvidenceForm(
        request.POST or None, request.FILES or None, items=items, on=found.day_there
    )
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
        content=data["file"].file,
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
