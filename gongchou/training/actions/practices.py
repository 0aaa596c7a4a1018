"""Good practice: offered by whoever found it, taken up or not by the leader."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.training import models, reads
from gongchou.training.wording import line, lines
from gongchou.web.clock import day_of


@transaction.atomic
def offer_practice(
    title: str, says: str, effect: str, unit: str, *, by: Actor, at: datetime
) -> str:
    """Write down what worked well, and in which section; returns its ref."""
    check(by, Power.OFFER_PRACTICE)
    number = models.GoodPractice.objects.filter(bureau__code=by.bureau).count() + 1
    texts = {
        "title": line(title, "名称", 100),
        "says": lines(says, "做法", 1000),
        "effect": lines(effect, "效果", 500),
        "unit": line(unit, "来自科室", 80),
    }
    try:
        with transaction.atomic():
            row = models.GoodPractice.objects.create(
                ref=f"H{by.bureau}-{number:04}",
                bureau=Bureau.objects.get(code=by.bureau),
                offered_on=day_of(at),
                offered_by_ref=by.ref,
                offered_by_name=by.name,
                offered_at=at,
                **texts,
            )
    except IntegrityError as error:
        raise Stale("刚有人同时提出了一条，请再点一次保存。") from error
    data: dict[str, Canonical] = {"title": row.title, "unit": row.unit}
    audit.append(EventKind.PRACTICE_OFFERED, about=row.ref, by=by, at=at, data=data)
    return row.ref


@transaction.atomic
def decide_practice(ref: str, opinion: str, *, is_taken_up: bool, by: Actor, at: datetime) -> None:
    """Take a practice up for the whole bureau, or say why not; never by who offered it."""
    check(by, Power.DECIDE_PRACTICE)
    found = reads.practice(ref, by.bureau)
    if found.offerer_ref == by.ref:
        raise NotAllowed("提出做法的人不能决定是否推广，请由另一位领导决定。")
    if found.is_taken_up is not None:
        raise Refused("这条做法已经有决定，不能再改。")
    says = line(opinion, "意见", 200)
    try:
        with transaction.atomic():
            models.PracticeVerdict.objects.create(
                practice=models.GoodPractice.objects.get(ref=ref),
                is_taken_up=is_taken_up,
                opinion=says,
                decided_on=day_of(at),
                by_ref=by.ref,
                by_name=by.name,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("这条做法刚由他人决定，请刷新页面。") from error
    data: dict[str, Canonical] = {"is_taken_up": int(is_taken_up), "opinion": says}
    audit.append(EventKind.PRACTICE_DECIDED, about=ref, by=by, at=at, data=data)
