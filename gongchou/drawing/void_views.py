"""The void of a closed draw in the browser: asked for, agreed to, decided by the superior."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import Refused
from gongchou.core.terms import VoidGround
from gongchou.drawing import actions


@require_POST
@requires(Power.ANNOUNCE_DRAW)
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    word, actor = request.POST.get("ground", ""), request.actor  # type: ignore[attr-defined]
    if word not in set(VoidGround):
        raise Refused("请从列表中选择作废的事由。")
    says, at = request.POST.get("says", ""), request.at  # type: ignore[attr-defined]
    actions.request_void(ref, VoidGround(word), says, by=actor, at=at)
    messages.success(
        request, "已申请收口后作废，请两人同意（其中一位批准领导），再由上级机关决定。"
    )
    return redirect("drawing:draw", ref)


@require_POST
@requires(Power.AGREE_VOID)
def agree(request: HttpRequest, ref: str, void: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    is_last = actions.agree_void(void, by=actor, at=at)
    says = "两人均已同意，请上级机关决定。" if is_last else "已同意，还须另一人同意。"
    messages.success(request, says)
    return redirect("drawing:draw", ref)


@require_POST
@requires(Power.AGREE_VOID)
def refuse(request: HttpRequest, ref: str, void: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    actions.refuse_void(void, request.POST.get("reason", ""), by=actor, at=at)
    messages.success(request, "已记录不同意作废的理由，抽取继续办理。")
    return redirect("drawing:draw", ref)


@require_POST
@requires(Power.DECIDE_VOID)
def decide(request: HttpRequest, bureau: str, void: str) -> HttpResponse:
    """The superior's word, from the page on which it watches the log."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    is_void, opinion = "void" in request.POST, request.POST.get("opinion", "")
    actions.decide_void(void, bureau, opinion, is_void=is_void, by=actor, at=at)
    says = "已决定作废，决定写入抽取日志。" if is_void else "已决定不予作废，抽取继续办理。"
    messages.success(request, says)
    return redirect("drawing:witness")
