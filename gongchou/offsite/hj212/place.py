"""Where the data of monitors lies: beside the product's own database, in its own tables.

Only the kind in use is imported: a bureau on SQLite need not have the driver of PostgreSQL.
"""

import importlib
from pathlib import Path

from django.db import connection

from gongchou.offsite.hj212.spill import Spill
from gongchou.offsite.hj212.store import Store

FILE = "monitors.sqlite3"
WORDS = ("dbname", "user", "password", "host", "port")


def open_store(folder: Path) -> Store:
    """The store that goes with the database in use; the caller closes it."""
    kind = "sqlite" if connection.vendor == "sqlite" else "postgresql"
    module = importlib.import_module(f"gongchou.offsite.hj212.{kind}_store")
    if kind == "sqlite":
        made: Store = module.SqliteStore(folder / FILE)
        return made
    given = connection.get_connection_params()
    found: Store = module.PostgresqlStore({word: given[word] for word in WORDS if word in given})
    return found


def has_store(folder: Path) -> bool:
    """Whether a receiver has ever run here."""
    if connection.vendor == "sqlite":
        return (folder / FILE).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('telemetry.reading') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def spill_of(folder: Path, port: int, number: int) -> Spill:
    """A receiver's own file: two receivers never write the same one."""
    return Spill(folder / f"monitors-{port}-{number}.spill")
