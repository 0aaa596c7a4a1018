"""From a file to rows of texts, one at a time; whatever is no table is refused with the remedy."""

import codecs
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gongchou.core.refusals import Invalid
from gongchou.registry.importing.opened import Table, opened_apart
from gongchou.registry.importing.packages import OLE, ZIP, check_ole, check_zip
from gongchou.registry.importing.texts import Cells, text_rows

LARGEST_WORKBOOK = 50 * 2**20
LARGEST_CELL = 10_000
TAKE = 2**20


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
    return table_of(source).rows


def table_of(source: Source, number: int = 0) -> Table:
    """One sheet of a file: of a workbook the one of this number among those an officer sees."""
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
        return _workbook(source, number, is_zip=magic[:4] == ZIP)
    return Table(text_rows(source.open, source.size, source.name))


def _workbook(source: Source, number: int, *, is_zip: bool) -> Table:
    if source.size > LARGEST_WORKBOOK:
        raise Invalid(f"文件“{source.name}”超过 50 MB，请拆分后分次导入，或者另存为 .csv。")
    with source.open() as file:
        content = file.read()
    (check_zip if is_zip else check_ole)(content, source.name)
    return opened_apart(content, source.name, number)
