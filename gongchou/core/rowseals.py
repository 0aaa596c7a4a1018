"""Rows that are only ever added, bound into the chain of events table by table.

A row has a digest of its columns; the digests of a batch have one root, and the root stands in an
event. So whoever changes a row must change the root, and with it every entry after that event.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from gongchou.core.canon import HASHES, Canonical, canon, tagged


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDigest:
    """A row as it was when it was sealed, or as it is now."""

    key: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row of a table that is not as it was sealed; `key` 0 where the whole batch is meant."""

    table: str
    key: int
    says: str


def spelled(value: object) -> str:
    """A value of a column as text, the same whichever database it came from."""
    if isinstance(value, bytes | bytearray | memoryview):
        return f"hex:{bytes(value).hex()}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | bool | int | list | dict):
        return json.dumps(value, sort_keys=True)
    return f"{type(value).__name__}:{value}"


def row_digest(table: str, values: Mapping[str, object]) -> str:
    """Hex digest of the columns of a row, by name."""
    body = canon({"table": table, "row": {name: spelled(one) for name, one in values.items()}})
    return tagged(HASHES["sha256"], "GC1/row", body).hex()


def root_of(
    table: str, columns: Sequence[str], rows: Iterable[RowDigest], *, owner: str = ""
) -> str:
    """Hex root of a batch: its columns, its rows by key, and the bureau whose rows they are.

    Batches without an owner are of no bureau alone, or of the time before owners were kept.
    """
    pairs: list[Canonical] = [[row.key, row.digest] for row in rows]
    body: dict[str, Canonical] = {"table": table, "columns": list(columns), "rows": pairs}
    if owner:
        body["owner"] = owner
    return tagged(HASHES["sha256"], "GC1/rows", canon(body)).hex()


def compared(
    table: str, sealed: Iterable[RowDigest], now: Iterable[RowDigest]
) -> Iterator[Difference]:
    """Both sides by key: rows that changed, went, or came in between since they were sealed.

    Rows after the last sealed key are new ones, of which nothing is known yet.
    """
    rest = iter(now)
    there = next(rest, None)
    for seal in sealed:
        while there is not None and there.key < seal.key:
            yield Difference(table=table, key=there.key, says="封存以后插入的行")
            there = next(rest, None)
        if there is None or there.key != seal.key:
            yield Difference(table=table, key=seal.key, says="封存过的行不见了")
            continue
        if there.digest != seal.digest:
            yield Difference(table=table, key=seal.key, says="封存以后被改动")
        there = next(rest, None)
