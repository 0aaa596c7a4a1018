"""Tables of districts added up cell by cell, for the bureau above them.

Counts are summed, shares are worked out anew from the sums: a mean of shares would be wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongchou.core.statistics import Cell, Row, money_text, share_text

MONEY = "万元"


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCell:
    """A number of all districts together, with that of each; empty where one has none."""

    key: str
    group: str
    label: str
    unit: str
    shown: str
    year_shown: str
    parts: tuple[str, ...]


def rolled(tables: Mapping[str, Sequence[Row]]) -> tuple[RollCell, ...]:
    """The table of all districts in the order of the first; `tables` by district."""
    held = {name: {row.quarter.key: row for row in rows} for name, rows in tables.items()}
    order = dict.fromkeys(key for rows in held.values() for key in rows)
    return tuple(_cell([rows.get(key) for rows in held.values()]) for key in order)


def _cell(rows: Sequence[Row | None]) -> RollCell:
    found = [row for row in rows if row is not None]
    first = found[0].quarter
    return RollCell(
        key=first.key,
        group=first.group,
        label=first.label,
        unit=first.unit,
        shown=_shown([row.quarter for row in found]),
        year_shown=_shown([row.year for row in found]),
        parts=tuple(row.quarter.shown if row else "" for row in rows),
    )


def _shown(cells: Iterable[Cell]) -> str:
    found = list(cells)
    count, of = sum(cell.count for cell in found), sum(cell.of for cell in found)
    if not found[0].unit:
        return share_text(count, of)
    return money_text(count) if found[0].unit == MONEY else str(count)
