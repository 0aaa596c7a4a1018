"""The bureau's own result codes: the list, and the choice for one visit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import Refused
from gongchou.core.terms import VisitResult
from gongchou.inspection import actions, local_result_reads, permissions
from gongchou.inspection.drafts import LocalResultDraft
from gongchou.inspection.forms import LocalResultForm
from gongchou.inspection.views.visits import seen
from gongchou.web.clock import day_of


@requires(Power.DISPATCH_VISIT)
def local_results(request: HttpRequest) -> HttpResponse:
    """Every standard result with the codes of the bureau's own under it."""
    form = LocalResultForm(request.POST or None, initial={"since": day_of(request.at)})
    if request.method == "POST" and form.is_valid():
        try:
            draft = LocalResultDraft(**form.cleaned_data)
            actions.add_local_result(draft, by=request.actor, at=request.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已增加，从启用日期的检查起可以选用。")
            return redirect("inspection:local_results")
    rows = local_result_reads.local_results(request.actor.bureau)
    listed = [(one, [row for row in rows if row.under is one]) for one in VisitResult]
    context = {"listed": listed, "form": form, "today": day_of(request.at)}
    return render(request, "inspection/local_results.html", context)


@require_POST
@requires(Power.DISPATCH_VISIT)
def end(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("code", "")
    actions.end_local_result(code, day_of(request.at), by=request.actor, at=request.at)
    messages.success(request, "已停用，以前选用过的不变。")
    return redirect("inspection:local_results")


@require_POST
@requires(Power.DISPATCH_VISIT, Power.DO_VISIT)
def mark(request: HttpRequest, ref: str) -> HttpResponse:
    permissions.check_may_follow(request.actor, seen(request, ref), day_of(request.at))
    code = request.POST.get("code", "")
    actions.mark_local_result(ref, code, by=request.actor, at=request.at)
    messages.success(request, "已登记本地结果。" if code else "已登记为不用本地结果。")
    return redirect("inspection:after", ref)
