"""A workbook's rows as a program of its own reads them: harm done by a file ends that one."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from gongchou.core.refusals import Invalid
from gongchou.registry.importing.opener import CELL, LENGTH, MOST_CELLS, NO_TABLE, ROW, UNSEEN
from gongchou.registry.importing.texts import Cells, check_width

OPENER = Path(__file__).with_name("opener.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A sheet that was not read: its number, its title and how many rows it has."""

    number: int
    title: str
    rows: int


@dataclass(slots=True)
class Beside:
    """What is known of a workbook when all rows of one sheet were read.

    `is_blind` where not all of the other sheets could be looked at.
    """

    title: str = ""
    is_blind: bool = False
    others: list[Other] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one sheet, and what stands beside it; a text has nothing beside it."""

    rows: Iterator[Cells]
    beside: Beside | None = None


def opened_apart(content: bytes, name: str, number: int) -> Table:
    beside = Beside()
    return Table(_rows(content, name, number, beside), beside)


def _rows(content: bytes, name: str, number: int, beside: Beside) -> Iterator[Cells]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        command = [sys.executable, "-I", str(OPENER), str(number)]
        with subprocess.Popen(
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as opener:
            try:
                yield from _rows_from(opener, name, beside)
            finally:
                opener.kill()


def _rows_from(opener: subprocess.Popen[bytes], name: str, beside: Beside) -> Iterator[Cells]:
    assert opener.stdout is not None
    with opener.stdout as out:
        height, width, title = _three(out.readline())
        beside.title = title
        _check_extent(height, width, name)
        while lot := _lot(out):
            for row in lot.decode().split(ROW):
                yield row.split(CELL)
        for line in out:
            place, rows, title = _three(line)
            if place == UNSEEN:
                beside.is_blind = True
            elif title:
                beside.others.append(Other(number=place, title=title, rows=rows))
    status = opener.wait()
    if status:
        raise _unopened(name, status)


def _lot(out: IO[bytes]) -> bytes:
    """The next lot of rows; nothing at the end, also where the other program ended within one."""
    digits = out.read(LENGTH)
    length = int(digits) if len(digits) == LENGTH else 0
    lot = out.read(length) if length else b""
    return lot if len(lot) == length else b""


def _three(line: bytes) -> tuple[int, int, str]:
    """Two numbers and a title; nothing where the other program did not come to say them."""
    whole = line.decode().removesuffix("\n") if line.endswith(b"\n") else "0 0 "
    first, second, title = whole.split(" ", 2)
    return int(first), int(second), title


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
