import re
from datetime import UTC, date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires, signed_in
from gongchou.core.canon import canon
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import AbsenceReason, DrawMode, ExcuseReason
from gongchou.core.workdays import Quarter
from gongchou.drawing import actions, pages, papers, reads, slips
from gongchou.web.clock import day_of
from gongchou.web.papers import respond

AGAIN = re.compile(r"[1-9][0-9]{8,9}", re.ASCII)


def _own(request: HttpRequest, ref: str) -> reads.DrawRow:
    found = reads.draw(ref)
    if found.bureau != request.actor.bureau:
        raise Refused(f"本机构没有编号为 {ref} 的抽取，请从抽取页面进入。")
    return found


def _done(request: HttpRequest, ref: str, says: str) -> HttpResponseRedirect:
    messages.success(request, says)
    return redirect("drawing:draw", ref)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("日期写法不对，请按 2026-01-05 的样子填写。") from error


@requires(Power.SEE_DRAW)
def home(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("quarter", "")
    quarter = Quarter.parse(text) if text else Quarter.of(day_of(request.at))
    context = pages.home(request.actor, quarter)
    return render(request, "drawing/home.html", context)


def _mode(text: str) -> DrawMode:
    if text not in set(DrawMode):
        raise Refused("请从列表中选择抽取方式。")
    return DrawMode(text)


@require_POST
@requires(Power.FREEZE_DRAW)
def freeze(request: HttpRequest) -> HttpResponse:
    ref = actions.freeze_draw(
        request.POST.get("task", ""),
        lead_unit=request.POST.get("lead", ""),
        joint_experts=0 if request.POST.get("joint_experts") == "0" else 1,
        profile=request.POST.get("profile", "sha256"),
        mode=_mode(request.POST.get("mode", DrawMode.SYSTEM.value)),
        take_unproved=request.POST.get("unproved") == "1",
        by=request.actor,
        at=request.at,
    )
    return _done(request, ref, "底册已冻结，名录、人员和回避的摘要从现在起不再变动。")


@require_POST
@requires(Power.VOID_DRAW)
def accept(request: HttpRequest, ref: str) -> HttpResponse:
    why = request.POST.get("why", "")
    actions.accept_unproved(ref, why, by=request.actor, at=request.at)
    return _done(request, ref, "已认可，认可人和理由写入抽取日志并对外公开。")


@requires(Power.SEE_DRAW)
def draw(request: HttpRequest, ref: str) -> HttpResponse:
    context = pages.draw(request.actor, _own(request, ref), day_of(request.at))
    if request.GET.get("view") != "projector":
        return render(request, "drawing/draw.html", context)
    is_paused = request.GET.get("pause") == "1"
    text = request.GET.get("again", "")
    again = datetime.fromtimestamp(int(text), UTC) if AGAIN.fullmatch(text) else None
    context |= pages.projector(context["draw"], request.at, is_paused=is_paused, again=again)
    return render(request, "drawing/projector.html", context)


@require_POST
@requires(Power.CONTRIBUTE)
def commit(request: HttpRequest, ref: str) -> HttpResponse:
    text = request.POST.get("text", "")
    party = actions.commit_contribution(ref, text, by=request.actor, at=request.at)
    says = f"已以“{party}”的名义承诺。请妥善保存刚才的文字，收口之后要逐字再输入一次。"
    return _done(request, ref, says)


@require_POST
@requires(Power.ANNOUNCE_DRAW)
def announce(request: HttpRequest, ref: str) -> HttpResponse:
    rule = f"{request.POST.get('kind', '')} {request.POST.get('how', '').strip()}".strip()
    actions.announce_draw(ref, rule, by=request.actor, at=request.at)
    return _done(request, ref, "抽取公告已发布并写入抽取日志，现在可以当众产生收口值。")


@require_POST
@requires(Power.ENTER_CLOSING)
def closing(request: HttpRequest, ref: str) -> HttpResponse:
    value = request.POST.get("value", "")
    actions.enter_closing(ref, value, by=request.actor, at=request.at)
    return _done(request, ref, "收口值已录入，请另一人在自己的账号独立录入复核。")


@require_POST
@requires(Power.ENTER_CLOSING)
def confirm_typed(request: HttpRequest, ref: str) -> HttpResponse:
    value = request.POST.get("value", "")
    actions.confirm_closing(ref, value, by=request.actor, at=request.at)
    return _done(request, ref, "两次录入一致，已收口。请各方揭示承诺的文字。")


@require_POST
@requires(Power.CONTRIBUTE)
def reveal(request: HttpRequest, ref: str) -> HttpResponse:
    text = request.POST.get("text", "")
    is_last = actions.reveal(ref, text, by=request.actor, at=request.at)
    if is_last:
        return _done(request, ref, "最后一份承诺已揭示，抽取完成。")
    if reads.draw(ref).no_team:
        return _done(request, ref, "各方均已揭示，但按抽取结果组不成检查组，请看下面的说明。")
    return _done(request, ref, "您的承诺已揭示，请等待其他各方。")


@require_POST
@requires(Power.ANNOUNCE_DRAW)
def escrow(request: HttpRequest, ref: str) -> HttpResponse:
    actions.request_escrow(ref, request.POST.get("says", ""), by=request.actor, at=request.at)
    return _done(request, ref, "已申请打开托管份额，请两位名单保管人办理。")


@require_POST
@requires(Power.WITNESS_DRAW)
def confirm(request: HttpRequest, ref: str) -> HttpResponse:
    is_sealed = actions.confirm_draw(ref, by=request.actor, at=request.at)
    says = "两位监督人员均已确认，名单已密封。" if is_sealed else "已确认，请另一位监督人员确认。"
    return _done(request, ref, says)


@require_POST
@requires(Power.VOID_DRAW)
def void(request: HttpRequest, ref: str) -> HttpResponse:
    actions.void_draw(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    return _done(request, ref, "已作废，编号和理由保留在抽取日志中；可以重新冻结底册。")


@require_POST
@requires(Power.DISPATCH_VISIT)
def release(request: HttpRequest, ref: str) -> HttpResponse:
    if "until" in request.POST:
        until = _day(request.POST["until"])
        actions.request_release(ref, until=until, by=request.actor, at=request.at)
        return _done(request, ref, f"已申请启封 {until} 及以前的检查，请名单保管人办理。")
    on = _day(request.POST.get("on", ""))
    actions.request_release(ref, on=on, by=request.actor, at=request.at)
    return _done(request, ref, f"已申请启封 {on} 的检查，请两位名单保管人办理。")


@require_POST
@requires(Power.DISPATCH_VISIT)
def move(request: HttpRequest, ref: str) -> HttpResponse:
    text, says = request.POST.get("number", ""), request.POST.get("says", "")
    if not (text.isdecimal() and len(text) < 7):
        raise Refused("请从列表中选择要改期的检查。")
    to, number = _day(request.POST.get("to", "")), int(text)
    actions.move_visit(ref, number, to, says, by=request.actor, at=request.at)
    return _done(request, ref, f"第 {number + 1} 号检查改到 {to}，已写入抽取日志。")


@require_POST
@requires(Power.ANNOUNCE_DRAW)
def film(request: HttpRequest, ref: str) -> HttpResponse:
    digest, says = request.POST.get("digest", ""), request.POST.get("says", "")
    actions.note_film(ref, digest, says, by=request.actor, at=request.at)
    return _done(request, ref, "现场录像的摘要已写入抽取日志。录像请按档案要求另行保存，不要改动。")


@require_POST
@requires(Power.ANNOUNCE_DRAW)
def publish(request: HttpRequest, ref: str) -> HttpResponse:
    actions.request_publication(ref, by=request.actor, at=request.at)
    return _done(request, ref, "已申请公开抽取全记录，请两位名单保管人办理。")


@requires(Power.SEE_DRAW)
def record(request: HttpRequest, ref: str) -> HttpResponse:
    body = reads.published_record(_own(request, ref).ref)
    if body is None:
        raise Refused("抽取全记录还没有公开，全部检查启封并由保管人办理后才能下载。")
    headers = {"Content-Disposition": f'attachment; filename="{ref}.json"'}
    return HttpResponse(canon(body), content_type="application/json", headers=headers)


# -- names, after their release


def _sees(request: HttpRequest, ref: str) -> reads.DrawRow:
    """Whoever asks for names without the power leaves a trace of having asked."""
    if not may(request.actor, Power.SEE_VISITS):
        says = "没有查看检查情况的权限"
        actions.record_refused_view(ref, says, by=request.actor, at=request.at)
        check(request.actor, Power.SEE_VISITS)
    return _own(request, ref)


@signed_in
def released(request: HttpRequest, ref: str) -> HttpResponse:
    context = pages.released(_sees(request, ref))
    numbers = [row.number for row in context["visits"]]
    if numbers:
        actions.record_view(ref, numbers, by=request.actor, at=request.at)
    return render(request, "drawing/released.html", context)


@signed_in
def visit(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    found = _sees(request, ref)
    context = pages.visit(request.actor, found, number, day_of(request.at))
    actions.record_view(ref, [number], by=request.actor, at=request.at)
    return render(request, "drawing/visit.html", context)


@signed_in
def why(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """The slip for the enterprise; printing it is a look at the list like any other."""
    found = _sees(request, ref)
    name, pdf = slips.slip(found.ref, number, bureau=found.bureau, at=request.at)
    actions.record_view(ref, [number], by=request.actor, at=request.at)
    return respond(pdf, name)


@require_POST
@requires(Power.DISPATCH_VISIT)
def substitute(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    word = request.POST.get("reason", "")
    if word not in set(ExcuseReason):
        raise Refused("请从列表中选择补抽理由。")
    actions.request_substitution(
        ref,
        number,
        reason=ExcuseReason(word),
        says=request.POST.get("says", ""),
        on=_day(request.POST.get("on", "")),
        by=request.actor,
        at=request.at,
    )
    return _done(request, ref, "已申请补抽，请两位名单保管人办理。")


@require_POST
@requires(Power.DISPATCH_VISIT)
def reseat(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    word = request.POST.get("absence", "")
    if word not in set(AbsenceReason):
        raise Refused("请从列表中选择补派理由。")
    actions.request_reseat(
        ref,
        number,
        request.POST.get("person", ""),
        reason=AbsenceReason(word),
        says=request.POST.get("says", ""),
        by=request.actor,
        at=request.at,
    )
    return _done(request, ref, "已申请补派人员，请两位名单保管人办理。")


# -- custodians


@requires(Power.SEE_DRAW)
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "drawing/keys.html", pages.keys(request.actor))


@require_POST
@requires(Power.HOLD_KEY)
def enrol(request: HttpRequest) -> HttpResponse:
    first, again = request.POST.get("passphrase", ""), request.POST.get("again", "")
    if first != again:
        raise Refused("两次输入的保管口令不一致，请重新输入。")
    actions.enrol_custodian(first, by=request.actor, at=request.at)
    messages.success(request, "已登记为名单保管人。口令不能找回，请牢记，不要告诉任何人。")
    return redirect("drawing:keys")


@require_POST
@requires(Power.HOLD_KEY)
def establish(request: HttpRequest) -> HttpResponse:
    text = request.POST.get("threshold", "2")
    threshold = int(text) if text.isdecimal() and len(text) < 4 else 0
    actions.establish_key(threshold=threshold, by=request.actor, at=request.at)
    messages.success(request, "保密密钥已建立，份额已分给各位保管人。")
    return redirect("drawing:keys")


@require_POST
@requires(Power.RELEASE_VISIT)
def agree(request: HttpRequest) -> HttpResponse:
    refs, words = request.POST.getlist("opening"), request.POST.get("passphrase", "")
    done, passed = actions.agree_together(refs, words, by=request.actor, at=request.at)
    if done:
        messages.success(request, f"{done} 份申请已开启并办结。")
    if passed:
        messages.success(request, f"已同意 {passed} 份，请另一位保管人在自己的账号办理。")
    return redirect("drawing:keys")


@require_POST
@requires(Power.RELEASE_VISIT)
def refuse(request: HttpRequest, ref: str) -> HttpResponse:
    actions.refuse_opening(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已记录不同意开启的理由，申请已办结。")
    return redirect("drawing:keys")


@requires(Power.SEE_DRAW)
def listed_papers(request: HttpRequest, ref: str) -> HttpResponse:
    """The papers of a draw, each with the sentence why it cannot be printed yet."""
    context = {"ref": ref, "papers": papers.available(ref, bureau=request.actor.bureau)}
    return render(request, "drawing/papers.html", context)


@requires(Power.SEE_DRAW)
def paper(request: HttpRequest, ref: str, name: str) -> HttpResponse:
    title, pdf = papers.paper(name, ref, bureau=request.actor.bureau, at=request.at)
    return respond(pdf, title)
