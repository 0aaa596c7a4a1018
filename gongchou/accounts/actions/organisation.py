"""Seats of the programme's bodies, the small bureau, the settings of oversight."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from gongchou.accounts import models, organisation_reads
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.lines import line
from gongchou.core.oversight import check_value
from gongchou.core.oversight_terms import GroupKind, OversightKey
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatDraft:
    group: GroupKind
    name: str
    position: str
    since: date
    until: date | None = None


@transaction.atomic
def fill_seat(draft: SeatDraft, *, by: Actor, at: datetime) -> int:
    """A member of a body from a day on; returns the number of the seat."""
    check(by, Power.MANAGE_USERS)
    if draft.until is not None and draft.until <= draft.since:
        raise Refused(f"任期止日应在起日 {draft.since} 以后，请改正。")
    name, position = line(draft.name, 80, "成员姓名"), line(draft.position, 80, "职务")
    held = models.GroupSeat.objects.filter(
        Q(until=None) | Q(until__gt=draft.since), bureau__code=by.bureau, group=draft.group.value
    )
    if held.filter(name=name).exists():
        raise Stale(f"{name}已是{draft.group.label}成员，任期没有结束。")
    row = models.GroupSeat.objects.create(
        bureau=models.Bureau.objects.get(code=by.bureau),
        group=draft.group.value,
        name=name,
        position=position,
        user=models.User.objects.filter(bureau__code=by.bureau, name=name).first(),
        since=draft.since,
        until=draft.until,
        by_name=by.name,
        at=at,
    )
    data: dict[str, Canonical] = {"group": row.group, "name": name, "since": str(draft.since)}
    audit.append(EventKind.GROUP_SEAT_FILLED, about=f"seat:{row.pk}", by=by, at=at, data=data)
    return int(row.pk)


@transaction.atomic
def end_seat(number: int, *, on: date, by: Actor, at: datetime) -> None:
    """The member leaves that day; the seat stays in the list of former terms."""
    check(by, Power.MANAGE_USERS)
    rows = models.GroupSeat.objects.filter(
        Q(until=None) | Q(until__gt=on), pk=number, bureau__code=by.bureau, since__lte=on
    )
    if rows.update(until=on) != 1:
        raise Stale("这名成员的任期已经结束或者还没有开始，请刷新后再看。")
    audit.append(EventKind.GROUP_SEAT_ENDED, about=f"seat:{number}", by=by, at=at)


@transaction.atomic
def set_small_bureau(document_number: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Note that one person may hold roles that watch each other, by what paper and why."""
    check(by, Power.GRANT_ROLES)
    try:
        with transaction.atomic():
            models.SmallBureau.objects.create(
                bureau=models.Bureau.objects.get(code=by.bureau),
                since=day_of(at),
                document_number=line(document_number, 80, "批准文号"),
                reason=line(reason, 200, "登记为小型机构的理由"),
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("本机构已经登记为小型机构，不用重复登记。") from error
    data: dict[str, Canonical] = {"document_number": document_number, "reason": reason}
    audit.append(EventKind.SMALL_BUREAU_SET, about=by.bureau, by=by, at=at, data=data)


@transaction.atomic
def end_small_bureau(*, by: Actor, at: datetime) -> None:
    """Back to full separation; refused while anybody still holds roles that should be apart."""
    check(by, Power.GRANT_ROLES)
    still = organisation_reads.overlapping(by.bureau, day_of(at))
    if still:
        names = "、".join(row.name for row in still)
        raise Refused(f"{names}仍兼任相互制约的角色，请先撤销其中一个角色，再终止。")
    rows = models.SmallBureau.objects.filter(bureau__code=by.bureau, until=None)
    if rows.update(until=day_of(at)) != 1:
        raise Stale("本机构没有登记为小型机构。")
    audit.append(EventKind.SMALL_BUREAU_ENDED, about=by.bureau, by=by, at=at)


@transaction.atomic
def set_oversight(
    key: OversightKey, value: int, reason: str, *, since: date, by: Actor, at: datetime
) -> None:
    """A threshold, term or weight from tomorrow on: no line moves after it was crossed."""
    check(by, Power.SET_OVERSIGHT)
    check_value(key, value)
    if since <= day_of(at):
        raise Refused("监督参数最早从明天起生效，已经发生的事按当时的参数核查。")
    models.OversightSetting.objects.create(
        bureau=models.Bureau.objects.get(code=by.bureau),
        key=key.value,
        value=value,
        since=since,
        reason=line(reason, 200, "设定理由"),
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data: dict[str, Canonical] = {"value": value, "since": str(since), "reason": reason}
    audit.append(EventKind.OVERSIGHT_SET, about=key.value, by=by, at=at, data=data)
