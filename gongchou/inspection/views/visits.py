"""The list of visits, one visit, and the steps up to the arrival."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Actor, Power, may
from gongchou.core.refusals import Invalid, NotAllowed
from gongchou.core.states import may_move
from gongchou.core.terms import Delivery, OperationOutcome, ReceiptWay, VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection import (
    actions,
    automatic_reads,
    course,
    leases,
    local_result_reads,
    permissions,
    reads,
    story,
)
from gongchou.inspection.asked import asked_of, missing_before_arrival
from gongchou.inspection.crowded import crowded, crowded_text
from gongchou.inspection.daymap import day_maps
from gongchou.inspection.dayway import open_visits
from gongchou.inspection.doubts import doubts_of
from gongchou.inspection.drafts import SafetyDraft
from gongchou.inspection.forms import ApprovalForm, ArrivalForm, CameraForm, NoticeForm, SafetyForm
from gongchou.inspection.rows import RecordView, VisitRow
from gongchou.inspection.teams import check_arriving
from gongchou.training import reads as training
from gongchou.web.clock import day_of
from gongchou.web.pages import Rows, page_of

BEFORE_SUBMISSION = (VisitState.DISPATCHED, VisitState.ACCEPTED, VisitState.STARTED)
SEES = (Power.SEE_VISITS, Power.DO_VISIT)


def quarter_asked(request: HttpRequest) -> Quarter:
    text = request.GET.get("quarter", "")
    return Quarter.parse(text) if text else Quarter.of(day_of(request.at))


LETTERS = (Power.HANDLE_LETTER, Power.DECIDE_APPEAL)


def seen(request: HttpRequest, ref: str) -> VisitRow:
    """A visit that this person may see."""
    found = reads.visit(ref)
    permissions.check_may_see(request.actor, found, day_of(request.at))
    return found


def first_problem(form: Any) -> Invalid:
    """What is wrong with a small form, as a refusal that names the field."""
    name, errors = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    return Invalid(f"“{label}”{errors[0]}" if label else str(errors[0]))


def _listed(
    request: HttpRequest, quarter: str, state: VisitState | None, *, is_mine: bool
) -> tuple[Rows[VisitRow] | tuple[()], dict[VisitState, int]]:
    """The visits to show, and how many there are in each state."""
    bureau, me = request.actor.bureau, ""
    if is_mine:
        me = permissions.inspector_of(request.actor, day_of(request.at))
        if not me:
            return (), {}
    listed = reads.visit_list(bureau, quarter, inspector=me, state=state)
    return listed, reads.state_counts(bureau, quarter, inspector=me)


def _kept(quarter: str, state: VisitState | None, *, is_mine: bool) -> str:
    """What the address keeps while the list is turned over."""
    kept = {"quarter": quarter, "state": state.value if state else "", "mine": "1" * is_mine}
    return urlencode({name: value for name, value in kept.items() if value})


def _office(request: HttpRequest, quarter: str, *, dispatches: bool) -> dict[str, Any]:
    """What waits for dispatch, and how the tasks came together, for the office's list."""
    if not dispatches:
        return {}
    bureau = request.actor.bureau
    return {
        "merging": reads.merging(bureau, quarter),
        "automatic": automatic_reads.automatic(bureau),
        "holds": automatic_reads.holds(bureau),
        "waiting": story.waiting_draws(bureau, quarter, day_of(request.at)),
    }


def _field_app(request: HttpRequest) -> str:
    """Where an officer finds the app for the phone; empty where that door is closed."""
    is_wanted = "field" in settings.DOORS and may(request.actor, Power.DO_VISIT)
    return "/field/" if is_wanted else ""


def _progress(request: HttpRequest, quarter: str) -> dict[str, Any]:
    return {"progress": story.progress(request.actor.bureau, quarter)}


def _ways(request: HttpRequest) -> dict[str, Any]:
    """The officer's own days on a map."""
    by, today = request.actor, day_of(request.at)
    me = permissions.inspector_of(by, today)
    return {"ways": day_maps(open_visits(by.bureau, me), by.bureau, today) if me else ()}


@requires(*SEES)
def home(request: HttpRequest) -> HttpResponse:
    """The quarter's visits: all for who oversees, the own ones for who inspects."""
    quarter, word = str(quarter_asked(request)), request.GET.get("state", "")
    oversees = may(request.actor, Power.SEE_VISITS)
    is_mine = not oversees or request.GET.get("mine") == "1"
    state = VisitState(word) if word in set(VisitState) else None
    listed, counts = _listed(request, quarter, state, is_mine=is_mine)
    dispatches = may(request.actor, Power.DISPATCH_VISIT)
    context = {
        "quarter": Quarter.parse(quarter),
        "page": page_of(listed, request.GET.get("page", "")),
        "kept": _kept(quarter, state, is_mine=is_mine and oversees),
        "total": sum(counts.values()),
        "state": state,
        "counts": list(counts.items()),
        "is_mine": is_mine,
        "oversees": oversees,
        "reads_letters": any(may(request.actor, one) for one in LETTERS),
        "inspects": may(request.actor, Power.DO_VISIT),
        "dispatches": dispatches,
        "field_app": _field_app(request),
        **(_ways(request) if is_mine else _progress(request, quarter)),
        **_office(request, quarter, dispatches=dispatches and not is_mine),
    }
    return render(request, "inspection/home.html", context)


def _next(request: HttpRequest, found: VisitRow, record: RecordView) -> dict[str, Any]:
    """Which step this person sees; the actions ask again."""
    actor, today = request.actor, day_of(request.at)
    is_member = permissions.is_member(actor, found, today)
    before = found.state in (VisitState.DISPATCHED, VisitState.ACCEPTED)
    was_there = found.started_at is not None and found.state is not VisitState.VOID
    reviews = found.state is VisitState.SUBMITTED and may(actor, Power.REVIEW_RECORD)
    dispatches = may(actor, Power.DISPATCH_VISIT)
    has_cause = found.submitted_at is not None and found.problem_count > 0
    return {
        "is_member": is_member,
        "accepts": is_member and found.state is VisitState.DISPATCHED,
        "arrives": is_member and found.state is VisitState.ACCEPTED,
        "writes": is_member and found.state in (VisitState.STARTED, VisitState.RETURNED),
        "reviews": reviews and not permissions.is_own_work(actor, found, record, today),
        "reopens": _may_reopen(found, record, actor, today),
        "authorises": may(actor, Power.AUTHORISE_VISIT) and before and found.authorised_at is None,
        "notifies": is_member and before and found.notice_at is None,
        "voids": dispatches and may_move(found.state, VisitState.VOID),
        "follows": has_cause and (is_member or dispatches),
        "chooses": (is_member or dispatches) and local_result_reads.choice_of(found).is_open,
        "films": is_member and was_there,
        "tells": was_there and (is_member or dispatches),
        "asked": asked_of(found.bureau, today),
    }


def _may_reopen(found: VisitRow, record: RecordView, by: Actor, today: date) -> bool:
    if found.state is not VisitState.REVIEWED:
        return False
    try:
        permissions.check_may_reopen(by, found, record, today)
    except NotAllowed:
        return False
    return True


def _sent(ref: str) -> dict[str, Any]:
    """What phones sent about a visit, and how much of it could not be taken up."""
    rows = leases.operations(ref)
    aside = sum(row.outcome is OperationOutcome.ASIDE for row in rows)
    return {"sent": rows, "kept_aside": aside}


@requires(*SEES)
def visit(request: HttpRequest, ref: str) -> HttpResponse:
    found, record = seen(request, ref), reads.record(ref)
    today, shown = day_of(request.at), _next(request, found, record)
    is_open = found.state in BEFORE_SUBMISSION
    if is_open and permissions.is_member(request.actor, found, today):
        actions.note_receipt(ref, ReceiptWay.PAGE, by=request.actor, at=request.at)
    context = {
        "visit": found,
        "record": record,
        "steps": story.timeline(found, record),
        "doubts": doubts_of(found, record.body) if found.submitted_at else (),
        "after": reads.aftermath(ref),
        "reopenings": reads.reopenings(ref),
        "briefing": story.briefing(ref, today),
        "arrival": ArrivalForm(
            wants_entry_code=shown["asked"].scan_in, on=today, initial={"arrived_at": request.at}
        ),
        "client_id": get_random_string(24),
        "hindrances": missing_before_arrival(found, "-", today) if shown["arrives"] else (),
        "notice": NoticeForm(),
        "approval": ApprovalForm(auto_id="approval_%s"),
        "camera": CameraForm(auto_id="camera_%s", on=found.day_there),
        "today": today,
    } | shown
    return render(request, "inspection/visit.html", context | _beside(found, request.actor))


def _beside(found: VisitRow, by: Actor) -> dict[str, Any]:
    return _sent(found.ref) | _course(found, by)


def _crowded(found: VisitRow, by: Actor) -> str:
    """For who oversees: a team is not to learn of another's visit to come."""
    if not may(by, Power.SEE_VISITS):
        return ""
    day = found.ended_on or found.planned_on
    return crowded_text(crowded(found.bureau, found.subject, day))


def _course(found: VisitRow, by: Actor) -> dict[str, Any]:
    """Who got the dispatch, what was called to mind, what lies in other systems."""
    return {
        "crowded": _crowded(found, by),
        "receipts": course.receipts(found),
        "cards": course.cards(found),
        "cameras": course.cameras(found.ref),
        "approved": course.approval(found.ref),
        "external": course.external_numbers(found.ref),
        "told": training.events_of_visit(found.bureau, found.ref),
    }


@requires(*SEES)
def briefing(request: HttpRequest, ref: str) -> HttpResponse:
    found, today = seen(request, ref), day_of(request.at)
    me = permissions.inspector_of(request.actor, today)
    told = story.briefing(ref, today)
    has_read = any(row.inspector == me and row.at for row in told.readings)
    context = {
        "visit": found,
        "briefing": told,
        "today": today,
        "confirms": me in found.team and not has_read and found.state in BEFORE_SUBMISSION,
        "safety": course.safety(found.subject, found.bureau),
        "safety_form": SafetyForm(),
        "notes_safety": me in found.team or may(request.actor, Power.DISPATCH_VISIT),
    }
    return render(request, "inspection/briefing.html", context)


@require_POST
@requires(Power.DO_VISIT)
def confirm_briefing(request: HttpRequest, ref: str) -> HttpResponse:
    actions.confirm_briefing(ref, by=request.actor, at=request.at)
    messages.success(request, "已登记您的检查前学习。")
    return redirect("inspection:visit", ref)


@require_POST
@requires(Power.DISPATCH_VISIT, Power.DO_VISIT)
def safety(request: HttpRequest, ref: str) -> HttpResponse:
    form = SafetyForm(request.POST)
    if not form.is_valid():
        raise first_problem(form)
    actions.note_safety(ref, SafetyDraft(**form.cleaned_data), by=request.actor, at=request.at)
    messages.success(request, "已登记，检查组下次打开手机或学习页就能看到。")
    return redirect("inspection:briefing", ref)


@require_POST
@requires(Power.DO_VISIT)
def accept(request: HttpRequest, ref: str) -> HttpResponse:
    actions.accept_visit(ref, by=request.actor, at=request.at)
    messages.success(request, "已接收。出发前请看检查前学习，到场后登记到场。")
    return redirect("inspection:visit", ref)


@require_POST
@requires(Power.DO_VISIT)
def start(request: HttpRequest, ref: str) -> HttpResponse:
    form = ArrivalForm(request.POST, wants_entry_code=False, on=day_of(request.at))
    if not form.is_valid():
        raise first_problem(form)
    arrived = form.cleaned_data["arrived_at"]
    check_arriving(ref, arrived, by=request.actor, at=request.at)
    actions.start_visit(
        ref,
        client_id=request.POST.get("client_id", ""),
        arrived_at=arrived,
        entry_code=request.POST.get("entry_code", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, "已登记到场。请出示执法证、告知依据和权利，再逐项检查。")
    return redirect("inspection:record", ref)


@require_POST
@requires(Power.DO_VISIT)
def notice(request: HttpRequest, ref: str) -> HttpResponse:
    form = NoticeForm(request.POST)
    if not form.is_valid():
        raise first_problem(form)
    delivery = Delivery(form.cleaned_data["delivery"])
    number = form.cleaned_data["number"]
    actions.record_notice(ref, number, delivery=delivery, by=request.actor, at=request.at)
    messages.success(request, "已登记检查通知书。")
    return redirect("inspection:visit", ref)


@require_POST
@requires(Power.AUTHORISE_VISIT)
def authorise(request: HttpRequest, ref: str) -> HttpResponse:
    form = ApprovalForm(request.POST)
    if not form.is_valid():
        raise first_problem(form)
    actions.authorise_visit(ref, form.draft, by=request.actor, at=request.at)
    messages.success(request, "已批准，检查组可以按计划检查。")
    return redirect("inspection:visit", ref)


@require_POST
@requires(Power.DISPATCH_VISIT)
def void(request: HttpRequest, ref: str) -> HttpResponse:
    actions.void_visit(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已作废，原件和理由保留备查。")
    return redirect("inspection:visit", ref)
