"""One device of a site, and the fold of what it sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongchou.core.hj212.shapes import Row
from gongchou.core.monitoring.folding import (
    BY_MINUTES,
    FURNACE,
    HOURLY,
    SETTINGS,
    DeviceFold,
    Run,
)
from gongchou.core.monitoring.moments import minute_at
from gongchou.core.terms import MonitoringType
from gongchou.offsite.hj212.store import ReadingRow, Store

COMMANDS = (BY_MINUTES, HOURLY, FURNACE, SETTINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One device of a site; `minutes` between its minute data."""

    mn: str
    kind: MonitoringType
    outlet: str
    minutes: int


def fold_of(
    store: Store,
    station: Station,
    since: str,
    until: str,
    carried: Mapping[str, Run] | None = None,
) -> DeviceFold:
    fold = DeviceFold(station.minutes, carried or {})
    for cn in COMMANDS:
        for row in store.readings(station.mn, cn, since, until):
            received = minute_at(row.received_at)
            rows = (_row(row),)
            fold.take(cn, row.time, received, resent=row.is_resent, rows=rows, qn=row.qn)
            if cn == HOURLY and not row.is_resent:
                fold.hear(row.qn, received)
    return fold


def _row(row: ReadingRow) -> Row:
    values = row.values
    return Row(row.factor, tuple(values), tuple(values.values()), row.flag)
