"""The one way into the event log."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from gongchou.audit import models, seal_reads, sealing
from gongchou.core import chain
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.rowseals import RowDigest, root_of


@transaction.atomic
def append(
    kind: EventKind,
    *,
    about: str,
    by: Actor,
    at: datetime,
    data: Mapping[str, Canonical] | None = None,
) -> chain.Checkpoint:
    """Add an entry to the chain of the actor's bureau, within the transaction of the act."""
    head = _take_head(by.bureau)
    event = chain.Event(
        bureau=by.bureau,
        seq=head.size,
        kind=kind.value,
        about=about,
        by=by.ref,
        by_name=by.name,
        at=at.replace(microsecond=0),
        data=data or {},
    )
    digest = chain.digest_of(event, head.digest)
    models.Event.objects.create(
        bureau=event.bureau,
        seq=event.seq,
        kind=event.kind,
        about=about,
        by_ref=by.ref,
        by_name=by.name,
        at=event.at,
        data=dict(event.data),
        previous=head.digest,
        digest=digest,
    )
    models.ChainHead.objects.filter(bureau=by.bureau).update(digest=digest)
    return chain.Checkpoint(bureau=by.bureau, size=event.seq, digest=digest)


def _take_head(bureau: str) -> models.ChainHead:
    """Count one up first: the row stays ours until the transaction ends, on both databases."""
    rows = models.ChainHead.objects.filter(bureau=bureau)
    if not rows.update(size=F("size") + 1):
        models.ChainHead.objects.create(bureau=bureau, size=1, digest=chain.START)
    return rows.get()


@transaction.atomic
def seal_rows(table: str, *, by: Actor, at: datetime) -> int:
    """Seal the new rows of a guarded table; returns how many.

    A transaction of its own, without an entry in a chain: whoever waits for the head of a chain
    must not wait for a whole table too. `record_seals` writes the entry.
    """
    sealing.hold_still(table)
    held = models.RowSeal.objects.filter(table=table).aggregate(last=Max("key"))
    columns = sealing.columns_of(table)
    last = held["last"] or 0
    fresh: defaultdict[str, list[RowDigest]] = defaultdict(list)
    owners = sealing.owners(table, after=last)
    for row in sealing.digests(table, columns, last):
        fresh[owners.get(row.key, "")].append(row)
    for owner, rows in sorted(fresh.items()):
        _seal_batch(table, owner, columns, rows, at)
    return sum(len(rows) for rows in fresh.values())


def _seal_batch(
    table: str, owner: str, columns: list[str], rows: list[RowDigest], at: datetime
) -> None:
    """The rows of one bureau, so that whoever changes one is not looked for in another."""
    seal = models.TableSeal.objects.create(
        table=table,
        owner=owner,
        batch=models.TableSeal.objects.filter(table=table).count() + 1,
        columns=columns,
        rows=len(rows),
        root=root_of(table, columns, rows, owner=owner),
        at=at,
    )
    models.RowSeal.objects.bulk_create(
        (models.RowSeal(seal=seal, table=table, key=row.key, digest=row.digest) for row in rows),
        batch_size=sealing.CHUNK,
    )


@transaction.atomic
def record_seals(*, by: Actor, at: datetime) -> int:
    """Write the roots that the chain of the actor's bureau lacks; returns how many."""
    rows = seal_reads.unrecorded(by.bureau)
    tables: list[Canonical] = [_told(row) for row in rows]
    if tables:
        data: dict[str, Canonical] = {"tables": tables}
        append(EventKind.TABLES_SEALED, about=by.bureau, by=by, at=at, data=data)
    return len(tables)


def _told(row: models.TableSeal) -> dict[str, Canonical]:
    """What a chain keeps of a batch."""
    found: dict[str, Canonical] = {
        "table": row.table, "batch": row.batch, "rows": row.rows, "root": row.root,
    }  # fmt: skip
    return found | {"owner": row.owner} if row.owner else found
