"""The trail as the discipline office reads it: what was asked for, and one entry whole."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gongchou.audit import reads as audit
from gongchou.core.chain import Checkpoint, Link, digest_of
from gongchou.core.event_kinds import EventKind
from gongchou.core.refusals import Refused
from gongchou.web.clock import start_of

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    seq: int
    kind: str
    about: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    rows: tuple[TrailRow, ...]
    head: Checkpoint | None
    older: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrySheet:
    """One entry whole; `problem` says what does not hold, `says` is the content that is bound."""

    row: TrailRow
    by: str
    says: str
    previous: str
    digest: str
    problem: str
    has_next: bool


def question(
    kind: str, about: str, by_name: str, since: date | None, until: date | None
) -> audit.Asked:
    """Days are those of Beijing, both included."""
    return audit.Asked(
        kind=EventKind(kind) if kind else None,
        about=about.strip(),
        by_name=by_name.strip(),
        since=start_of(since) if since else None,
        until=start_of(until + timedelta(1)) if until else None,
    )


def trail(bureau: str, asked: audit.Asked, *, before: int = 0) -> TrailPage:
    """A page of the event log, newest first."""
    links = audit.found(bureau, asked, limit=PAGE, before=before)
    rows = tuple(_row(link) for link in links)
    older = rows[-1].seq if len(rows) == PAGE and rows[-1].seq > 1 else 0
    return TrailPage(rows=rows, head=audit.head(bureau), older=older)


def entry(bureau: str, seq: int) -> EntrySheet:
    found, head = audit.entry(bureau, seq), audit.head(bureau)
    if found is None:
        raise Refused(f"本机构的留痕没有第 {seq} 条，请从“留痕”页面进入。")
    link, before = found
    return EntrySheet(
        row=_row(link),
        by=link.event.by,
        says=json.dumps(dict(link.event.data), ensure_ascii=False, indent=2, sort_keys=True),
        previous=link.previous,
        digest=link.digest,
        problem=_problem(link, before),
        has_next=head is not None and seq < head.size,
    )


def _problem(link: Link, before: str) -> str:
    if link.previous != before:
        return "没有接在前一条之后：前一条的摘要与这里记的不同。"
    if digest_of(link.event, link.previous) != link.digest:
        return "内容与摘要不符，可能被改动。"
    return ""


def _row(link: Link) -> TrailRow:
    event = link.event
    return TrailRow(
        seq=event.seq,
        kind=EventKind(event.kind).label,
        about=event.about,
        by_name=event.by_name,
        at=event.at,
    )
