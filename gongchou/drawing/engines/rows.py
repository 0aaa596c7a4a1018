"""Rows in a text file, one a line: pid, a tab, the stratum. Never held in memory as a whole."""

import re
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from gongchou.core.refusals import Invalid
from gongchou.drawing.engines.manner import Rows

BLOCK = 1 << 20
LINE = re.compile(rb"^([0-9A-Za-z-]{1,23})\t([!-~][ -~]*)$", re.MULTILINE)
Pairs = list[tuple[bytes, bytes]]


class RowFile(Collection[tuple[str, str]]):
    """The rows of a file, read anew each time somebody walks over them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def raw(self) -> Iterator[bytes]:
        """Whole lines, about a megabyte at a time; each ends with a line feed."""
        with self.path.open("rb") as lines:
            while block := lines.read(BLOCK):
                block += lines.readline()
                yield block if block.endswith(b"\n") else block + b"\n"

    def blocks(self) -> Iterator[Pairs]:
        """The rows of each block as bytes; Invalid with the number of the first broken line."""
        before = 0
        for block in self.raw():
            found, lines = LINE.findall(block), block.count(b"\n")
            if len(found) != lines:
                raise Invalid(
                    f"“{self.path.name}”第 {before + _broken(block)} 行应为编号、制表符、层，"
                    "请核对这一行。"
                )
            before += lines
            yield found

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for block in self.blocks():
            for pid, stratum in block:
                yield pid.decode(), stratum.decode()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)


def _broken(block: bytes) -> int:
    """The place, from 1, of the first line that is none."""
    lines: Iterable[bytes] = block.split(b"\n")
    return next(n for n, line in enumerate(lines, start=1) if not LINE.fullmatch(line))


def blocks_of(rows: Rows) -> Iterator[Pairs]:
    """Rows as bytes, many at a time."""
    if isinstance(rows, RowFile):
        yield from rows.blocks()
        return
    walk = iter(rows)
    while part := [(pid.encode(), stratum.encode()) for pid, stratum in islice(walk, 8192)]:
        yield part


@contextmanager
def as_file(rows: Rows) -> Iterator[Path]:
    """The rows in a file, for engines that read files faster than values."""
    if isinstance(rows, RowFile):
        yield rows.path
        return
    with tempfile.TemporaryDirectory(prefix="gongchou-rows-") as folder:
        path = Path(folder) / "rows.tsv"
        with path.open("w", encoding="ascii") as out:
            out.writelines(f"{pid}\t{stratum}\n" for pid, stratum in rows)
        yield path
