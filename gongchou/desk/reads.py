"""By when what is due, and how far it is."""

from dataclasses import dataclass
from datetime import date

from gongchou.core.terms import PackageState, VisitState
from gongchou.core.workdays import Deadline, Quarter
from gongchou.drawing import reads as draws
from gongchou.inspection import reads as visits
from gongchou.planning import reads as planning
from gongchou.reporting import package_reads, summary_reads
from gongchou.reporting import reads as tables


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One deadline as the desk shows it."""

    quarter: Quarter
    what: str
    deadline: Deadline
    done: str


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
