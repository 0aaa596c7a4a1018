"""A citizen's complaint that was settled as a clue comes to the desk, without its sender."""

from datetime import datetime

from django.db import transaction

from gongchou.core.clue_terms import ClueOrigin
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused
from gongchou.core.terms import IntakeOutcome, LetterProgress
from gongchou.intake import actions as intake
from gongchou.intake import reads as letters
from gongchou.offsite import clue_reads
from gongchou.offsite.actions.clues import ClueDraft, take_up_clue


@transaction.atomic
def open_clue(letter: str, *, by: Actor, at: datetime) -> str:
    """A complaint that was settled as a clue becomes one; asked twice, it stays one."""
    check(by, Power.TELL_SENDER)
    held = clue_reads.clue_of_letter(letter, by.bureau)
    if held:
        return held.ref
    row = letters.letter(letter, by.bureau)
    if row.answer is None or row.answer.outcome is not IntakeOutcome.CLUE:
        raise Refused(f"信件 {letter} 没有列为检查线索，不能登记。请先在信件页面办结。")
    draft = ClueDraft(
        origin=ClueOrigin.LETTER,
        client_id=f"letter:{letter}",
        letter=letter,
        place="，".join(part for part in (row.subject, row.place) if part),
        says=row.says,
        started_at=row.received_at,
        ended_at=row.received_at,
        screening="举报已由负责科室办结为检查线索；举报人的称呼和联系方式不随线索转出。",
    )
    ref = take_up_clue(draft, by=by, at=at)
    intake.tell_progress(letter, LetterProgress.CLUE_OPENED, by=by, at=at)
    return ref
