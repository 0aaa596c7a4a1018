"""Rows in a text file, one a line: pid, a tab, the stratum. Never held in memory as a whole."""

import re
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from string import ascii_letters, digits

from gongchou.core.refusals import Invalid
from gongchou.drawing.engines.manner import Rows

BLOCK = 1 << 14  # what the nearest memory of a processor holds, with its ids taken out
PID, STRATUM = rb"[0-9A-Za-z-]{1,23}", rb"\t[!-~][ -~]*+\n"
LINES, END = re.compile(rb"(?:" + PID + STRATUM + rb")*+"), re.compile(STRATUM)
PID_LETTERS, PID_LENGTHS = (ascii_letters + digits + "-").encode(), frozenset(range(1, 24))
Columns = tuple[list[bytes], list[bytes]]  # ids and strata, equally many
Part = tuple[bytes, list[bytes]]  # a stratum, and ids of it


class RowFile(Collection[tuple[str, str]]):
    """The rows of a file, read anew each time somebody walks over them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def raw(self) -> Iterator[bytes]:
        """Whole lines, a block at a time; each ends with a line feed."""
        with self.path.open("rb") as lines:
            while block := lines.read(BLOCK):
                block += lines.readline()
                yield block if block.endswith(b"\n") else block + b"\n"

    def by_stratum(self) -> Iterator[Part]:
        """The ids of one stratum after another, as bytes; Invalid names the first broken line.

        A block of one stratum, as most of a sorted file are, is cut where that stratum stands.
        """
        before = 0
        for block in self.raw():
            end = block[block.find(b"\t") : block.find(b"\n") + 1]
            pids = block[: -len(end)].split(end) if END.fullmatch(end) else []
            if block.endswith(end) and _are_ids(pids, block, end):
                yield end[1:-1], pids
            else:
                yield from apart(*self._columns(block, before))
            before += block.count(b"\n")

    def _columns(self, block: bytes, before: int) -> Columns:
        """The rows of a block that begins after `before` lines."""
        if not LINES.fullmatch(block):
            raise Invalid(
                f"“{self.path.name}”第 {before + _broken(block)} 行应为编号、制表符、层，"
                "请核对这一行。"
            )
        cells = block[:-1].replace(b"\n", b"\t").split(b"\t")
        return cells[::2], cells[1::2]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        before = 0
        for block in self.raw():
            for pid, stratum in zip(*self._columns(block, before), strict=True):
                yield pid.decode(), stratum.decode()
            before += block.count(b"\n")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)


def _broken(block: bytes) -> int:
    """The place, from 1, of the first line that is none."""
    whole = LINES.match(block)
    return block.count(b"\n", 0, whole.end() if whole else 0) + 1


def _are_ids(pids: list[bytes], block: bytes, end: bytes) -> bool:
    """Whether what stands before each `end` of a block is an id.

    Without the letters of ids nothing is left of the block but what is left of its ends.
    """
    left, own = block.translate(None, PID_LETTERS), end.translate(None, PID_LETTERS)
    return len(left) == len(own) * len(pids) and PID_LENGTHS.issuperset(map(len, pids))


def apart(pids: list[bytes], strata: list[bytes]) -> Iterator[Part]:
    """The ids of each stratum that occurs."""
    held: dict[bytes, list[bytes]] = {name: [] for name in set(strata)}
    for pid, name in zip(pids, strata, strict=True):
        held[name].append(pid)
    yield from held.items()


def parts_of(rows: Rows) -> Iterator[Part]:
    """Ids as bytes, many of one stratum at a time."""
    if isinstance(rows, RowFile):
        yield from rows.by_stratum()
        return
    walk = iter(rows)
    while part := [(pid.encode(), stratum.encode()) for pid, stratum in islice(walk, 8192)]:
        pids, strata = zip(*part, strict=True)
        yield from apart(list(pids), list(strata))


def check_lines(rows: Rows) -> None:
    """Invalid names the first broken line of a file; for engines that do not say it themselves."""
    for _ in rows.by_stratum() if isinstance(rows, RowFile) else ():
        pass


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
