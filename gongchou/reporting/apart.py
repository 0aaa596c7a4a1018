"""Temporary tasks of a quarter, counted apart: how many, and the visits that came of them."""

from dataclasses import dataclass

from gongchou.core.terms import VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.planning import reads as planning
from gongchou.planning.task_reads import TaskRow


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryRow:
    """One task that was added to an approved plan: why, on what condition, what came of it."""

    task: TaskRow
    visits: int
    done: int


def temporary_tasks(bureau: str, quarter: Quarter) -> tuple[TemporaryRow, ...]:
    """Approved ones only; a visit that serves several tasks counts for each of them."""
    tasks = [t for t in planning.tasks(bureau, str(quarter)) if t.is_temporary and t.is_approved]
    if not tasks:
        return ()
    found = []
    for task in tasks:
        counts = inspection.task_counts(bureau, str(quarter), task.ref)
        live = sum(n for state, n in counts.items() if state is not VisitState.VOID)
        done = counts.get(VisitState.REVIEWED, 0)
        found.append(TemporaryRow(task=task, visits=live, done=done))
    return tuple(found)
