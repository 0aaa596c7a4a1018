"""The draw log in the browser: for the bureau, and for the superior that watches it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongchou.accounts import reads as accounts
from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import NotAllowed
from gongchou.core.terms import VoidState
from gongchou.drawing import actions, log_reads, pages, reads, void_reads


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@requires(Power.SEE_DRAW)
def log(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    entries = [(row, pages.STEP_WORDS[row.kind]) for row in reads.log(actor.bureau)[::-1]]
    heads = log_reads.heads(actor.bureau)
    context = {
        "entries": entries,
        "root": reads.log_root(actor.bureau),
        "heads": heads[::-1],
        "key": log_reads.public_key(actor.bureau),
        "may_sign": may(actor, Power.SIGN_LOG)
        and bool(entries)
        and (not heads or heads[-1].size < len(entries)),
    }
    return render(request, "drawing/log.html", context)


@require_POST
@requires(Power.SIGN_LOG)
def sign(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    size = actions.sign_log(by=actor, at=at)
    messages.success(request, f"已签署前 {size} 条的树根，请上级机关见证。")
    return redirect("drawing:log")


def _watched(request: HttpRequest) -> str:
    """The bureau whose log is asked for: one that this person watches, or the own one."""
    actor = request.actor  # type: ignore[attr-defined]
    if not may(actor, Power.WITNESS_LOG):
        return str(actor.bureau)
    codes = [row.code for row in accounts.watched(actor.bureau)]
    wanted = request.GET.get("bureau", "") or (codes or [actor.bureau])[0]
    if codes and wanted not in codes:
        raise NotAllowed("您所在的机关不是这个机构的上级机关，不能查看它的抽取日志。")
    return wanted


@signed_in
def file(request: HttpRequest) -> HttpResponse:
    """The whole log for checking elsewhere; it holds no name of anybody inspected."""
    actor = request.actor  # type: ignore[attr-defined]
    if not may(actor, Power.WITNESS_LOG):
        check(actor, Power.SEE_DRAW)
    bureau = _watched(request)
    body = log_reads.as_file(bureau)
    headers = {"Content-Disposition": f'attachment; filename="draw-log-{bureau}.json"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


@requires(Power.WITNESS_LOG)
def witness(request: HttpRequest) -> HttpResponse:
    """The superior's page: the logs it watches, and the voids that wait for its word."""
    bureau, actor = _watched(request), request.actor  # type: ignore[attr-defined]
    watched = [
        row
        for row in accounts.watched(actor.bureau)
        if row.code != actor.bureau or row.code == bureau
    ]
    heads = log_reads.heads(bureau)
    last = next((head for head in heads[::-1] if head.cosigned_by), None)
    voids = void_reads.of_bureaus([row.code for row in watched])
    context = {
        "bureau": next((row for row in watched if row.code == bureau), None),
        "watched": watched,
        "heads": heads[::-1],
        "last": last,
        "next": heads[-1] if heads and heads[-1] != last else None,
        "key": log_reads.public_key(bureau),
        "waiting": [row for row in voids if row.state is VoidState.APPROVED],
        "decided": [row for row in voids if row.ended_at is not None],
    }
    return render(request, "drawing/witness.html", context)


@require_POST
@requires(Power.WITNESS_LOG)
def cosign(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    bureau = request.POST.get("bureau", "")
    actions.cosign_head(
        _number(request.POST.get("size", "")),
        bureau=bureau,
        kept_size=_number(request.POST.get("kept_size", "")),
        kept_root=request.POST.get("kept_root", "").strip(),
        by=actor,
        at=at,
    )
    messages.success(request, "已见证：日志与留存的树根相接，此前内容没有改动。")
    return redirect(f"{reverse('drawing:witness')}?{urlencode({'bureau': bureau})}")
