"""New base points from outcomes: proposed by reckoning, used only once a person has signed."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.clue_learning import weights
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.workdays import Quarter
from gongchou.offsite import clue_figures, models
from gongchou.offsite.clue_settings import clue_rules
from gongchou.web.clock import day_of


@transaction.atomic
def propose_weights(*, by: Actor, at: datetime) -> str:
    """Factors of base points from all outcomes so far; returns the proposal's ref."""
    check(by, Power.TRIAGE_CLUE)
    today, rules = day_of(at), clue_rules(by.bureau, day_of(at))
    outcomes = clue_figures.outcomes(by.bureau)
    found = weights(outcomes, rules.score, rules.least_outcomes)
    if not found:
        raise Refused(f"还没有一条规则满 {rules.least_outcomes} 个核实结果，不能提出新的基础分。")
    body = {
        "weights": [
            {
                "rule": w.rule,
                "confirmed": w.confirmed,
                "unconfirmed": w.unconfirmed,
                "mean": str(w.mean),
                "factor": str(w.factor),
            }
            for w in found
        ]
    }
    number = models.ClueWeights.objects.filter(bureau__code=by.bureau).count() + 1
    row = models.ClueWeights.objects.create(
        ref=f"B{by.bureau}-{number:03}",
        bureau=Bureau.objects.get(code=by.bureau),
        quarter=str(Quarter.of(today)),
        body=body,
        digest=canon.digest(body),
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data = {"digest": row.digest}
    audit.append(EventKind.CLUE_WEIGHTS_PROPOSED, about=row.ref, by=by, at=at, data=data)
    return row.ref


@transaction.atomic
def sign_weights(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """From now on the proposed factors hold."""
    check(by, Power.SIGN_CLUE_WEIGHTS)
    row = models.ClueWeights.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的基础分建议，请从线索成效页面进入。")
    words = said(why)
    if not words or len(words) > 300:
        raise Invalid("请写明签署意见，不超过 300 字。")
    try:
        with transaction.atomic():
            models.ClueWeightsSignature.objects.create(
                weights=row, why=words, by_ref=by.ref, by_name=by.name, at=at
            )
    except IntegrityError as error:
        raise Stale("这份建议已经签署，请刷新页面。") from error
    data = {"digest": row.digest}
    audit.append(EventKind.CLUE_WEIGHTS_SIGNED, about=ref, by=by, at=at, data=data)
