"""A workbook looked at from outside, before anything of it is unpacked into memory."""

import io
import re
import zipfile

from gongchou.core.refusals import Invalid

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED = 400 * 2**20
LARGEST_RATIO = 100
MOST_PARTS = 2_000
MOST_CELLS = 30_000_000
PIECE = 2**20
_ROW = re.compile(rb'<row [^>]*?r="(\d+)"')
# Most cells say where they stand before anything else; the others are looked at more closely.
_FAR = re.compile(rb'<c r="([A-Z]{2,3})\d')
_ODD = re.compile(rb'<c (?!r="[A-Z]+\d)[^>]*?r="([A-Z]{2,3})\d')
_REPEATED = re.compile(rb'number-rows-repeated="(\d+)"[^>]*><table:table-cell [^>]*value')


def check_zip(content: bytes, name: str) -> None:
    """A zip of known parts, modest size and a modest number of cells."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise Invalid(f"“{name}”已损坏，打不开。请重新导出后再导入。") from error
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise Invalid(f"“{name}”是压缩包而不是表格，请解压后选择其中的 .xlsx 或 .csv 文件。")
    if any(part.endswith("vbaProject.bin") or part.startswith("Basic/") for part in names):
        raise Invalid(f"“{name}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
    unpacked = sum(part.file_size for part in parts)
    is_dense = unpacked > LARGEST_RATIO * len(content)
    if unpacked > LARGEST_UNPACKED or is_dense or len(parts) > MOST_PARTS:
        raise Invalid(f"“{name}”解开后过大，不像正常的名册。请另存为 .csv 后再导入。")
    for part in parts:
        if part.filename.startswith(("xl/worksheets/", "xl/sharedStrings", "content.xml")):
            _check_sheet(archive, part.filename, name)


def _check_sheet(archive: zipfile.ZipFile, part: str, name: str) -> None:
    """One cell far out makes a reader allot every cell before it: count rows times columns."""
    rows, width = 1, 26
    try:
        with archive.open(part) as file:
            while piece := file.read(PIECE):
                rows = max([rows, *map(int, _ROW.findall(piece))])
                far = {*_FAR.findall(piece), *_ODD.findall(piece)}
                width = max([width, *map(_place, far)])
                rows += sum(int(n) for n in _REPEATED.findall(piece))
    except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
        raise Invalid(f"“{name}”已损坏，打不开。请重新导出后再导入。") from error
    if rows * width > MOST_CELLS:
        raise Invalid(
            f"“{name}”的内容伸展到第 {rows} 行、第 {width} 列，不像正常的名册。"
            "请删去下方和右边的空白行列，另存后再导入。"
        )


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place


def check_ole(content: bytes, name: str) -> None:
    """The older form of workbook: no password, no macros."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Invalid(f"“{name}”设有密码，请在表格软件中取消密码后另存，再导入。")
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Invalid(f"“{name}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
