"""From a file to rows of texts, one at a time; whatever is no table is refused with the remedy."""

import codecs
import hashlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gongchou.core.refusals import Invalid
from gongchou.registry.importing.opener import CELL, LENGTH, MOST_CELLS, NO_TABLE, ROW
from gongchou.registry.importing.packages import OLE, ZIP, check_ole, check_zip
from gongchou.registry.importing.texts import Cells, check_width, text_rows

LARGEST_WORKBOOK = 50 * 2**20
LARGEST_CELL = 10_000
TAKE = 2**20
OPENER = Path(__file__).with_name("opener.py")


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
        magic = file.read(32)
        if not magic.strip() and not file.read(TAKE).strip():
            raise Invalid(f"文件“{source.name}”是空的，请选择有内容的名册文件。")
    if source.name.lower().endswith((".xlsm", ".xlsb", ".xltm", ".xlam")):
        raise Invalid(f"“{source.name}”是带宏的工作簿，请另存为 .xlsx 后再导入。")
    if magic.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise Invalid(
            f"“{source.name}”其实是网页或 XML，只是用了表格的扩展名。"
            "请用表格软件打开，另存为 .xlsx 后再导入。"
        )
    if magic[:4] in (ZIP, OLE):
        return _workbook(source, is_zip=magic[:4] == ZIP)
    return text_rows(source.open, source.size, source.name)


def _workbook(source: Source, *, is_zip: bool) -> Iterator[Cells]:
    if source.size > LARGEST_WORKBOOK:
        raise Invalid(f"文件“{source.name}”超过 50 MB，请拆分后分次导入，或者另存为 .csv。")
    with source.open() as file:
        content = file.read()
    (check_zip if is_zip else check_ole)(content, source.name)
    return _opened_apart(content, source.name)


def _opened_apart(content: bytes, name: str) -> Iterator[Cells]:
    """The rows as a program of its own reads them: a file made to harm ends that one, not us."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        command = [sys.executable, "-I", str(OPENER)]
        with subprocess.Popen(
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as opener:
            try:
                yield from _rows_from(opener, name)
            finally:
                opener.kill()


def _rows_from(opener: subprocess.Popen[bytes], name: str) -> Iterator[Cells]:
    assert opener.stdout is not None
    with opener.stdout as out:
        extent = out.readline().split()
        if extent:
            _check_extent(int(extent[0]), int(extent[1]), name)
        while len(length := out.read(LENGTH)) == LENGTH:
            for row in out.read(int(length)).decode().split(ROW):
                yield row.split(CELL)
    status = opener.wait()
    if status:
        raise _unopened(name, status)


def _check_extent(height: int, width: int, name: str) -> None:
    """One cell far out makes every cell before it a part of the sheet."""
    if height * width > MOST_CELLS:
        raise Invalid(
            f"“{name}”的内容伸展到第 {height} 行、第 {width} 列，不像正常的名册。"
            "请删去下方和右边的空白行列，另存后再导入。"
        )
    check_width(width, name)


def _unopened(name: str, status: int) -> Invalid:
    if status == NO_TABLE:
        return Invalid(
            f"“{name}”打不开：可能设有密码、已损坏或不是表格。请取消密码并另存为 .xlsx。"
        )
    return Invalid(
        f"“{name}”的内部结构异常或者内容伸展得过远，读取时已被中止。"
        "请用表格软件打开，删去下方和右边的空白行列，另存后再导入。"
    )
