"""What a store of monitor data must do; the two kinds keep the same promise.

A reading is known by station, command, moment and factor. The same reading sent again is counted
and not kept again; another value under the same key is kept beside the first, never over it.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple, Protocol

from gongchou.core.hj212.framing import Accepted, Framed

DIGEST_BYTES = 16
PAIR, VALUE = "\x1f", "\x1e"


class Arrival(NamedTuple):
    """One frame as it came; `at` in UTC."""

    at: datetime
    address: str
    found: Framed


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a batch came to: readings new and known, frames put into quarantine."""

    new: int
    known: int
    quarantined: int


class ReadingRow(NamedTuple):
    """One reading as it is stored; `time` 14 digits as the device sent them."""

    mn: str
    cn: str
    time: str
    factor: str
    digest: bytes
    fields: str
    flag: str
    qn: str
    is_resent: bool
    received_at: datetime

    @property
    def values(self) -> dict[str, str]:
        words = self.fields.replace(PAIR, VALUE).split(VALUE) if self.fields else []
        return dict(zip(words[::2], words[1::2], strict=True))


class QuarantineRow(NamedTuple):
    received_at: datetime
    address: str
    mn: str
    fault: str
    raw: bytes


class Store(Protocol):
    """All methods raise `StoreAway` while the database cannot be reached."""

    def prepare(self) -> None:
        """Make the tables where they are missing."""

    def keep(self, batch: Sequence[Arrival]) -> Kept:
        """Keep a batch whole; durable when this returns."""

    def readings(self, mn: str, cn: str, since: str, until: str) -> Iterator[ReadingRow]:
        """Every version of a station's readings in [since, until), by moment and arrival."""

    def latest(self, mn: str, cn: str) -> str:
        """The newest moment known, "" if none."""

    def days(self, mn: str, cn: str, since: str, until: str) -> dict[str, int]:
        """How many readings of each day (8 digits) of [since, until) there are."""

    def folded(self, mn: str, since: str, until: str) -> dict[str, tuple[str, str]]:
        """Days folded before, as they were handed to `keep_folded`: mark and text by day."""

    def keep_folded(self, mn: str, rows: Sequence[tuple[str, str, str]]) -> None:
        """Rows of day, mark and text in place of what was kept of those days; only a saving."""

    def quarantine(self, limit: int) -> list[QuarantineRow]:
        """The newest quarantined frames."""

    def raw(self, since: datetime, until: datetime) -> Iterator[bytes]:
        """The bytes of every accepted frame as received, in order of arrival."""

    def forget(
        self, *, momentary_before: str, raw_before: datetime, but: Sequence[str] = ()
    ) -> int:
        """Drop what is past its term: readings of the moment, raw bytes, frames put aside.

        Returns how many. Of the stations in `but` no reading is dropped: a meter sends nothing
        but the moment.
        """

    def close(self) -> None: ...


class StoreAway(Exception):
    """The database cannot be reached now; what arrived has to be kept elsewhere."""


class StoreRefuses(Exception):
    """The database does not take something in this batch."""


MOMENTARY = "2011"


def reading_rows(batch: Sequence[Arrival]) -> list[ReadingRow]:
    """The readings of a batch; a packet without a moment of its own goes by its serial number."""
    rows: list[ReadingRow] = []
    for at, _, found in batch:
        if not isinstance(found, Accepted):
            continue
        packet = found.packet
        mn, cn, qn, is_resent = packet.mn, packet.cn, packet.qn, packet.is_resent
        time = packet.time or qn[:14]
        for factor, names, values, flag in packet.rows:
            fields = PAIR.join(map(VALUE.join, zip(names, values, strict=True)))
            content = f"{fields}{PAIR}{PAIR}{flag}".encode()
            digest = blake2b(content, digest_size=DIGEST_BYTES).digest()
            rows.append(ReadingRow(mn, cn, time, factor, digest, fields, flag, qn, is_resent, at))
    return rows


def quarantine_rows(batch: Sequence[Arrival]) -> list[QuarantineRow]:
    return [
        QuarantineRow(at, address, found.mn, found.fault.value, found.raw)
        for at, address, found in batch
        if not isinstance(found, Accepted)
    ]


def packed(batch: Sequence[Arrival]) -> bytes:
    """The raw bytes of a batch's accepted frames, each with its length before it."""
    parts: list[bytes] = []
    for _, _, found in batch:
        if isinstance(found, Accepted):
            parts += (len(found.raw).to_bytes(4, "big"), found.raw)
    return zlib.compress(b"".join(parts), 1) if parts else b""


def unpacked(content: bytes) -> Iterator[bytes]:
    clear, at = zlib.decompress(content), 0
    while at < len(clear):
        size = int.from_bytes(clear[at : at + 4], "big")
        yield clear[at + 4 : at + 4 + size]
        at += 4 + size
