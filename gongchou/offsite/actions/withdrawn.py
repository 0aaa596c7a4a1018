"""A clue whose events are all withdrawn: a light one is put away, a grave one waits for a person.

So does one to which somebody has added words: what people saw does not fall with the data.

What late data has undone is said in the clue; comes the same event back, so does the clue.
"""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.clue_terms import ClueState, ExclusionReason
from gongchou.core.clues import may_expire, triage_due
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, system
from gongchou.law.load import load_calendar
from gongchou.offsite import models
from gongchou.offsite.clue_settings import clue_rules
from gongchou.offsite.clue_writers import keep_evidence, owned, step
from gongchou.web.clock import day_of

UNDONE = "数据补齐或更正以后重新判断，这条线索所依据的事件不再成立。"
LEFT = "本线索较重，请研判人核对后决定是否排除。"
SAID = "本线索另有人员补充的证据，请研判人核对后决定是否排除。"
AGAIN = "数据又有变化，原先撤回的事件重新成立。"
AT_DESK = (ClueState.PENDING, ClueState.WATCHED)


@transaction.atomic
def undo_clues(refs: set[str], *, by: Actor, at: datetime) -> None:
    """Look at these clues after findings were withdrawn."""
    standing = models.RuleFinding.objects.filter(
        bureau__code=by.bureau, clue__in=refs, withdrawal=None
    )
    for ref in sorted(refs - set(standing.values_list("clue", flat=True)) - {""}):
        _undo(owned(ref, by.bureau), by, at)


def _undo(row: models.Clue, by: Actor, at: datetime) -> None:
    state, robot = ClueState(row.state), system(by.bureau)
    if state is ClueState.EXCLUDED:
        # A person put it away; that an event is gone is nothing new to take it up again for.
        return
    is_light = state in AT_DESK and may_expire(row.severity, ClueState.WATCHED)
    has_words = row.evidence.filter(rule_version="").exclude(by_ref=robot.ref).exists()
    says = UNDONE if state not in AT_DESK else UNDONE + _left(is_light, has_words)
    digest = keep_evidence(row, {"says": says, "at": at.isoformat()}, robot, at)
    audit.append(EventKind.CLUE_EXTENDED, about=row.ref, by=by, at=at, data={"digest": digest})
    if is_light and not has_words:
        code = ExclusionReason.LATE_DATA.value
        step(row, ClueState.EXCLUDED, UNDONE, digest, by, at, reason=code)
        _trace(row, by, at)


def _left(is_light: bool, has_words: bool) -> str:
    """Why a person has to decide; "" where nobody need."""
    return SAID if has_words else "" if is_light else LEFT


@transaction.atomic
def bring_back(row: models.Clue, digest: str, *, by: Actor, at: datetime) -> None:
    """The event of a clue that was put away for want of it stands again."""
    last = row.moves.order_by("-number").first()
    if last is None or (last.to, last.reason) != (
        ClueState.EXCLUDED.value,
        ExclusionReason.LATE_DATA.value,
    ):
        return
    today = day_of(at)
    due = triage_due(today, clue_rules(by.bureau, today).triage_days, load_calendar())
    step(row, ClueState.PENDING, AGAIN, digest, by, at, due_on=due)
    _trace(row, by, at)


def _trace(row: models.Clue, by: Actor, at: datetime) -> None:
    audit.append(EventKind.CLUE_MOVED, about=row.ref, by=by, at=at, data={"to": row.state})
