"""Which rows of a file were met before: on disk past the first, for there may be a million."""

import hashlib
import sqlite3
from types import TracebackType

# So many rows take about twenty megabytes of memory; what comes later goes to disk.
AT_HAND = 120_000


class Seen:
    """The first rows at hand, the rest in a private temporary file, which goes with the object."""

    def __enter__(self) -> "Seen":
        self._at_hand: dict[str, int] = {}
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
        known = self._at_hand.get(key)
        if known is not None:
            return known
        if len(self._at_hand) < AT_HAND:
            self._at_hand[key] = number
            return number
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).digest()
        new = self._rows.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?) RETURNING number", (digest, number)
        ).fetchone()
        if new:
            return number
        found = self._rows.execute("SELECT number FROM seen WHERE key = ?", (digest,)).fetchone()
        return int(found[0])
