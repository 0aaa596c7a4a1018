"""New rows in bulk, without building an expression for every cell."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, ForeignKey, Model

Prepare = Callable[[Any], Any]


def insert(rows: Sequence[Model]) -> None:
    """Rows of one model, in its plain columns; their keys are not read back."""
    if not rows:
        return
    statement, fields = _plan(type(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_values(row, fields) for row in rows])


def _values(row: Model, fields: Sequence[tuple[str, Prepare | None]]) -> list[Any]:
    cells = row.__dict__
    return [cells[name] if prepare is None else prepare(cells[name]) for name, prepare in fields]


@cache
def _plan(model: type[Model]) -> tuple[str, tuple[tuple[str, Prepare | None], ...]]:
    """The statement, and each column with what makes its value fit the database."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"
    return statement, tuple((field.attname, _prepare(field)) for field in fields)


def _prepare(field: Any) -> Prepare | None:
    """Nothing for texts, truths and keys, which stand in the row as they are stored."""
    if isinstance(field, CharField | BooleanField | ForeignKey):
        return None
    return lambda value: field.get_db_prep_save(value, connection)
