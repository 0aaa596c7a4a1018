"""What waits today, and what was done."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.audit import reads as audit
from gongchou.core.chain import Checkpoint
from gongchou.core.event_kinds import EventKind
from gongchou.core.workdays import Deadline, Quarter
from gongchou.planning import reads as planning
from gongchou.planning.reads import DeadlineSet

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One deadline as the desk shows it."""

    quarter: Quarter
    what: str
    deadline: Deadline


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


def dates(bureau: str, today: date) -> list[DateRow]:
    """The deadlines of this quarter and of the one just ended, by date."""
    this = Quarter.of(today)
    rows = [
        DateRow(quarter=quarter, what=what, deadline=deadline)
        for quarter in (this.previous(), this)
        for what, deadline in _named(planning.deadlines(bureau, str(quarter)))
    ]
    return sorted(rows, key=lambda row: row.deadline.on)


def _named(found: DeadlineSet) -> tuple[tuple[str, Deadline], ...]:
    return (
        ("检查任务完成、工作总结报送", found.task),
        ("统计表报送", found.statistics),
        ("检查记录表交齐", found.forms),
    )


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
