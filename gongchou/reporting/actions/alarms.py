"""Raising alarms by the rules, looking at them, and closing each with a reason."""

from datetime import datetime

from django.db import transaction

from gongchou.accounts import organisation_reads as organisation
from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.alarms import raised
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import AlarmOutcome, AlarmState
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.registry import people_reads
from gongchou.reporting import alarm_facts, models, oversight_reads
from gongchou.web.clock import day_of


@transaction.atomic
def raise_alarms(*, by: Actor, at: datetime) -> int:
    """Ask every rule; what was raised before is not raised again. Returns how many are new."""
    check(by, Power.RAISE_ALARMS)
    today = day_of(at)
    limits = organisation.limits(by.bureau, today)
    found = raised(alarm_facts.facts(by.bureau, today), limits)
    known = set(models.Alarm.objects.filter(bureau__code=by.bureau).values_list("key", flat=True))
    owner = Bureau.objects.get(code=by.bureau)
    fresh = [one for one in found if one.key[:200] not in known]
    models.Alarm.objects.bulk_create(
        models.Alarm(
            bureau=owner,
            kind=one.kind.value,
            key=one.key[:200],
            says=one.says[:500],
            people=list(one.people),
            records=list(one.records),
            state=AlarmState.RAISED.value,
            raised_at=at,
        )
        for one in fresh
    )
    data: dict[str, Canonical] = {"new": len(fresh), "all": len(found)}
    audit.append(EventKind.ALARMS_RAISED, about=by.bureau, by=by, at=at, data=data)
    return len(fresh)


@transaction.atomic
def note_look(*, by: Actor, at: datetime) -> None:
    """Whoever looks at the alarms leaves a trace too."""
    check(by, Power.HANDLE_ALARM)
    audit.append(EventKind.ALARMS_VIEWED, about=by.bureau, by=by, at=at)


@transaction.atomic
def close_alarm(
    number: int, outcome: AlarmOutcome, reason: str, *, by: Actor, at: datetime
) -> None:
    """Say what the look into it found; nobody closes an alarm about oneself."""
    check(by, Power.HANDLE_ALARM)
    row, why = oversight_reads.alarm(number, by.bureau), " ".join(reason.split())
    if not why or len(why) > 500:
        raise Invalid("请写明怎样核查、结果如何，不超过 500 字。")
    own = people_reads.inspector_of_person(by.ref, by.bureau, day_of(at))
    if by.ref in row.people or (own is not None and own.ref in row.people):
        raise Refused("这条预警涉及您本人，不能由您办结，请由另一名审计人员办理。")
    move(row.state, AlarmState.CLOSED)
    rows = models.Alarm.objects.filter(pk=number, state=AlarmState.RAISED.value)
    changed = rows.update(
        state=AlarmState.CLOSED.value,
        outcome=outcome.value,
        reason=why,
        closed_by_ref=by.ref,
        closed_by_name=by.name,
        closed_at=at,
    )
    if changed != 1:
        raise Stale("这条预警刚被他人办结，请刷新页面查看。")
    data: dict[str, Canonical] = {"outcome": outcome.value, "reason": why}
    audit.append(EventKind.ALARM_CLOSED, about=f"alarm:{number}", by=by, at=at, data=data)
