"""The compliance board of the leader: every clause on one sheet."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.standing import Standing, overall
from gongchou.core.statistics import Cell
from gongchou.core.terms import StandingState
from gongchou.core.workdays import Quarter
from gongchou.reporting import reads as reporting

NUMBERS = ("visits", "problem_subjects", "cases", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One clause with the numbers that open; `span` is added to their address."""

    standing: Standing
    done_key: str
    required_key: str
    span: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    lines: tuple[Line, ...]
    numbers: tuple[Cell, ...]
    overall: tuple[tuple[StandingState, int], ...]
    built_at: datetime | None


def board(bureau: str, quarter: Quarter, today: date) -> Board:
    """How the quarter stands against the plan, clause by clause, and four numbers."""
    rows = [row.standing for row in reporting.board(bureau, quarter, today)]
    cells = {row.quarter.key: row.quarter for row in reporting.table(bureau, quarter)}
    return Board(
        lines=tuple(_line(row) for row in rows),
        numbers=tuple(cells[key] for key in NUMBERS),
        overall=tuple((state, n) for state, n in overall(rows).items() if n),
        built_at=reporting.held(bureau, quarter).built_at,
    )


def _line(row: Standing) -> Line:
    return Line(
        standing=row,
        done_key=row.cells[0] if row.cells else "",
        required_key=row.cells[-1] if len(row.cells) > 1 else "",
        span="&span=year" if row.is_year else "",
    )
