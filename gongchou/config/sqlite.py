"""Which SQLite runs, and whether its write-ahead log may be trusted.

SQLite up to 3.51.2 can lose committed data when several connections write in WAL mode. The wheel
`pysqlite3` brings a mended version; where only an affected one is found, the rollback journal is
used instead.
"""

import sys

import pysqlite3
import pysqlite3.dbapi2

FIXED = (3, 51, 3)
FIXED_BACKPORTS: dict[tuple[int, ...], int] = {(3, 44): 6, (3, 50): 7}


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version is free of the WAL-reset race."""
    return version >= FIXED or version[2] >= FIXED_BACKPORTS.get(version[:2], 10**6)


def _as_it_is(value: None) -> None:
    return value


def install() -> tuple[int, ...]:
    """Put the bundled SQLite in the place of the system's; returns the version in use.

    Its search for somebody who knows how to store a truth or a None takes longer than storing a
    whole short row, so it is told at once.
    """
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
    pysqlite3.register_adapter(bool, int)
    pysqlite3.register_adapter(type(None), _as_it_is)
    return tuple(pysqlite3.sqlite_version_info)


def init_command(version: tuple[int, ...]) -> str:
    """Pragmas of every connection: durable commits always, WAL only where it is safe.

    What the draw erases (shares handed on, held for a while) must not stay in freed pages.
    """
    journal = "WAL" if is_wal_safe(version) else "TRUNCATE"
    return (
        f"PRAGMA journal_mode={journal};PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA secure_delete=ON;PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=-20000;"
    )
