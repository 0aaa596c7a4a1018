"""A store for what monitors send, of the kind that goes with the database under test."""

import psycopg
import pytest
from django.db import connection

from gongchou.offsite.hj212.place import WORDS
from gongchou.offsite.hj212.postgresql_store import PostgresqlStore
from gongchou.offsite.hj212.sqlite_store import SqliteStore


@pytest.fixture
def store(db, tmp_path):
    made = SqliteStore(tmp_path / "monitors.sqlite3") if connection.vendor == "sqlite" else on_pg()
    made.prepare()
    yield made
    made.close()
    if connection.vendor != "sqlite":
        with psycopg.connect(**address()) as server:
            server.execute("DROP SCHEMA telemetry CASCADE")


def address() -> dict[str, object]:
    given = connection.get_connection_params()
    return {name: given[name] for name in WORDS if name in given}


def on_pg() -> PostgresqlStore:
    return PostgresqlStore(address())
