"""Off-site checks on the page of a site."""

from datetime import date

from django.urls import reverse

from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import OffsiteCheckState
from gongchou.offsite import reads
from gongchou.web.clock import day_of
from gongchou.web.panels import Panel, PanelLine

SHOWN = 20


def checks_of_site(ref: str, name: str, by: Actor, on: date) -> Panel | None:
    """For those who see checks: what was recorded about a site up to a day, the newest first."""
    if not may(by, Power.SEE_VISITS):
        return None
    rows = [row for row in reads.checks_of(by.bureau, ref) if day_of(row.recorded_at) <= on]
    return Panel(
        title="非现场检查",
        lines=tuple(_line(row, on) for row in rows[:SHOWN]),
        nothing="还没有非现场检查。",
    )


def _line(row: reads.CheckRow, on: date) -> PanelLine:
    is_concluded = row.concluded_on is not None and row.concluded_on <= on
    result = row.conclusion.label if row.conclusion and is_concluded else "还没有结论"
    if row.state is OffsiteCheckState.SUPERSEDED:
        result += "，已由另一次代替"
    says = f"{row.quarter}，核查期间 {row.since} 至 {row.until}，{row.recorder}登记：{result}"
    return PanelLine(says=says, address=reverse("offsite:check", args=[row.ref]))
