"""A program of its own that opens a workbook from standard input and writes its rows as text.

A workbook can be made so that its reader asks for all memory or never ends. Here that ends this
process alone, within limits; the one that asked goes on. It needs nothing of the product:

    python -I opener.py < 名册.xlsx

First a line with the height and the width of the sheet; then lots of rows, each lot after its
length in bytes, in ten digits. Between rows stands ROW, between cells CELL.
"""

import gc
import io
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook

Cells = list[str]
# The separators of ASCII for this; no document of a spreadsheet may contain them.
CELL, ROW = "\x1f", "\x1e"
LOT, LENGTH = 500, 10
MEMORY, SECONDS = 3 * 2**30, 120
MOST_CELLS = 30_000_000
# The status that says: this is no table that can be opened.
NO_TABLE = 3
# Rows in which titles and headers stand.
HEAD = 10
# A spreadsheet keeps fifteen digits of a number; what is longer is no longer what was typed.
EXACT = 10**15
_GAPS = str.maketrans({CELL: " ", ROW: " "})


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        write(book.get_sheet_by_index(0), sys.stdout.buffer)
    except BrokenPipeError:
        return 0
    except BaseException:  # also what the reader raises when it gives up on itself
        return NO_TABLE
    return 0


def write(sheet: CalamineSheet, out: BinaryIO) -> None:
    """The extent, then the rows lot by lot; nothing more where the extent is beyond measure."""
    lowest, furthest = sheet.end or (0, 0)
    out.write(f"{lowest + 1} {furthest + 1}\n".encode())
    if (lowest + 1) * (furthest + 1) > MOST_CELLS:
        return
    rows = rows_of(sheet)
    while lot := [_line(cells) for cells in islice(rows, LOT)]:
        text = ROW.join(lot).encode("utf-8", "replace")
        out.write(f"{len(text):{LENGTH}}".encode() + text)
    out.flush()


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
        cells = [cell if cell.__class__ is str else text_of(cell) for cell in row]
        if ends:
            _fill_merged(cells, number, ends, above)
        yield cells


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
