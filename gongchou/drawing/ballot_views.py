"""A draw by numbered balls in the browser."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.refusals import Refused
from gongchou.drawing import actions, ballot_pages, reads


@require_POST
@requires(Power.ANNOUNCE_DRAW)
def announce(request: HttpRequest, ref: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    text, manner = request.POST.get("reserve", ""), request.POST.get("manner", "")
    reserve = int(text) if text.isdecimal() and len(text) < 4 else -1
    actions.announce_ballot(ref, manner, reserve, by=actor, at=at)
    messages.success(request, "摇号公告已发布，号码表从现在起固定。请打印号码表，按号放球。")
    return redirect("drawing:draw", ref)


@require_POST
@requires(Power.ENTER_CLOSING)
def enter(request: HttpRequest, ref: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    numbers, people = ballot_pages.typed(ref, request.POST)
    actions.enter_ballots(ref, numbers, people, by=actor, at=at)
    messages.success(request, "号码已录入，请另一人看着号球在自己的账号独立录入复核。")
    return redirect("drawing:draw", ref)


@require_POST
@requires(Power.ENTER_CLOSING)
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    numbers, people = ballot_pages.typed(ref, request.POST)
    is_made = actions.confirm_ballots(ref, numbers, people, by=actor, at=at)
    done = "两次录入一致，名单已产生并加密，请现场监督人员确认。"
    says = done if is_made else "两次录入一致，但按号码组不成检查组，请看下面的说明。"
    messages.success(request, says)
    return redirect("drawing:draw", ref)


@requires(Power.SEE_DRAW)
def roll(request: HttpRequest, ref: str) -> HttpResponse:
    """The numbered roll on a page, for reading out and for checking the balls."""
    found = reads.draw(ref)
    if found.bureau != request.actor.bureau:  # type: ignore[attr-defined]
        raise Refused(f"本机构没有编号为 {ref} 的抽取，请从抽取页面进入。")
    context = {"draw": found, "roll": ballot_pages.roll_of(ref)}
    return render(request, "drawing/roll.html", context)
