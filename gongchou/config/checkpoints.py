"""Heads of the chains kept on another disk, and compared with the chains of today."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gongchou.audit import reads
from gongchou.core.canon import parse
from gongchou.core.chain import Checkpoint
from gongchou.core.plain import from_plain, to_plain
from gongchou.core.refusals import Refused
from gongchou.web.clock import day_of

NAME = "checkpoint-{bureau}-{day}.json"


def read(path: Path) -> Checkpoint:
    try:
        return from_plain(Checkpoint, parse(path.read_bytes()))
    except OSError as error:
        raise Refused(f"校验点文件 {path} 读不出来，请核对路径和权限。") from error


def write(path: Path, head: Checkpoint) -> None:
    path.write_text(json.dumps(to_plain(head)) + "\n", "utf-8")


def keep(folder: Path, at: datetime) -> list[Path]:
    """The head of each chain into a file of the day; one that is there already stays."""
    made = []
    for bureau in reads.bureaus():
        path = folder / NAME.format(bureau=bureau, day=f"{day_of(at):%Y%m%d}")
        head = reads.head(bureau)
        if head is not None and not path.exists():
            write(path, head)
            made.append(path)
    return made


def kept(folder: Path, bureau: str) -> list[Path]:
    """The files of a bureau, the oldest first."""
    return sorted(folder.glob(NAME.format(bureau=bureau, day="*")))


def disagreements(folder: Path, bureau: str) -> Iterator[str]:
    """A sentence for each kept file with which the chain of today does not agree."""
    for path in kept(folder, bureau):
        if found := reads.first_break_of(bureau, read(path)):
            yield f"与 {path.name} 不符：{found.says}"
