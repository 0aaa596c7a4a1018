"""New weights of the score: reckoned from outcomes or set by hand; used once a person signed."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.canon import Canonical
from gongchou.core.clue_learning import weights
from gongchou.core.clue_weights import Numbers, numbers_of, with_numbers
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.workdays import Quarter
from gongchou.offsite import clue_figures, models, weight_reads
from gongchou.offsite.clue_settings import clue_rules, weights_in_force
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of


@transaction.atomic
def propose_weights(*, by: Actor, at: datetime) -> str:
    """Factors of base points from all outcomes so far, the numbers as they are; returns its ref."""
    check(by, Power.TRIAGE_CLUE)
    rules = clue_rules(by.bureau, day_of(at))
    outcomes = clue_figures.outcomes(by.bureau)
    found = weights(outcomes, rules.score, rules.least_outcomes)
    if not found:
        raise Refused(f"还没有一条规则满 {rules.least_outcomes} 个核实结果，不能提出新的基础分。")
    entries = [
        {
            "rule": w.rule,
            "confirmed": w.confirmed,
            "unconfirmed": w.unconfirmed,
            "mean": str(w.mean),
            "factor": str(w.factor),
        }
        for w in found
    ]
    numbers = numbers_of(rules.score)
    body = {"weights": entries, "numbers": numbers, "before": numbers, "why": "按核实结果推算。"}
    return _propose(body, by, at)


@transaction.atomic
def propose_numbers(numbers: Numbers, why: str, *, by: Actor, at: datetime) -> str:
    """Other numbers of the score, the learned factors as they are; returns the proposal's ref."""
    check(by, Power.TRIAGE_CLUE)
    words = said(why)
    if not words or len(words) > 300:
        raise Invalid("请写明为什么改、依据什么，不超过 300 字。")
    rule = clue_rules(by.bureau, day_of(at)).score
    before, after = numbers_of(rule), numbers_of(with_numbers(rule, numbers))
    if after == before:
        raise Refused("各项权重与现行的相同，没有要改的。请改好以后再提出。")
    held = weights_in_force(by.bureau)
    entries = held.body["weights"] if held else []
    return _propose({"weights": entries, "numbers": after, "before": before, "why": words}, by, at)


def _propose(body: dict[str, Any], by: Actor, at: datetime) -> str:
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "OB", models.ClueWeights)
    row = models.ClueWeights.objects.create(
        ref=f"B{by.bureau}-{number:03}",
        bureau=owner,
        quarter=str(Quarter.of(day_of(at))),
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
    """From now on the proposed weights hold; what they moved at this moment is in the event."""
    check(by, Power.SIGN_CLUE_WEIGHTS)
    row = models.ClueWeights.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的线索权重，请从线索权重页面进入。")
    words = said(why)
    if not words or len(words) > 300:
        raise Invalid("请写明签署意见，不超过 300 字。")
    held = weights_in_force(by.bureau)
    if held and held.pk > row.pk:
        raise Stale(f"{ref} 提出以后已经签署了 {held.ref}，不能再签。仍要改的，请重新提出。")
    moved = weight_reads.sensitivity(by.bureau, day_of(at), ref)
    try:
        with transaction.atomic():
            models.ClueWeightsSignature.objects.create(
                weights=row, why=words, by_ref=by.ref, by_name=by.name, at=at
            )
    except IntegrityError as error:
        raise Stale("这一版已经签署，请刷新页面。") from error
    data: dict[str, Canonical] = {
        "digest": row.digest,
        "cases": moved.cases,
        "ranks": moved.ranks,
        "colours": moved.colours,
    }
    audit.append(EventKind.CLUE_WEIGHTS_SIGNED, about=ref, by=by, at=at, data=data)
