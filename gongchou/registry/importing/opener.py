"""A program of its own that opens a workbook from standard input and writes its rows as text.

A workbook can be made so that its reader asks for all memory or never ends. Here that ends this
process alone, within limits; the one that asked goes on. It needs nothing of the product:

    python -I opener.py 0 < 名册.xlsx

The number counts the sheets that an officer sees, from 0. First a line with the height and the
width of the sheet and its title; then lots of rows, each lot after its length in bytes, in ten
digits. Between rows stands ROW, between cells CELL. After a lot of no length follow the other
sheets that hold anything, a line each: number, height, title; the number UNSEEN stands for all
that could not be looked at, because one of them asks for too much.
"""

import gc
import io
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO, TypeGuard

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cells = list[str]
# The separators of ASCII for this; no document of a spreadsheet may contain them.
CELL, ROW = "\x1f", "\x1e"
LOT, LENGTH = 500, 10
MEMORY, SECONDS = 3 * 2**30, 120
# What a look at the other sheets may take at most.
LOOK_SECONDS = 20
UNSEEN = -1
MOST_CELLS = 30_000_000
# The status that says: this is no table that can be opened.
NO_TABLE = 3
# Rows in which titles and headers stand.
HEAD = 10
# A spreadsheet keeps fifteen digits of a number; what is longer is no longer what was typed.
EXACT = 10**15
ONLY_TEXTS = {str}
_GAPS = str.maketrans({CELL: " ", ROW: " "})


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        write_book(book, int(sys.argv[1]), sys.stdout.buffer)
    except BrokenPipeError:
        return 0
    except BaseException:  # also what the reader raises when it gives up on itself
        return NO_TABLE
    return 0


def write_book(book: CalamineWorkbook, number: int, out: BinaryIO) -> None:
    """One sheet with its rows, then what else there is."""
    tables = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    seen = [s.name for s in tables if s.visible == SheetVisibleEnum.Visible]
    titles = seen or book.sheet_names
    write(book.get_sheet_by_name(titles[number]), out)
    out.write(f"{0:{LENGTH}}".encode())
    out.flush()
    if not _looked_apart(book, titles, number, out):
        out.write(f"{UNSEEN} 0 \n".encode())
    out.flush()


def _looked_apart(book: CalamineWorkbook, titles: list[str], number: int, out: BinaryIO) -> bool:
    """A process of its own tells of the others: one with a stray cell far out ends only that."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (LOOK_SECONDS, LOOK_SECONDS))
        _write_others(book, titles, number, out)
        status = 0
    finally:
        os._exit(status)


def _write_others(book: CalamineWorkbook, titles: list[str], number: int, out: BinaryIO) -> None:
    """The extents of others tell enough; each line goes out before the next sheet is opened."""
    for place, title in enumerate(titles):
        end = book.get_sheet_by_name(title).end if place != number else None
        if end is not None:
            out.write(f"{place} {end[0] + 1} {_in_line(title)}\n".encode("utf-8", "replace"))
            out.flush()


def write(sheet: CalamineSheet, out: BinaryIO) -> None:
    """The extent, then the rows lot by lot; nothing more where the extent is beyond measure."""
    lowest, furthest = sheet.end or (0, 0)
    head = f"{lowest + 1} {furthest + 1} {_in_line(sheet.name)}\n"
    out.write(head.encode("utf-8", "replace"))
    if (lowest + 1) * (furthest + 1) > MOST_CELLS:
        return
    rows = rows_of(sheet)
    while lot := [_line(cells) for cells in islice(rows, LOT)]:
        text = ROW.join(lot).encode("utf-8", "replace")
        out.write(f"{len(text):{LENGTH}}".encode() + text)


def _in_line(title: str) -> str:
    return " ".join(title.split())


def _line(cells: Cells) -> str:
    line = CELL.join(cells)
    if line.count(CELL) != len(cells) - 1 or ROW in line:
        return CELL.join(cell.translate(_GAPS) for cell in cells)
    return line


def rows_of(sheet: CalamineSheet) -> Iterator[Cells]:
    """Rows as the officer numbers them; a merged cell says its text in every row it covers."""
    left = (sheet.start or (0, 0))[1]
    ends = {
        (row, column - left): (last_row, last_column - left)
        for (row, column), (last_row, last_column) in sheet.merged_cell_ranges or ()
    }
    above: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(sheet.iter_rows()):
        if not ends and _all_texts(row):
            yield row
            continue
        cells = [cell if cell.__class__ is str else text_of(cell) for cell in row]
        if ends:
            _fill_merged(cells, number, ends, above)
        yield cells


def _all_texts(row: Sequence[object]) -> TypeGuard[Cells]:
    """Most rows are, and need no look at each of their cells."""
    return set(map(type, row)) == ONLY_TEXTS


def _fill_merged(
    cells: Cells,
    number: int,
    ends: dict[tuple[int, int], tuple[int, int]],
    above: dict[int, tuple[int, str]],
) -> None:
    """Downwards for every row; sideways in the head of the sheet, where titles span columns."""
    for place, cell in enumerate(list(cells)):
        last_row, last_place = ends.get((number, place), (number, place))
        if not cell or (last_row, last_place) == (number, place):
            continue
        wide = range(place, min(last_place + 1, len(cells))) if number < HEAD else [place]
        for covered in wide:
            cells[covered] = cell
            above[covered] = (last_row, cell)
    for place, (last_row, text) in list(above.items()):
        if number > last_row:
            del above[place]
        elif not cells[place]:
            cells[place] = text


def text_of(cell: object) -> str:
    """A cell as the officer sees it: whole numbers without a tail, dates as 2024-03-28."""
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= EXACT:
        return f"{cell:.14E}"
    return str(int(cell)) if cell.is_integer() else str(cell)


if __name__ == "__main__":
    raise SystemExit(main())
