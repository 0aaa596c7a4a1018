"""What waits today, and what was done."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.audit import reads as audit
from gongchou.core.chain import Checkpoint
from gongchou.core.event_kinds import EventKind
from gongchou.core.workdays import (
    Calendar,
    Deadline,
    Quarter,
    forms_deadline,
    statistics_deadline,
    task_deadline,
    workdays_between,
)
from gongchou.law.load import load_calendar

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One deadline as the desk shows it; `left` counts working days from today, negative past."""

    quarter: Quarter
    what: str
    deadline: Deadline
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    seq: int
    kind: str
    about: str
    by_name: str
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    rows: tuple[TrailRow, ...]
    head: Checkpoint | None
    older: int


def quarter_of(day: date) -> Quarter:
    return Quarter.of(day)


def dates(today: date) -> list[DateRow]:
    """The deadlines of this quarter and of the one just ended, by date."""
    calendar = load_calendar()
    this = Quarter.of(today)
    rows = [row for quarter in (this.previous(), this) for row in _of(quarter, calendar, today)]
    return sorted(rows, key=lambda row: row.deadline.on)


def _of(quarter: Quarter, calendar: Calendar, today: date) -> list[DateRow]:
    named = (
        ("检查任务完成、工作总结报送", task_deadline(quarter, calendar)),
        ("统计表报送", statistics_deadline(quarter, calendar)),
        ("检查记录表交齐", forms_deadline(quarter, calendar)),
    )
    return [
        DateRow(
            quarter=quarter,
            what=what,
            deadline=deadline,
            left=workdays_between(today, deadline.on, calendar),
        )
        for what, deadline in named
    ]


def trail(bureau: str, *, before: int = 0) -> TrailPage:
    """A page of the event log, newest first."""
    links = audit.events(bureau, limit=PAGE, before=before)
    rows = tuple(
        TrailRow(
            seq=link.event.seq,
            kind=EventKind(link.event.kind).label,
            about=link.event.about,
            by_name=link.event.by_name,
            at=link.event.at,
            digest=link.digest,
        )
        for link in links
    )
    older = rows[-1].seq if len(rows) == PAGE and rows[-1].seq > 1 else 0
    return TrailPage(rows=rows, head=audit.head(bureau), older=older)
