"""Where the data of monitors lies: beside the product's own database, in its own tables."""

from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

from gongchou.offsite.hj212.postgresql_store import PostgresqlStore
from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.sqlite_store import SqliteStore
from gongchou.offsite.hj212.store import Store

FILE = "monitors.sqlite3"
WORDS = ("dbname", "user", "password", "host", "port")


def open_store(folder: Path) -> Store:
    """The store that goes with the database in use; the caller closes it."""
    if connection.vendor == "sqlite":
        return SqliteStore(folder / FILE)
    given = connection.get_connection_params()
    return PostgresqlStore(make_conninfo(**{word: given[word] for word in WORDS if word in given}))


def has_store(folder: Path) -> bool:
    """Whether a receiver has ever run here."""
    if connection.vendor == "sqlite":
        return (folder / FILE).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('telemetry.reading') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def spill_of(folder: Path, port: int) -> Spill:
    """A receiver's own file: two receivers never write the same one."""
    return Spill(folder / f"monitors-{port}.spill")
