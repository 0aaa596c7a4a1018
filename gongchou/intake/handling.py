"""What the pages of the rooms that pull letters have in common."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, QueryDict

from gongchou.core.powers import Actor, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import IntakeKind, IntakeOutcome
from gongchou.intake import actions, reads
from gongchou.intake.permissions import power_for
from gongchou.intake.reads import LetterRow, LetterView
from gongchou.web.pages import Page, page_of


def listed(kinds: tuple[IntakeKind, ...], asked: str, *, by: Actor) -> Page[tuple[LetterRow, bool]]:
    """The newest first, each with whether this person may open it."""
    page = page_of(reads.letters(by.bureau, *kinds)[::-1], asked)
    return page.shown_as(lambda row: (row, may(by, power_for(row.kind))))


def looked_at(ref: str, kinds: tuple[IntakeKind, ...], *, by: Actor, at: datetime) -> LetterView:
    """The letter with its sender, for a page of these kinds; the look is recorded."""
    row = actions.view_letter(ref, by=by, at=at)
    if row.kind not in kinds:
        raise Refused("这件信件不在这里办理，请从工作台进入。")
    return row


def act(ref: str, given: QueryDict, *, by: Actor, at: datetime) -> str:
    """Take the letter on, or answer it; returns the sentence for the person."""
    if given.get("act") == "take":
        actions.take_letter(ref, by=by, at=at)
        return "已接办，送信人凭回执可以看到正在办理。"
    outcome = next((one for one in IntakeOutcome if one.value == given.get("outcome")), None)
    if outcome is None:
        raise Refused("请从列表中选择办理结果。")
    actions.answer_letter(ref, outcome, given.get("says", ""), by=by, at=at)
    return "已答复，送信人凭回执可以看到。"


def attachment(row: LetterView, number: int) -> FileResponse:
    """A stranger's file: saved to disk and never opened inside the house's pages."""
    file = next((one for one in row.files if one.number == number), None)
    if file is None:
        raise Http404
    answer = FileResponse(
        default_storage.open(file.path),
        as_attachment=True,
        filename=file.name,
        content_type=file.media_type,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer
