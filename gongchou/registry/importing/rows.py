"""The chain: header → strip → blank → damaged → parsed → duplicates, each a small step."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongchou.core.codes import excel_damage
from gongchou.core.refusals import Invalid, Problem
from gongchou.registry.importing.columns import Column, Layout
from gongchou.registry.importing.sheets import LARGEST_CELL, Grid

HEADER_ROWS = 5
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u2060\u00ad"))


@dataclass(slots=True, kw_only=True)
class Row:
    """A row on its way through the chain; `number` as the officer's spreadsheet shows it."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    is_duplicate: bool = False

    def fault(self, column: str, value: str, says: str) -> None:
        sentence = f"第 {self.number} 行“{column}”{says}。"
        self.problems.append(
            Problem(row=self.number, column=column, value=value[:80], says=sentence)
        )


def rows_of(grid: Grid, layout: Layout) -> list[Row]:
    """All rows with their values or problems; Invalid where the header is not found."""
    start, places = find_header(grid, layout)
    rows: Iterable[Row] = numbered(grid, start, places)
    rows = skip_blank(rows)
    rows = find_damage(rows, layout)
    rows = parse(rows, layout)
    return list(mark_duplicates(rows, layout))


def _plain(cell: str) -> str:
    return "".join(cell.translate(INVISIBLE).split()).strip("*＊:：")


def find_header(grid: Grid, layout: Layout) -> tuple[int, dict[str, int]]:
    """The row below the header, and the place of each known column, in whatever order."""
    known = {header: column for column in layout.columns for header in column.headers}
    best: dict[str, int] = {}
    start = 0
    for index, cells in enumerate(grid[:HEADER_ROWS]):
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if _plain(cell) in known:
                found.setdefault(known[_plain(cell)].field, place)
        if len(found) > len(best):
            best, start = found, index + 1
    missing = [c.headers[0] for c in layout.columns if c.needed and c.field not in best]
    if missing:
        seen = "、".join(_plain(c) for c in (grid[start - 1] if start else grid[0]) if c.strip())
        raise Invalid(
            f"表头缺少“{'”“'.join(missing)}”列（读到的表头：{seen[:120] or '无'}）。"
            "请按模板改正表头，列的次序不限。"
        )
    return start, best


def numbered(grid: Grid, start: int, places: Mapping[str, int]) -> Iterator[Row]:
    for number, cells in enumerate(grid[start:], start=start + 1):
        taken = {f: cells[p] if p < len(cells) else "" for f, p in places.items()}
        cells_of = {name: cell.strip(" \u3000\t\r\n\xa0") for name, cell in taken.items()}
        yield Row(number=number, cells=cells_of)


def skip_blank(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if any(row.cells.values()))


def find_damage(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    """What a spreadsheet or a wrong encoding destroyed cannot be repaired here, only named."""
    for row in rows:
        for name, cell in row.cells.items():
            if "\ufffd" in cell:
                row.fault(layout.title(name), cell, "含有乱码字符，请从原系统重新导出")
            elif len(cell) > LARGEST_CELL:
                row.fault(layout.title(name), cell, f"超过 {LARGEST_CELL} 个字，请缩短")
            elif name.endswith(("uscc", "site_code")) and excel_damage(cell):
                row.fault(layout.title(name), cell, str(excel_damage(cell)).rstrip("。"))
        yield row


def parse(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    for row in rows:
        damaged = {problem.column for problem in row.problems}
        for column in layout.columns:
            if column.field in row.cells and column.headers[0] not in damaged:
                _read(row, column)
        yield row


def _read(row: Row, column: Column) -> None:
    cell = row.cells[column.field]
    try:
        row.values[column.field] = column.reader(cell)
    except ValueError as error:
        row.fault(column.headers[0], cell, str(error))


def read_cells(cells: Mapping[str, str], layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Texts typed one by one, by field: their values, and a sentence for each that is wrong."""
    values: dict[str, Any] = {}
    problems = []
    for column in layout.columns:
        if column.field in cells:
            try:
                values[column.field] = column.reader(cells[column.field].strip())
            except ValueError as error:
                problems.append(f"“{column.headers[0]}”{error}。")
    return values, problems


def identity(row: Row, layout: Layout) -> tuple[str, ...]:
    """The values by which a row is known: the first identity whose first field is filled."""
    for names in layout.identities:
        if row.values.get(names[0]):
            return tuple(f"{name}={row.values.get(name) or ''}" for name in names)
    return (f"第 {row.number} 行",)


def mark_duplicates(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if not row.problems:
            first = seen.setdefault(identity(row, layout), row.number)
            if first != row.number:
                row.is_duplicate = True
                title = layout.title(layout.identities[0][0])
                row.fault(title, "", f"与第 {first} 行是同一对象，已略过")
        yield row
