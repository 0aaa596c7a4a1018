import secrets
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.quota import percent
from gongchou.core.quota_words import near_percent
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import OffsiteCheckState, OffsiteConclusion
from gongchou.core.workdays import Quarter
from gongchou.offsite import actions, clue_reads, inlet_reads, reads, watch_reads
from gongchou.offsite.counted import read_points
from gongchou.offsite.forms import CheckForm, ConclusionForm
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

# So many days before the end of a quarter, what is not covered becomes a work list.
URGENT = 20


def _asked(request: HttpRequest) -> Quarter:
    text = request.GET.get("quarter", "")
    return Quarter.parse(text) if text else Quarter.of(day_of(request.at))


@requires(Power.SEE_VISITS)
def board(request: HttpRequest) -> HttpResponse:
    asked, bureau = _asked(request), request.actor.bureau
    rule, left = reads.rule(bureau, str(asked)), (asked.last - day_of(request.at)).days
    context = {
        "quarter": asked,
        "coverage": reads.coverage(bureau, str(asked)),
        "rule": rule,
        "left": left,
        "is_urgent": 0 <= left <= URGENT,
        "floor": percent(rule.completeness),
        "may_record": may(request.actor, Power.RECORD_OFFSITE),
        "reads_letters": may(request.actor, Power.HANDLE_LETTER),
        "may_conclude": may(request.actor, Power.CONCLUDE_OFFSITE),
    }
    return render(request, "offsite/board.html", context)


@requires(Power.RECORD_OFFSITE)
def record(request: HttpRequest, quarter: str, subject: str) -> HttpResponse:
    wanted, today = Quarter.parse(quarter), day_of(request.at)
    unit = registers.subject(subject, request.actor.bureau, today).subject
    start = {"since": wanted.first, "until": min(today, wanted.last)}
    counted = read_points(subject, request.actor.bureau, **start, at=request.at)
    form = CheckForm(request.POST or None, request.FILES or None, initial=start | counted)
    if request.method == "POST" and form.is_valid():
        chance = secrets.token_bytes(16)
        try:
            ref = actions.record_check(
                quarter, subject, form.given(), chance=chance, by=request.actor, at=request.at
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已登记“{unit.name}”的非现场检查，请审核人员作出结论。")
            return redirect("offsite:check", ref)
    page = _form_page(request, wanted, unit.name, form) | {"is_counted": bool(counted)}
    return render(request, "offsite/record.html", page)


def _form_page(
    request: HttpRequest, quarter: Quarter, name: str, form: CheckForm, replaces: str = ""
) -> dict[str, object]:
    rule = reads.rule(request.actor.bureau, str(quarter))
    return {
        "quarter": quarter,
        "name": name,
        "form": form,
        "rule": rule,
        "floor": percent(rule.completeness),
        "replaces": replaces,
    }


@requires(Power.RECORD_OFFSITE)
def replace(request: HttpRequest, ref: str) -> HttpResponse:
    old = reads.check(ref, request.actor.bureau)
    start = {"since": old.since, "until": old.until, "evidence": old.evidence}
    for source in old.sources:
        start |= {f"{source.kind}_expected": source.expected, f"{source.kind}_read": source.read}
    form = CheckForm(request.POST or None, request.FILES or None, initial=start, needs_reason=True)
    if request.method == "POST" and form.is_valid():
        reason, chance = form.cleaned_data["reason"], secrets.token_bytes(16)
        try:
            new = actions.replace_check(
                ref, reason, form.given(), chance=chance, by=request.actor, at=request.at
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记新的非现场检查，原来的一次保留备查。")
            return redirect("offsite:check", new)
    page = _form_page(request, Quarter.parse(old.quarter), old.subject_name, form, ref)
    return render(request, "offsite/record.html", page)


@requires(Power.SEE_VISITS)
def check(request: HttpRequest, ref: str) -> HttpResponse:
    row = reads.check(ref, request.actor.bureau)
    return render(request, "offsite/check.html", _check_page(request, row))


def _check_page(
    request: HttpRequest, row: reads.CheckRow, form: ConclusionForm | None = None
) -> dict[str, object]:
    is_open, actor = row.state is OffsiteCheckState.RECORDED, request.actor
    may_conclude = is_open and may(actor, Power.CONCLUDE_OFFSITE) and actor.ref != row.recorder_ref
    fresh = ConclusionForm(is_short=bool(row.shortage), has_spot=row.spot is not None)
    return {
        "row": row,
        "quarter": Quarter.parse(row.quarter),
        "readings": [(source, near_percent(source.completeness)) for source in row.sources],
        "clues": clue_reads.clues_in(actor.bureau, row.subject, row.since, row.until),
        "links": inlet_reads.remote_held(actor.bureau, row.subject, row.since, row.until),
        "judged": watch_reads.judged_period(actor.bureau, row.subject, row.since, row.until),
        "history": reads.history(actor.bureau, row.quarter, row.subject),
        "may_conclude": may_conclude,
        "may_replace": row.state is not OffsiteCheckState.SUPERSEDED
        and may(actor, Power.RECORD_OFFSITE),
        "form": form or fresh,
    }


@require_POST
@requires(Power.CONCLUDE_OFFSITE)
def conclude(request: HttpRequest, ref: str) -> HttpResponse:
    row = reads.check(ref, request.actor.bureau)
    form = ConclusionForm(request.POST, is_short=bool(row.shortage), has_spot=row.spot is not None)
    if form.is_valid():
        try:
            actions.conclude_check(
                ref,
                OffsiteConclusion(form.cleaned_data["conclusion"]),
                opinion=form.cleaned_data["opinion"],
                spot_note=form.cleaned_data.get("spot_note", ""),
                by=request.actor,
                at=request.at,
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            why = reads.check(ref, request.actor.bureau).why
            messages.success(request, f"已作出结论。{why}")
            return redirect(f"{reverse('offsite:board')}?{urlencode({'quarter': row.quarter})}")
    return render(request, "offsite/check.html", _check_page(request, row, form))
