"""The hours of a device over a window, day by day: what was folded before is not folded again.

Of each day only the number of its readings is asked; nothing in the store is ever changed in
place, so a day of as many readings is the same day. Days that touch the end of the window are
folded afresh, and kept once they are whole.
"""

from contextlib import suppress
from datetime import datetime

from gongchou.core.monitoring.day_fold import (
    FoldedDay,
    Joined,
    folded_day,
    joined,
    mark_of,
    read,
    written,
)
from gongchou.core.monitoring.folding import Run
from gongchou.core.monitoring.moments import DAY, digits_of, minute_at
from gongchou.offsite.hj212.store import Store, StoreAway
from gongchou.offsite.watch_stations import COMMANDS, Station, fold_of


def window_of(store: Store, station: Station, since: datetime, until: datetime) -> Joined:
    first, last = minute_at(since), minute_at(until)
    days = range(first // DAY, -(-last // DAY))
    begin, end = digits_of(days.start * DAY), digits_of(days.stop * DAY)
    counts = [store.days(station.mn, cn, begin, end) for cn in COMMANDS]
    known = store.folded(station.mn, begin[:8], end[:8])
    found: list[FoldedDay] = []
    fresh: list[tuple[str, str, str]] = []
    carried: dict[str, Run] = {}
    for day in days:
        name = digits_of(day * DAY)[:8]
        mark = mark_of([count.get(name, 0) for count in counts], carried, station.minutes)
        kept = known.get(name)
        is_whole = (day + 1) * DAY <= last
        if kept and kept[0] == mark and is_whole:
            one = read(kept[1])
        else:
            one = _folded(store, station, day, min((day + 1) * DAY, last), carried)
            if is_whole:
                fresh.append((name, mark, written(one)))
        found.append(one)
        carried = dict(one.ends)
    if fresh:
        # Only a saving: a full disk must not stop the judging.
        with suppress(StoreAway):
            store.keep_folded(station.mn, fresh)
    return joined(found, first, last)


def _folded(
    store: Store, station: Station, day: int, until: int, carried: dict[str, Run]
) -> FoldedDay:
    fold = fold_of(store, station, digits_of(day * DAY), digits_of(until), carried)
    return folded_day(fold, day)
