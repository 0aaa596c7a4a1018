"""What waits today, and what was done."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.audit import reads as audit
from gongchou.core.chain import Checkpoint
from gongchou.core.event_kinds import EventKind
from gongchou.core.terms import PackageState, VisitState
from gongchou.core.workdays import Deadline, Quarter
from gongchou.drawing import reads as draws
from gongchou.inspection import reads as visits
from gongchou.planning import reads as planning
from gongchou.reporting import package_reads, summary_reads
from gongchou.reporting import reads as tables

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One deadline as the desk shows it."""

    quarter: Quarter
    what: str
    deadline: Deadline
    done: str


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
    rows = [row for quarter in (this.previous(), this) for row in _named(bureau, quarter)]
    return sorted(rows, key=lambda row: row.deadline.on)


def _named(bureau: str, quarter: Quarter) -> tuple[DateRow, ...]:
    found, of = planning.deadlines(bureau, str(quarter)), str(quarter)
    visited = _visited(bureau, of)
    early = (("检查任务内部提醒（较严读法）", found.early, visited),)
    named = (
        *(early if found.early.on < found.task.on else ()),
        ("检查任务完成、工作总结报送", found.task, visited),
        ("统计表报送", found.statistics, _reported(bureau, of)),
        ("检查记录表交齐", found.forms, _handed_in(bureau, of) if visited else ""),
    )
    return tuple(
        DateRow(quarter=quarter, what=what, deadline=deadline, done=done)
        for what, deadline, done in named
    )


def _visited(bureau: str, quarter: str) -> str:
    """Whether the drawn visits are all ended, and the summary drafted."""
    counts = visits.random_counts(bureau, quarter)
    live = {state: n for state, n in counts.items() if n and state is not VisitState.VOID}
    left = draws.sealed_count(bureau, quarter)
    if not live or left or not live.keys() <= {VisitState.SUBMITTED, VisitState.REVIEWED}:
        return ""
    drafted = summary_reads.has_summary(bureau, quarter)
    return "检查已完成，总结已起草" if drafted else "检查已完成"


def _reported(bureau: str, quarter: str) -> str:
    packages = package_reads.packages(bureau, quarter)
    if packages and packages[0].state in (PackageState.SENT, PackageState.RECEIVED):
        return packages[0].state.label
    return "统计表已生成" if tables.has_table(bureau, quarter) else ""


def _handed_in(bureau: str, quarter: str) -> str:
    """Whether all papers are in; asked once all drawn visits are made, when no more are owed."""
    owed, received = visits.paper_counts(bureau, quarter)
    return "已交齐" if owed == received else ""


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
