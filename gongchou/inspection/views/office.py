"""The office's side: dispatch, visits for a reason, ledgers of paper and corrections."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.clue_terms import ClueState
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.inspection import actions, reads, story
from gongchou.inspection.drafts import CaseVisitDraft
from gongchou.inspection.forms import CaseVisitForm, Day
from gongchou.inspection.picking import kept_away
from gongchou.inspection.views.visits import quarter_asked
from gongchou.offsite import clue_reads
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of


@require_POST
@requires(Power.DISPATCH_VISIT)
def dispatch(request: HttpRequest, draw: str) -> HttpResponse:
    refs = actions.dispatch_released(draw, by=request.actor, at=request.at)
    messages.success(request, f"已派发 {len(refs)} 次检查，检查组登录后即可看到并接收。")
    left = len(reads.waiting(draw))
    if left:
        messages.warning(
            request, f"另有 {left} 家没有派发：已达年度频次上限或检查组有人不能参加，请逐家办理。"
        )
    return redirect("inspection:home")


@require_POST
@requires(Power.DISPATCH_VISIT)
def automatic(request: HttpRequest) -> HttpResponse:
    """The standing order to dispatch, given or taken back."""
    is_on, reason = request.POST.get("automatic") == "on", request.POST.get("reason", "")
    actions.set_automatic_dispatch(is_on, reason, by=request.actor, at=request.at)
    says = "已启用：到可以启封的时间即自动申请，启封后自动派发。" if is_on else "已停用自动派发。"
    messages.success(request, says)
    return redirect("inspection:home")


@require_POST
@requires(Power.DISPATCH_VISIT)
def dispatch_beyond(request: HttpRequest, draw: str, number: int) -> HttpResponse:
    """One visit beyond the yearly limit, for a reason that the policy lists."""
    exemption = request.POST.get("exemption", "")
    by, at = request.actor, request.at
    actions.dispatch_visit(draw, number, exemption=exemption, by=by, at=at)
    messages.success(request, "已派发，所选情形已经留痕。")
    return redirect("inspection:home")


@requires(Power.SEE_VISITS)
def merging(request: HttpRequest) -> HttpResponse:
    """How many visits were saved by sending several tasks together, and which were not."""
    quarter = quarter_asked(request)
    found = reads.merging(request.actor.bureau, str(quarter))
    return render(request, "inspection/merging.html", {"quarter": quarter, "found": found})


@requires(Power.DISPATCH_VISIT)
def choose_site(request: HttpRequest) -> HttpResponse:
    """Which site a visit for a reason goes to."""
    wanted, today = request.GET.get("q", "")[:80].strip(), day_of(request.at)
    page = registers.subjects(request.actor.bureau, today, search=wanted) if wanted else None
    context = {"q": wanted, "page": page, "clue": _clue(request)}
    return render(request, "inspection/choose_site.html", context)


def _clue(request: HttpRequest) -> clue_reads.ClueRow | None:
    """The clue for which a visit is being arranged, where there is one."""
    ref = request.GET.get("clue", "")[:60]
    return clue_reads.clue(ref, request.actor.bureau) if ref else None


@require_POST
@requires(Power.REVIEW_RECORD)
def conclude_clue(request: HttpRequest, ref: str) -> HttpResponse:
    """What the visit found about its clue, by whoever reviews records."""
    outcome = ClueState(request.POST.get("outcome", ClueState.GENERATED))
    why, reason = request.POST.get("why", ""), request.POST.get("reason", "")
    by, at = request.actor, request.at
    actions.conclude_visited_clue(ref, outcome, why, reason, by=by, at=at)
    messages.success(request, f"已登记核查结果：{outcome.label}。")
    return redirect("offsite:clue", ref)


def _people(request: HttpRequest) -> list[tuple[str, str]]:
    today, bureau = day_of(request.at), request.actor.bureau
    register = registers.inspectors(bureau, today)
    away = kept_away(bureau, register, today)
    return [
        (person.ref, f"{person.name}（证号 {person.enforcement_card_no}）")
        for person in register
        if person.ref not in away
    ]


@requires(Power.DISPATCH_VISIT)
def open_case(request: HttpRequest, subject: str) -> HttpResponse:
    today = day_of(request.at)
    site = registers.subject(subject, request.actor.bureau, today).subject
    clue = _clue(request)
    ground = clue.ground if clue else ""
    form = CaseVisitForm(
        request.POST or None,
        people=_people(request),
        initial={"planned_on": today, "ground": ground},
    )
    if request.method == "POST" and form.is_valid():
        draft = CaseVisitDraft(subject=subject, **_entered(form))
        try:
            ref = _opened(request, draft, clue)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已安排个案检查并派发给检查组，不计入抽查比例。")
            return redirect("inspection:visit", ref)
    return render(request, "inspection/open_case.html", {"form": form, "subject": site})


def _opened(request: HttpRequest, draft: CaseVisitDraft, clue: clue_reads.ClueRow | None) -> str:
    by, at = request.actor, request.at
    if clue:
        return actions.visit_clue(clue.ref, draft, by=by, at=at)
    return actions.open_case_visit(draft, by=by, at=at)


def _entered(form: CaseVisitForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "ground": data["ground"],
        "planned_on": data["planned_on"],
        "inspectors": tuple(data["inspectors"]),
    }


@requires(Power.SEE_VISITS)
def paper(request: HttpRequest) -> HttpResponse:
    """Which signed papers have come in, and what is still owed by when."""
    quarter, today = quarter_asked(request), day_of(request.at)
    ledger = story.paper_ledger(request.actor.bureau, str(quarter))
    page = page_of(ledger.rows, request.GET.get("page", ""))
    context = {
        "quarter": quarter,
        "ledger": ledger,
        "page": page.shown_as(lambda row: (row, ledger.is_late(row, today))),
        "kept": urlencode({"quarter": str(quarter)}),
        "today": today,
        "receives": may(request.actor, Power.DISPATCH_VISIT),
    }
    return render(request, "inspection/paper.html", context)


@require_POST
@requires(Power.DISPATCH_VISIT)
def receive(request: HttpRequest, ref: str) -> HttpResponse:
    on = Day("收到日期").clean(request.POST.get("on") or day_of(request.at))
    actions.receive_paper(ref, on=on, by=request.actor, at=request.at)
    found = reads.visit(ref)
    messages.success(request, f"已登记收到“{found.subject_name}”的纸质记录。")
    return redirect(f"{reverse('inspection:paper')}?{urlencode({'quarter': found.quarter})}")


@requires(Power.SEE_VISITS)
def orders(request: HttpRequest) -> HttpResponse:
    """Corrections not yet closed, the overdue first."""
    today = day_of(request.at)
    found = reads.open_orders(request.actor.bureau)
    rows = [(order, reads.visit(order.visit), order.is_late(today)) for order in found]
    return render(request, "inspection/orders.html", {"rows": rows, "today": today})
