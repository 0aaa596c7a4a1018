"""New rows in bulk, as plain values: no object is built for a row, no expression for a cell."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import NOT_PROVIDED, BooleanField, CharField, ForeignKey, Model

Prepare = Callable[[Any], Any]
KEPT = 4096


def insert(model: type[Model], rows: Iterable[Mapping[str, Any]], **same: Any) -> None:
    """Rows by column name; what a row leaves out is the same for all, or the field's default.

    Keys are not read back.
    """
    table = _table(model)
    unsaid = {**table.defaults, **same}
    base = table.ready(unsaid, unsaid)
    found = [table.order(table.ready({**base, **row}, row)) for row in rows]
    if not found:
        return
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.executemany(table.statement, found)
            return
        # There a statement a row takes several times as long as one stream of rows.
        with cursor.copy(table.stream) as stream:
            for row in found:
                stream.write_row(row)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's statement, what its columns hold unsaid, and what makes values fit them."""

    statement: str
    stream: str
    defaults: Mapping[str, Any]
    prepared: Sequence[tuple[str, Prepare]]
    order: Callable[[Mapping[str, Any]], Any]

    def ready(self, found: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """The same row with what was given made to fit the database."""
        for name, made in self.prepared:
            if name in given:
                found[name] = made(found[name])
        return found


@cache
def _table(model: type[Model]) -> _Table:
    """The statement, and each column with what makes its value fit the database."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    prepared = [(field.attname, _prepare(field)) for field in fields]
    return _Table(
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})",
        f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN",
        {field.attname: field.get_default() for field in fields if _is_optional(field)},
        tuple((name, made) for name, made in prepared if made is not None),
        itemgetter(*(field.attname for field in fields)),
    )


def _is_optional(field: Any) -> bool:
    return field.default is not NOT_PROVIDED or field.null or field.blank


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
