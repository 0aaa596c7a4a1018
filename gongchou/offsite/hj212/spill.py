"""What arrives while the database is away: appended to a file, flushed, and taken in later.

The file holds raw frames with the moment and address of their arrival; a last entry cut off by a
crash was never acknowledged and is left out.
"""

import os
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from gongchou.core.hj212.framing import Accepted
from gongchou.offsite.hj212.store import Arrival


class Spilled(NamedTuple):
    at: datetime
    address: str
    fault: str
    raw: bytes


ENTRY = struct.Struct(">dBBI")


class Spill:
    """One file; written by one receiver."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __bool__(self) -> bool:
        return self._path.exists()

    def add(self, batch: Sequence[Arrival]) -> None:
        """Durable when this returns; what was refused keeps its reason."""
        parts: list[bytes] = []
        for at, address, found in batch:
            fault = "" if isinstance(found, Accepted) else found.fault.value
            sizes = len(address), len(fault), len(found.raw)
            parts += (ENTRY.pack(at.timestamp(), *sizes), f"{address}{fault}".encode(), found.raw)
        is_new = not self._path.exists()
        with self._path.open("ab") as file:
            file.write(b"".join(parts))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            _flush_folder(self._path.parent)

    def entries(self) -> Iterator[Spilled]:
        """In order of arrival; an unfinished last entry is left out."""
        with self._path.open("rb") as file:
            while len(head := file.read(ENTRY.size)) == ENTRY.size:
                at, address, fault, size = ENTRY.unpack(head)
                words, raw = file.read(address + fault).decode(), file.read(size)
                if len(raw) < size:
                    return
                moment = datetime.fromtimestamp(at, UTC)
                yield Spilled(moment, words[:address], words[address:], raw)

    def remove(self) -> None:
        """Once everything in it is in the database."""
        self._path.unlink()
        _flush_folder(self._path.parent)


def _flush_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
