"""Systems that are told of events: the list, one of them with its last answers, and the acts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.webhooks import WAITS, spelled
from gongchou.webhooks import actions, reads
from gongchou.webhooks.forms import ReasonForm, WebhookForm
from gongchou.webhooks.sending import secret_of, send


@requires(Power.MANAGE_WEBHOOKS, Power.READ_AUDIT)
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": [(row, reads.waiting_count(row)) for row in reads.webhooks(request.actor.bureau)],
        "may_manage": may(request.actor, Power.MANAGE_WEBHOOKS),
    }
    return render(request, "webhooks/home.html", context)


@never_cache
@requires(Power.MANAGE_WEBHOOKS)
def new(request: HttpRequest) -> HttpResponse:
    """The key is on the answer to the creation, and never again."""
    form, secret, ref = WebhookForm(request.POST or None), "", ""
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        kinds = [EventKind(value) for value in asked["kinds"]]
        draft = actions.WebhookDraft(name=asked["name"], url=asked["url"], kinds=kinds)
        try:
            ref = actions.create_webhook(draft, by=request.actor, at=request.at)
            secret = spelled(secret_of(ref))
        except Refused as refusal:
            form.add_error("url" if isinstance(refusal, Invalid) else None, str(refusal))
    context = {"form": form, "secret": secret, "ref": ref}
    return render(request, "webhooks/new.html", context)


@requires(Power.MANAGE_WEBHOOKS, Power.READ_AUDIT)
def webhook(request: HttpRequest, ref: str) -> HttpResponse:
    row = reads.webhook(ref, request.actor.bureau)
    context = {
        "row": row,
        "waiting": reads.waiting_count(row),
        "steps": reads.steps(row),
        "attempts": len(WAITS) + 1,
        "may_manage": may(request.actor, Power.MANAGE_WEBHOOKS),
        "form": ReasonForm(),
    }
    return render(request, "webhooks/webhook.html", context)


@require_POST
@requires(Power.MANAGE_WEBHOOKS)
def try_out(request: HttpRequest, ref: str) -> HttpResponse:
    row = reads.webhook(ref, request.actor.bureau)
    message = reads.trial(row, request.at)
    answer = send(row.url, secret_of(ref), message, request.at)
    actions.note_trial(ref, answer, by=request.actor, at=request.at)
    told = messages.success if answer.is_taken else messages.warning
    told(request, ("试发成功：" if answer.is_taken else "试发没有送到：") + answer.says)
    return redirect("webhooks:webhook", ref)


@require_POST
@requires(Power.MANAGE_WEBHOOKS)
def stop(request: HttpRequest, ref: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    actions.stop_webhook(ref, why, by=request.actor, at=request.at)
    messages.success(request, "已停用。停用期间的事件不会丢，恢复以后接着通知。")
    return redirect("webhooks:webhook", ref)


@require_POST
@requires(Power.MANAGE_WEBHOOKS)
def resume(request: HttpRequest, ref: str) -> HttpResponse:
    is_skipping = bool(request.POST.get("skip"))
    actions.resume_webhook(ref, is_skipping=is_skipping, by=request.actor, at=request.at)
    messages.success(request, "已恢复，一分钟内开始通知。")
    return redirect("webhooks:webhook", ref)


@require_POST
@requires(Power.MANAGE_WEBHOOKS)
def end(request: HttpRequest, ref: str) -> HttpResponse:
    actions.end_webhook(ref, by=request.actor, at=request.at)
    messages.success(request, "已撤销。")
    return redirect("webhooks:home")
