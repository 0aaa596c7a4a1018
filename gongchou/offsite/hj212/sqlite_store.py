"""Monitor data of a district in one SQLite file beside the product's own."""

import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from gongchou.offsite.hj212.store import (
    MOMENTARY,
    Arrival,
    Kept,
    QuarantineRow,
    ReadingRow,
    StoreAway,
    StoreRefuses,
    packed,
    quarantine_rows,
    reading_rows,
    unpacked,
)

SECONDS_TO_WAIT = 20
TABLES = """
CREATE TABLE IF NOT EXISTS reading (
  mn TEXT NOT NULL, cn TEXT NOT NULL, time TEXT NOT NULL, factor TEXT NOT NULL,
  digest BLOB NOT NULL, fields TEXT NOT NULL, flag TEXT NOT NULL, qn TEXT NOT NULL,
  is_resent INTEGER NOT NULL, received_at TEXT NOT NULL,
  PRIMARY KEY (mn, cn, time, factor, digest)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS folded (
  mn TEXT NOT NULL, day TEXT NOT NULL, mark TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (mn, day)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quarantine (
  id INTEGER PRIMARY KEY, received_at TEXT NOT NULL, address TEXT NOT NULL, mn TEXT NOT NULL,
  fault TEXT NOT NULL, raw BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS archive (
  id INTEGER PRIMARY KEY, first_at TEXT NOT NULL, last_at TEXT NOT NULL, frames BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS archive_by_time ON archive (last_at);
"""


class SqliteStore:
    """One writer; `synchronous=FULL` so that a commit is on the disk."""

    def __init__(self, path: Path) -> None:
        self._path, self._lock = path, Lock()
        self._connection = sqlite3.connect(
            path, timeout=SECONDS_TO_WAIT, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")

    def prepare(self) -> None:
        with self._lock:
            self._connection.executescript(TABLES)

    def keep(self, batch: Sequence[Arrival]) -> Kept:
        rows, apart, frames = reading_rows(batch), quarantine_rows(batch), packed(batch)
        with self._transaction() as database:
            before = database.total_changes
            database.executemany(
                "INSERT OR IGNORE INTO reading VALUES (?,?,?,?,?,?,?,?,?,?)",
                ((*row[:9], _text(row.received_at)) for row in rows),
            )
            new = database.total_changes - before
            database.executemany(
                "INSERT INTO quarantine (received_at, address, mn, fault, raw) VALUES (?,?,?,?,?)",
                ((_text(row.received_at), *row[1:]) for row in apart),
            )
            if frames:
                database.execute(
                    "INSERT INTO archive (first_at, last_at, frames) VALUES (?,?,?)",
                    (_text(batch[0].at), _text(batch[-1].at), frames),
                )
        return Kept(new=new, known=len(rows) - new, quarantined=len(apart))

    def readings(self, mn: str, cn: str, since: str, until: str) -> Iterator[ReadingRow]:
        for row in self._select(
            "SELECT * FROM reading WHERE mn=? AND cn=? AND time>=? AND time<?"
            " ORDER BY time, factor, received_at, digest",
            (mn, cn, since, until),
        ):
            yield ReadingRow._make((*row[:8], bool(row[8]), _moment(row[9])))

    def latest(self, mn: str, cn: str) -> str:
        ((found,),) = self._select("SELECT max(time) FROM reading WHERE mn=? AND cn=?", (mn, cn))
        return found or ""

    def days(self, mn: str, cn: str, since: str, until: str) -> dict[str, int]:
        return dict(
            self._select(
                "SELECT substr(time, 1, 8), count(*) FROM reading"
                " WHERE mn=? AND cn=? AND time>=? AND time<? GROUP BY 1",
                (mn, cn, since, until),
            )
        )

    def folded(self, mn: str, since: str, until: str) -> dict[str, tuple[str, str]]:
        found = self._select(
            "SELECT day, mark, body FROM folded WHERE mn=? AND day>=? AND day<?", (mn, since, until)
        )
        return {day: (mark, zlib.decompress(body).decode()) for day, mark, body in found}

    def keep_folded(self, mn: str, rows: Sequence[tuple[str, str, str]]) -> None:
        with self._transaction() as database:
            database.executemany(
                "INSERT OR REPLACE INTO folded VALUES (?,?,?,?)",
                [(mn, day, mark, zlib.compress(text.encode(), 1)) for day, mark, text in rows],
            )

    def quarantine(self, limit: int) -> list[QuarantineRow]:
        found = self._select(
            "SELECT received_at, address, mn, fault, raw FROM quarantine ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return [QuarantineRow(_moment(row[0]), *row[1:]) for row in found]

    def raw(self, since: datetime, until: datetime) -> Iterator[bytes]:
        found = self._select(
            "SELECT frames FROM archive WHERE last_at>=? AND first_at<? ORDER BY id",
            (_text(since), _text(until)),
        )
        for (frames,) in found:
            yield from unpacked(frames)

    def forget(
        self, *, momentary_before: str, raw_before: datetime, but: Sequence[str] = ()
    ) -> int:
        marks = ",".join("?" * len(but))
        with self._transaction() as database:
            before = database.total_changes
            database.execute(
                f"DELETE FROM reading WHERE cn=? AND time<? AND mn NOT IN ({marks})",
                (MOMENTARY, momentary_before, *but),
            )
            database.execute("DELETE FROM archive WHERE last_at<?", (_text(raw_before),))
            database.execute("DELETE FROM quarantine WHERE received_at<?", (_text(raw_before),))
            return database.total_changes - before

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; a full or vanished disk is `StoreAway`."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.DataError as problem:
                raise StoreRefuses(str(problem)) from problem
            except sqlite3.OperationalError as problem:
                raise StoreAway(str(problem)) from problem

    def _select(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.OperationalError as problem:
                raise StoreAway(str(problem)) from problem


@lru_cache(1024)
def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: object) -> datetime:
    return datetime.fromisoformat(str(text))
