"""From the bytes of a file to a grid of texts; whatever is no table is refused with the remedy."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from gongchou.core.refusals import Invalid

Grid = list[list[str]]
LARGEST_FILE = 50 * 2**20
LARGEST_UNPACKED = 200 * 2**20
LARGEST_RATIO = 100
LARGEST_CELL = 10_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_grid(content: bytes, filename: str) -> Grid:
    """All cells of the first sheet as text, row by row."""
    if not content.strip():
        raise Invalid(f"文件“{filename}”是空的，请选择有内容的名册文件。")
    if len(content) > LARGEST_FILE:
        raise Invalid(f"文件“{filename}”超过 50 MB，请拆分后分次导入。")
    if filename.lower().endswith((".xlsm", ".xlsb", ".xltm")):
        raise Invalid(f"“{filename}”是带宏的工作簿，请另存为 .xlsx 后再导入。")
    if content[:4] == ZIP:
        _check_zip(content, filename)
        return _workbook(content, filename)
    if content[:4] == OLE:
        return _workbook(content, filename)
    return list(_csv(content, filename))


def _check_zip(content: bytes, filename: str) -> None:
    """A workbook is a zip of known parts and modest size; look before anything is unpacked."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise Invalid(f"“{filename}”已损坏，打不开。请重新导出后再导入。") from error
    names = {part.filename for part in parts}
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise Invalid(f"“{filename}”是压缩包而不是表格，请解压后选择其中的 .xlsx 或 .csv 文件。")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Invalid(f"“{filename}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or unpacked > LARGEST_RATIO * len(content):
        raise Invalid(f"“{filename}”解开后过大，不像正常的名册。请另存为 .csv 后再导入。")


def _workbook(content: bytes, filename: str) -> Grid:
    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_text(cell) for cell in row] for row in rows.to_python(skip_empty_area=False)]
    except (CalamineError, IndexError) as error:
        raise Invalid(
            f"“{filename}”打不开：可能设有密码、已损坏或不是表格。请取消密码并另存为 .xlsx。"
        ) from error


def _text(cell: object) -> str:
    """A cell as the officer sees it: whole numbers without a tail, dates as 2024-03-28."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _csv(content: bytes, filename: str) -> Iterator[list[str]]:
    text = _decoded(content, filename)
    if "\x00" in text:
        raise Invalid(f"“{filename}”不是表格文件，请选择 .xlsx、.xls、.ods 或 .csv。")
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise Invalid(
            f"“{filename}”的引号或分隔符不成对，请用表格软件重新导出。（{error}）"
        ) from error


def _decoded(content: bytes, filename: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(f"“{filename}”的文字编码认不出来，请另存为 UTF-8 编码的 .csv。")
