"""Which rows of a file were met before: kept on disk, for a file may have a million of them."""

import hashlib
import sqlite3
from types import TracebackType


class Seen:
    """A private table in a temporary file, which goes with the object."""

    def __enter__(self) -> "Seen":
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA cache_size = -4096")
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("CREATE TABLE seen (key BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID")
        self._rows.execute("BEGIN")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._rows.close()

    def first(self, key: str, number: int) -> int:
        """The number of the first row with this key, which may be this one."""
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).digest()
        new = self._rows.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?) RETURNING number", (digest, number)
        ).fetchone()
        if new:
            return number
        found = self._rows.execute("SELECT number FROM seen WHERE key = ?", (digest,)).fetchone()
        return int(found[0])
