"""By a bureau's standing order: what may be opened is asked for, what is opened goes out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import DrawState
from gongchou.core.workdays import Quarter
from gongchou.drawing import actions as drawing
from gongchou.drawing import reads as draws
from gongchou.inspection import automatic_reads, models, reads
from gongchou.inspection.actions._sending import reseat_changed, seat_joined, send
from gongchou.inspection.telling import ask_to_tell_office
from gongchou.web.clock import day_of

# A list may be opened some hours before its quarter begins, and lies open after its end.
AROUND = (timedelta(days=-45), timedelta(), timedelta(days=5))
VOIDED = "这一次派发过又作废，不自动再派发，请核对后由负责科室派发。"


@transaction.atomic
def set_automatic_dispatch(is_on: bool, reason: str, *, by: Actor, at: datetime) -> None:
    """Whether visits go out by themselves at the earliest hour; off until somebody says so."""
    check(by, Power.DISPATCH_VISIT)
    why = said(reason)
    if not why or len(why) > 200:
        raise Invalid("请写明理由，不超过 200 字。")
    if automatic_reads.is_automatic(by.bureau) == is_on:
        raise Stale(f"自动派发已经是“{'启用' if is_on else '停用'}”，没有变化。")
    models.DispatchSetting.objects.create(
        bureau=Bureau.objects.get(code=by.bureau),
        is_automatic=is_on,
        reason=why,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data = {"automatic": "on" if is_on else "off", "reason": why}
    audit.append(EventKind.DISPATCH_MODE_SET, about=by.bureau, by=by, at=at, data=data)


@transaction.atomic
def dispatch_due(*, by: Actor, at: datetime) -> tuple[str, ...]:
    """Ask for what may be opened, send what the custodians opened, say why the rest stays.

    Nothing here opens a list: that takes the custodians, each with the own key.
    """
    check(by, Power.DISPATCH_BY_ORDER)
    if not automatic_reads.is_automatic(by.bureau):
        return ()
    sent: list[str] = []
    for draw in _running(by.bureau, at):
        if draw.state is DrawState.SEALED:
            drawing.request_due_release(draw.ref, by=by, at=at)
            for about, says in automatic_reads.consents_lacking(draw):
                _hold(draw.ref, about, says, by, at)
        sent += _sent(draw.ref, by, at)
    return tuple(dict.fromkeys(sent))


def _running(bureau: str, at: datetime) -> Iterator[draws.DrawRow]:
    quarters = {str(Quarter.of(day_of(at + step))) for step in AROUND}
    for quarter in sorted(quarters):
        for draw in draws.draws(bureau, quarter):
            if draw.state in (DrawState.SEALED, DrawState.PUBLISHED):
                yield draw


def _sent(draw: str, by: Actor, at: datetime) -> list[str]:
    gone = [*reseat_changed(draw, by, at), *seat_joined(draw, by, at)]
    for released in reads.waiting(draw):
        about = automatic_reads.place(released.number)
        if reads.was_sent(draw, released.number):
            _hold(draw, about, VOIDED, by, at)
            continue
        try:
            with transaction.atomic():
                gone.append(send(released, by, at))
        except Refused as refusal:
            _hold(draw, about, str(refusal), by, at)
    return gone


def _hold(draw: str, about: str, says: str, by: Actor, at: datetime) -> None:
    """Why something did not go out, once for each reason."""
    _, is_new = models.DispatchHold.objects.get_or_create(
        draw=draw,
        about=about,
        says=says[:400],
        defaults={"bureau": Bureau.objects.get(code=by.bureau), "at": at},
    )
    if is_new:
        ask_to_tell_office(draw, about)
        data = {"place": about, "says": says[:400]}
        audit.append(EventKind.DISPATCH_HELD, about=draw, by=by, at=at, data=data)
