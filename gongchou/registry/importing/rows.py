"""The chain: header → strip → blank → damaged → parsed → duplicates, each a small step."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from gongchou.core import codes
from gongchou.core.refusals import Problem
from gongchou.registry.importing.columns import Layout
from gongchou.registry.importing.headers import HEADER_ROWS, find_header
from gongchou.registry.importing.seen import Seen
from gongchou.registry.importing.sheets import LARGEST_CELL, Cells

CODES = (
    "uscc", "site_code", "permit_number", "registration_number", "enforcement_card_no",
    "work_card_no", "document_number", "number", "region_code", "letter",
)  # fmt: skip
# What a spreadsheet would take for the beginning of a formula, also in full width.
FORMULA = tuple("=+-@＝＋－＠")
BLANKS = " \u3000\t\r\n\xa0\ufeff"
# Rows of whole columns repeat the same few cells: one look at the joined row mostly does.
_SIGNS = re.compile("[=+\\-@＝＋－＠\ufffd]")


@dataclass(slots=True, kw_only=True)
class Row:
    """A row on its way through the chain; `number` as the officer's spreadsheet shows it."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    is_duplicate: bool = False

    def fault(self, column: str, value: str, says: str) -> None:
        """What keeps the row out."""
        self.problems.append(self._problem(column, value, says))

    def doubt(self, column: str, value: str, says: str) -> None:
        """What an officer should look at, though the row goes in."""
        self.warnings.append(self._problem(column, value, says))

    def _problem(self, column: str, value: str, says: str) -> Problem:
        where = f"“{column}”" if column else "："
        sentence = f"第 {self.number} 行{where}{says.rstrip('。')}。"
        return Problem(row=self.number, column=column, value=value[:80], says=sentence)


def rows_of(
    cells: Iterator[Cells], layout: Layout, mapping: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """All rows with their values or problems; Invalid where the header is not found."""
    head = list(islice(cells, HEADER_ROWS + 1))
    start, places = find_header(head, layout, mapping or {})
    rows: Iterable[Row] = numbered(chain(head[start:], cells), start, places)
    rows = skip_blank(rows)
    rows = find_damage(rows, layout)
    rows = parse(rows, layout)
    rows = find_doubts(rows, layout)
    return mark_duplicates(rows, layout)


def numbered(cells: Iterable[Cells], start: int, places: Mapping[str, int]) -> Iterator[Row]:
    wanted = tuple(places.items())
    width = max(places.values(), default=0) + 1
    for number, found in enumerate(cells, start=start + 1):
        if len(found) < width:
            found = found + [""] * (width - len(found))
        yield Row(number=number, cells={name: found[p].strip(BLANKS) for name, p in wanted})


def skip_blank(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if any(row.cells.values()))


def find_damage(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    """What a spreadsheet or a wrong encoding destroyed cannot be repaired here, only named."""
    numbers = [c.field for c in layout.columns if c.field.removeprefix("subject_") in CODES]
    for row in rows:
        cells = row.cells
        joined = "".join(cells.values())
        if (
            _SIGNS.search(joined)
            or len(joined) > LARGEST_CELL
            or any(codes.excel_damage(cells[name]) for name in numbers if cells.get(name))
        ):
            _name_damage(row, layout)
        yield row


def _name_damage(row: Row, layout: Layout) -> None:
    for name, cell in row.cells.items():
        if "\ufffd" in cell:
            row.fault(layout.title(name), cell, "含有乱码字符，请从原系统重新导出")
        elif len(cell) > LARGEST_CELL:
            row.fault(layout.title(name), cell, f"超过 {LARGEST_CELL} 个字，请缩短")
        elif name.removeprefix("subject_") in CODES and codes.excel_damage(cell):
            row.fault(layout.title(name), cell, str(codes.excel_damage(cell)))
        elif cell.startswith(FORMULA):
            row.doubt(layout.title(name), cell, f"以“{cell[0]}”开头，已按文字保存，请核对")


def parse(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    columns = [(c.field, c.headers[0], c.reader) for c in layout.columns]
    for row in rows:
        cells, values = row.cells, row.values
        damaged = {problem.column for problem in row.problems}
        for name, title, reader in columns:
            if name in cells and title not in damaged:
                try:
                    values[name] = reader(cells[name])
                except ValueError as error:
                    row.fault(title, cells[name], str(error))
        yield row


def find_doubts(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    """Well-formed codes that do not fit each other, or that no list explains."""
    fields = [(c.field, c.field.removeprefix("subject_")) for c in layout.columns]
    doubted = [(name, plain) for name, plain in fields if plain in DOUBTED]
    for row in rows:
        for name, plain in doubted:
            value = row.values.get(name)
            says = _doubt(plain, value, row.values) if value else None
            if says:
                row.doubt(layout.title(name), str(value), f"：{says}")
        yield row


DOUBTED = ("site_code", "uscc", "region_code", "industry_code")


def _doubt(name: str, value: Any, values: Mapping[str, Any]) -> str | None:
    if name == "site_code":
        return codes.site_code_warning(value, values.get("uscc") or "")
    if name == "uscc":
        return codes.organization_code_problem(value[8:17])
    if name == "region_code":
        return codes.region_code_problem(value)
    return codes.industry_code_problem(value) if name == "industry_code" else None


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
    with Seen() as seen:
        for row in rows:
            if not row.problems:
                first = seen.first("\x1f".join(identity(row, layout)), row.number)
                if first != row.number:
                    row.is_duplicate = True
                    title = layout.title(layout.identities[0][0])
                    row.fault(title, "", f"与第 {first} 行是同一对象，已略过")
            yield row


def batched(rows: Iterable[Row], size: int) -> Iterator[Sequence[Row]]:
    """Rows in lots of a size, the last one shorter."""
    iterator = iter(rows)
    while lot := list(islice(iterator, size)):
        yield lot
