"""Rows that the program of a source pushes: the same schema as its files, each row once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.canon import Canonical
from gongchou.core.clue_terms import InletKind
from gongchou.core.event_kinds import EventKind
from gongchou.core.inlet_rows import Cells, Read
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Problem, Stale
from gongchou.offsite import models
from gongchou.offsite.inlet_files import rows_of
from gongchou.offsite.inlet_writers import (
    Parcel,
    Taken,
    take_in,
    values_of,
    without_people,
)
from gongchou.web.clock import day_of

NUMBER = "来源编号"
MOST_PUSHED = 5000
# As many as one query may name on every database.
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What became of a batch; `ref` is empty where nothing of it was new and good."""

    ref: str = ""
    accepted: int = 0
    duplicates: int = 0
    filtered: int = 0
    sightings: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Sorted:
    """A batch by what is known of it; a new row is cells under its place in the batch."""

    fresh: dict[int, Cells] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    duplicates: int = 0
    problems: list[Problem] = field(default_factory=list)


@transaction.atomic
def receive_rows(
    kind: InletKind, source: str, entries: Sequence[Any], *, by: Actor, at: datetime
) -> Pushed:
    """New good rows are kept, bad ones are told, known ones counted: a batch may come again."""
    check(by, Power.PUSH_ROWS)
    own = _source(source)
    batch = _sorted(_read(entries), kind, own, by)
    found = Read(rows=tuple(batch.fresh.items()), columns=_columns(batch.fresh))
    values, problems = values_of(kind, found) if batch.fresh else ((), ())
    told = tuple(sorted((*batch.problems, *problems), key=lambda one: one.row))
    if not values:
        return Pushed(duplicates=batch.duplicates, problems=told)
    for one in problems:
        del batch.fresh[one.row]
    parcel = _parcel(kind, own, batch.fresh, values, told, by, at)
    taken = _taken(parcel, batch, by, at)
    data: dict[str, Canonical] = {
        "source": own,
        "kind": kind.value,
        "accepted": len(values),
        "duplicates": batch.duplicates,
        "rejected": len(told),
        "sha256": parcel.sha256,
    }
    audit.append(EventKind.INLET_RECEIVED, about=parcel.ref, by=by, at=at, data=data)
    return Pushed(
        ref=parcel.ref,
        accepted=len(values),
        duplicates=batch.duplicates,
        filtered=taken.file.filtered,
        sightings=taken.sightings,
        problems=told,
    )


def _source(source: str) -> str:
    own = said(source)
    if not own or len(own) > 40:
        raise Invalid("source 应写明数据从哪个系统来，不超过 40 个字，以后每次都写同一个。")
    return own


def _read(entries: Sequence[Any]) -> Read:
    if not entries:
        raise Invalid("rows 里没有数据行，请至少送一行。")
    if len(entries) > MOST_PUSHED:
        raise Invalid(f"一批有 {len(entries)} 行，最多 {MOST_PUSHED} 行，请分成几批再送。")
    return rows_of(entries, first=1)


def _columns(fresh: Mapping[int, Cells]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for cells in fresh.values() for name in cells))


def _sorted(found: Read, kind: InletKind, source: str, by: Actor) -> _Sorted:
    """Which rows are new; one number with two contents is told, for nothing is overwritten."""
    batch = _Sorted()
    known = _known([cells.get(NUMBER, "") for _, cells in found.rows], kind, source, by)
    for row, cells in found.rows:
        number, digest = cells.get(NUMBER, ""), canon.digest(sorted(map(list, cells.items())))
        if says := _wrong_number(row, number, known.get(number, digest) != digest):
            batch.problems.append(Problem(row=row, column=NUMBER, value=number, says=says))
        elif number in known:
            batch.duplicates += 1
        else:
            known[number] = digest
            batch.fresh[row], batch.digests[row] = cells, digest
    return batch


def _wrong_number(row: int, number: str, is_other: bool) -> str:
    if not number or len(number) > 60:
        return (
            f"第 {row} 行“{NUMBER}”为“{number[:60]}”，应填来源系统给这一行的编号，不超过 60 个字。"
        )
    if is_other:
        return (
            f"第 {row} 行“{NUMBER}”为“{number}”，以前收到过这个编号，内容不同。"
            "已经收到的不能改，更正的请用新的编号再送。"
        )
    return ""


def _known(numbers: Sequence[str], kind: InletKind, source: str, by: Actor) -> dict[str, str]:
    rows = models.PushedRow.objects.filter(
        bureau__code=by.bureau, kind=kind.value, source=source
    ).values_list("number", "digest")
    known: dict[str, str] = {}
    for start in range(0, len(numbers), AT_ONCE):
        known |= dict(rows.filter(number__in=numbers[start : start + AT_ONCE]))
    return known


def _parcel(
    kind: InletKind,
    source: str,
    fresh: Mapping[int, Cells],
    values: Sequence[Any],
    told: Sequence[Problem],
    by: Actor,
    at: datetime,
) -> Parcel:
    """What is kept are the rows that were accepted; the ref comes of them, no counter is asked."""
    is_private = kind is InletKind.COMPLAINT
    kept = [without_people(cells) if is_private else cells for cells in fresh.values()]
    body = {"source": source, "received_at": at.isoformat(), "rows": kept}
    content = json.dumps(body, ensure_ascii=False).encode()
    digest = hashlib.sha256(content).hexdigest()
    return Parcel(
        ref=f"W{by.bureau}-{day_of(at).year}-P{digest[:12]}",
        kind=kind,
        name=f"{source} 推送",
        content=content,
        sha256=digest,
        values=values,
        problems=told,
        source=source,
    )


def _taken(parcel: Parcel, batch: _Sorted, by: Actor, at: datetime) -> Taken:
    try:
        taken = take_in(parcel, by, at)
        _remember(taken.file, batch)
    except IntegrityError as error:
        raise Stale("同一来源的同一批正在接收，这一次没有写入。请过几秒原样再送。") from error
    return taken


def _remember(file: models.InletFile, batch: _Sorted) -> None:
    keys = [
        models.PushedRow(
            bureau=file.bureau,
            kind=file.kind,
            source=file.source,
            number=cells[NUMBER],
            digest=batch.digests[row],
            file=file,
        )
        for row, cells in batch.fresh.items()
    ]
    models.PushedRow.objects.bulk_create(keys, batch_size=AT_ONCE)
