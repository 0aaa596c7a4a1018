"""A frozen table as a file that another installation can check: its bytes and their digest."""

import base64
import binascii
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from openpyxl import load_workbook

from gongchou.core.canon import HASHES
from gongchou.core.refusals import Invalid
from gongchou.core.terms import StatisticsVersion
from gongchou.reporting.body import TableBody, thawed
from gongchou.reporting.reads import VersionPage

SHEET, CHUNK = "校验", 30_000
LARGEST, LARGEST_UNPACKED = 20 * 2**20, 200 * 2**20
NOT_OURS = "这个文件不是本系统导出的统计表，没有导入。请让区县重新下载 xlsx 或 JSON 后再报。"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTable:
    """What a file says: which table it is, and its content, whose digest was checked."""

    ref: str
    number: int
    version: StatisticsVersion
    reason: str
    digest: str
    content: bytes
    body: TableBody


def sealed_text(found: VersionPage, content: bytes) -> str:
    """The table in one JSON text."""
    return json.dumps(
        {
            "ref": found.ref,
            "number": found.number,
            "version": found.version.value,
            "reason": found.reason,
            "digest": found.digest,
            "body": base64.b64encode(content).decode(),
        },
        ensure_ascii=False,
        sort_keys=True,
    )


def chunks(text: str) -> list[str]:
    """In pieces that a cell can hold."""
    return [text[n : n + CHUNK] for n in range(0, len(text), CHUNK)]


def opened(content: bytes) -> SealedTable:
    """The table of a file, xlsx or JSON; Invalid where its digest is not that of its content."""
    if len(content) > LARGEST:
        raise Invalid("文件超过 20 MB，没有导入。请核对是否选错了文件。")
    text = _of_workbook(content) if content[:2] == b"PK" else content.decode("utf-8", "replace")
    try:
        found = json.loads(text)
        table = _table(found)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise Invalid(NOT_OURS) from error
    if HASHES["sha256"](table.content).hex() != table.digest:
        raise Invalid(
            f"统计表 {table.ref} 的内容与摘要不符，文件在导出以后被改动过，没有导入。"
            "请让区县重新下载后再报。"
        )
    return table


def _of_workbook(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_UNPACKED:
                raise Invalid(NOT_OURS)
        book = load_workbook(io.BytesIO(content), read_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Invalid(NOT_OURS) from error
    if SHEET not in book.sheetnames:
        raise Invalid(NOT_OURS)
    return "".join(str(row[0] or "") for row in book[SHEET].iter_rows(values_only=True))


def _table(found: dict[str, Any]) -> SealedTable:
    content = base64.b64decode(found["body"], validate=True)
    return SealedTable(
        ref=str(found["ref"])[:60],
        number=int(found["number"]),
        version=StatisticsVersion(found["version"]),
        reason=str(found["reason"])[:200],
        digest=str(found["digest"]),
        content=content,
        body=thawed(content),
    )
