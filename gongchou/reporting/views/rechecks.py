"""Re-inspection in the browser: the draw in four acts, and the second record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import NotAllowed
from gongchou.core.terms import ItemResult
from gongchou.core.workdays import Quarter
from gongchou.inspection.permissions import inspector_of
from gongchou.reporting import actions, recheck_reads
from gongchou.reporting.views.tables import asked_quarter
from gongchou.web.clock import day_of


@requires(Power.ORDER_RECHECK, Power.CONTRIBUTE, Power.DO_VISIT)
def home(request: HttpRequest) -> HttpResponse:
    actor, quarter = request.actor, asked_quarter(request)
    orders, gives = may(actor, Power.ORDER_RECHECK), may(actor, Power.CONTRIBUTE)
    own = inspector_of(actor, day_of(request.at))
    context: dict[str, object] = {
        "quarter": quarter,
        "before": quarter.previous(),
        "after": quarter.next() if quarter < Quarter.of(day_of(request.at)) else None,
        "orders": orders,
        "gives": gives,
        "mine": recheck_reads.rechecks(actor.bureau, member=own) if own else (),
    }
    if orders or gives:
        context["draw"] = recheck_reads.draw_of(actor.bureau, str(quarter))
    if orders:
        context["rows"] = recheck_reads.rechecks(actor.bureau, str(quarter))
        context["compared"] = recheck_reads.compared(actor.bureau, str(quarter))
    return render(request, "reporting/rechecks.html", context)


def _back(ref: str) -> HttpResponse:
    return redirect(f"/oversight/rechecks/?quarter={ref.rpartition('-')[2]}")


@require_POST
@requires(Power.ORDER_RECHECK)
def promise(request: HttpRequest) -> HttpResponse:
    given, quarter = request.POST, Quarter.parse(request.POST.get("quarter", ""))
    text, rule = given.get("text", ""), given.get("rule", "").strip()
    ref = actions.promise_recheck(quarter, text, rule, by=request.actor, at=request.at)
    messages.success(request, "底册已固定，您的随机贡献已承诺；请保存好原文，揭示时还要输入。")
    return _back(ref)


@require_POST
@requires(Power.CONTRIBUTE)
def join(request: HttpRequest, ref: str) -> HttpResponse:
    actions.join_recheck(ref, request.POST.get("text", ""), by=request.actor, at=request.at)
    messages.success(request, "公告已固定，请当众产生收口值。")
    return _back(ref)


@require_POST
@requires(Power.ORDER_RECHECK)
def close(request: HttpRequest, ref: str) -> HttpResponse:
    text, closing = request.POST.get("text", ""), request.POST.get("closing", "")
    actions.close_recheck(ref, text, closing, by=request.actor, at=request.at)
    messages.success(request, "收口值已录入，请保密小组核对后揭示。")
    return _back(ref)


@require_POST
@requires(Power.CONTRIBUTE)
def draw(request: HttpRequest, ref: str) -> HttpResponse:
    text, closing = request.POST.get("text", ""), request.POST.get("closing", "")
    count = actions.draw_recheck(ref, text, closing, by=request.actor, at=request.at)
    messages.success(request, f"已抽取 {count} 家，名单密封，由审计人员逐家启封。")
    return _back(ref)


@require_POST
@requires(Power.ORDER_RECHECK)
def open_place(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    actions.open_recheck(ref, number, by=request.actor, at=request.at)
    messages.success(request, f"第 {number} 家已启封，复查人员登录后可以看到。")
    return _back(ref)


@requires(Power.DO_VISIT)
def record(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The second team's form: the site and the questions, nothing of the first record."""
    actor = request.actor
    row = recheck_reads.recheck(ref, number, actor.bureau)
    if inspector_of(actor, day_of(request.at)) not in row.members:
        raise NotAllowed(f"{actor.name}不是这次复查的人员，不能查看。")
    if request.method == "POST":
        answers = {code: request.POST.get(f"item:{code}", "") for code, _ in row.items}
        says = request.POST.get("says", "")
        actions.record_recheck(ref, number, answers, says, by=actor, at=request.at)
        messages.success(request, "复查记录已提交，不能再改动。")
        return redirect("oversight:rechecks")
    context = {"row": row, "results": list(ItemResult)}
    return render(request, "reporting/recheck.html", context)
