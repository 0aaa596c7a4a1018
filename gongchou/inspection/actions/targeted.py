"""The targeted list: proposed from the desk's queue, approved by a leader, apart from any draw."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.clue_terms import TargetedListState
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.inspection import models, targeting
from gongchou.web.clock import day_of

LONGEST = 31


@transaction.atomic
def propose_targeted(
    since: date, until: date, reserved: int, why_on_site: str, *, by: Actor, at: datetime
) -> str:
    """The best cases that fit into the free officer-days of a period; returns the list's ref."""
    check(by, Power.DISPATCH_VISIT)
    today, words = day_of(at), said(why_on_site)
    if not today <= since <= until or (until - since).days >= LONGEST:
        raise Invalid(f"起止日期应从今天起，不超过 {LONGEST} 天，请核对。")
    if not words or len(words) > 500:
        raise Invalid("请写明为什么须到现场：能以书面核查、信息共享办成的，不得到现场。")
    room = targeting.room(by.bureau, since, until, reserved)
    entries = targeting.entries(by.bureau, today, room.most)
    if not entries:
        raise Refused(
            f"没有可以列入的线索：空余 {room.text} 人日，最多 {room.most} 家；"
            "待研判并已有责任单位的线索才能列入。"
        )
    body = [entry.plain() for entry in entries]
    try:
        with transaction.atomic():
            row = models.TargetedList.objects.create(
                ref=_ref(by.bureau, at),
                bureau=Bureau.objects.get(code=by.bureau),
                since=since,
                until=until,
                officers=room.officers,
                free_days=str(room.free),
                reserved=reserved,
                most=room.most,
                why_on_site=words,
                body=body,
                digest=canon.digest(body),
                state=TargetedListState.PROPOSED.value,
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("刚有人同时提出了一份清单，请刷新页面核对后再提出。") from error
    data = {"clues": [entry.clue for entry in entries], "digest": row.digest}
    audit.append(EventKind.TARGETED_PROPOSED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _ref(bureau: str, at: datetime) -> str:
    start = f"T{bureau}-{day_of(at).year}-"
    return f"{start}{models.TargetedList.objects.filter(ref__startswith=start).count() + 1:03}"


@transaction.atomic
def decide_targeted(ref: str, is_approved: bool, opinion: str, *, by: Actor, at: datetime) -> None:
    """The approval that each case check needs, by somebody who did not propose the list."""
    check(by, Power.AUTHORISE_VISIT)
    row = models.TargetedList.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的线索核查清单，请从清单页面进入。")
    words = said(opinion)[:300]
    if row.by_ref == by.ref:
        raise Refused("提出人不能批准自己的清单，请由其他批准领导办理。")
    if not is_approved and not words:
        raise Invalid("不予批准的，请写明理由。")
    to = TargetedListState.APPROVED if is_approved else TargetedListState.REFUSED
    was = TargetedListState(row.state)
    move(was, to)
    rows = models.TargetedList.objects.filter(pk=row.pk, state=was.value)
    done = rows.update(
        state=to.value, decided_by_ref=by.ref, decided_by=by.name, decided_at=at, opinion=words
    )
    if done != 1:
        raise Stale("这份清单刚被他人办理，请刷新页面。")
    audit.append(EventKind.TARGETED_DECIDED, about=ref, by=by, at=at, data={"to": to.value})
