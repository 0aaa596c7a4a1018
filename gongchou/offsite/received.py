"""What the receiver has kept, as pages show it; empty where it has never run."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gongchou.core.hj212.framing import dialect_of
from gongchou.core.hj212.words import Dialect, FrameFault
from gongchou.offsite.curves import DIGITS, Curve, curves
from gongchou.offsite.hj212.place import has_store, open_store
from gongchou.offsite.hj212.store import QuarantineRow, Store
from gongchou.web.clock import SHANGHAI

HOURLY, BY_MINUTES, MOMENTARY = "2061", "2051", "2011"
HOUR = timedelta(hours=1)
MOST = 200


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
def _store(folder: Path) -> Iterator[Store | None]:
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
    with _store(folder) as store:
        for mn in stations if store else ():
            assert store is not None
            times = [store.latest(mn, cn) for cn in (MOMENTARY, BY_MINUTES, HOURLY)]
            if moment := _moment(max(times)):
                found[mn] = moment
    return found


def hourly_curves(folder: Path, mn: str, since: datetime, until: datetime) -> list[Curve]:
    with _store(folder) as store:
        if store is None:
            return []
        span = [f"{at.astimezone(SHANGHAI):{DIGITS}}" for at in (since, until)]
        return curves(list(store.readings(mn, HOURLY, span[0], span[1])), HOUR)


def read_hours(folder: Path, stations: Mapping[str, tuple[datetime, datetime]]) -> tuple[int, int]:
    """Hours that should have come from stations within their spans, and hours that came."""
    expected = read = 0
    with _store(folder) as store:
        for mn, (since, until) in stations.items():
            expected += max(0, int((until - since) / HOUR))
            if store and since < until:
                span = [f"{at.astimezone(SHANGHAI):{DIGITS}}" for at in (since, until)]
                read += len({row.time for row in store.readings(mn, HOURLY, span[0], span[1])})
    return expected, min(read, expected)


def put_aside(folder: Path, mn: str) -> list[Aside]:
    return [row for row in quarantine(folder, {mn}) if row.mn == mn]


def quarantine(folder: Path, stations: Collection[str]) -> list[Aside]:
    """The newest frames of these stations, and of stations that nobody has entered."""
    with _store(folder) as store:
        rows = store.quarantine(MOST) if store else []
    wanted = (FrameFault.UNKNOWN_DEVICE.value, FrameFault.HEAD.value)
    return [_aside(row) for row in rows if row.mn in stations or row.fault in wanted or not row.mn]


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
