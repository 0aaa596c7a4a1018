"""What the receiver has kept, as pages show it; empty where it has never run."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from gongchou.core.hj212.framing import dialect_of
from gongchou.core.hj212.gaps import DIGITS
from gongchou.core.hj212.words import Dialect, FrameFault
from gongchou.core.monitoring.moments import digits_of, minute_at
from gongchou.offsite.curves import Curve, curves
from gongchou.offsite.hj212.place import has_store, open_store
from gongchou.offsite.hj212.store import QuarantineRow, ReadingRow, Store
from gongchou.web.clock import SHANGHAI

HOURLY, BY_MINUTES, MOMENTARY = "2061", "2051", "2011"
HOUR = timedelta(hours=1)
MOST = 200
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """One frame put into quarantine, and how it could be read if a person allows it."""

    received_at: datetime
    address: str
    mn: str
    fault: FrameFault
    readable_as: Dialect | None
    text: str


@contextmanager
def opened(folder: Path) -> Iterator[Store | None]:
    if not has_store(folder):
        yield None
        return
    store = open_store(folder)
    try:
        yield store
    finally:
        store.close()


def last_heard(folder: Path, stations: Sequence[str]) -> dict[str, datetime]:
    """The newest moment of each station's data, by its own clock."""
    found = {}
    with opened(folder) as store:
        for mn in stations if store else ():
            assert store is not None
            times = [store.latest(mn, cn) for cn in (MOMENTARY, BY_MINUTES, HOURLY)]
            if moment := _moment(max(times)):
                found[mn] = moment
    return found


def hourly_curves(
    folder: Path,
    mn: str,
    since: datetime,
    until: datetime,
    event: Span | None = None,
) -> list[Curve]:
    """Each factor's hours, with what an event spans marked."""
    with opened(folder) as store:
        if store is None:
            return []
        rows = list(store.readings(mn, HOURLY, *digits_between(since, until)))
    return curves(rows, HOUR, band_of(event) if event else None)


def digits_between(since: datetime, until: datetime) -> tuple[str, str]:
    """The span as the devices write it."""
    return digits_of(minute_at(since)), digits_of(minute_at(until))


def band_of(event: Span) -> Span:
    """The event in Beijing time, as curves are drawn."""
    return _naive(event[0]), _naive(event[1])


def _naive(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI).replace(tzinfo=None)


def read_hours(folder: Path, stations: Mapping[str, tuple[datetime, datetime]]) -> tuple[int, int]:
    """Hours that should have come from stations within their spans, and hours that came."""
    expected = read = 0
    with opened(folder) as store:
        for mn, (since, until) in stations.items():
            expected += max(0, int((until - since) / HOUR))
            if store and since < until:
                span = digits_between(since, until)
                read += len({row.time for row in store.readings(mn, HOURLY, *span)})
    return expected, min(read, expected)


def put_aside(folder: Path, mn: str) -> list[Aside]:
    return [row for row in quarantine(folder, {mn}) if row.mn == mn]


def quarantine(folder: Path, stations: Collection[str]) -> list[Aside]:
    """The newest frames of these stations; of no other, whoever may own it."""
    return [_aside(row) for row in _quarantined(folder) if row.mn in stations]


def unowned(folder: Path, known: Collection[str]) -> list[Aside]:
    """The newest frames of devices that no bureau has entered, or that do not say who they are."""
    return [_aside(row) for row in _quarantined(folder) if row.mn not in known]


def _quarantined(folder: Path) -> list[QuarantineRow]:
    with opened(folder) as store:
        rows = store.quarantine(MOST) if store else []
    return sorted(rows, key=lambda row: row.received_at, reverse=True)


def _aside(row: QuarantineRow) -> Aside:
    return Aside(
        received_at=row.received_at,
        address=row.address,
        mn=row.mn,
        fault=FrameFault(row.fault),
        readable_as=dialect_of(row.raw),
        text=row.raw[:400].decode("utf-8", "backslashreplace"),
    )


def _moment(digits: str) -> datetime | None:
    try:
        return datetime.strptime(digits, DIGITS).replace(tzinfo=SHANGHAI)
    except ValueError:
        return None


Series = dict[str, dict[str, dict[date, float]]]


def daily_means(
    folder: Path, stations: Mapping[str, str], since: datetime, until: datetime
) -> Series:
    """By factor, then by site: the mean of each day's normal hours; `stations` is MN to site."""
    sums: dict[tuple[str, str, date], list[float]] = {}
    span = digits_between(since, until)
    with opened(folder) as store:
        for mn, site in stations.items() if store else ():
            assert store is not None
            for row in store.readings(mn, HOURLY, *span):
                found = _normal(row)
                if found is not None:
                    sums.setdefault((row.factor, site, found[0]), []).append(found[1])
    series: Series = {}
    for (factor, site, day), values in sums.items():
        series.setdefault(factor, {}).setdefault(site, {})[day] = sum(values) / len(values)
    return series


def _normal(row: ReadingRow) -> tuple[date, float] | None:
    """The day and the mean of an hour that its station marked as normal."""
    moment = _moment(row.time)
    if row.flag.upper() != "N" or moment is None:
        return None
    try:
        return moment.date(), float(row.values["Avg"])
    except (KeyError, ValueError):
        return None
