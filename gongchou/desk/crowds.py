"""The short caps on the board: which sites were visited too often, with the visits behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gongchou.core.caps import Crowd, clean_crowds, crowds
from gongchou.core.rules import Clause, PolicyProfile
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.registry import past_reads, people_reads
from gongchou.registry import reads as registers
from gongchou.registry.policy import label_of, profile_of

KEYS = ("cap.day", "cap.week", "cap.month", "cap.clean_visits")
WEEK = timedelta(days=6)  # the first week of a year may begin in the one before


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdRow:
    """One site, the span, and its visits: each ref, and whether it has a page here."""

    site: str
    inspector: str
    since: date
    last: date
    visits: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortCap:
    """One short cap of the policy and what went over it; without a clause there is none."""

    key: str
    label: str
    limit: int
    clause: Clause | None
    sites: int
    rows: tuple[CrowdRow, ...]


def short_caps(bureau: str, quarter: Quarter, on: date) -> tuple[ShortCap, ...]:
    """Each short cap with the sites over it in the quarter, as known at the end of a day."""
    profile = profile_of(bureau, quarter.last)
    if not any(profile.setting(key, quarter.last) for key in KEYS):
        return tuple(_cap(profile, key, quarter, ()) for key in KEYS)
    since = date(quarter.year, 1, 1) - WEEK
    made = past_reads.made_visits(bureau, since, min(on, quarter.last), on)
    found = (*crowds(profile, made, quarter), *clean_crowds(profile, made, quarter))
    rows = _rows(bureau, found, on)
    return tuple(
        _cap(profile, key, quarter, [(c, rows[c]) for c in found if c.key == key]) for key in KEYS
    )


def _cap(
    profile: PolicyProfile, key: str, quarter: Quarter, held: Sequence[tuple[Crowd, CrowdRow]]
) -> ShortCap:
    limit = profile.setting(key, quarter.last)
    is_set = isinstance(limit, int)
    return ShortCap(
        key=key,
        label=label_of(key),
        limit=limit if isinstance(limit, int) else 0,
        clause=profile.parameter(key, quarter.last).clause if is_set else None,
        sites=len({crowd.subject for crowd, _ in held}),
        rows=tuple(row for _, row in held),
    )


def _rows(bureau: str, found: Sequence[Crowd], on: date) -> Mapping[Crowd, CrowdRow]:
    sites = registers.subjects_named(bureau, on, {crowd.subject for crowd in found})
    people = people_reads.names_of_inspectors(bureau)
    own = inspection.visits_of({ref for crowd in found for ref in crowd.refs})
    return {
        crowd: CrowdRow(
            site=sites[crowd.subject].name if crowd.subject in sites else crowd.subject,
            inspector=people.get(crowd.inspector, crowd.inspector),
            since=crowd.since,
            last=crowd.last,
            visits=tuple((ref, ref in own) for ref in crowd.refs),
        )
        for crowd in found
    }
