"""Off-site checks and clues on the page of a site."""

from datetime import date

from django.urls import reverse

from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import OffsiteCheckState
from gongchou.offsite import clue_reads, inlet_reads, reads
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


def clues_of_site(ref: str, name: str, by: Actor, on: date) -> Panel | None:
    """For those who see checks: clues of a site and those that name it, as far as a day knew."""
    if not may(by, Power.SEE_VISITS):
        return None
    rows = [row for row in clue_reads.clues_about(by.bureau, ref, name) if day_of(row.at) <= on]
    return Panel(
        title="线索",
        lines=tuple(_clue(row) for row in rows[:SHOWN]),
        nothing="没有写明这一单位的线索。",
    )


def remote_of_site(ref: str, name: str, by: Actor, on: date) -> Panel | None:
    """Remote checks of a site up to a day, and the way to ask for another."""
    if not may(by, Power.SEE_VISITS):
        return None
    rows = [row for row in inlet_reads.remote_checks(by.bureau) if row.subject == ref]
    lines = [_remote(row) for row in rows[:SHOWN] if day_of(row.asked_at) <= on]
    if may(by, Power.RECORD_OFFSITE):
        lines.append(
            PanelLine(says="申请远程执法", address=reverse("offsite:remote_new", args=[ref]))
        )
    return Panel(title="远程执法", lines=tuple(lines), nothing="没有远程执法。")


def _remote(row: inlet_reads.RemoteRow) -> PanelLine:
    result = row.conclusion.label if row.conclusion else row.state.label
    says = f"{row.planned_on}，{row.purpose}：{result}"
    return PanelLine(says=says, address=reverse("offsite:remote", args=[row.ref]))


def _clue(row: clue_reads.ClueRow) -> PanelLine:
    says = f"{day_of(row.at)}，{row.title}：{row.says}（{row.state.label}）"
    return PanelLine(says=says, address=reverse("offsite:clue", args=[row.ref]))
