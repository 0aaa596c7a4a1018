"""Rows of a text file: its encoding found by itself, read line by line whatever its size."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import BinaryIO, TextIO

from gongchou.core.refusals import Invalid

Cells = list[str]
Open = Callable[[], BinaryIO]
LARGEST_TEXT = 1 * 2**30
LARGEST_WIDTH = 500
# A row of a roster has a few hundred characters; a file without ends of lines has all in one.
LONGEST_LINE = 2**20
# So many lines may stand within the quotes of one row.
MOST_LINES = 1000
TAKE = 2**20
# A cell is judged with its row; the reader itself takes whatever a line can hold.
csv.field_size_limit(MOST_LINES * LONGEST_LINE)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_rows(opened: Open, size: int, name: str) -> Iterator[Cells]:
    """The rows of a csv; Invalid with the remedy where it is none."""
    if size > LARGEST_TEXT:
        raise Invalid(f"文件“{name}”超过 1 GB，请拆分后分次导入。")
    encoding = _encoding(opened, name)
    with io.TextIOWrapper(opened(), encoding=encoding, newline="") as text:
        separator = _separator(text.readline(LONGEST_LINE))
        text.seek(0)
        lines = _Lines(text, name)
        try:
            for row in csv.reader(lines, strict=True, delimiter=separator):
                lines.within = 0
                check_width(len(row), name)
                yield row
        except csv.Error as error:
            raise lines.unpaired() from error


def check_width(width: int, name: str) -> None:
    if width > LARGEST_WIDTH:
        raise Invalid(
            f"“{name}”有 {width} 列，超过 {LARGEST_WIDTH} 列，不像正常的名册。请删去右边的空白列。"
        )


class _Lines:
    """The lines of a text, none longer and no more of them within one row than a roster has."""

    def __init__(self, text: TextIO, name: str) -> None:
        self._text, self._name = text, name
        self.number = 0
        self.within = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.within += 1
        if len(line) == LONGEST_LINE:
            raise Invalid(
                f"“{self._name}”第 {self.number} 行超过一百万字，不像名册的一行，"
                "请用表格软件重新导出。"
            )
        if self.within > MOST_LINES:
            raise self.unpaired()
        return line

    def unpaired(self) -> Invalid:
        """Where the row begins that does not end: there the officer finds the stray quote."""
        begun = max(1, self.number - self.within + 1)
        return Invalid(
            f"“{self._name}”从第 {begun} 行起引号或分隔符不成对（读到第 {self.number} 行），"
            f"请核对第 {begun} 行的引号，或者用表格软件重新导出后再导入。"
        )


def _separator(line: str) -> str:
    return max(",\t;", key=line.count)


def _encoding(opened: Open, name: str) -> str:
    """Found by reading the file through once, piece by piece."""
    with opened() as file:
        head = file.read(TAKE)
    if head[:2] in _UTF16:
        if _faulty_line(opened, "utf-16", name):
            raise _unknown(name)
        return "utf-16"
    wrong = _faulty_line(opened, "utf-8-sig", name)
    if not wrong:
        return "utf-8-sig"
    if _begins_in_utf8(head):
        raise Invalid(
            f"“{name}”第 {wrong} 行的文字编码混乱（前面是 UTF-8），请从原系统重新导出后再导入。"
        )
    if _faulty_line(opened, "gb18030", name):
        raise _unknown(name)
    return "gb18030"


def _faulty_line(opened: Open, encoding: str, name: str) -> int:
    """The first line that is not in this encoding, 0 where all are."""
    number = 1
    decoder = codecs.getincrementaldecoder(encoding)()
    with opened() as file:
        while piece := file.read(TAKE):
            try:
                text = decoder.decode(piece)
            except UnicodeDecodeError as error:
                return number + error.object[: error.start].count(b"\n")
            if "\x00" in text:
                raise Invalid(f"“{name}”不是表格文件，请选择 .xlsx、.xls、.et、.ods 或 .csv。")
            number += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return number
    return 0


def _begins_in_utf8(head: bytes) -> bool:
    """Whether the first line that has more than ASCII is UTF-8: Chinese in GB18030 never is."""
    line = next((line for line in head.splitlines() if not line.isascii()), b"")
    try:
        return bool(line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _unknown(name: str) -> Invalid:
    return Invalid(f"“{name}”的文字编码认不出来，请另存为 UTF-8 编码的 .csv。")
