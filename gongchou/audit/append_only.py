"""What is written once: the database itself refuses to change or take away a row.

Called from migrations of the rooms that own the tables. SQLite drops triggers where a later
migration rebuilds a table; such a migration has to call this again.
"""

from collections.abc import Callable
from typing import Any

SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL = (
    """
    CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$
    """,
    """
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
    """,
)
VERBS = ("UPDATE", "DELETE")


def statements(table: str, vendor: str) -> list[str]:
    """The statements that put the guard on a table."""
    if vendor == "sqlite":
        return [SQLITE.format(table=table, verb=verb) for verb in VERBS]
    return [statement.format(table=table) for statement in POSTGRESQL]


def guard(*tables: str) -> Callable[[Any, Any], None]:
    """The step of a migration that puts the guard on tables."""

    def protect(apps: Any, schema_editor: Any) -> None:
        for table in tables:
            for statement in statements(table, schema_editor.connection.vendor):
                schema_editor.execute(statement)

    return protect


def guard_again(*tables: str) -> Callable[[Any, Any], None]:
    """The step after one that rebuilt tables: SQLite has lost their guard, PostgreSQL has not."""

    def protect(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            guard(*tables)(apps, schema_editor)

    return protect
