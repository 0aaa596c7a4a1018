"""The chain: header → strip → blank → damaged → parsed → duplicates, each a small step.

A row is a list of texts in the order of `Sheet.columns`; what a column needs is looked up once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from gongchou.core import codes
from gongchou.core.refusals import InvalidFields, Problem
from gongchou.registry.importing.asides import REPEATED, SAMPLE, SAMPLE_LINE, aside
from gongchou.registry.importing.cells import KEPT, needed_text, text
from gongchou.registry.importing.columns import Column, Layout
from gongchou.registry.importing.headers import HEADER_ROWS, find_header, plain
from gongchou.registry.importing.seen import Seen
from gongchou.registry.importing.sheets import LARGEST_CELL, Cells

CODES = (
    "uscc", "site_code", "permit_number", "registration_number", "enforcement_card_no",
    "work_card_no", "document_number", "number", "region_code", "letter",
)  # fmt: skip
# What a spreadsheet would take for the beginning of a formula, also in full width.
FORMULA = tuple("=+-@＝＋－＠")
MARK = "\ufeff"
BLANKS = " \u3000\t\r\n\xa0" + MARK
# One look at all cells of a row, each on a line, mostly shows that none is damaged: no sign of a
# formula, nothing that is no text, no exponent and no decimal point.
LOOK_CLOSER = (*(f"\n{sign}" for sign in FORMULA), *"\ufffd\x00.Ee．Ｅｅ", MARK)


def named(title: str, says: str) -> str:
    """What is wrong with a column, its title said once."""
    return says if says.startswith(title) else f"“{title}”{says}"


@dataclass(slots=True)
class Row:
    """A row on its way through the chain; `number` as the officer's spreadsheet shows it.

    `line` is the whole of it, `cells` the known columns. An aside is a line of totals or remarks:
    told, not counted.
    """

    number: int
    cells: Cells = field(default_factory=list)
    line: Cells = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    is_duplicate: bool = False
    is_aside: bool = False

    @property
    def is_good(self) -> bool:
        """Whether it goes to the writer."""
        return not self.problems and not self.is_aside

    def fault(self, column: str, value: str, says: str) -> None:
        """What keeps the row out."""
        self.problems = [*self.problems, self._problem(column, value, says)]

    def doubt(self, column: str, value: str, says: str) -> None:
        """What an officer should look at, though the row goes in."""
        self.warnings = [*self.warnings, self._problem(column, value, says)]

    def _problem(self, column: str, value: str, says: str) -> Problem:
        found = named(column, says) if column else f"：{says}"
        sentence = f"第 {self.number} 行{found.rstrip('。')}。"
        return Problem(row=self.number, column=column, value=value[:80], says=sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The columns of a layout that a file has, and where each stands."""

    layout: Layout
    columns: tuple[Column, ...]
    places: tuple[int, ...]

    def indexes(self, fields: Sequence[str]) -> tuple[int, ...]:
        """Where the cells of some fields, or of a site they speak of, stand in a row."""
        plain = [column.field.removeprefix("subject_") for column in self.columns]
        return tuple(index for index, name in enumerate(plain) if name in fields)


def rows_of(
    cells: Iterator[Cells], layout: Layout, mapping: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """All rows with their values or problems; Invalid where the header is not found."""
    head = list(islice(cells, HEADER_ROWS + 1))
    start, places = find_header(head, layout, mapping or {})
    columns = tuple(column for column in layout.columns if column.field in places)
    sheet = Sheet(
        layout=layout, columns=columns, places=tuple(places[column.field] for column in columns)
    )
    rows: Iterable[Row] = numbered(chain(head[start:], cells), start, sheet.places)
    rows = skip_blank(rows)
    rows = find_damage(rows, sheet)
    rows = parse(rows, sheet)
    rows = find_doubts(rows, sheet)
    return mark_duplicates(rows, layout)


def numbered(cells: Iterable[Cells], start: int, places: Sequence[int]) -> Iterator[Row]:
    width = max(places, default=0) + 1
    for number, found in enumerate(cells, start=start + 1):
        if len(found) < width:
            found = found + [""] * (width - len(found))
        yield Row(number, [found[place].strip() for place in places], found)


def skip_blank(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if any(row.cells))


def find_damage(rows: Iterable[Row], sheet: Sheet) -> Iterator[Row]:
    """What a spreadsheet or a wrong encoding destroyed cannot be repaired here, only named."""
    coded = sheet.indexes(CODES)
    for row in rows:
        joined = "\n" + "\n".join(row.cells)
        for sign in LOOK_CLOSER:
            if sign in joined:
                _name_damage(row, sheet, coded)
                break
        else:
            if len(joined) > LARGEST_CELL:
                _name_damage(row, sheet, coded)
        yield row


def _name_damage(row: Row, sheet: Sheet, coded: Sequence[int]) -> None:
    row.cells = [cell.strip(BLANKS) for cell in row.cells]
    for index, cell in enumerate(row.cells):
        title = sheet.columns[index].headers[0]
        damage = codes.excel_damage(cell) if index in coded else None
        if "\ufffd" in cell or "\x00" in cell:
            row.fault(title, cell.replace("\x00", ""), "含有乱码字符，请从原系统重新导出")
        elif len(cell) > LARGEST_CELL:
            row.fault(title, cell, f"超过 {LARGEST_CELL} 个字，请缩短")
        elif damage:
            row.fault(title, cell, damage)
        elif cell.startswith(FORMULA):
            row.doubt(title, cell, f"以“{cell[0]}”开头，已按文字保存，请核对")


def parse(rows: Iterable[Row], sheet: Sheet) -> Iterator[Row]:
    """Each cell by the reader of its column; what a column repeats is read once."""
    fields = [column.field for column in sheet.columns]
    read: list[tuple[int, Column, dict[str, Any]]] = [
        (index, column, {})
        for index, column in enumerate(sheet.columns)
        if column.reader not in (text, needed_text)
    ]
    needed = [n for n, column in enumerate(sheet.columns) if column.reader is needed_text]
    for row in rows:
        cells = row.cells
        values = row.values = dict(zip(fields, cells, strict=True))
        for index in needed:
            if not cells[index]:
                _read(row, index, sheet.columns[index], {})
        for index, column, known in read:
            value = known.get(cells[index], known)
            values[column.field] = _read(row, index, column, known) if value is known else value
        if row.problems or row.line[0].startswith(SAMPLE):
            _set_aside(row, sheet)
        yield row


def _read(row: Row, index: int, column: Column, known: dict[str, Any]) -> Any:
    """The value of one cell, kept for the next of its kind; None with a problem where it has none.

    Values are shared between rows, so nobody changes one in place.
    """
    cell, title = row.cells[index], column.headers[0]
    if row.problems and any(problem.column == title for problem in row.problems):
        return None
    try:
        value = column.reader(cell)
    except ValueError as error:
        row.fault(title, cell, str(error))
        return None
    if len(known) < KEPT:
        known[cell] = value
    return value


def _set_aside(row: Row, sheet: Sheet) -> None:
    """Totals, remarks and repeated headers among what could not be read: told, never counted."""
    needed = [(n, column.headers) for n, column in enumerate(sheet.columns) if column.needed]
    lead = next(filter(None, row.line)).strip()
    is_header = all(plain(row.cells[n]) in headers for n, headers in needed)
    is_full = all(row.cells[n] for n, _ in needed)
    says = REPEATED if is_header else aside(lead, is_full=is_full)
    if lead.startswith(SAMPLE):
        says = SAMPLE_LINE
    if says:
        row.is_aside, row.problems, row.warnings = True, (), ()
        row.doubt("", lead, says)


Judge = Callable[[Any, Mapping[str, Any]], str | None]


def find_doubts(rows: Iterable[Row], sheet: Sheet) -> Iterator[Row]:
    """Well-formed codes that do not fit each other, or that no list explains."""
    judged = [
        (column.field, column.headers[0], DOUBTS[plain])
        for column in sheet.columns
        if (plain := column.field.removeprefix("subject_")) in DOUBTS
    ]
    for row in rows:
        values = row.values
        for name, title, judge in judged:
            value = values.get(name)
            says = judge(value, values) if value else None
            if says:
                row.doubt(title, str(value), f"：{says}")
        yield row


def _site_code(code: str, values: Mapping[str, Any]) -> str | None:
    """Most sites have the code of their enterprise, which was looked at in its own column."""
    uscc = values.get("uscc") or ""
    if uscc and code.startswith(uscc) and code[0] != "H":
        return None
    return codes.site_code_warning(code, uscc)


# A file names few regions and industries, again and again.
_region = lru_cache(KEPT)(codes.region_code_problem)
_industry = lru_cache(KEPT)(codes.industry_code_problem)
DOUBTS: Mapping[str, Judge] = {
    "site_code": _site_code,
    "uscc": lambda code, _: codes.organization_code_problem(code[8:17]),
    "contact": lambda contact, _: codes.contact_problem(contact),
    "region_code": lambda code, _: _region(code),
    "industry_code": lambda code, _: _industry(code),
}


def read_cells(cells: Mapping[str, str], layout: Layout) -> dict[str, Any]:
    """The values of texts typed one by one, by field; InvalidFields with all that is wrong."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for column in layout.columns:
        if column.field in cells:
            try:
                values[column.field] = column.reader(cells[column.field].strip())
            except ValueError as error:
                problems[column.field] = f"{named(column.headers[0], str(error))}。"
    if problems:
        raise InvalidFields(problems)
    return values


def identity(values: Mapping[str, Any], layout: Layout) -> str:
    """The values by which a row is known: the first identity whose first field is filled."""
    for names in layout.identities:
        if values.get(names[0]):
            return "\x1f".join([f"{name}={values.get(name) or ''}" for name in names])
    return ""


def mark_duplicates(rows: Iterable[Row], layout: Layout) -> Iterator[Row]:
    title = layout.title(layout.identities[0][0])
    with Seen() as seen:
        for row in rows:
            key = "" if row.problems or row.is_aside else identity(row.values, layout)
            first = seen.first(key, row.number) if key else row.number
            if first != row.number:
                row.is_duplicate = True
                row.fault(title, "", f"与第 {first} 行是同一对象，已略过")
            yield row


def batched(rows: Iterable[Row], size: int) -> Iterator[Sequence[Row]]:
    """Rows in lots of a size, the last one shorter."""
    iterator = iter(rows)
    while lot := list(islice(iterator, size)):
        yield lot
