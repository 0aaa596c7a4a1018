"""Days folded once: a window joined of kept days is the window folded from its start."""

from datetime import timedelta

import pytest

from gongchou.core.hj212.answers import frame
from gongchou.core.terms import MonitoringType
from gongchou.offsite import day_folds
from gongchou.offsite.day_folds import window_of
from gongchou.offsite.hj212.sqlite_store import SqliteStore
from gongchou.offsite.hj212.store import StoreAway
from gongchou.offsite.watch_stations import Station, fold_of
from tests.core.hj212.frames import MN
from tests.offsite.hj212.arrivals import AT, arrivals

HOUR = timedelta(hours=1)
DIGITS = "%Y%m%d%H%M%S"
STATION = Station(mn=MN, kind=MonitoringType.AUTO_AIR, outlet="废气排口一", minutes=10)
BEIJING = timedelta(hours=8)


def packet(cn: str, at, body: str) -> bytes:
    moment = at + BEIJING
    head = f"QN={moment + HOUR:{DIGITS}}001;ST=31;CN={cn};PW=123456;MN={MN};Flag=5"
    return frame(f"{head};CP=&&DataTime={moment:{DIGITS}};{body}&&")


def send(store, hours: range, *, minutes: bool = True, still: range = range(0)) -> None:
    for hour in hours:
        at = AT + hour * HOUR
        for slot in range(6 if minutes else 0):
            value = 7.5 if hour in still else 10 + (hour * 6 + slot) * 7 % 11
            body = f"a21026-Avg={value},a21026-Flag={'M' if hour % 17 == 3 else 'N'}"
            store.keep(arrivals(packet("2051", at + slot * HOUR / 6, body), since=at + HOUR))
        body = f"a21026-Avg={10 + hour % 7}.25,a21026-Flag=N;a19001-Avg=8.{hour % 9}"
        store.keep(arrivals(packet("2061", at, body), since=at + 1.05 * HOUR))
        slope = 1 + (hour > 40) / 10
        store.keep(arrivals(packet("3020", at, f"i13007-Info={slope}"), since=at + HOUR))


def whole(store, since, until):
    """As it is folded without anything kept."""
    first, last = (f"{at + BEIJING:{DIGITS}}" for at in (since, until))
    fold = fold_of(store, STATION, first, last)
    return fold.hours(), fold.changes(), fold.clock


def joined(store, since, until):
    found = window_of(store, STATION, since, until)
    return found.hours, found.changes, found.clock


MIDNIGHT = AT - BEIJING


@pytest.mark.parametrize("minutes", [True, False])
def test_joined_days_are_what_the_whole_window_comes_to(store, minutes):
    send(store, range(-8, 90), minutes=minutes, still=range(10, 50))
    since = MIDNIGHT
    for until in (MIDNIGHT + 60 * HOUR, MIDNIGHT + 75 * HOUR, MIDNIGHT + 75 * HOUR):
        assert joined(store, since, until) == whole(store, since, until)


def test_a_value_that_stood_still_over_midnight_is_still_standing(store):
    send(store, range(-8, 90), still=range(10, 50))
    hours, _, _ = joined(store, MIDNIGHT, MIDNIGHT + 90 * HOUR)
    assert max(point.steady for point in hours["a21026"].values()) == 40 * 60


def test_late_data_of_a_kept_day_is_seen_and_other_days_are_not_read_again(store, monkeypatch):
    send(store, [h for h in range(-8, 90) if not 20 <= h < 22])
    span = MIDNIGHT, MIDNIGHT + 90 * HOUR
    joined(store, *span)
    send(store, range(20, 22))
    folded = []
    fold = day_folds._folded

    def counting(store, station, day, until, carried):
        folded.append(day)
        return fold(store, station, day, until, carried)

    monkeypatch.setattr(day_folds, "_folded", counting)
    assert joined(store, *span) == whole(store, *span)
    assert len(set(folded)) == 2, "the day that was completed and the last one, not yet whole"
    folded.clear()
    joined(store, *span)
    assert len(folded) == 1


def test_a_store_that_keeps_no_folded_days_is_judged_all_the_same(tmp_path):
    full = SqliteStore(tmp_path / "monitors.sqlite3")
    full.prepare()
    send(full, range(-8, 30))
    full._connection.execute("PRAGMA query_only=1")
    span = MIDNIGHT, MIDNIGHT + 30 * HOUR
    with pytest.raises(StoreAway):
        full.keep_folded(MN, [("20260401", "mark", "day")])
    assert joined(full, *span) == whole(full, *span)
    full.close()
