"""Whether the rows of the guarded tables still are what was sealed.

Several bureaus may share a database. What one is told is of its own rows, of rows that are of no
bureau alone, and of guards that are gone: rows of another are that one's matter.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from gongchou.audit import models, sealing
from gongchou.core.event_kinds import EventKind
from gongchou.core.rowseals import Difference, RowDigest, compared, root_of, row_digest


class Recorded(NamedTuple):
    """What a chain holds of a batch."""

    root: str
    owner: str


Batches = Mapping[tuple[str, int], Recorded]


def unrecorded(bureau: str) -> list[models.TableSeal]:
    """Batches whose root does not stand in the chain of a bureau yet."""
    known = recorded(bureau)
    rows = models.TableSeal.objects.order_by("table", "batch")
    return [row for row in rows if (row.table, row.batch) not in known]


def recorded(bureau: str) -> Batches:
    """The roots that the chain of a bureau holds, by table and batch."""
    rows = models.Event.objects.filter(bureau=bureau, kind=EventKind.TABLES_SEALED.value)
    return {
        (one["table"], one["batch"]): Recorded(one["root"], one.get("owner", ""))
        for data in rows.order_by("seq").values_list("data", flat=True)
        for one in data["tables"]
    }


def differences(bureau: str, only: str = "") -> Iterator[Difference]:
    """Against the roots in the chain of a bureau, table by table; nothing where all agrees.

    Where `only` names a table, of this one alone.

    What the chain itself is worth, `first_break` against a checkpoint from outside says.
    """
    known, guarded = recorded(bureau), set(sealing.guarded())
    seals = list(models.TableSeal.objects.order_by("table", "batch"))
    if only:
        known = {place: row for place, row in known.items() if place[0] == only}
        seals = [row for row in seals if row.table == only]
    held = {(row.table, row.batch): row for row in seals}
    for table, batch in sorted(known.keys() - held.keys()):
        if known[table, batch].owner in ("", bureau):
            yield Difference(table=table, key=0, says=f"第 {batch} 批封存记录不见了")
    for table in sorted({table for table, _ in (*known, *held)}):
        if table not in guarded:
            yield Difference(table=table, key=0, says="数据库里只增不改的护栏被拆除")
        batches = [row for row in seals if row.table == table]
        yield from _table(bureau, table, batches, known)


def _table(
    bureau: str, table: str, batches: Sequence[models.TableSeal], known: Batches
) -> Iterator[Difference]:
    owner_of = {row.pk: _owner(row, known) for row in batches}
    for row in batches:
        root = root_of(table, row.columns, _sealed(row.sealed.order_by("key")), owner=row.owner)
        told = known.get((table, row.batch), Recorded(root, row.owner))
        if owner_of[row.pk] in ("", bureau) and not root == row.root == told.root:
            yield Difference(table=table, key=0, says=f"第 {row.batch} 批封存记录被改动")
    rows = models.RowSeal.objects.filter(table=table).order_by("key")
    batch_of = dict(rows.values_list("key", "seal_id"))
    found = list(compared(table, _sealed(rows), _now(table, batches, batch_of)))
    # A row that came in between was never sealed: its owner is who it says it belongs to.
    now = sealing.owners(table) if any(one.key not in batch_of for one in found) else {}
    others = set(_bureaus()) - {bureau}
    for one in found:
        sealed_in = batch_of.get(one.key)
        # Where the record of its batch is gone, nobody knows whose the row was.
        owner = owner_of.get(sealed_in, "") if sealed_in else now.get(one.key, "")
        if owner not in others:
            yield one


def _bureaus() -> QuerySet[models.Event, str]:
    """Who has a chain; a row that names anybody else is told to all."""
    return models.Event.objects.order_by().values_list("bureau", flat=True).distinct()


def _owner(row: models.TableSeal, known: Batches) -> str:
    """The chain's word, where it has one: the row itself may have been changed."""
    told = known.get((row.table, row.batch))
    return told.owner if told else row.owner


def _sealed(rows) -> Iterator[RowDigest]:  # type: ignore[no-untyped-def]
    pairs = rows.values_list("key", "digest").iterator(chunk_size=sealing.CHUNK)
    return (RowDigest(key=key, digest=digest) for key, digest in pairs)


def _now(
    table: str, batches: Sequence[models.TableSeal], batch_of: Mapping[int, int]
) -> Iterator[RowDigest]:
    """Each row digested over the columns of the batch in which it was sealed."""
    columns = {row.pk: list(row.columns) for row in batches}
    there = set(sealing.columns_of(table))
    for row in sealing.values(table, sorted(there)):
        key = row.pop("pk")
        wanted = columns.get(batch_of.get(key, 0), [])
        shown = {name: row[name] if name in there else "" for name in wanted}
        yield RowDigest(key=key, digest=row_digest(table, shown))


def first_difference(bureau: str, only: str = "") -> Difference | None:
    return next(differences(bureau, only), None)
