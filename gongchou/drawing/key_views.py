"""A change of custodians in the browser."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import Refused
from gongchou.drawing import actions


@require_POST
@requires(Power.HOLD_KEY)
def change(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("threshold", "")
    actions.request_key_change(
        request.POST.getlist("members"),
        threshold=int(text) if text.isdecimal() and len(text) < 4 else 0,
        says=request.POST.get("says", ""),
        by=request.actor,  # type: ignore[attr-defined]
        at=request.at,  # type: ignore[attr-defined]
    )
    messages.success(request, "已申请变更保管人，请现任保管人各自用口令办理。")
    return redirect("drawing:keys")


@require_POST
@requires(Power.HOLD_KEY)
def agree(request: HttpRequest, ref: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    words = request.POST.get("passphrase", "")
    is_done = actions.agree_key_change(ref, words, by=actor, at=at)
    done = "份额已重新分发，以前的份额已经清除。"
    messages.success(request, done if is_done else "已同意，请另一位现任保管人在自己的账号办理。")
    return redirect("drawing:keys")


@require_POST
@requires(Power.HOLD_KEY)
def refuse(request: HttpRequest, ref: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    actions.refuse_key_change(ref, by=actor, at=at)
    messages.success(request, "已记录不同意变更保管人，申请已办结。")
    return redirect("drawing:keys")


@require_POST
@requires(Power.HOLD_KEY)
def enrol_again(request: HttpRequest) -> HttpResponse:
    first, again = request.POST.get("passphrase", ""), request.POST.get("again", "")
    if first != again:
        raise Refused("两次输入的保管口令不一致，请重新输入。")
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    actions.enrol_again(first, by=actor, at=at)
    says = "已重新登记保管口令。请现任保管人办理变更保管人，把份额重新分发给您。"
    messages.success(request, says)
    return redirect("drawing:keys")


@require_POST
@requires(Power.HOLD_KEY)
def declare_lost(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    actions.declare_lost(request.POST.get("says", ""), by=actor, at=at)
    messages.success(request, "已声明口令遗失。找回以后可以用口令撤回声明。")
    return redirect("drawing:keys")


@require_POST
@requires(Power.HOLD_KEY)
def take_back_lost(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    actions.take_back_lost(request.POST.get("passphrase", ""), by=actor, at=at)
    messages.success(request, "口令核对无误，遗失声明已撤回。")
    return redirect("drawing:keys")
