"""By when what is due, and how far it is."""

from dataclasses import dataclass
from datetime import date

from gongchou.core.terms import VisitState
from gongchou.core.workdays import Deadline, Quarter
from gongchou.drawing import reads as draws
from gongchou.inspection import reads as visits
from gongchou.planning import reads as planning
from gongchou.reporting import package_reads, summary_reads
from gongchou.reporting import reads as tables


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One deadline as the desk shows it; `so_far` tells what is there while it is not done."""

    quarter: Quarter
    what: str
    deadline: Deadline
    done: str
    so_far: str = ""


def dates(bureau: str, today: date) -> list[DateRow]:
    """The deadlines of this quarter and of the one just ended, by date."""
    this = Quarter.of(today)
    rows = [row for quarter in (this.previous(), this) for row in _named(bureau, quarter)]
    return sorted(rows, key=lambda row: row.deadline.on)


def _named(bureau: str, quarter: Quarter) -> tuple[DateRow, ...]:
    found, of = planning.deadlines(bureau, str(quarter)), str(quarter)
    visited, sent = _is_visited(bureau, of), package_reads.sent(bureau, of)
    summary = package_reads.summary_sent(bureau, of)
    rows = [
        DateRow(quarter=quarter, what="检查任务完成、工作总结报送", deadline=found.task,
                done=f"检查已完成，{summary.says}" if visited and summary else "",
                so_far=_task_so_far(bureau, of, is_visited=visited, sent=summary)),
        DateRow(quarter=quarter, what="统计表报送", deadline=found.statistics,
                done=sent.says if sent else "",
                so_far="统计表已生成，还没有报送" if tables.has_table(bureau, of) else ""),
        DateRow(quarter=quarter, what="检查记录表交齐", deadline=found.forms,
                done=_handed_in(bureau, of) if visited else ""),
    ]  # fmt: skip
    if found.early.on < found.task.on:
        what, done = "检查任务内部提醒（较严读法）", "检查已完成" if visited else ""
        rows.insert(0, DateRow(quarter=quarter, what=what, deadline=found.early, done=done))
    return tuple(rows)


def _is_visited(bureau: str, quarter: str) -> bool:
    """Whether the drawn visits are all ended."""
    counts = visits.random_counts(bureau, quarter)
    live = {state: n for state, n in counts.items() if n and state is not VisitState.VOID}
    left = draws.sealed_count(bureau, quarter)
    return bool(live) and not left and live.keys() <= {VisitState.SUBMITTED, VisitState.REVIEWED}


def _task_so_far(
    bureau: str, quarter: str, *, is_visited: bool, sent: package_reads.SentRow | None
) -> str:
    """What of the visits and the summary is there while the other is not."""
    if not is_visited:
        return f"检查未全部完成，总结{sent.says}" if sent else ""
    drafted = summary_reads.has_summary(bureau, quarter)
    return "检查已完成，" + ("总结已起草、还没有报送" if drafted else "还没有工作总结")


def _handed_in(bureau: str, quarter: str) -> str:
    """Whether all papers are in; asked once all drawn visits are made, when no more are owed."""
    owed, received = visits.paper_counts(bureau, quarter)
    return "已交齐" if owed == received else ""
