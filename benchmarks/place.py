"""A house of its own for the measurements: an empty database in a folder that goes afterwards."""

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from urllib.parse import urlsplit, urlunsplit

import django

AT, TODAY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC), date(2026, 1, 5)


def settle(folder: str, database: str = "") -> None:
    """Django with its database in a folder or at an address, whatever the caller has set."""
    own = {"GONGCHOU_VAR": folder, "GONGCHOU_DEMO": "true", "GONGCHOU_DATABASE_URL": database}
    os.environ |= own | {"DJANGO_SETTINGS_MODULE": "gongchou.config.settings"}
    django.setup()


@contextmanager
def empty_house(database: str = "") -> Iterator[None]:
    """Django on an empty database: SQLite, or the one to be created at the address."""
    folder = tempfile.mkdtemp(prefix="gongchou-figures-")
    try:
        with _created(database):
            settle(folder, database)
            from django.core.management import call_command

            call_command("migrate", verbosity=0, interactive=False)
            yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _created(database: str) -> Iterator[None]:
    """A database of PostgreSQL for as long as it is needed."""
    if not database:
        yield
        return
    import psycopg

    parts = urlsplit(database)
    name, server = parts.path.lstrip("/"), urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def machine() -> str:
    """What the numbers were taken on, without any name."""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPU, "
        f"Python {sys.version.split()[0]}, {_engine()}"
    )


def _engine() -> str:
    """The database of the house and its version."""
    if os.environ.get("GONGCHOU_DATABASE_URL"):
        from django.db import connection

        return f"PostgreSQL {connection.cursor().execute('SHOW server_version').fetchone()[0]}"
    import pysqlite3

    return f"SQLite {pysqlite3.sqlite_version}"
