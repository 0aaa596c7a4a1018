"""The one way into the event log."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from gongchou.audit import models
from gongchou.core import chain
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor


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
