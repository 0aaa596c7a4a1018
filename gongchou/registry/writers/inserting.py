"""New rows in bulk, as plain values: no object is built for a row, no expression for a cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, BooleanField, CharField, ForeignKey, Model

Prepare = Callable[[Any], Any]
KEPT = 4096


def insert(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows by column name; what a row leaves out has the field's default. Keys are not read."""
    table = _table(model)
    found = [table.cells(row) for row in rows]
    if found:
        with connection.cursor() as cursor:
            cursor.executemany(table.statement, found)


@dataclass(frozen=True, slots=True)
class _Table:
    statement: str
    defaults: Mapping[str, Any]
    columns: Sequence[tuple[str, Prepare | None]]

    def cells(self, row: Mapping[str, Any]) -> list[Any]:
        given = {**self.defaults, **row}
        return [given[n] if prepare is None else prepare(given[n]) for n, prepare in self.columns]


@cache
def _table(model: type[Model]) -> _Table:
    """The statement, and each column with what makes its value fit the database."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return _Table(
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})",
        {field.attname: _default(field) for field in fields if _is_optional(field)},
        tuple((field.attname, _prepare(field)) for field in fields),
    )


def _is_optional(field: Any) -> bool:
    return field.default is not NOT_PROVIDED or field.null or field.blank


def _default(field: Any) -> Any:
    return field.get_default()


def _prepare(field: Any) -> Prepare | None:
    """Nothing for texts, truths and keys, which stand in the row as they are stored.

    Of days and lists a file repeats a few: each is made ready once.
    """
    if isinstance(field, CharField | BooleanField | ForeignKey):
        return None
    known: dict[Any, Any] = {}

    def prepare(value: Any) -> Any:
        if isinstance(value, dict):
            return field.get_db_prep_save(value, connection)
        key = tuple(value) if isinstance(value, list) else value
        if key not in known:
            if len(known) > KEPT:
                known.clear()
            known[key] = field.get_db_prep_save(value, connection)
        return known[key]

    return prepare
