"""What a partner department does at the ceremony of a joint draw, in its own login."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.drawing import actions, joint_pages
from gongchou.web.clock import day_of


@requires(Power.CONTRIBUTE_JOINT)
def home(request: HttpRequest) -> HttpResponse:
    context = joint_pages.home(request.actor, day_of(request.at))
    return render(request, "drawing/joint.html", context)


@require_POST
@requires(Power.CONTRIBUTE_JOINT)
def commit(request: HttpRequest, ref: str) -> HttpResponse:
    text = request.POST.get("text", "")
    party = actions.commit_contribution(ref, text, by=request.actor, at=request.at)
    says = f"已以“{party}”的名义承诺。请妥善保存刚才的文字，收口之后要逐字再输入一次。"
    messages.success(request, says)
    return redirect("drawing:joint")


@require_POST
@requires(Power.CONTRIBUTE_JOINT)
def reveal(request: HttpRequest, ref: str) -> HttpResponse:
    text = request.POST.get("text", "")
    is_last = actions.reveal(ref, text, by=request.actor, at=request.at)
    says = "各方都已揭示，名单已经抽出。" if is_last else "已揭示，等待其余各方。"
    messages.success(request, says)
    return redirect("drawing:joint")
