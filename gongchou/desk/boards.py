"""The compliance board of the leader: every clause on one sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.standing import Standing, overall
from gongchou.core.statistics import Cell, Fact, Record
from gongchou.core.terms import StandingState
from gongchou.core.workdays import Quarter
from gongchou.desk.clauses import Silent, silent
from gongchou.planning.policy_sections import ClauseTextRow
from gongchou.reporting import reads as reporting
from gongchou.reporting.links import Link, link

NUMBERS = ("visits", "problem_subjects", "cases", "published")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One clause with the bureau's own words of it."""

    standing: Standing
    own: tuple[ClauseTextRow, ...]


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
    return Board(
        lines=tuple(Line(standing=row.standing, own=row.own) for row in held),
        numbers=tuple(cells[key] for key in NUMBERS),
        overall=tuple((state, n) for state, n in overall(rows).items() if n),
        silent=silent(bureau, min(on, quarter.last), rows) if rows else (),
        built_at=reporting.held(bureau, quarter).built_at,
    )


# Where what is missing is done: what a key begins with, the page, and its words.
PLACES = (
    ("ratio", "inspection:home", "到“检查”看已经启封、还没有办结的检查"),
    ("coverage", "offsite:board", "到“非现场”逐家看谁还没有覆盖"),
    ("joint", "planning:quarter", "到“计划”看本季度的联合任务"),
    ("cross", "planning:quarter", "到“计划”看部门联合任务"),
    ("tiered", "planning:quarter", "到“计划”看各项任务怎样抽取"),
    ("task", "inspection:home", "到“检查”看已经启封、还没有办结的检查"),
    ("forms", "inspection:home", "到“检查”登记收到的记录表"),
    ("statistics", "reporting:home", "到“统计报送”生成、报送统计表"),
    ("publication", "publication:home", "到“公示”提出和批准公示"),
)


FOLDED_OVER = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One fact behind a number, its kind in words, and the records it was counted from."""

    fact: Fact
    kind: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """All that a number was counted from; long ones are folded."""

    rows: tuple[Counted, ...]

    @property
    def has_kinds(self) -> bool:
        return any(row.kind for row in self.rows)

    @property
    def is_folded(self) -> bool:
        return len(self.rows) > FOLDED_OVER

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(dict.fromkeys(link for row in self.rows for link in row.links))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseSheet:
    """One clause with the records behind each of its numbers."""

    standing: Standing
    own: tuple[ClauseTextRow, ...]
    done: Behind
    of: Behind
    lacking: tuple[Link, ...]
    place: str
    place_says: str


def clause(
    bureau: str, quarter: Quarter, key: str, on: date, *, is_past: bool = False
) -> ClauseSheet:
    """A line of the board, opened: what was counted, what is owed, what is missing."""
    counted = reporting.held_on(bureau, quarter, on) if is_past else None
    found = reporting.clause(bureau, quarter, key, on, counted)
    place, says = next(p[1:] for p in PLACES if key.startswith(p[0]))
    return ClauseSheet(
        standing=found.row.standing,
        own=found.row.own,
        done=_behind(found.done, quarter),
        of=_behind(found.of, quarter),
        lacking=_links(found.lacking, quarter),
        place=place,
        place_says=says,
    )


def _behind(opened: reporting.Opened, quarter: Quarter) -> Behind:
    return Behind(
        rows=tuple(
            Counted(fact=fact, kind=kind, links=_links(fact.records, quarter))
            for fact, kind in opened.lines
        )
    )


def _links(records: Iterable[Record], quarter: Quarter) -> tuple[Link, ...]:
    return tuple(link(record, str(quarter)) for record in records)
