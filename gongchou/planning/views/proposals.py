from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.planning import actions, proposal_reads, reads
from gongchou.planning.views.plans import back


@require_POST
@requires(Power.MAKE_PLAN)
def propose(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("quarter", "")
    ref = actions.propose_classification(asked, by=request.actor, at=request.at)
    messages.success(request, "已固定今天的名录并分类。请核对与上次计划的差异，再确认测算。")
    return redirect("planning:proposal", ref)


@requires(Power.SEE_PLAN)
def proposal(request: HttpRequest, ref: str) -> HttpResponse:
    found = proposal_reads.proposal(ref, request.actor.bureau)
    has_plan = reads.plan_of(request.actor.bureau, found.quarter) is not None
    context = {
        "found": found,
        "quarter": Quarter.parse(found.quarter),
        "may_confirm": may(request.actor, Power.MAKE_PLAN)
        and found.confirmed_at is None
        and not has_plan,
    }
    return render(request, "planning/proposal.html", context)


@require_POST
@requires(Power.MAKE_PLAN)
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    found = proposal_reads.proposal(ref, request.actor.bureau)
    actions.compute_plan(found.quarter, proposal=ref, by=request.actor, at=request.at)
    messages.success(request, "差异已确认存档，计划已测算并锁定，请由批准领导核对后批准。")
    return back(found.quarter)


@requires(Power.SEE_PLAN)
def site(request: HttpRequest, ref: str, subject: str) -> HttpResponse:
    if reads.plan(ref).bureau != request.actor.bureau:
        raise Refused(f"本机构没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    found = proposal_reads.site(ref, subject)
    return render(request, "planning/site.html", {"found": found, "plan": reads.plan(ref)})
