"""Clues that are looked into on site: the visit goes out, and what was found goes back."""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.clue_terms import ClueState
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power
from gongchou.core.refusals import Refused
from gongchou.core.terms import VisitState
from gongchou.inspection import reads
from gongchou.inspection.actions.dispatching import open_case_visit
from gongchou.inspection.drafts import CaseVisitDraft
from gongchou.offsite import actions as offsite
from gongchou.offsite import clue_reads


@transaction.atomic
def visit_clue(ref: str, draft: CaseVisitDraft, *, by: Actor, at: datetime) -> str:
    """A case visit because of a clue; returns the visit's ref. The sender learns of it afterwards.

    Told before, a sender who is the enterprise itself would know that somebody comes.
    """
    row = clue_reads.clue(ref, by.bureau)
    if row.subject and row.subject != draft.subject:
        raise Refused(f"这条线索的责任单位是“{row.subject_name}”，请为这家单位安排检查。")
    visit = open_case_visit(draft, by=by, at=at)
    if not row.subject:
        offsite.name_subject(ref, draft.subject, by=by, at=at)
    offsite.send_on_site(ref, visit, by=by, at=at)
    return visit


@transaction.atomic
def conclude_visited_clue(
    ref: str, outcome: ClueState, why: str, reason: str = "", *, by: Actor, at: datetime
) -> None:
    """What the visit found about its clue, resting on the reviewed record."""
    row = clue_reads.clue(ref, by.bureau)
    if not row.visit or reads.visit(row.visit).state is not VisitState.REVIEWED:
        raise Refused("现场检查记录审核以后才能登记核查结果，请先审核记录。")
    digest = reads.record(row.visit).digest
    data = {"clue": ref, "digest": digest, "outcome": outcome.value}
    audit.append(EventKind.CLUE_MOVED, about=row.visit, by=by, at=at, data=data)
    offsite.conclude_clue(
        ref,
        outcome,
        why,
        reason=reason,
        evidence=digest,
        power=Power.REVIEW_RECORD,
        by=by,
        at=at,
    )
