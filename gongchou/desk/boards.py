"""The compliance board of the leader: every clause on one sheet."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.standing import Standing, overall
from gongchou.core.statistics import Cell
from gongchou.core.terms import StandingState
from gongchou.core.workdays import Quarter
from gongchou.desk.clauses import Silent, silent
from gongchou.planning.policy_reads import ClauseTextRow
from gongchou.reporting import reads as reporting

NUMBERS = ("visits", "problem_subjects", "cases", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One clause with the numbers that open; `span` is added to their address."""

    standing: Standing
    own: tuple[ClauseTextRow, ...]
    done_key: str
    required_key: str
    span: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    lines: tuple[Line, ...]
    numbers: tuple[Cell, ...]
    overall: tuple[tuple[StandingState, int], ...]
    silent: tuple[Silent, ...]
    built_at: datetime | None

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """What is short or still to be done, the short ones first."""
        waits = (StandingState.SHORT, StandingState.NOT_YET)
        held = [line for line in self.lines if line.standing.state in waits]
        return tuple(sorted(held, key=lambda line: waits.index(line.standing.state)))


def board(bureau: str, quarter: Quarter, on: date, *, is_past: bool = False) -> Board:
    """How the quarter stands against the plan, clause by clause, and four numbers.

    A past day is counted anew from the records as they stood at its end.
    """
    counted = reporting.held_on(bureau, quarter, on) if is_past else None
    held = reporting.board(bureau, quarter, on, counted)
    rows = [row.standing for row in held]
    cells = {row.quarter.key: row.quarter for row in reporting.table(bureau, quarter, counted)}
    span = f"&on={on}" if is_past else ""
    return Board(
        lines=tuple(_line(row, span) for row in held),
        numbers=tuple(cells[key] for key in NUMBERS),
        overall=tuple((state, n) for state, n in overall(rows).items() if n),
        silent=silent(bureau, min(on, quarter.last), rows) if rows else (),
        built_at=reporting.held(bureau, quarter).built_at,
    )


def _line(found: reporting.BoardRow, span: str) -> Line:
    row = found.standing
    return Line(
        standing=row,
        own=found.own,
        done_key=row.cells[0] if row.cells else "",
        required_key=row.cells[-1] if len(row.cells) > 1 else "",
        span=f"{span}&span=year" if row.is_year else span,
    )
