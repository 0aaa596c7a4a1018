"""What was told to the enterprise during a visit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.inspection import actions, permissions
from gongchou.inspection.actions.policy_told import ToldDraft
from gongchou.inspection.forms import ToldForm
from gongchou.inspection.views.visits import seen
from gongchou.training import reads as training
from gongchou.web.clock import day_of


@requires(Power.RECORD_TRAINING)
def told(request: HttpRequest, ref: str) -> HttpResponse:
    found = seen(request, ref)
    permissions.check_may_follow(request.actor, found, day_of(request.at))
    form = ToldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = ToldDraft(**form.cleaned_data)
        try:
            actions.record_told(ref, draft, by=request.actor, at=request.at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记，计入本季度的帮扶指导；照片等材料在登记页面加入。")
            return redirect("inspection:visit", ref)
    rows = training.events_of_visit(found.bureau, ref)
    return render(request, "inspection/told.html", {"visit": found, "form": form, "rows": rows})
