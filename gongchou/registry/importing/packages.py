"""A workbook looked at from outside, before anything of it is unpacked into memory."""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence

from gongchou.core.refusals import Invalid

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED = 400 * 2**20
LARGEST_RATIO = 100
MOST_PARTS = 2_000
MOST_CELLS = 30_000_000
PIECE = 2**20
# Of a zip: the bit that says a part is encrypted, and what stands before each part.
ENCRYPTED, HEAD_OF_PART = 0x1, 30
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
_ROW = re.compile(rb'<row [^>]*?r="(\d+)"')
# Most cells say where they stand before anything else; the others are looked at more closely.
_FAR = re.compile(rb'<c r="([A-Z]{2,3})\d')
_ODD = re.compile(rb'<c (?!r="[A-Z]+\d)[^>]*?r="([A-Z]{2,3})\d')
_REPEATED = re.compile(rb'number-rows-repeated="(\d+)"[^>]*><table:table-cell [^>]*value')


def check_zip(content: bytes, name: str) -> None:
    """A zip of known parts, modest size and a modest number of cells."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Invalid(f"“{name}”已损坏，打不开。请重新导出后再导入。") from error
    parts = archive.infolist()
    _check_kind(parts, name)
    _check_size(parts, content, name)
    budget = LARGEST_UNPACKED
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            budget -= _check_part(archive, part, name)
            if budget < 0:
                raise _too_large(name)


def _check_kind(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise Invalid(f"“{name}”是二进制工作簿（.xlsb），请另存为 .xlsx 后再导入。")
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise Invalid(f"“{name}”是压缩包而不是表格，请解压后选择其中的 .xlsx 或 .csv 文件。")
    if any(part.endswith("vbaProject.bin") or part.startswith("Basic/") for part in names):
        raise Invalid(f"“{name}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise _locked(name)


def _check_size(parts: Sequence[zipfile.ZipInfo], content: bytes, name: str) -> None:
    """By what the archive says of itself: what it really holds is counted on the way."""
    unpacked = sum(part.file_size for part in parts)
    is_dense = unpacked > LARGEST_RATIO * len(content)
    if unpacked > LARGEST_UNPACKED or is_dense or len(parts) > MOST_PARTS:
        raise _too_large(name)
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise Invalid(f"“{name}”的各部分互相重叠，不是正常的表格，请用表格软件另存后再导入。")
        end = part.header_offset + HEAD_OF_PART + len(part.filename.encode()) + part.compress_size


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> int:
    """How long one part really is; one cell far out makes a reader allot every cell before it."""
    is_sheet = part.filename.startswith(("xl/worksheets/", "content.xml"))
    rows, width, length = 1, 26, 0
    try:
        with archive.open(part) as file:
            while piece := file.read(PIECE):
                length += len(piece)
                if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                    raise Invalid(f"“{name}”含有表格不该有的定义（DOCTYPE），请另存后再导入。")
                if b"encryption-data" in piece:
                    raise _locked(name)
                if is_sheet:
                    rows, width = _extent(piece, rows, width)
    except UNREADABLE as error:
        raise Invalid(f"“{name}”已损坏，打不开。请重新导出后再导入。") from error
    if rows * width > MOST_CELLS:
        raise Invalid(
            f"“{name}”的内容伸展到第 {rows} 行、第 {width} 列，不像正常的名册。"
            "请删去下方和右边的空白行列，另存后再导入。"
        )
    return length


def _extent(piece: bytes, rows: int, width: int) -> tuple[int, int]:
    """The lowest row and the furthest column that were named so far."""
    rows = max([rows, *map(int, _ROW.findall(piece))])
    far = {*_FAR.findall(piece), *_ODD.findall(piece)}
    return rows + sum(map(int, _REPEATED.findall(piece))), max([width, *map(_place, far)])


def _too_large(name: str) -> Invalid:
    return Invalid(f"“{name}”解开后过大，不像正常的名册。请另存为 .csv 后再导入。")


def _locked(name: str) -> Invalid:
    return Invalid(f"“{name}”设有密码，请在表格软件中取消密码后另存，再导入。")


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def check_ole(content: bytes, name: str) -> None:
    """The older form of workbook: no password, no macros."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked(name)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Invalid(f"“{name}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
