"""Where the record behind a number is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from gongchou.core.statistics import Record
from gongchou.core.terms import RecordKind

PAGES: Mapping[RecordKind, str] = {
    RecordKind.DRAW: "drawing:draw",
    RecordKind.VISIT: "inspection:visit",
    RecordKind.OFFSITE_CHECK: "offsite:check",
    RecordKind.PUBLICATION: "publication:document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A record with its address; empty where its room has no page for it."""

    record: Record
    url: str


def link(record: Record, quarter: str) -> Link:
    """The page of one record; a plan and its snapshot stand on the page of their quarter."""
    if record.kind in (RecordKind.PLAN, RecordKind.SNAPSHOT):
        url = f"{reverse('planning:quarter')}?{urlencode({'quarter': quarter})}"
        return Link(record=record, url=url)
    try:
        return Link(record=record, url=reverse(PAGES[record.kind], args=[record.ref]))
    except NoReverseMatch:
        return Link(record=record, url="")
