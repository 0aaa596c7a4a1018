"""What the pages of judging show besides the rows: learned states, and the curve of an event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gongchou.core.monitoring.entries import Entry, newest
from gongchou.core.monitoring.learning import StateProposal, proposal
from gongchou.core.monitoring.words import EntryKind
from gongchou.offsite import watch_reads
from gongchou.offsite.curves import Curve, curves, power_curve
from gongchou.offsite.received import HOUR, HOURLY, Span, band_of, digits_between, opened
from gongchou.offsite.watch_sites import lines_of

LEARNED_DAYS = 14
AROUND = timedelta(hours=24)
LONGEST = timedelta(days=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """One meter: what a fortnight proposes, "" numbers where it proposes nothing."""

    meter: str
    slots: int
    found: StateProposal | None
    is_confirmed: bool


def learned_states(folder: Path, bureau: str, subject: str, now: datetime) -> list[Learned]:
    """For each meter of a site the states that the last fortnight shows."""
    entries = watch_reads.entries(bureau, subject)
    confirmed = newest(entries, EntryKind.STATES)
    since, until = digits_between(now - timedelta(days=LEARNED_DAYS), now)
    with opened(folder) as store:
        if store is None:
            return []
        return [
            Learned(
                meter=series.line.ref,
                slots=len(series.slots),
                found=proposal([slot.kw for slot in series.slots.values()], series.line.rated_kw),
                is_confirmed=series.line.ref in confirmed,
            )
            for series in lines_of(store, entries, since, until)
        ]


def event_curves(folder: Path, bureau: str, row: watch_reads.FindingRow) -> list[Curve]:
    """The hours around an event as the device sent them, or the power of the meters it is about.

    A long event is shown from its start.
    """
    since, until = row.started_at - AROUND, min(row.ended_at + AROUND, row.started_at + LONGEST)
    first, last = digits_between(since, until)
    event = row.started_at, row.ended_at
    with opened(folder) as store:
        if store is None:
            return []
        rows = list(store.readings(row.outlet, HOURLY, first, last))
    named = [one for one in rows if not row.factor_code or one.factor == row.factor_code]
    power = power_curves(folder, bureau, row.subject, row.outlet, (since, until), event)
    return curves(named or rows, HOUR, band_of(event)) + power


def power_curves(
    folder: Path, bureau: str, subject: str, where: str, span: Span, event: Span
) -> list[Curve]:
    """The meters behind a place over a span, the event marked; none where the place has none."""
    entries = watch_reads.entries(bureau, subject)
    wanted = _meters_of(where, entries)
    with opened(folder) as store:
        if store is None or not wanted:
            return []
        lines = list(lines_of(store, entries, *digits_between(*span)))
    found = [power_curve(one, band_of(event)) for one in lines if one.line.ref in wanted]
    return [curve for curve in found if curve]


def _meters_of(where: str, entries: list[Entry]) -> set[str]:
    """The meters behind a place: of a group all, of an outlet its producing ones, or itself."""
    groups, outlets = newest(entries, EntryKind.GROUP), newest(entries, EntryKind.OUTLET)
    if where in groups:
        body = groups[where].body
        return {*body["producers"], *body["treatments"]}
    return {*outlets[where].body["lines"]} if where in outlets else {where}
