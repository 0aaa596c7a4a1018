"""The chain: header → strip → blank → damaged → parsed → duplicates, each a small step.

A row is a list of texts in the order of `Sheet.columns`; what a column needs is looked up once.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from gongchou.core import codes
from gongchou.core.refusals import Invalid, InvalidFields
from gongchou.registry.importing.asides import REPEATED, SAMPLE, SAMPLE_LINE, aside
from gongchou.registry.importing.cells import KEPT, needed_text, text
from gongchou.registry.importing.columns import Column, Layout
from gongchou.registry.importing.duplicates import mark_duplicates
from gongchou.registry.importing.headers import HEADER_ROWS, Header, find_header, plain
from gongchou.registry.importing.line import Row, Sheet, named
from gongchou.registry.importing.sheets import LARGEST_CELL, Cells
from gongchou.registry.importing.synonyms import UNFILLED

CODES = (
    "uscc", "site_code", "permit_number", "registration_number", "enforcement_card_no",
    "work_card_no", "document_number", "number", "region_code", "letter",
)  # fmt: skip
# What a spreadsheet would take for the beginning of a formula, also in full width.
FORMULA = tuple("=+-@＝＋－＠")
# What is told at the first row it is met in.
ONCE = "，以下相同的不再提示"
MARK = "\ufeff"
BLANKS = " \u3000\t\r\n\xa0" + MARK
# One look at several rows mostly shows that no cell is damaged: no sign of a formula, nothing that
# is no text, no exponent and no decimal point. More rows at once would leave the processor's cache.
ODD = ("\n-", *"=+@＝＋－＠\ufffd\x00.Ee．Ｅｅ", MARK)
TOGETHER = 16
# Where one of these is, the rows are looked at one by one, each cell on a line.
LOOK_CLOSER = (*(f"\n{sign}" for sign in FORMULA), *"\ufffd\x00.Ee．Ｅｅ", MARK)


def rows_of(
    cells: Iterator[Cells], layout: Layout, mapping: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """All rows with their values or problems; Invalid where the header is not found."""
    head = list(islice(cells, HEADER_ROWS + 1))
    header = find_header(head, layout, mapping or {})
    start, places = header.start, header.places
    columns = tuple(column for column in layout.columns if column.field in places)
    sheet = Sheet(
        layout=layout, columns=columns, places=tuple(places[column.field] for column in columns)
    )
    rows: Iterable[Row] = numbered(chain(head[start:], cells), start, sheet.places)
    rows = skip_blank(rows)
    rows = find_damage(rows, sheet)
    rows = parse(rows, sheet)
    rows = refuse_twins(rows, header)
    rows = find_doubts(rows, sheet)
    return chain(spare_columns(header, layout), mark_duplicates(rows, sheet))


def spare_columns(header: Header, layout: Layout) -> Iterator[Row]:
    """A column that is left unread because another says the same is told at the header."""
    for name, columns in header.spare.items():
        for _, word in columns:
            row = Row(header.start, is_aside=True)
            says = f"“{word}”与另一列都可作“{layout.title(name)}”，没有读入“{word}”，请核对"
            row.doubt("", word, says)
            yield row


def refuse_twins(rows: Iterable[Row], header: Header) -> Iterator[Row]:
    """Two columns of one header are one where they agree, as merged cells do; else Invalid."""
    twins = [
        (header.places[name], place, word)
        for name, columns in header.twins.items()
        for place, word in columns
    ]
    if not twins:
        return iter(rows)
    return (row if row.is_aside else _without_twins(row, twins) for row in rows)


def _without_twins(row: Row, twins: Sequence[tuple[int, int, str]]) -> Row:
    for place, twin, word in twins:
        cells = [cell.strip() for cell in (row.line[place : place + 1] + row.line[twin : twin + 1])]
        if len(cells) == 2 and cells[1] and cells[0] != cells[1]:
            raise Invalid(
                f"表头有两列都是“{word}”（第 {place + 1} 列和第 {twin + 1} 列），"
                f"第 {row.number} 行两列的内容不同：“{cells[0][:40]}”和“{cells[1][:40]}”。"
                "请删去其中一列，或者改正它的表头，再导入。"
            )
    return row


def numbered(cells: Iterable[Cells], start: int, places: Sequence[int]) -> Iterator[Row]:
    width = max(places, default=0) + 1
    pick = itemgetter(*places, width - 1)  # one more than known, so that it always gives several
    for number, found in enumerate(cells, start=start + 1):
        if len(found) < width:
            found = found + [""] * (width - len(found))
        row = list(map(str.strip, pick(found)))
        row.pop()
        yield Row(number, row, found)


def skip_blank(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if any(row.cells))


def find_damage(rows: Iterable[Row], sheet: Sheet) -> Iterator[Row]:
    """What a spreadsheet or a wrong encoding destroyed cannot be repaired here, only named."""
    coded = sheet.indexes(CODES)
    for lot in batched(rows, TOGETHER):
        for row in lot:
            row.text = "\n" + "\n".join(row.cells)
        texts = [row.text for row in lot]
        joined = "".join(texts)
        if any(map(joined.__contains__, ODD)) or max(map(len, texts)) > LARGEST_CELL:
            for row in filter(_is_odd, lot):
                _name_damage(row, sheet, coded)
        yield from lot


def _is_odd(row: Row) -> bool:
    return any(map(row.text.__contains__, LOOK_CLOSER)) or len(row.text) > LARGEST_CELL


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
        elif cell.startswith(FORMULA) and cell not in UNFILLED:
            row.doubt(title, cell, f"以“{cell[0]}”开头，已按文字保存，请核对")


def parse(rows: Iterable[Row], sheet: Sheet) -> Iterator[Row]:
    """Each cell by the reader of its column; what a column repeats is read once.

    Words come in few combinations, so those of a row are mostly found with one look.
    """
    fields = [column.field for column in sheet.columns]
    few, many = _readers(sheet)
    needed = [n for n, column in enumerate(sheet.columns) if column.reader is needed_text]
    order = {column.headers[0]: place for place, column in enumerate(sheet.columns)}
    combined = itemgetter(*(index for index, _, _ in few)) if few else tuple
    known_words: dict[Any, dict[str, Any]] = {}
    for row in rows:
        cells = row.cells
        row.values = dict(zip(fields, cells, strict=True))
        for index in needed:
            if not cells[index]:
                _read(row, index, sheet.columns[index], {})
        words = known_words.get(key := combined(cells))
        if words is None or row.problems:
            words = _read_all(row, few)
            if not row.problems and len(known_words) < KEPT:
                known_words[key] = words
        row.values.update(words)
        _read_own(row, many)
        if row.problems or row.line[0].startswith(SAMPLE):
            row.problems = sorted(row.problems, key=lambda problem: order[problem.column])
            _set_aside(row, sheet)
        yield row


# The place of a column, the column, and the values of cells that were read before.
_Reader = tuple[int, Column, dict[str, Any]]


def _readers(sheet: Sheet) -> tuple[list[_Reader], list[_Reader]]:
    """Columns of words, and those in which nearly every row has a value of its own."""
    found: list[_Reader] = [
        (index, column, {})
        for index, column in enumerate(sheet.columns)
        if column.reader not in (text, needed_text)
    ]
    return [r for r in found if r[1].words], [r for r in found if not r[1].words]


def _read_all(row: Row, readers: Iterable[_Reader]) -> dict[str, Any]:
    return {column.field: _read(row, index, column, known) for index, column, known in readers}


def _read_own(row: Row, readers: Iterable[_Reader]) -> None:
    """Columns in which nearly every row has a value of its own, most of them in order."""
    cells, values = row.cells, row.values
    for index, column, known in readers:
        cell = cells[index]
        if cell in known or row.problems:
            values[column.field] = _read(row, index, column, known)
            continue
        try:
            values[column.field] = value = column.reader(cell)
        except ValueError:
            values[column.field] = _read(row, index, column, known)
        else:
            if len(known) < KEPT:
                known[cell] = value


def _read(row: Row, index: int, column: Column, known: dict[str, Any]) -> Any:
    """The value of one cell, kept for the next of its kind; None with a problem where it has none.

    Values are shared between rows, so nobody changes one in place.
    """
    cell, title = row.cells[index], column.headers[0]
    if cell in known:
        return known[cell]
    if row.problems and row.is_at_fault(title):
        return None
    try:
        value = _value(row, cell, column)
    except ValueError as error:
        row.fault(title, cell, str(error))
        return None
    if len(known) < KEPT:
        known[cell] = value
    return value


def _value(row: Row, cell: str, column: Column) -> Any:
    """What the reader makes of it; short forms and strokes for nothing are told where they come up.

    The text itself stays in the file; ValueError where it means neither.
    """
    title = column.headers[0]
    try:
        value = column.reader(cell)
    except ValueError:
        if cell not in UNFILLED:
            raise
        value = column.reader("")
        row.doubt(title, cell, f"“{cell}”按没有填写读入{ONCE}")
        return value
    if column.words and cell and (says := column.told(cell)):
        row.doubt(title, cell, f"{says}{ONCE}")
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
            if value and (says := judge(value, values)) and not row.is_at_fault(title):
                row.doubt(title, str(value), says if says.startswith(title) else f"：{says}")
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


def batched(rows: Iterable[Row], size: int) -> Iterator[Sequence[Row]]:
    """Rows in lots of a size, the last one shorter."""
    iterator = iter(rows)
    while lot := list(islice(iterator, size)):
        yield lot
