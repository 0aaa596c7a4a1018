from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import reads as accounts
from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.training import actions
from gongchou.training.forms import PracticeForm


@requires(Power.OFFER_PRACTICE)
def offer(request: HttpRequest) -> HttpResponse:
    units = [one.name for one in accounts.units(request.actor.bureau)]
    form = PracticeForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        try:
            actions.offer_practice(**form.cleaned_data, by=request.actor, at=request.at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已提出，请批准领导决定是否推广。")
            return redirect("training:home")
    return render(request, "training/offer.html", {"form": form})


@require_POST
@requires(Power.DECIDE_PRACTICE)
def decide(request: HttpRequest, ref: str) -> HttpResponse:
    is_taken_up, opinion = request.POST.get("verdict") == "yes", request.POST.get("opinion", "")
    actions.decide_practice(ref, opinion, is_taken_up=is_taken_up, by=request.actor, at=request.at)
    says = "已决定推广，写入本季度工作总结。" if is_taken_up else "已记录不推广及意见。"
    messages.success(request, says)
    return redirect("training:home")
