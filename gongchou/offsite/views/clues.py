"""The triage desk: the queue by score, one clue with everything it rests on, what is decided."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.clue_terms import ClueState
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid
from gongchou.offsite import actions, clue_pages, clue_reads, watch_reads
from gongchou.offsite.clue_settings import clue_rules
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of


@requires(Power.SEE_VISITS)
def clue_list(request: HttpRequest) -> HttpResponse:
    today, bureau = day_of(request.at), request.actor.bureau
    cases = clue_reads.queue(bureau, today)
    context = {
        "page": page_of(cases, request.GET.get("page", "")),
        "counts": clue_pages.colour_counts(cases),
        "limits": clue_pages.limits(clue_rules(bureau, today)),
        "today": today,
    }
    return render(request, "offsite/clues.html", context)


@requires(Power.SEE_VISITS)
def clue_done(request: HttpRequest) -> HttpResponse:
    """Clues put away or looked into."""
    page = page_of(clue_reads.done(request.actor.bureau), request.GET.get("page", ""))
    return render(request, "offsite/clues_done.html", {"page": page})


@requires(Power.SEE_VISITS)
def clue(request: HttpRequest, ref: str) -> HttpResponse:
    today, by = day_of(request.at), request.actor
    page = clue_reads.page(ref, by.bureau, today)
    context = {
        "page": page,
        "row": page.row,
        "today": today,
        "measured": watch_reads.measured(by.bureau, page.row.outlet, page.row.factor),
        "curves": clue_pages.curves_of(page, by.bureau, settings.ENVIRONMENT.var),
        "map": clue_pages.map_of(page, by.bureau, today),
        "around": clue_pages.around(page.row, by.bureau, today),
        "reads_letters": may(by, Power.HANDLE_LETTER),
        **clue_pages.buttons(page, by),
    }
    return render(request, "offsite/clue.html", context)


def _decide(request: HttpRequest, ref: str) -> str:
    to = ClueState(request.POST.get("to", ClueState.GENERATED))
    why, reason = request.POST.get("why", ""), request.POST.get("reason", "")
    actions.decide_clue(ref, to, why, reason, by=request.actor, at=request.at)
    return f"已研判为“{to.label}”，同案线索一并办理。"


def _return(request: HttpRequest, ref: str) -> str:
    actions.return_clue(ref, request.POST.get("why", ""), by=request.actor, at=request.at)
    return "已退回待研判，期限重新计算。"


def _reopen(request: HttpRequest, ref: str) -> str:
    actions.reopen_clue(ref, request.POST.get("why", ""), by=request.actor, at=request.at)
    return "已重新列为待研判。"


def _evidence(request: HttpRequest, ref: str) -> str:
    digest = clue_pages.file_digest(request.FILES.get("file"))
    says = request.POST.get("why", "")
    actions.add_evidence(ref, says, digest, by=request.actor, at=request.at)
    return "已补充证据。"


def _begin(request: HttpRequest, ref: str) -> str:
    actions.begin_offsite(ref, request.POST.get("why", ""), by=request.actor, at=request.at)
    return "已开始非现场核查，由审核人员登记结果。"


def _conclude(request: HttpRequest, ref: str) -> str:
    outcome = ClueState(request.POST.get("outcome", ClueState.GENERATED))
    why, reason = request.POST.get("why", ""), request.POST.get("reason", "")
    actions.conclude_clue(ref, outcome, why, reason=reason, by=request.actor, at=request.at)
    return f"已登记核查结果：{outcome.label}。"


def _archive(request: HttpRequest, ref: str) -> str:
    actions.archive_clue(ref, by=request.actor, at=request.at)
    return "已归档。"


ACTS: Mapping[str, Callable[[HttpRequest, str], str]] = {
    "decide": _decide,
    "return": _return,
    "reopen": _reopen,
    "evidence": _evidence,
    "begin": _begin,
    "conclude": _conclude,
    "archive": _archive,
}


@require_POST
@requires(Power.TRIAGE_CLUE, Power.RECORD_OFFSITE, Power.CONCLUDE_OFFSITE)
def clue_act(request: HttpRequest, ref: str) -> HttpResponse:
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid("没有选择要办理的事项，请从线索页面的按钮进入。")
    messages.success(request, act(request, ref))
    return redirect("offsite:clue", ref)
