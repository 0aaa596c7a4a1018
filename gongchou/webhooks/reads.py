"""Which systems are told of what, how it went, and what is still to be told."""

from dataclasses import dataclass
from datetime import datetime

from gongchou.audit import reads as audit
from gongchou.core.chain import Link
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import WebhookState
from gongchou.core.refusals import Refused
from gongchou.core.webhooks import TRIAL, Message
from gongchou.webhooks import models


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRow:
    """A subscription as its page shows it."""

    ref: str
    bureau: str
    name: str
    url: str
    kinds: tuple[EventKind, ...]
    state: WebhookState
    stopped_why: str
    told: int
    failures: int
    next_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One entry of the trail about a webhook: an attempt, or what somebody did with it."""

    label: str
    says: str
    number: int
    by: str
    at: datetime


def _row(row: models.Webhook) -> WebhookRow:
    return WebhookRow(
        ref=row.ref,
        bureau=row.bureau.code,
        name=row.name,
        url=row.url,
        kinds=tuple(EventKind(kind) for kind in row.kinds),
        state=WebhookState(row.state),
        stopped_why=row.stopped_why,
        told=row.told,
        failures=row.failures,
        next_at=row.next_at,
        by=row.by_name,
        at=row.at,
    )


def webhooks(bureau: str) -> tuple[WebhookRow, ...]:
    """All of a bureau, the newest first; ended ones last."""
    rows = models.Webhook.objects.filter(bureau__code=bureau).select_related("bureau")
    found = [_row(row) for row in rows.order_by("-pk")]
    return tuple(sorted(found, key=lambda row: row.state is WebhookState.ENDED))


def webhook(ref: str, bureau: str) -> WebhookRow:
    rows = models.Webhook.objects.filter(ref=ref, bureau__code=bureau).select_related("bureau")
    row = rows.first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的事件通知，请从“事件通知”页面进入。")
    return _row(row)


def stopped(bureau: str) -> tuple[WebhookRow, ...]:
    """Those that nobody is told by any more, and that may have to be seen to."""
    return tuple(row for row in webhooks(bureau) if row.state is WebhookState.STOPPED)


def due(at: datetime) -> tuple[WebhookRow, ...]:
    """Those whose time has come, of all bureaus, who waited longest first."""
    rows = models.Webhook.objects.filter(state=WebhookState.ON.value, next_at__lte=at)
    return tuple(_row(row) for row in rows.select_related("bureau").order_by("next_at", "pk"))


def untold(row: WebhookRow, limit: int) -> tuple[Message, ...]:
    """The next events of the bureau's trail that this system asked for, in their order."""
    links = audit.of_kinds(row.bureau, row.kinds, after=row.told, limit=limit)
    return tuple(_message(link) for link in links)


def waiting_count(row: WebhookRow) -> int:
    return audit.count_of_kinds(row.bureau, row.kinds, after=row.told)


def head(bureau: str) -> int:
    """The number of the newest event of a bureau."""
    found = audit.head(bureau)
    return found.size if found else 0


def _message(link: Link) -> Message:
    event, kind = link.event, EventKind(link.event.kind)
    return Message(
        id=f"{event.bureau}-{event.seq}",
        kind=kind.value,
        label=kind.label,
        bureau=event.bureau,
        number=event.seq,
        about=event.about,
        at=event.at,
    )


def trial(row: WebhookRow, at: datetime) -> Message:
    """What is sent to see whether a system answers; it is told of nothing."""
    return Message(
        id=f"{row.ref}-{TRIAL}-{int(at.timestamp())}",
        kind=TRIAL,
        label="试发",
        bureau=row.bureau,
        number=0,
        about=row.ref,
        at=at,
    )


def steps(row: WebhookRow, limit: int = 30) -> tuple[StepRow, ...]:
    """What the trail has about a webhook, the newest first."""
    return tuple(
        StepRow(
            label=EventKind(link.event.kind).label,
            says=str(link.event.data.get("says", "")),
            number=int(str(link.event.data.get("number", 0))),
            by=link.event.by_name,
            at=link.event.at,
        )
        for link in audit.events(row.bureau, about=row.ref, limit=limit)
    )
