"""What the owner of a database may do: take a guard off, put it back, work without constraints."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NO_CONSTRAINTS = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT conname, conrelid::regclass AS held FROM pg_constraint
    WHERE contype IN ('f', 'c') AND connamespace = current_schema()::regnamespace
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.held, one.conname); END LOOP;
END $$
"""


def cursor() -> Any:
    from django.db import connection

    return connection.cursor()


def is_sqlite() -> bool:
    from django.db import connection

    return connection.vendor == "sqlite"


def lift(table: str) -> None:
    """A guarded table without its guard."""
    if is_sqlite():
        for verb in ("UPDATE", "DELETE"):
            cursor().execute(f"DROP TRIGGER {table}_no_{verb}")
    else:
        cursor().execute(f"DROP FUNCTION {table}_refuse() CASCADE")


def put_back(table: str) -> None:
    from gongchou.audit.append_only import statements

    for statement in statements(table, "sqlite" if is_sqlite() else "postgresql"):
        cursor().execute(statement)


@contextmanager
def unguarded(*tables: str) -> Iterator[None]:
    """Without their guards, as a database administrator has it; all taken back after."""
    from django.db import transaction

    with transaction.atomic():
        for table in tables:
            lift(table)
        yield
        transaction.set_rollback(True)


@contextmanager
def left_as_it_was() -> Iterator[None]:
    """No foreign key and no check holds inside, and nothing that is made up there stays."""
    from django.db import transaction

    _sqlite_checks(on=False)
    try:
        with transaction.atomic():
            if not is_sqlite():
                cursor().execute(NO_CONSTRAINTS)
            yield
            transaction.set_rollback(True)
    finally:
        _sqlite_checks(on=True)


def _sqlite_checks(*, on: bool) -> None:
    """SQLite takes these only outside a transaction."""
    if is_sqlite():
        cursor().execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")
        cursor().execute(f"PRAGMA ignore_check_constraints = {'OFF' if on else 'ON'}")
