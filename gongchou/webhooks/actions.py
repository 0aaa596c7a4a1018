"""A system is told of events: set up, tried, sent to, stopped, taken up again, ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import states
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.lines import line
from gongchou.core.oversight_terms import WebhookState
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.webhooks import TOLD, wait_after
from gongchou.webhooks import models, reads
from gongchou.webhooks.sending import Answer, target

MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDraft:
    name: str
    url: str
    kinds: Collection[EventKind]


@transaction.atomic
def create_webhook(draft: WebhookDraft, *, by: Actor, at: datetime) -> str:
    """From the next event on a system is told; returns the ref, from which its key is made."""
    check(by, Power.MANAGE_WEBHOOKS)
    name = line(draft.name, 80, "用途（例如“市平台”）")
    found = target(draft.url.strip())
    _check_draft(draft)
    rows = models.Webhook.objects.filter(bureau__code=by.bureau)
    if rows.exclude(state=WebhookState.ENDED.value).count() >= MOST:
        raise Refused(f"一个机构最多 {MOST} 个事件通知，请先撤销不用的。")
    kinds = [kind.value for kind in TOLD if kind in draft.kinds]
    try:
        with transaction.atomic():
            row = models.Webhook.objects.create(
                ref=f"W{by.bureau}-{rows.count() + 1:03}",
                bureau=Bureau.objects.get(code=by.bureau),
                name=name,
                url=draft.url.strip(),
                kinds=kinds,
                state=WebhookState.ON.value,
                told=reads.head(by.bureau),
                next_at=at,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("刚有人同时新建了一个事件通知，请再点一次新建。") from error
    # Host alone: a path may hold a password of the receiver's.
    data: dict[str, Canonical] = {"name": name, "host": found.hostname or "", "kinds": list(kinds)}
    audit.append(EventKind.WEBHOOK_CREATED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _check_draft(draft: WebhookDraft) -> None:
    if len(draft.url.strip()) > 300:
        raise Invalid("地址不能超过 300 个字符，请改短。")
    if not draft.kinds or set(draft.kinds) - set(TOLD):
        raise Invalid("请从列表中选择要通知的事件，至少一种。")


@transaction.atomic
def note_trial(ref: str, answer: Answer, *, by: Actor, at: datetime) -> None:
    """What came of a trial; it moves nothing."""
    check(by, Power.MANAGE_WEBHOOKS)
    row = reads.webhook(ref, by.bureau)
    data: dict[str, Canonical] = {"status": answer.status, "says": answer.says}
    audit.append(EventKind.WEBHOOK_TRIED, about=row.ref, by=by, at=at, data=data)


@transaction.atomic
def note_taken(ref: str, number: int, answer: Answer, *, by: Actor, at: datetime) -> None:
    """The other system has an event; Stale where another run was faster, so it was told twice."""
    check(by, Power.SEND_EVENTS)
    rows = _rows(ref, by).filter(state=WebhookState.ON.value, told__lt=number)
    if rows.update(told=number, failures=0, next_at=at) != 1:
        raise Stale("这个事件刚由另一个任务通知过，或者事件通知已经停用。")
    data: dict[str, Canonical] = {"number": number, "status": answer.status, "says": answer.says}
    audit.append(EventKind.WEBHOOK_SENT, about=ref, by=by, at=at, data=data)


@transaction.atomic
def note_failure(ref: str, number: int, answer: Answer, *, by: Actor, at: datetime) -> None:
    """Wait longer than last time; after the last attempt, or where nobody lives, stop."""
    check(by, Power.SEND_EVENTS)
    row = reads.webhook(ref, by.bureau)
    failures = row.failures + 1
    wait = None if answer.is_gone else wait_after(failures)
    rows = _rows(ref, by).filter(state=WebhookState.ON.value, failures=row.failures)
    if rows.update(failures=F("failures") + 1, next_at=at + wait if wait else at) != 1:
        raise Stale("这次发送刚由另一个任务登记，或者事件通知已经停用。")
    data: dict[str, Canonical] = {
        "number": number, "status": answer.status, "failures": failures, "says": answer.says,
    }  # fmt: skip
    audit.append(EventKind.WEBHOOK_FAILED, about=ref, by=by, at=at, data=data)
    if wait is None:
        _stop(row, f"连续 {failures} 次没有送到：{answer.says}"[:200], by, at)


@transaction.atomic
def stop_webhook(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """Nobody is told until somebody resumes it."""
    check(by, Power.MANAGE_WEBHOOKS)
    said = line(why, 200, "停用的原因")
    _stop(reads.webhook(ref, by.bureau), said, by, at)


def _stop(row: reads.WebhookRow, why: str, by: Actor, at: datetime) -> None:
    _move(row, WebhookState.STOPPED, by, stopped_why=why)
    audit.append(EventKind.WEBHOOK_STOPPED, about=row.ref, by=by, at=at, data={"says": why})


@transaction.atomic
def resume_webhook(ref: str, *, is_skipping: bool, by: Actor, at: datetime) -> None:
    """Go on with the first event not told yet, or, where wanted, with what comes from now on."""
    check(by, Power.MANAGE_WEBHOOKS)
    row = reads.webhook(ref, by.bureau)
    told = reads.head(by.bureau) if is_skipping else row.told
    skipped = reads.waiting_count(row) if is_skipping else 0
    _move(row, WebhookState.ON, by, stopped_why="", told=told, failures=0, next_at=at)
    says = f"跳过停用期间的 {skipped} 件。" if is_skipping else "从停下的地方接着通知。"
    data: dict[str, Canonical] = {"skipped": skipped, "says": says}
    audit.append(EventKind.WEBHOOK_RESUMED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def end_webhook(ref: str, *, by: Actor, at: datetime) -> None:
    """For good; its key signs nothing any more."""
    check(by, Power.MANAGE_WEBHOOKS)
    _move(reads.webhook(ref, by.bureau), WebhookState.ENDED, by)
    audit.append(EventKind.WEBHOOK_ENDED, about=ref, by=by, at=at)


def _move(row: reads.WebhookRow, to: WebhookState, by: Actor, **columns: object) -> None:
    states.move(row.state, to)
    rows = _rows(row.ref, by).filter(state=row.state.value)
    if rows.update(state=to.value, **columns) != 1:
        raise Stale("这个事件通知刚由他人办理，请刷新后再试。")


def _rows(ref: str, by: Actor) -> QuerySet[models.Webhook]:
    return models.Webhook.objects.filter(ref=ref, bureau__code=by.bureau)
