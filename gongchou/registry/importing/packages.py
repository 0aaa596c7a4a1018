"""A workbook looked at from outside, before anything of it is unpacked into memory."""

import io
import zipfile
import zlib
from collections.abc import Sequence

from gongchou.core.refusals import Invalid

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
LARGEST_UNPACKED = 400 * 2**20
LARGEST_RATIO = 100
MOST_PARTS = 2_000
MACROS = ("Basic/", "xl/macrosheets/")
PIECE, BEGINNING = 2**16, 2**18
# Of a zip: the bit that says a part is encrypted, and what stands before each part.
ENCRYPTED, HEAD_OF_PART = 0x1, 30
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def check_zip(content: bytes, name: str) -> None:
    """A zip of known parts, modest size and a modest number of cells."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Invalid(f"“{name}”已损坏，打不开。请重新导出后再导入。") from error
    parts = archive.infolist()
    _check_kind(parts, name)
    _check_size(parts, content, name)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _check_part(archive, part, name)


def _check_kind(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise Invalid(f"“{name}”是二进制工作簿（.xlsb），请另存为 .xlsx 后再导入。")
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise Invalid(f"“{name}”是压缩包而不是表格，请解压后选择其中的 .xlsx 或 .csv 文件。")
    if len(names) < len(parts):
        raise Invalid(f"“{name}”里有重名的部分，不是正常的表格，请用表格软件另存后再导入。")
    if any(_leads_out(part) for part in names):
        raise Invalid(f"“{name}”里有指向别处的路径，不是正常的表格，请用表格软件另存后再导入。")
    if any(part.endswith("vbaProject.bin") or part.startswith(MACROS) for part in names):
        raise Invalid(f"“{name}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise _locked(name)


def _leads_out(part: str) -> bool:
    """Nothing is ever written where a part says, and whoever says so means harm."""
    return part.startswith("/") or "\\" in part or ":" in part or ".." in part.split("/")


def _check_size(parts: Sequence[zipfile.ZipInfo], content: bytes, name: str) -> None:
    """By what the archive says of itself: what it really holds the opener bears or not."""
    unpacked = sum(part.file_size for part in parts)
    is_dense = unpacked > LARGEST_RATIO * len(content)
    if unpacked > LARGEST_UNPACKED or is_dense or len(parts) > MOST_PARTS:
        raise _too_large(name)
    end = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise Invalid(f"“{name}”的各部分互相重叠，不是正常的表格，请用表格软件另存后再导入。")
        end = part.header_offset + HEAD_OF_PART + len(part.filename.encode()) + part.compress_size


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """No definitions and no encryption: of a long part its beginning, where they stand.

    The rest is unpacked once only, by the program that opens workbooks within its limits.
    """
    length = 0
    try:
        with archive.open(part) as file:
            while length < BEGINNING and (piece := file.read(PIECE)):
                length += len(piece)
                if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                    raise Invalid(f"“{name}”含有表格不该有的定义（DOCTYPE），请另存后再导入。")
                if b"encryption-data" in piece:
                    raise _locked(name)
    except UNREADABLE as error:
        raise Invalid(f"“{name}”已损坏，打不开。请重新导出后再导入。") from error


def _too_large(name: str) -> Invalid:
    return Invalid(f"“{name}”解开后过大，不像正常的名册。请另存为 .csv 后再导入。")


def _locked(name: str) -> Invalid:
    return Invalid(f"“{name}”设有密码，请在表格软件中取消密码后另存，再导入。")


def check_ole(content: bytes, name: str) -> None:
    """The older form of workbook: no password, no macros."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _locked(name)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Invalid(f"“{name}”带有宏，请另存为不带宏的 .xlsx 后再导入。")
