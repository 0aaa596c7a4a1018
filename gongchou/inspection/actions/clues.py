"""Clues taken up from letters, and how a clue ends."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import ClueState, IntakeOutcome, LetterProgress
from gongchou.inspection import clues, models
from gongchou.inspection.actions.dispatching import open_case_visit
from gongchou.inspection.drafts import CaseVisitDraft
from gongchou.intake import actions as intake
from gongchou.intake import reads as letters


@transaction.atomic
def open_clue(letter: str, *, by: Actor, at: datetime) -> str:
    """A complaint that was settled as a clue becomes one; asked twice, it stays one."""
    check(by, Power.TELL_SENDER)
    held = clues.clue_of_letter(letter, by.bureau)
    if held:
        return held.ref
    row = letters.letter(letter, by.bureau)
    if row.answer is None or row.answer.outcome is not IntakeOutcome.CLUE:
        raise Refused(f"信件 {letter} 没有列为检查线索，不能登记。请先在信件页面办结。")
    made = models.Clue.objects.create(
        ref=f"C-{letter}",
        letter=letter,
        letter_bureau=by.bureau,
        place="，".join(part for part in (row.subject, row.place) if part)[:200],
        says=said(row.says)[:500],
        client_id=f"letter:{letter}",
        by_ref=by.ref,
        by_name=row.answer.by,
        at=at,
    )
    audit.append(EventKind.CLUE_REPORTED, about=letter, by=by, at=at, data={"ref": made.ref})
    intake.tell_progress(letter, LetterProgress.CLUE_OPENED, by=by, at=at)
    return made.ref


@transaction.atomic
def visit_clue(ref: str, draft: CaseVisitDraft, *, by: Actor, at: datetime) -> str:
    """A case visit because of a clue; returns the visit's ref. The sender learns of it afterwards.

    Told before, a sender who is the enterprise itself would know that somebody comes.
    """
    visit = open_case_visit(draft, by=by, at=at)
    _end(ref, ClueState.VISITED, visit=models.Visit.objects.get(ref=visit), by=by, at=at)
    return visit


@transaction.atomic
def close_clue(ref: str, says: str, *, by: Actor, at: datetime) -> None:
    """Looked into without a visit, and what came out; the sender reads that it was done."""
    check(by, Power.DISPATCH_VISIT)
    words = said(says)
    if not words or len(words) > 500:
        raise Invalid("请写明怎样核实、结果如何，不超过 500 字。")
    _end(ref, ClueState.CLOSED, says=words, by=by, at=at)
    letter = clues.clue(ref, by.bureau).letter
    if letter:
        intake.tell_progress(letter, LetterProgress.CLUE_CLOSED, words, by=by, at=at)


def _end(ref: str, to: ClueState, *, by: Actor, at: datetime, **fields: object) -> None:
    found = clues.clue(ref, by.bureau)
    move(found.state, to)
    try:
        with transaction.atomic():
            models.ClueEnding.objects.create(
                clue=models.Clue.objects.get(ref=ref),
                by_ref=by.ref,
                by_name=by.name,
                at=at,
                **fields,
            )
    except IntegrityError as error:
        raise Stale("这条线索刚被他人办结，请刷新页面查看。") from error
    audit.append(EventKind.CLUE_ENDED, about=ref, by=by, at=at, data={"how": to.value})
