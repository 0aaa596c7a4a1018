"""A site as the rules take it: what is entered about it, and what its devices have sent."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from gongchou.core.monitoring.entries import (
    Entry,
    filing_of,
    group_of,
    line_of,
    newest,
    order_of,
    outlet_of,
)
from gongchou.core.monitoring.moments import digits_of, minute_at, minute_of
from gongchou.core.monitoring.series import (
    LineSeries,
    Outlet,
    OutletSeries,
    Site,
    Slot,
)
from gongchou.core.monitoring.words import EntryKind, OutletKind
from gongchou.core.terms import MonitoringType
from gongchou.offsite.day_folds import window_of
from gongchou.offsite.hj212.store import Store
from gongchou.offsite.watch_stations import Station

POWER = "2011"
KINDS = {MonitoringType.AUTO_AIR: OutletKind.AIR, MonitoringType.AUTO_WATER: OutletKind.WATER}


def site_of(
    store: Store,
    subject: str,
    stations: Sequence[Station],
    entries: Sequence[Entry],
    since: datetime,
    until: datetime,
    region_out: frozenset[int] = frozenset(),
) -> Site:
    """All that is known of a site for [since, until)."""
    span = digits_of(minute_at(since)), digits_of(minute_at(until))
    outlets = newest(entries, EntryKind.OUTLET)
    about = newest(entries, EntryKind.SITE).get("")
    said: Mapping[str, object] = about.body if about else {}
    return Site(
        subject=subject,
        outlets=tuple(
            _outlet(store, station, outlets.get(station.mn), since, until)
            for station in stations
            if station.kind in KINDS
        ),
        lines=tuple(lines_of(store, entries, *span)),
        groups=tuple(group_of(entry) for entry in newest(entries, EntryKind.GROUP).values()),
        orders=tuple(order_of(entry) for entry in entries if entry.kind is EntryKind.ORDER),
        filings=tuple(filing_of(entry) for entry in entries if entry.kind is EntryKind.FILING),
        shifts=frozenset(map(int, said.get("shifts", []))),  # type: ignore[call-overload]
        is_tariff_driven=bool(said.get("is_tariff_driven")),
        has_own_generation=bool(said.get("has_own_generation")),
        unmetered=int(str(said.get("unmetered_percent", 0))) / 100,
        region_out=region_out,
    )


def _outlet(
    store: Store, station: Station, entry: Entry | None, since: datetime, until: datetime
) -> OutletSeries:
    found = window_of(store, station, since, until)
    outlet = outlet_of(entry) if entry else Outlet(ref=station.mn, kind=KINDS[station.kind])
    return OutletSeries(
        outlet=outlet, hours=found.hours, changes=tuple(found.changes), clock=found.clock
    )


def lines_of(
    store: Store, entries: Sequence[Entry], since: str, until: str
) -> Iterator[LineSeries]:
    """Each entered meter with its quarter hours, read once for each logger."""
    states = newest(entries, EntryKind.STATES)
    meters = newest(entries, EntryKind.METER)
    by_station: dict[str, dict[str, dict[int, list[float]]]] = {}
    for entry in meters.values():
        mn = str(entry.body["mn"])
        if mn not in by_station:
            by_station[mn] = _means(store, mn, since, until)
        factors = by_station[mn]
        kw = factors.get(str(entry.body["code_kw"]), {})
        amps = factors.get(str(entry.body["code_amps"]), {})
        kwh = factors.get(str(entry.body["code_kwh"]), {})
        slots = {
            slot: Slot(
                sum(values) / len(values),
                _last(amps.get(slot)),
                _last(kwh.get(slot)),
            )
            for slot, values in kw.items()
        }
        yield LineSeries(line=line_of(entry, states.get(entry.key)), slots=slots)


def _last(values: list[float] | None) -> float:
    return values[-1] if values else 0.0


def _means(store: Store, mn: str, since: str, until: str) -> dict[str, dict[int, list[float]]]:
    """Of each factor the values that came in each quarter hour."""
    found: dict[str, dict[int, list[float]]] = {}
    for row in store.readings(mn, POWER, since, until):
        text = row.values.get("Rtd") or row.values.get("Avg") or ""
        try:
            slot, value = minute_of(row.time) // 15, Decimal(text)
        except (ValueError, InvalidOperation):
            continue
        if value.is_finite():
            found.setdefault(row.factor, {}).setdefault(slot, []).append(float(value))
    return found


def silent_hours(site: Site, since: int, until: int) -> set[int]:
    """Hours of [since, until) in which nothing came from any device of a site."""
    heard = {hour for series in site.outlets for own in series.hours.values() for hour in own}
    heard |= {slot // 4 for series in site.lines for slot in series.slots}
    return set(range(since, until)) - heard if heard else set()
