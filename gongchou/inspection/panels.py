"""Clues on the page of a site."""

from datetime import date

from django.urls import reverse

from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import ClueState
from gongchou.inspection import clues
from gongchou.web.clock import day_of
from gongchou.web.panels import Panel, PanelLine

SHOWN = 20


def clues_of_site(ref: str, name: str, by: Actor, on: date) -> Panel | None:
    """For those who see checks: clues that name a site or were answered by a visit to it."""
    if not may(by, Power.SEE_VISITS):
        return None
    rows = [row for row in clues.clues_about(by.bureau, ref, name) if day_of(row.at) <= on]
    return Panel(
        title="线索",
        lines=tuple(_line(row, on) for row in rows[:SHOWN]),
        nothing="没有写明这一单位的线索。",
    )


def _line(row: clues.ClueRow, on: date) -> PanelLine:
    origin = f"群众举报 {row.letter}" if row.letter else "检查途中看到"
    is_ended = row.ended_at is not None and day_of(row.ended_at) <= on
    state = row.state if is_ended else ClueState.OPEN
    says = f"{day_of(row.at)}，{origin}：{row.says}（{state.label}）"
    return PanelLine(says=says, address=reverse("inspection:clues"))
