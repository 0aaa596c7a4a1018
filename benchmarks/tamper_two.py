"""F4 with two bureaus in one database: each attack is found by the one and not told to the other.

Every guarded table whose rows lead to a bureau gets rows of both, by turns. Each bureau in turn is
attacked in eight ways; the other's trail and rows must then still agree.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from benchmarks import tamper_rows as rows
from benchmarks.guards import cursor, left_as_it_was, put_back, unguarded
from benchmarks.place import AT
from benchmarks.result import Figure

ONE, OTHER = "990175", "990176"
# Above whatever the house already has: only new rows are sealed.
FIRST, GAP, COUNT = 1_000_000, rows.GAP, 6
Attack = Callable[[str, str], None]
OUTSIDE: dict[str, object] = {}


def figure(*, seed: int) -> list[Figure]:
    with left_as_it_was():
        return [_judged(seed)]


def _judged(seed: int) -> Figure:
    tables = house()
    wrong = [f"{one} 误报" for one in (ONE, OTHER) for _ in range(5) if found(one)]
    tried = 0
    for table in tables:
        for name, attack in ATTACKS.items():
            for bureau, other in ((ONE, OTHER), (OTHER, ONE)):
                tried += 1
                wrong += [
                    f"{table} {name}：{says}" for says in judged(table, attack, bureau, other)
                ]
    return Figure(
        id="F4-two", name="两个机构共用一库，谁的行被改动只指向谁",
        value=f"{tried - len(wrong)}/{tried}", target="全部", met=not wrong, seed=seed,
        detail=f"{len(tables)} 张表各 {len(ATTACKS)} 种攻击，两个机构轮流；"
        f"不符：{'、'.join(wrong[:9]) or '无'}。",
    )  # fmt: skip


def judged(table: str, attack: Attack, bureau: str, other: str) -> list[str]:
    """What is wrong after an attack on the rows of a bureau; nothing where it was told rightly."""
    with unguarded(table, *rows.SEALS):
        attack(table, bureau)
        for one in (table, *rows.SEALS):
            put_back(one)
        says = [] if found(bureau, table) else [f"{bureau} 没有发现"]
        return says + ([f"{other} 受了牵连"] if found(other, table) else [])


def found(bureau: str, table: str = "") -> str:
    """What `audit verify` would say of a bureau, its outside checkpoint at hand."""
    from gongchou.audit import reads, seal_reads

    if broken := reads.first_break_of(bureau, OUTSIDE[bureau]):  # type: ignore[arg-type]
        return broken.says
    back = reads.steps_back_of(bureau, most=timedelta(minutes=5))
    difference = seal_reads.first_difference(bureau, table)
    return difference.says if difference else "".join(row.says for row in back)


def house() -> list[str]:
    """Rows of both bureaus in every guarded table that knows one, sealed in two batches each."""
    from gongchou.accounts.models import Bureau
    from gongchou.audit import actions, reads, sealing
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    for number, code in enumerate((ONE, OTHER), start=1):
        Bureau.objects.create(pk=900_000 + number, code=code, name=code)
    tables = [one for one in sealing.guarded() if sealing.owner_path(sealing.model_of(one))]
    for numbers in (range(1, COUNT + 1), range(COUNT + 1, 2 * COUNT + 1)):
        for table in tables:
            for number in numbers:
                _put(sealing.model_of(table), FIRST + number * GAP, (ONE, OTHER)[number % 2])
            actions.seal_rows(table, by=console("", "figures"), at=AT)
        for code in (ONE, OTHER):
            by = console(code, "figures")
            actions.append(EventKind.FACT_RECORDED, about="S", by=by, at=AT)
            actions.record_seals(by=by, at=AT)
    OUTSIDE.update({code: reads.head(code) for code in (ONE, OTHER)})
    return tables


def _put(model, key: int, owner: str, number: int = 0) -> None:  # type: ignore[no-untyped-def]
    """A row that leads to its owner, with whatever it needs on the way there."""
    from gongchou.audit.sealing import owner_path

    if model._base_manager.filter(pk=key).exists():
        return
    row, path = rows._row(model, number or (key - FIRST) // GAP), owner_path(model).split("__")
    row.pk = key
    step = model._meta.get_field(path[0])
    if path == ["bureau"]:
        row.bureau = owner
    elif path == ["bureau", "code"]:
        row.bureau_id = 900_001 if owner == ONE else 900_002
    else:
        setattr(row, step.attname, key)
        _put(step.related_model, key, owner, number)
    model._base_manager.bulk_create([row])


def _keys(table: str, bureau: str) -> list[int]:
    from gongchou.audit.sealing import owners

    return sorted(key for key, owner in owners(table).items() if owner == bureau)


def _edit(table: str, bureau: str) -> None:
    from gongchou.audit.sealing import model_of

    fields = [one for one in model_of(table)._meta.concrete_fields if not one.primary_key]
    plain = [one for one in fields if not one.is_relation and one.name != "bureau"]
    rows._edit(table, (plain or fields)[-1], _keys(table, bureau)[1])(cursor())


def _delete(table: str, bureau: str) -> None:
    cursor().execute(f"DELETE FROM {table} WHERE id = {_keys(table, bureau)[1]}")


def _swap(table: str, bureau: str) -> None:
    one, other = _keys(table, bureau)[1:3]
    for key, new in ((one, 9_999_999), (other, one), (9_999_999, other)):
        cursor().execute(f"UPDATE {table} SET id = {new} WHERE id = {key}")


def _insert(table: str, bureau: str) -> None:
    from gongchou.audit.sealing import model_of

    _put(model_of(table), _keys(table, bureau)[1] + 1, bureau, 97)


def _cut(table: str, bureau: str) -> None:
    cursor().execute(f"DELETE FROM {table} WHERE id = {_keys(table, bureau)[-1]}")


def _sign_again(table: str, bureau: str) -> None:
    """With program and key: the row, its seal, its root and the bureau's whole chain."""
    _edit(table, bureau)
    rows._seal_again(cursor(), table, bureau)
    rows._sign_again(cursor(), bureau)


def _older(table: str, bureau: str) -> None:
    """The bureau as it was before the last sealing: rows, seals and trail; work goes on."""
    from gongchou.audit import actions, models
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    last = models.TableSeal.objects.filter(table=table, owner=bureau)
    seal = last.latest("batch")
    keys = ", ".join(str(key) for key in seal.sealed.values_list("key", flat=True))
    cursor().execute(f"DELETE FROM {table} WHERE id IN ({keys})")
    cursor().execute("DELETE FROM audit_rowseal WHERE seal_id = %s", [seal.pk])
    cursor().execute("DELETE FROM audit_tableseal WHERE id = %s", [seal.pk])
    cursor().execute(f"DELETE FROM audit_event WHERE bureau = '{bureau}' AND seq > 2")
    rows._sign_again(cursor(), bureau)
    by = console(bureau, "figures")
    actions.append(EventKind.FACT_RECORDED, about="T", by=by, at=AT)
    actions.record_seals(by=by, at=AT)


def _clock_back(table: str, bureau: str) -> None:
    """An act of the bureau about the table under an earlier date."""
    from gongchou.audit import actions
    from gongchou.core.event_kinds import EventKind
    from gongchou.core.powers import console

    by, at = console(bureau, "figures"), AT - timedelta(days=3)
    actions.append(EventKind.FACT_RECORDED, about=table, by=by, at=at)


ATTACKS: Mapping[str, Attack] = {
    "改一行": _edit,
    "删一行": _delete,
    "换两行": _swap,
    "插一行": _insert,
    "截去末尾": _cut,
    "改后重封重算": _sign_again,
    "换回旧库": _older,
    "拨回时钟": _clock_back,
}
