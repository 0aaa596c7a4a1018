"""Automatic dispatch: whether it is on, and what stands in its way now."""

from dataclasses import dataclass
from datetime import datetime

from gongchou.core.terms import OpeningPurpose, OpeningState
from gongchou.drawing import reads as draws
from gongchou.drawing.rows import DrawRow, OpeningRow
from gongchou.inspection import models, reads

WAITING = (OpeningState.REQUESTED, OpeningState.AUTHORISED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomaticRow:
    """What was set last; before anybody set anything it is off."""

    is_on: bool
    reason: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """Why something did not go out by itself; `place` is empty where it is about the opening."""

    draw: str
    place: int | None
    says: str
    at: datetime


def automatic(bureau: str) -> AutomaticRow:
    row = models.DispatchSetting.objects.filter(bureau__code=bureau).order_by("-pk").first()
    if row is None:
        return AutomaticRow(is_on=False)
    return AutomaticRow(is_on=row.is_automatic, reason=row.reason, by=row.by_name, at=row.at)


def is_automatic(bureau: str) -> bool:
    return automatic(bureau).is_on


def place(number: int) -> str:
    """How a hold names a place of the list."""
    return f"n{number}"


def _last_request(draw: DrawRow) -> OpeningRow | None:
    rows = draws.openings(draw.bureau, draw=draw.ref)
    return next((row for row in rows if row.purpose is OpeningPurpose.RELEASE), None)


def consents_lacking(draw: DrawRow) -> tuple[tuple[str, str], ...]:
    """The request to the custodians that is not carried out, and what it waits for."""
    row = _last_request(draw)
    if row is None:
        return ()
    if row.state in WAITING:
        count, needed = len(row.numbers), row.threshold
        says = f"已申请启封 {count} 家，须 {needed} 名保管人同意，同意后自动派发。"
        return ((row.ref, says),)
    if row.state is OpeningState.REFUSED:
        no = f"保管人{row.ended_by}没有同意启封（{row.refusal}）"
        return ((row.ref, f"{no}，不再自动申请，请由负责科室办理。"),)
    return ()


def holds(bureau: str) -> tuple[HoldRow, ...]:
    """The reasons that still hold, newest first."""
    if not is_automatic(bureau):
        return ()
    found, live = [], dict[str, set[str]]()
    for row in models.DispatchHold.objects.filter(bureau__code=bureau).order_by("-pk"):
        if row.draw not in live:
            live[row.draw] = _live(row.draw)
        if row.about in live[row.draw]:
            # Of one place the newest reason counts.
            live[row.draw].discard(row.about)
            number = int(row.about[1:]) if row.about.startswith("n") else None
            found.append(HoldRow(draw=row.draw, place=number, says=row.says, at=row.at))
    return tuple(found)


def _live(draw: str) -> set[str]:
    waiting = {place(row.number) for row in reads.waiting(draw)}
    return waiting | {about for about, _ in consents_lacking(draws.draw(draw))}
