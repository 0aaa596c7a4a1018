"""Policy told to an enterprise while it is visited: kept in the register of training."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused
from gongchou.core.terms import TrainingKind, VisitState
from gongchou.inspection import reads
from gongchou.inspection.permissions import check_may_follow
from gongchou.training import actions as training
from gongchou.training.actions import EventDraft
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDraft:
    """What was told, to whom of the enterprise; the day is that of the visit."""

    title: str
    audience: str
    audience_count: int
    says: str
    laws: str = ""


@transaction.atomic
def record_told(ref: str, draft: ToldDraft, *, by: Actor, at: datetime) -> str:
    """The team, or the office, writes down what was told; returns the ref of the record."""
    found = reads.visit(ref)
    check_may_follow(by, found, day_of(at))
    if found.state is VisitState.VOID or found.started_at is None:
        raise Refused("检查组登记到场以后才能登记宣讲，作废的检查不登记。请从检查页面进入。")
    return training.record_event(
        EventDraft(
            kind=TrainingKind.SERVICE,
            title=draft.title,
            held_on=day_of(found.started_at),
            audience=draft.audience,
            audience_count=draft.audience_count,
            says=draft.says,
            laws=draft.laws,
            visit=ref,
        ),
        by=by,
        at=at,
    )
