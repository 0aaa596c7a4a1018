"""Monitor data of a city in PostgreSQL: partitions by day, filled by binary COPY.

A batch is copied into a table of the session and moved on from there, so that a reading sent again
costs one look into the index. Days without a partition of their own yet get one first.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any

import psycopg
from psycopg import sql

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

TABLES = """
CREATE SCHEMA IF NOT EXISTS telemetry;
CREATE TABLE IF NOT EXISTS telemetry.reading (
  mn text NOT NULL, cn text NOT NULL, time text COLLATE "C" NOT NULL, factor text NOT NULL,
  digest bytea NOT NULL, fields text NOT NULL, flag text NOT NULL, qn text NOT NULL,
  is_resent boolean NOT NULL, received_at timestamptz NOT NULL,
  PRIMARY KEY (mn, cn, time, factor, digest)) PARTITION BY RANGE (time);
CREATE TABLE IF NOT EXISTS telemetry.reading_other PARTITION OF telemetry.reading DEFAULT;
CREATE TABLE IF NOT EXISTS telemetry.folded (
  mn text NOT NULL, day text COLLATE "C" NOT NULL, mark text NOT NULL, body bytea NOT NULL,
  PRIMARY KEY (mn, day));
CREATE TABLE IF NOT EXISTS telemetry.quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, received_at timestamptz NOT NULL,
  address text NOT NULL, mn text NOT NULL, fault text NOT NULL, raw bytea NOT NULL);
CREATE TABLE IF NOT EXISTS telemetry.archive (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL, frames bytea NOT NULL);
CREATE INDEX IF NOT EXISTS archive_by_time ON telemetry.archive (last_at);
"""
STAGE = "CREATE TEMPORARY TABLE IF NOT EXISTS stage (LIKE telemetry.reading) ON COMMIT DELETE ROWS"
READING_TYPES = (
    "text", "text", "text", "text", "bytea", "text", "text", "text", "bool", "timestamptz",
)  # fmt: skip
QUARANTINE_TYPES = ("timestamptz", "text", "text", "text", "bytea")
DAY_DIGITS = 8
LOCK_OF_DAYS = 212
NEW_DAY = (
    "LOCK TABLE telemetry.reading_other IN ACCESS EXCLUSIVE MODE",
    "CREATE TABLE {name} (LIKE telemetry.reading INCLUDING ALL)",
    "WITH early AS (DELETE FROM telemetry.reading_other WHERE time >= {since} AND time < {until}"
    " RETURNING *) INSERT INTO {name} SELECT * FROM early",
    "ALTER TABLE telemetry.reading ATTACH PARTITION {name} FOR VALUES FROM ({since}) TO ({until})",
)
DAYS_BEFORE = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'telemetry.reading'::regclass AND c.relname ~ '^reading_[0-9]{8}$'
AND c.relname < %s ORDER BY 1"""
# A clock gone astray must not make a partition of its own: such days share the one for all others.
DAYS_BACK, DAYS_AHEAD = 400, 3


class PostgresqlStore:
    """One connection, opened again after it was lost."""

    def __init__(self, address: Mapping[str, Any]) -> None:
        self._address, self._lock = address, Lock()
        self._connection: psycopg.Connection | None = None
        self._days: set[str] = set()

    def prepare(self) -> None:
        with self._transaction() as cursor:
            cursor.execute(TABLES)

    def keep(self, batch: Sequence[Arrival]) -> Kept:
        rows, apart, frames = reading_rows(batch), quarantine_rows(batch), packed(batch)
        self._make_days({row.time[:DAY_DIGITS] for row in rows}, _today(batch))
        with self._transaction() as cursor:
            cursor.execute(STAGE)
            with cursor.copy("COPY stage FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(READING_TYPES)
                for row in rows:
                    copy.write_row(row)
            cursor.execute(
                "INSERT INTO telemetry.reading SELECT * FROM stage ON CONFLICT DO NOTHING"
            )
            new = cursor.rowcount
            with cursor.copy(
                "COPY telemetry.quarantine (received_at, address, mn, fault, raw)"
                " FROM STDIN (FORMAT BINARY)"
            ) as copy:
                copy.set_types(QUARANTINE_TYPES)
                for refused in apart:
                    copy.write_row(refused)
            if frames:
                cursor.execute(
                    "INSERT INTO telemetry.archive (first_at, last_at, frames) VALUES (%s,%s,%s)",
                    (batch[0].at, batch[-1].at, frames),
                )
        return Kept(new=new, known=len(rows) - new, quarantined=len(apart))

    def readings(self, mn: str, cn: str, since: str, until: str) -> Iterator[ReadingRow]:
        found = self._select(
            "SELECT mn, cn, time, factor, digest, fields, flag, qn, is_resent, received_at"
            " FROM telemetry.reading WHERE mn=%s AND cn=%s AND time>=%s AND time<%s"
            ' ORDER BY time, factor COLLATE "C", received_at, digest',
            (mn, cn, since, until),
        )
        for row in found:
            yield ReadingRow._make((*row[:9], row[9].astimezone(UTC)))

    def latest(self, mn: str, cn: str) -> str:
        ((found,),) = self._select(
            "SELECT max(time) FROM telemetry.reading WHERE mn=%s AND cn=%s", (mn, cn)
        )
        return found or ""

    def days(self, mn: str, cn: str, since: str, until: str) -> dict[str, int]:
        return dict(
            self._select(
                "SELECT substr(time, 1, 8), count(*) FROM telemetry.reading"
                " WHERE mn=%s AND cn=%s AND time>=%s AND time<%s GROUP BY 1",
                (mn, cn, since, until),
            )
        )

    def folded(self, mn: str, since: str, until: str) -> dict[str, tuple[str, str]]:
        found = self._select(
            "SELECT day, mark, body FROM telemetry.folded WHERE mn=%s AND day>=%s AND day<%s",
            (mn, since, until),
        )
        return {day: (mark, zlib.decompress(body).decode()) for day, mark, body in found}

    def keep_folded(self, mn: str, rows: Sequence[tuple[str, str, str]]) -> None:
        packed_rows = [(mn, day, mark, zlib.compress(text.encode(), 1)) for day, mark, text in rows]
        with self._transaction() as cursor:
            cursor.executemany(
                "INSERT INTO telemetry.folded VALUES (%s,%s,%s,%s) ON CONFLICT (mn, day)"
                " DO UPDATE SET mark = EXCLUDED.mark, body = EXCLUDED.body",
                packed_rows,
            )

    def quarantine(self, limit: int) -> list[QuarantineRow]:
        found = self._select(
            "SELECT received_at, address, mn, fault, raw FROM telemetry.quarantine"
            " ORDER BY id DESC LIMIT %s",
            (limit,),
        )
        return [QuarantineRow(row[0].astimezone(UTC), *row[1:]) for row in found]

    def raw(self, since: datetime, until: datetime) -> Iterator[bytes]:
        found = self._select(
            "SELECT frames FROM telemetry.archive WHERE last_at>=%s AND first_at<%s ORDER BY id",
            (since, until),
        )
        for (frames,) in found:
            yield from unpacked(frames)

    def forget(
        self, *, momentary_before: str, raw_before: datetime, but: Sequence[str] = ()
    ) -> int:
        with self._transaction() as cursor:
            cursor.execute(
                "DELETE FROM telemetry.reading WHERE cn=%s AND time<%s AND mn <> ALL(%s)",
                (MOMENTARY, momentary_before, list(but)),
            )
            gone = cursor.rowcount
            cursor.execute("DELETE FROM telemetry.archive WHERE last_at<%s", (raw_before,))
            gone += cursor.rowcount
            cursor.execute("DELETE FROM telemetry.quarantine WHERE received_at<%s", (raw_before,))
            gone += cursor.rowcount
        self._drop_empty_days(momentary_before)
        return gone

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _make_days(self, days: set[str], today: date) -> None:
        """A partition for each new day near enough; all others share the one for the rest."""
        for day in sorted(days - self._days):
            first = _day(day)
            if first is not None and -DAYS_BACK <= (first - today).days <= DAYS_AHEAD:
                self._make_day(first)
                self._days.add(day)

    def _make_day(self, first: date) -> None:
        """Made beside and attached with the readings of that day that came before its time.

        One made meanwhile by another receiver is as good.
        """
        since, until = f"{first:%Y%m%d}", f"{first + timedelta(days=1):%Y%m%d}"
        name = f"reading_{since}"
        words = {
            "name": sql.Identifier("telemetry", name),
            "since": sql.Literal(since),
            "until": sql.Literal(until),
        }
        with self._transaction() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_OF_DAYS,))
            cursor.execute("SELECT to_regclass(%s) IS NULL", (f"telemetry.{name}",))
            row = cursor.fetchone()
            if row and row[0]:
                for command in NEW_DAY:
                    cursor.execute(sql.SQL(command).format(**words))

    def _drop_empty_days(self, before: str) -> None:
        """Partitions of days past the term that hold nothing any more."""
        for (name,) in self._select(DAYS_BEFORE, (f"reading_{before[:DAY_DIGITS]}",)):
            self._days.discard(name.removeprefix("reading_"))
            table = sql.Identifier("telemetry", name)
            with self._transaction() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_OF_DAYS,))
                cursor.execute("LOCK TABLE ONLY telemetry.reading IN ACCESS EXCLUSIVE MODE")
                cursor.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table))
                if cursor.fetchone() is None:
                    cursor.execute(sql.SQL("DROP TABLE {}").format(table))

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Cursor]:
        with self._lock:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = psycopg.connect(**self._address)
                    self._days.clear()
                with self._connection.transaction(), self._connection.cursor() as cursor:
                    yield cursor
            except psycopg.DataError as problem:
                raise StoreRefuses(str(problem)) from problem
            except psycopg.OperationalError as problem:
                if self._connection is not None:
                    self._connection.close()
                raise StoreAway(str(problem)) from problem

    def _select(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._transaction() as cursor:
            return cursor.execute(query, values).fetchall()


def _today(batch: Sequence[Arrival]) -> date:
    return batch[-1].at.date()


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None
