"""What the log says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from gongchou.audit import models
from gongchou.core.chain import (
    START,
    Break,
    Checkpoint,
    Event,
    Link,
    StepBack,
    first_break,
    steps_back,
)
from gongchou.core.event_kinds import EventKind


def _link(row: models.Event) -> Link:
    event = Event(
        bureau=row.bureau,
        seq=row.seq,
        kind=row.kind,
        about=row.about,
        by=row.by_ref,
        by_name=row.by_name,
        at=row.at,
        data=row.data,
    )
    return Link(event=event, previous=row.previous, digest=row.digest)


def chain(bureau: str) -> Iterator[Link]:
    """All entries of a bureau, oldest first."""
    rows = models.Event.objects.filter(bureau=bureau).order_by("seq")
    return (_link(row) for row in rows.iterator(chunk_size=2000))


def events(bureau: str, *, about: str = "", limit: int = 100, before: int = 0) -> list[Link]:
    """Latest entries, newest first, where wanted about one thing or before a number."""
    rows = models.Event.objects.filter(bureau=bureau)
    if about:
        rows = rows.filter(about=about)
    if before:
        rows = rows.filter(seq__lt=before)
    return [_link(row) for row in rows.order_by("-seq")[:limit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for in the log; what is empty is not asked for."""

    kind: EventKind | None = None
    about: str = ""
    by_name: str = ""
    since: datetime | None = None
    until: datetime | None = None


def found(bureau: str, asked: Asked, *, limit: int, before: int = 0) -> list[Link]:
    """The newest entries that answer to all that is asked, from `since` until before `until`."""
    wanted = {
        "kind": asked.kind and asked.kind.value,
        "about__contains": asked.about,
        "by_name__contains": asked.by_name,
        "at__gte": asked.since,
        "at__lt": asked.until,
        "seq__lt": before,
    }
    rows = models.Event.objects.filter(bureau=bureau)
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return [_link(row) for row in rows.order_by("-seq")[:limit]]


def entry(bureau: str, seq: int) -> tuple[Link, str] | None:
    """One entry, and the digest of the one before it as that one has it."""
    rows = models.Event.objects.filter(bureau=bureau, seq__in=(seq - 1, seq))
    links = {row.seq: _link(row) for row in rows}
    if seq not in links:
        return None
    before = links[seq - 1].digest if seq > 1 and seq - 1 in links else ""
    return links[seq], before if seq > 1 else START


def newest(bureau: str, kind: EventKind, *, about: str) -> Link | None:
    """The latest entry of a kind about one thing."""
    row = models.Event.objects.filter(bureau=bureau, about=about, kind=kind.value)
    found = row.order_by("-seq").first()
    return _link(found) if found else None


def of_kinds(
    bureau: str,
    kinds: Sequence[EventKind],
    *,
    about: str = "",
    after: int = 0,
    limit: int | None = None,
) -> tuple[Link, ...]:
    """Entries of these kinds, oldest first, where wanted about one thing or after a number."""
    rows = _of_kinds(bureau, kinds, after)
    if about:
        rows = rows.filter(about=about)
    return tuple(_link(row) for row in rows.order_by("seq")[:limit])


def count_of_kinds(bureau: str, kinds: Sequence[EventKind], *, after: int) -> int:
    return _of_kinds(bureau, kinds, after).count()


def _of_kinds(bureau: str, kinds: Sequence[EventKind], after: int) -> QuerySet[models.Event]:
    wanted = [kind.value for kind in kinds]
    return models.Event.objects.filter(bureau=bureau, kind__in=wanted, seq__gt=after)


def head(bureau: str) -> Checkpoint | None:
    row = models.ChainHead.objects.filter(bureau=bureau).first()
    return Checkpoint(bureau=bureau, size=row.size, digest=row.digest) if row else None


def first_break_of(bureau: str, checkpoint: Checkpoint | None = None) -> Break | None:
    """The first entry that does not hold, against a checkpoint from outside where given."""
    return first_break(chain(bureau), checkpoint)


def steps_back_of(bureau: str, *, most: timedelta) -> tuple[StepBack, ...]:
    """Entries at which the clock went back by more than `most`."""
    return steps_back(chain(bureau), most=most)


def bureaus() -> list[str]:
    return list(models.ChainHead.objects.order_by("bureau").values_list("bureau", flat=True))
