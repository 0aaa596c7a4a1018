"""Rows in a text file, one a line: pid, a tab, the stratum. Never held in memory as a whole."""

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from gongchou.core.draw_form import PID
from gongchou.core.refusals import Invalid
from gongchou.drawing.engines.manner import Rows


class RowFile(Collection[tuple[str, str]]):
    """The rows of a file, read anew each time somebody walks over them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[tuple[str, str]]:
        with self.path.open(encoding="ascii") as lines:
            for number, line in enumerate(lines, start=1):
                pid, tab, stratum = line.rstrip("\n").partition("\t")
                if not tab or not PID.fullmatch(pid) or not stratum:
                    raise Invalid(
                        f"“{self.path.name}”第 {number} 行应为编号、制表符、层，请核对这一行。"
                    )
                yield pid, stratum

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)


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
