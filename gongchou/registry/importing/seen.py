"""Which rows of a file were met before: on disk past the first, for there may be a million."""

import hashlib
import sqlite3
import tempfile
from array import array
from bisect import bisect_left
from types import TracebackType

# So many rows take about twenty megabytes of memory; what comes later goes to disk.
AT_HAND = 120_000


class Seen:
    """The first rows at hand, the rest in a private temporary file, which goes with the object."""

    def __enter__(self) -> "Seen":
        self._at_hand: dict[str, int] = {}
        # What each first row said, one behind the other, and where it begins by its number.
        self._texts = tempfile.TemporaryFile()
        self._begins = array("Q")
        self._numbers = array("L")
        self._end = 0
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
        self._texts.close()

    def first(self, key: str, number: int, text: str = "") -> int:
        """The number of the first row with this key, which may be this one; its text is kept."""
        known = self._at_hand.get(key)
        if known is not None:
            return known
        if len(self._at_hand) < AT_HAND:
            self._at_hand[key] = number
        else:
            known = self._on_disk(key, number)
            if known != number:
                return known
        self._keep(number, text)
        return number

    def text(self, number: int) -> str:
        """What the first row of this number said."""
        place = bisect_left(self._numbers, number)
        begin = self._begins[place]
        end = self._begins[place + 1] if place + 1 < len(self._begins) else self._end
        self._texts.seek(begin)
        found = self._texts.read(end - begin).decode("utf-8", "surrogatepass")
        self._texts.seek(0, 2)
        return found

    def _keep(self, number: int, text: str) -> None:
        """Rows come in the order of their numbers."""
        self._numbers.append(number)
        self._begins.append(self._end)
        self._end += self._texts.write(text.encode("utf-8", "surrogatepass"))

    def _on_disk(self, key: str, number: int) -> int:
        digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).digest()
        new = self._rows.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?) RETURNING number", (digest, number)
        ).fetchone()
        if new:
            return number
        found = self._rows.execute("SELECT number FROM seen WHERE key = ?", (digest,)).fetchone()
        return int(found[0])
