"""The reviewer's page: the record on one side, what speaks for or against it on the other."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.record import visit_result
from gongchou.core.refusals import Refused
from gongchou.core.terms import VisitState
from gongchou.inspection import actions, permissions, reads, story
from gongchou.inspection.doubts import doubts_of
from gongchou.inspection.views.records import answers
from gongchou.web.clock import day_of
from gongchou.web.objections import objection


@requires(Power.REVIEW_RECORD)
def review(request: HttpRequest, ref: str) -> HttpResponse:
    found, kept, today = reads.visit(ref), reads.record(ref), day_of(request.at)
    permissions.check_may_review(request.actor, found, kept, today)
    if found.state is not VisitState.SUBMITTED:
        raise Refused(
            f"这份记录现在是“{found.state.label}”状态，不需要审核。请从检查列表查看待审核的记录。"
        )
    context = {
        "visit": found,
        "record": kept,
        "body": kept.body,
        "result": visit_result(kept.body),
        "answers": answers(found, kept.body),
        "doubts": doubts_of(found, kept.body),
        "steps": story.timeline(found, kept),
        "briefing": story.briefing(ref, today),
        "today": today,
    }
    return render(request, "inspection/review.html", context)


@require_POST
@requires(Power.REVIEW_RECORD)
def approve(request: HttpRequest, ref: str) -> HttpResponse:
    base = request.POST.get("base", "")
    actions.review_record(ref, base=base, by=request.actor, at=request.at)
    messages.success(request, "已审核，检查结果可以提出公示，并计入名录的检查历史。")
    return redirect("inspection:visit", ref)


@require_POST
@requires(Power.REVIEW_RECORD)
def give_back(request: HttpRequest, ref: str) -> HttpResponse:
    actions.return_record(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已退回检查组补正，原记录保留。")
    return redirect("inspection:visit", ref)


@requires(Power.REOPEN_RECORD)
def reopen(request: HttpRequest, ref: str) -> HttpResponse:
    """What hangs on the approved record, and the reason for opening it again."""
    found, kept, today = reads.visit(ref), reads.record(ref), day_of(request.at)
    is_overlap = permissions.check_may_reopen(request.actor, found, kept, today)
    if request.method == "POST":
        return _reopened(request, ref)
    if found.state is not VisitState.REVIEWED:
        raise Refused(
            f"这次检查现在是“{found.state.label}”状态，审核通过的记录才能重新开启。"
            "请从检查列表选已审核的检查。"
        )
    context = {
        "visit": found,
        "record": kept,
        "is_overlap": is_overlap,
        "objection": objection("reopen_record", ref),
        "sent": objection("reopen_in_time", ref),
    }
    return render(request, "inspection/reopen.html", context)


def _reopened(request: HttpRequest, ref: str) -> HttpResponse:
    actions.reopen_record(
        ref,
        request.POST.get("reason", ""),
        base=request.POST.get("base", ""),
        is_late="is_late" in request.POST,
        by=request.actor,
        at=request.at,
    )
    messages.success(request, "已重新开启。检查组补正、再次审核以前，仍以原来审核通过的为准。")
    return redirect("inspection:visit", ref)
