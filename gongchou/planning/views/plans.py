from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, may
from gongchou.core.terms import PlanState, Stratum
from gongchou.core.workdays import Quarter
from gongchou.planning import actions, outlook_reads, papers, proposal_reads, reads
from gongchou.web.clock import day_of
from gongchou.web.official import respond_official
from gongchou.web.papers import respond
from gongchou.web.wordprocessing import DOCX


def _asked(request: HttpRequest) -> Quarter:
    text = request.GET.get("quarter", "")
    return Quarter.parse(text) if text else Quarter.of(day_of(request.at))


def back(quarter: str) -> HttpResponseRedirect:
    return redirect(f"{reverse('planning:quarter')}?{urlencode({'quarter': quarter})}")


def _may(request: HttpRequest, found: reads.PlanPage | None, asked: Quarter) -> dict[str, bool]:
    """Which buttons this person sees; the actions ask again."""
    makes, approves = may(request.actor, Power.MAKE_PLAN), may(request.actor, Power.APPROVE_PLAN)
    now = Quarter.of(day_of(request.at))
    if found is None:
        return {"may_compute": makes and asked in (now, now.next())}
    is_frozen = found.state is PlanState.FROZEN
    return {
        "may_approve": approves and is_frozen and found.made_by_ref != request.actor.ref,
        "may_void": approves or (makes and is_frozen),
        "may_add": makes,
        "may_rule": may(request.actor, Power.RECORD_RULING),
    }


def _tables(request: HttpRequest, found: reads.PlanPage | None) -> dict[str, object]:
    if found is None:
        return {}
    word, number = request.GET.get("stratum", ""), request.GET.get("page", "1")[:6]
    stratum = Stratum(word) if word in set(Stratum) else None
    page = int(number) if number.isdecimal() else 1
    sites = reads.classified(found.ref, stratum=stratum, page=page)
    owed = [(row, row.wording) for row in found.strata]
    return {
        "owed": owed,
        "policy": reads.policy_of(found.ref),
        "sites": sites,
        "stratum": stratum,
        "outlook": outlook_reads.outlook_of(found.ref, day_of(request.at)),
        "joint": reads.joint_progress(found.bureau, found.quarter),
        "void_tasks": reads.void_tasks(found.ref),
    }


@requires(Power.SEE_PLAN)
def quarter(request: HttpRequest) -> HttpResponse:
    asked, bureau = _asked(request), request.actor.bureau
    found = reads.plan_of(bureau, str(asked))
    context: dict[str, object] = {
        "quarter": asked,
        "plan": found,
        "deadlines": reads.deadlines(bureau, str(asked)),
        "void_plans": reads.void_plans(bureau, str(asked)),
        "proposals": proposal_reads.proposals(bureau, str(asked)),
        "strata": list(Stratum),
    }
    context |= _may(request, found, asked)
    context |= _tables(request, found)
    return render(request, "planning/quarter.html", context)


@require_POST
@requires(Power.MAKE_PLAN)
def compute(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("quarter", "")
    actions.compute_plan(asked, by=request.actor, at=request.at)
    messages.success(request, "已测算并锁定计划，请由负责人核对后批准。")
    return back(asked)


@require_POST
@requires(Power.APPROVE_PLAN)
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    actions.approve_plan(ref, by=request.actor, at=request.at)
    messages.success(request, "已批准，这份计划从现在起执行。")
    return back(reads.plan(ref).quarter)


@require_POST
@signed_in
def void(request: HttpRequest, ref: str) -> HttpResponse:
    actions.void_plan(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已作废，原计划和理由保留备查；可以重新测算。")
    return back(reads.plan(ref).quarter)


@requires(Power.SEE_PLAN)
def paper(request: HttpRequest, ref: str) -> HttpResponse:
    """The plan as an official paper."""
    name, pdf = papers.plan_paper(ref, bureau=request.actor.bureau, at=request.at)
    return respond(pdf, name)


@requires(Power.SEE_PLAN)
def word(request: HttpRequest, ref: str) -> HttpResponse:
    """The plan as a file that the office can edit before it is signed."""
    name, file = papers.plan_word(ref, bureau=request.actor.bureau, at=request.at)
    answer = HttpResponse(file, content_type=DOCX)
    answer["Content-Disposition"] = str(content_disposition_header(True, f"{name}.docx"))
    return answer


@requires(Power.SEE_PLAN)
def notice(request: HttpRequest, ref: str, form: str) -> HttpResponse:
    """The notice that hands the plan to the sections, as PDF or Word."""
    name, file = papers.notice_paper(ref, form, bureau=request.actor.bureau, at=request.at)
    return respond_official(file, form, name)
