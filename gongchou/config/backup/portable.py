"""The database as lines of JSON, one row a line, for PostgreSQL and for moving between engines."""

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core import serializers
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from gongchou.config.backup.holdings import Holdings
from gongchou.core.chain import Event, Link
from gongchou.core.refusals import Refused

# Made anew by every installation, or worth nothing outside it.
LEFT_OUT = frozenset({"contenttypes", "auth", "sessions"})
CHUNK = 1000
EVENT, HEAD = "audit.event", "audit.chainhead"


def _models() -> list[type[Model]]:
    """Every table that travels, those that others point to first."""
    wanted = [
        (config, [m for m in config.get_models() if m._meta.managed])
        for config in apps.get_app_configs()
        if config.label not in LEFT_OUT
    ]
    ordered: list[type[Model]] = serializers.sort_dependencies(wanted)  # type: ignore[attr-defined]
    return ordered


def dump(target: Path) -> Holdings:
    """Write all rows as of one instant."""
    connection = connections[DEFAULT_DB_ALIAS]
    counts: dict[str, int] = {}
    with transaction.atomic(), target.open("w", encoding="utf-8") as out:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for model in _models():
            counts[model._meta.label_lower] = _dump_rows(model, out)
        return Holdings(counts=counts, heads=_heads(), migrations=_migrations())


def _dump_rows(model: type[Model], out: IO[str]) -> int:
    rows = model._base_manager.order_by("pk")
    serializers.serialize("jsonl", rows.iterator(chunk_size=CHUNK), stream=out)
    return rows.count()


def _heads() -> dict[str, tuple[int, str]]:
    heads = apps.get_model("audit", "ChainHead")._base_manager.order_by("pk")
    return {row.bureau: (row.size, row.digest) for row in heads}


def _migrations() -> tuple[str, ...]:
    done = MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
    return tuple(sorted(f"{app}.{name}" for app, name in done))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as source:
        for number, line in enumerate(source, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise Refused(f"备份中的数据第 {number} 行读不通，请换另一份备份。") from error


def holdings(path: Path, migrations: tuple[str, ...]) -> Holdings:
    """What the lines hold; which migrations made them, only the manifest can say."""
    counts = {model._meta.label_lower: 0 for model in _models()}
    heads = {}
    for row in _lines(path):
        counts[row["model"]] = counts.get(row["model"], 0) + 1
        if row["model"] == HEAD:
            heads[row["pk"]] = (row["fields"]["size"], row["fields"]["digest"])
    return Holdings(counts=counts, heads=heads, migrations=migrations)


def links(path: Path) -> Iterator[Link]:
    """The entries of every chain, bureau by bureau."""
    found = [row["fields"] for row in _lines(path) if row["model"] == EVENT]
    for row in sorted(found, key=lambda fields: (fields["bureau"], fields["seq"])):
        event = Event(
            bureau=row["bureau"], seq=row["seq"], kind=row["kind"], about=row["about"],
            by=row["by_ref"], by_name=row["by_name"], at=datetime.fromisoformat(row["at"]),
            data=row["data"],
        )  # fmt: skip
        yield Link(event=event, previous=row["previous"], digest=row["digest"])


def check_empty() -> None:
    """Refused where a bureau is at home already; a database without tables is empty too."""
    bureaus = apps.get_model("accounts", "Bureau")
    tables = connections[DEFAULT_DB_ALIAS].introspection.table_names()
    if bureaus._meta.db_table in tables and bureaus._base_manager.exists():
        raise Refused("数据库里已有数据，不能恢复到这里。请新建一个空库，改好设置后再恢复。")


def check_may_load(migrations: tuple[str, ...]) -> None:
    """Refused unless the tables here are those the lines were written from."""
    if set(_migrations()) != set(migrations):
        raise Refused("这份备份与本程序的数据表版本不同。请先装写出它的那个版本，恢复之后再升级。")


@transaction.atomic
def load(path: Path) -> None:
    """All rows or none, and the counters of new rows behind the last one."""
    with path.open(encoding="utf-8") as source:
        rows = serializers.deserialize("jsonl", source)
        for model, group in groupby(rows, key=lambda row: type(row.object)):
            objects = (row.object for row in group)
            while batch := list(islice(objects, CHUNK)):
                model._base_manager.bulk_create(batch)
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
