"""Guarded tables and their rows, read for sealing and for the comparison with what was sealed."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from gongchou.core.rowseals import RowDigest, row_digest

SQLITE = (
    "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' "
    "AND name = tbl_name || '_no_UPDATE' ORDER BY tbl_name"
)
POSTGRESQL = (
    "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE t.tgname = c.relname || '_append_only' AND t.tgenabled <> 'D' "
    "AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname"
)
# The chain seals itself; what is said of the seals stands in the chain.
OWN = ("audit_event", "audit_tableseal", "audit_rowseal")
CHUNK = 1000


def guarded() -> list[str]:
    """The tables that the database itself keeps from being changed, this room's own left out."""
    with connection.cursor() as cursor:
        cursor.execute(SQLITE if connection.vendor == "sqlite" else POSTGRESQL)
        return [name for (name,) in cursor.fetchall() if name not in OWN]


def hold_still(table: str) -> None:
    """Wait for whoever is adding rows; PostgreSQL gives out keys before their rows are there.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            name = connection.ops.quote_name(table)
            cursor.execute(f"LOCK TABLE {name} IN SHARE MODE")


def model_of(table: str) -> type[Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def columns_of(table: str) -> list[str]:
    """The columns as the running version knows them, by name."""
    return sorted(field.attname for field in model_of(table)._meta.concrete_fields)


def values(table: str, columns: Sequence[str], after: int = 0) -> Iterator[dict[str, Any]]:
    """Rows with a key above `after`, by key."""
    rows = model_of(table)._base_manager.filter(pk__gt=after).order_by("pk")
    return rows.values("pk", *columns).iterator(chunk_size=CHUNK)


def owner_path(model: type[Model], seen: tuple[type[Model], ...] = ()) -> str:
    """The shortest way from a row to the code of its bureau; empty where there is none.

    A way that may be cut off, over a key that may be missing, is none.
    """
    fields = [field for field in model._meta.concrete_fields if not field.null]
    own = next((field for field in fields if field.name == "bureau"), None)
    if own is not None:
        return "bureau__code" if own.is_relation else "bureau"
    found = []
    for field in fields:
        target = field.related_model
        if isinstance(target, type) and target not in (*seen, model):
            rest = owner_path(target, (*seen, model))
            found += [f"{field.name}__{rest}"] if rest else []
    return min(found, key=lambda path: (path.count("__"), path), default="")


def owners(table: str, *, after: int = 0) -> dict[int, str]:
    """Rows with a key above `after`, and the bureau to which each leads; "" where to none."""
    model = model_of(table)
    path = owner_path(model)
    rows = model._base_manager.filter(pk__gt=after)
    return {key: owner or "" for key, owner in rows.values_list("pk", path)} if path else {}


def digests(table: str, columns: Sequence[str], after: int = 0) -> Iterator[RowDigest]:
    for row in values(table, columns, after):
        key = row.pop("pk")
        yield RowDigest(key=key, digest=row_digest(table, row))
