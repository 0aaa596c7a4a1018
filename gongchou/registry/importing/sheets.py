"""From a file to rows of texts, one at a time; whatever is no table is refused with the remedy."""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from gongchou.core.refusals import Invalid
from gongchou.registry.importing.packages import OLE, ZIP, check_ole, check_zip

Cells = list[str]
LARGEST_WORKBOOK = 50 * 2**20
LARGEST_TEXT = 1 * 2**30
LARGEST_CELL = 10_000
LARGEST_WIDTH = 500
TAKE = 2**20
# Rows in which titles and headers stand.
HEAD = 10
# A spreadsheet keeps fifteen digits of a number; what is longer is no longer what was typed.
EXACT = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to import: its bytes as uploaded, or its place on this machine."""

    name: str
    content: bytes | Path

    def open(self) -> BinaryIO:
        if isinstance(self.content, bytes):
            return io.BytesIO(self.content)
        return self.content.open("rb")

    @property
    def size(self) -> int:
        if isinstance(self.content, bytes):
            return len(self.content)
        return self.content.stat().st_size

    def sha256(self) -> str:
        digest = hashlib.sha256()
        with self.open() as file:
            while piece := file.read(TAKE):
                digest.update(piece)
        return digest.hexdigest()


def rows_of_file(source: Source) -> Iterator[Cells]:
    """The first sheet's rows as texts; a text file is read as it is needed."""
    with source.open() as file:
        magic = file.read(8)
        if not magic.strip() and not file.read(TAKE).strip():
            raise Invalid(f"文件“{source.name}”是空的，请选择有内容的名册文件。")
    if source.name.lower().endswith((".xlsm", ".xlsb", ".xltm", ".xlam")):
        raise Invalid(f"“{source.name}”是带宏的工作簿，请另存为 .xlsx 后再导入。")
    if magic[:4] in (ZIP, OLE):
        return _workbook(source, is_zip=magic[:4] == ZIP)
    return _text_rows(source)


def _workbook(source: Source, *, is_zip: bool) -> Iterator[Cells]:
    if source.size > LARGEST_WORKBOOK:
        raise Invalid(f"文件“{source.name}”超过 50 MB，请拆分后分次导入，或者另存为 .csv。")
    with source.open() as file:
        content = file.read()
    (check_zip if is_zip else check_ole)(content, source.name)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, IndexError) as error:
        raise Invalid(
            f"“{source.name}”打不开：可能设有密码、已损坏或不是表格。请取消密码并另存为 .xlsx。"
        ) from error
    _check_width(sheet.total_width, source.name)
    return _sheet_rows(sheet)


def _check_width(width: int, name: str) -> None:
    if width > LARGEST_WIDTH:
        raise Invalid(
            f"“{name}”有 {width} 列，超过 {LARGEST_WIDTH} 列，不像正常的名册。请删去右边的空白列。"
        )


def _sheet_rows(sheet: CalamineSheet) -> Iterator[Cells]:
    """Rows as the officer numbers them; a merged cell says its text in every row it covers."""
    left = (sheet.start or (0, 0))[1]
    ends = {
        (row, column - left): (last_row, last_column - left)
        for (row, column), (last_row, last_column) in sheet.merged_cell_ranges or ()
    }
    above: dict[int, tuple[int, str]] = {}
    for number, row in enumerate(sheet.iter_rows()):
        cells = [cell if cell.__class__ is str else _text(cell) for cell in row]
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


def _text(cell: object) -> str:
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


def _text_rows(source: Source) -> Iterator[Cells]:
    if source.size > LARGEST_TEXT:
        raise Invalid(f"文件“{source.name}”超过 1 GB，请拆分后分次导入。")
    encoding = _encoding(source)
    with io.TextIOWrapper(source.open(), encoding=encoding, newline="") as text:
        separator = _separator(text.readline())
        text.seek(0)
        try:
            yield from csv.reader(text, strict=True, delimiter=separator)
        except csv.Error as error:
            raise Invalid(
                f"“{source.name}”的引号或分隔符不成对，请用表格软件重新导出。（{error}）"
            ) from error


def _separator(line: str) -> str:
    return max(",\t;", key=line.count)


def _encoding(source: Source) -> str:
    """Found by reading the file through once, piece by piece."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with io.TextIOWrapper(source.open(), encoding=encoding, newline="") as text:
                while piece := text.read(TAKE):
                    if "\x00" in piece:
                        raise Invalid(
                            f"“{source.name}”不是表格文件，请选择 .xlsx、.xls、.et、.ods 或 .csv。"
                        )
            return encoding
        except UnicodeDecodeError:
            continue
    raise Invalid(f"“{source.name}”的文字编码认不出来，请另存为 UTF-8 编码的 .csv。")
