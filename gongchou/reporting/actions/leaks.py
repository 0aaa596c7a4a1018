"""The leak test is run and kept, whatever it finds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.leaks import Layer, LeakResult, leak_test
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused
from gongchou.reporting import models

ROUNDS = 999


@transaction.atomic
def run_leak_test(
    draw: str, measures: Mapping[str, Sequence[Layer]], seed: str, *, by: Actor, at: datetime
) -> bool:
    """Whether something looks like a leak; the seed makes the run repeatable to the digit."""
    check(by, Power.HANDLE_ALARM)
    found = leak_test(measures, seed, ROUNDS)
    if not found:
        raise Refused(
            "数据不足：中签和未中签的单位各要有 5 家以上，在抽取前后都有在线或者用电数据。"
        )
    body: dict[str, Canonical] = {"results": [_plain(one) for one in found]}
    row = models.LeakTest.objects.create(
        bureau=Bureau.objects.get(code=by.bureau),
        draw=draw,
        seed=seed,
        rounds=ROUNDS,
        body=body,
        digest=canon.digest({**body, "rounds": ROUNDS, "seed": seed}),
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    audit.append(EventKind.LEAK_TESTED, about=draw, by=by, at=at, data={"digest": row.digest})
    return any(one.is_alarm for one in found)


def _plain(one: LeakResult) -> dict[str, Canonical]:
    return {
        "adjusted": f"{float(one.adjusted):.3f}",
        "alarm": int(one.is_alarm),
        "drawn": one.drawn,
        "measure": one.measure,
        "others": one.others,
        "p": f"{float(one.p):.3f}",
        "shift": f"{100 * one.shift:+.1f}",
    }
