"""F4: every guarded table attacked in the database itself, column by column.

The attacks are made from the schema: a new table or column is attacked without a change here. The
guard is lifted for each attack and put back after, so that its absence is not what is noticed.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from benchmarks.guards import cursor, is_sqlite, left_as_it_was, put_back, unguarded
from benchmarks.place import AT
from benchmarks.result import Figure

BUREAU, ROWS, GAP = "990174", 6, 10
SEALS = ("audit_rowseal", "audit_tableseal", "audit_event")
Attack = Callable[[object], None]


def figure(*, seed: int) -> list[Figure]:
    with left_as_it_was():
        return _figures(seed)


def _figures(seed: int) -> list[Figure]:
    tables = _house()
    tried = found = named = 0
    missed: list[str] = []
    false_alarms = sum(_found("", outside=False) is not None for _ in range(20))
    for table in tables:
        for name, attack in _plain(table).items():
            tried += 1
            with unguarded(table):
                attack(cursor())
                put_back(table)
                seen = _found(table, outside=True)
            found += seen is not None
            named += seen == table
            missed += [] if seen else [f"{table} {name}"]
    return [
        Figure(
            id="F4-rows", name="只增不改的各表被改动，对照封存和校验点能发现",
            value=f"{found}/{tried}", target="全部",
            met=found == tried and not false_alarms, seed=seed,
            detail=f"{len(tables)} 张表逐列改、删、换、插、截尾；指出是哪张表 {named} 次；"
            f"漏掉：{'、'.join(missed) or '无'}。未改动时核对 20 次误报 {false_alarms} 次。",
        ),
        *_key_holder(tables, seed),
    ]  # fmt: skip


def _key_holder(tables: list[str], seed: int) -> list[Figure]:
    """Who has program and database: rewrites seals, roots and the whole chain after the deed."""
    seen = alone = tried = 0
    for table in tables:
        for attack in (_edit_and_sign_again, _cut_and_sign_again, _older_database):
            tried += 1
            with unguarded(table, *SEALS):
                attack(cursor(), table)
                for one in (table, *SEALS):
                    put_back(one)
                seen += _found(table, outside=True) is not None
                alone += _found(table, outside=False) is not None
    return [
        Figure(
            id="F4-key", name="持密钥者改后重封重算，对照外部校验点能发现", value=f"{seen}/{tried}",
            target="全部", met=seen == tried, seed=seed,
            detail=f"{len(tables)} 张表各三种：改一行、截末尾、换回旧库后继续办理；"
            "封存、根和整条链都重算。",
        ),
        Figure(
            id="F4-key-control", name="反证：同样的攻击，不用外部校验点时看不出来",
            value=f"{tried - alone}/{tried}", target="全部看不出来", met=alone == 0, seed=seed,
            detail="看不出来才说明校验点必须离开本机：印在纸上、公布在门户、存到另一块磁盘。",
        ),
    ]  # fmt: skip


OUTSIDE: list[object] = []


def _house() -> list[str]:
    """Some made-up rows in every guarded table, in two sealed batches."""
    from gongchou.audit import actions, reads, sealing
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    by, tables = console(BUREAU, "figures"), sealing.guarded()
    for first in (1, ROWS - 1):
        for table in tables:
            _fill(table, range(first, ROWS - 1 if first == 1 else ROWS + 1))
            actions.seal_rows(table, by=by, at=AT)
        actions.append(EventKind.FACT_RECORDED, about="S", by=by, at=AT)
        actions.record_seals(by=by, at=AT)
    OUTSIDE[:] = [reads.head(BUREAU)]
    return tables


def _fill(table: str, numbers: range) -> None:
    from gongchou.audit.sealing import model_of

    model = model_of(table)
    model._base_manager.bulk_create(_row(model, n) for n in numbers)


def _row(model, n: int):  # type: ignore[no-untyped-def]
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return model(pk=n * GAP, **{field.attname: _made_up(field, n) for field in fields})


def _made_up(field, n: int) -> object:  # type: ignore[no-untyped-def]
    if field.is_relation:
        return 100_000 + n  # Of nothing: here no row has an owner, see `tamper_two`.
    made: dict[str, object] = {
        "BooleanField": n % 2 == 0,
        "DateField": date(2026, 1, n % 28 + 1),
        "DateTimeField": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n),
        "JSONField": {"n": n, "of": field.attname},
        "BinaryField": bytes([n]) * 8,
        "CharField": f"{n}-{field.attname}"[: field.max_length or 99],
        "TextField": f"{n}-{field.attname}",
        "FileField": f"{n}/{field.attname}",
        "GenericIPAddressField": f"10.0.0.{n}",
    }
    return made.get(field.get_internal_type(), n)


def _found(table: str, *, outside: bool) -> str | None:
    """What `audit verify` names first: the table, or the chain."""
    from gongchou.audit import reads, seal_reads

    if reads.first_break_of(BUREAU, OUTSIDE[0] if outside else None):  # type: ignore[arg-type]
        return "audit_event"
    row = seal_reads.first_difference(BUREAU, table)
    return row.table if row else None


def _plain(table: str) -> dict[str, Attack]:
    """Each column edited; a row deleted, two swapped, one put between, the tail cut."""
    from gongchou.audit.sealing import model_of

    model, key, other = model_of(table), 2 * GAP, 3 * GAP
    found = {
        f"改 {field.column}": _edit(table, field, key) for field in model._meta.concrete_fields
    }

    def swap(cursor) -> None:  # type: ignore[no-untyped-def]
        for one, new in ((key, 9999), (other, key), (9999, other)):
            cursor.execute(f"UPDATE {table} SET id = {new} WHERE id = {one}")

    def insert(cursor) -> None:  # type: ignore[no-untyped-def]
        row = _row(model, 97)
        row.pk = key + 1
        model._base_manager.bulk_create([row])

    return found | {
        "删一行": lambda c: c.execute(f"DELETE FROM {table} WHERE id = {key}"),
        "换两行": swap,
        "插一行": insert,
        "截去末尾": lambda c: c.execute(f"DELETE FROM {table} WHERE id > {(ROWS - 2) * GAP}"),
    }


def _edit(table: str, field, key: int) -> Attack:  # type: ignore[no-untyped-def]
    column, kind = f'"{field.column}"', field.get_internal_type()
    said = {
        "BooleanField": f"NOT {column}",
        "DateField": "'2020-01-01'",
        "DateTimeField": "'2020-01-01 00:00:00'",
        "JSONField": "'{\"n\": 999}'",
        "BinaryField": "X'ff'" if is_sqlite() else "decode('ff', 'hex')",
        "CharField": f"'x' || substr({column}, 2)",
        "TextField": f"'x' || substr({column}, 2)",
        "FileField": f"'x' || substr({column}, 2)",
        "GenericIPAddressField": "'10.9.9.9'",
    }.get(kind, f"{column} + 1003")
    return lambda c: c.execute(f"UPDATE {table} SET {column} = {said} WHERE id = {key}")


def _edit_and_sign_again(cursor, table: str) -> None:  # type: ignore[no-untyped-def]
    from gongchou.audit.sealing import model_of

    fields = [one for one in model_of(table)._meta.concrete_fields if not one.primary_key]
    _edit(table, fields[-1], 2 * GAP)(cursor)
    _seal_again(cursor, table)
    _sign_again(cursor)


def _cut_and_sign_again(cursor, table: str) -> None:  # type: ignore[no-untyped-def]
    """What was sealed last goes, with its seals and with what the chain said of it."""
    _cut(cursor, table)
    _sign_again(cursor)


def _cut(cursor, table: str) -> None:  # type: ignore[no-untyped-def]
    last = [table, (ROWS - 2) * GAP]
    cursor.execute(f"DELETE FROM {table} WHERE id > %s", last[1:])
    sealed = 'SELECT seal_id FROM audit_rowseal WHERE "table" = %s AND key > %s'
    cursor.execute(f"SELECT id, batch FROM audit_tableseal WHERE id IN ({sealed})", last)
    gone = dict(cursor.fetchall())
    cursor.execute('DELETE FROM audit_rowseal WHERE "table" = %s AND key > %s', last)
    for seal in gone:
        cursor.execute("DELETE FROM audit_tableseal WHERE id = %s", [seal])
    for number, data in _seal_events(cursor):
        kept = [
            one
            for one in data["tables"]
            if one["table"] != table or one["batch"] not in gone.values()
        ]
        _write(cursor, number, {"tables": kept})


def _older_database(cursor, table: str) -> None:  # type: ignore[no-untyped-def]
    """The database before the last sealing, in which people then went on working."""
    from gongchou.audit import actions
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    by = console(BUREAU, "figures")
    _cut(cursor, table)
    cursor.execute(f"DELETE FROM audit_event WHERE bureau = '{BUREAU}' AND seq > 2")
    _sign_again(cursor)
    actions.append(EventKind.FACT_RECORDED, about="T", by=by, at=AT)
    actions.record_seals(by=by, at=AT)


def _seal_events(cursor, bureau: str = BUREAU) -> list[tuple[int, dict]]:  # type: ignore[no-untyped-def, type-arg]
    cursor.execute(
        f"SELECT id, data FROM audit_event WHERE bureau = '{bureau}' AND kind = 'tables_sealed'"
    )
    return [(number, json.loads(data)) for number, data in cursor.fetchall()]


def _write(cursor, number: int, data: object) -> None:  # type: ignore[no-untyped-def]
    cursor.execute("UPDATE audit_event SET data = %s WHERE id = %s", [json.dumps(data), number])


def _seal_again(cursor, table: str, bureau: str = BUREAU) -> None:  # type: ignore[no-untyped-def]
    """Row digests, roots and what the chain says of them, as if the rows had always been so."""
    from gongchou.audit import models, sealing
    from gongchou.core.rowseals import RowDigest, root_of

    now = {row.key: row for row in sealing.digests(table, sealing.columns_of(table))}
    roots = {}
    for seal in models.TableSeal.objects.filter(table=table):
        keys = list(seal.sealed.order_by("key").values_list("key", flat=True))
        for key in keys:
            cursor.execute(
                'UPDATE audit_rowseal SET digest = %s WHERE "table" = %s AND key = %s',
                [now[key].digest, table, key],
            )
        rows = [RowDigest(key=key, digest=now[key].digest) for key in keys]
        roots[seal.batch] = root_of(table, seal.columns, rows, owner=seal.owner)
        cursor.execute(
            "UPDATE audit_tableseal SET root = %s WHERE id = %s", [roots[seal.batch], seal.pk]
        )
    for number, data in _seal_events(cursor, bureau):
        for one in data["tables"]:
            if one["table"] == table:
                one["root"] = roots[one["batch"]]
        _write(cursor, number, data)


def _sign_again(cursor, bureau: str = BUREAU) -> None:  # type: ignore[no-untyped-def]
    """All digests of the chain computed anew, and its head."""
    from gongchou.audit import reads
    from gongchou.core.chain import START, digest_of

    previous, size = START, 0
    for link in list(reads.chain(bureau)):
        digest = digest_of(link.event, previous)
        cursor.execute(
            "UPDATE audit_event SET previous = %s, digest = %s WHERE bureau = %s AND seq = %s",
            [previous, digest, bureau, link.event.seq],
        )
        previous, size = digest, link.event.seq
    cursor.execute(
        "UPDATE audit_chainhead SET size = %s, digest = %s WHERE bureau = %s",
        [size, previous, bureau],
    )
