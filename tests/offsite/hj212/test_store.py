"""What every store promises, on the kind of database the tests run on."""

from datetime import timedelta

import pytest

from gongchou.core.hj212.words import FrameFault
from gongchou.offsite.hj212.store import Kept
from tests.core.hj212.frames import MN, SEGMENT, wired
from tests.offsite.hj212.arrivals import AT, arrivals, hour

BAD = wired(SEGMENT)[:-6] + b"1234\r\n"
DAY = ("20260401000000", "20260402000000")


def test_what_is_kept_is_read_back_as_sent(store):
    assert store.keep(arrivals(hour(1), hour(2))) == Kept(new=4, known=0, quarantined=0)
    rows = list(store.readings(MN, "2061", *DAY))
    assert [(row.time, row.factor, row.values, row.flag) for row in rows] == [
        ("20260401010000", "a19001", {"Avg": "7.9"}, "N"),
        ("20260401010000", "a21026", {"Avg": "12.30"}, "N"),
        ("20260401020000", "a19001", {"Avg": "7.9"}, "N"),
        ("20260401020000", "a21026", {"Avg": "12.30"}, "N"),
    ]
    assert rows[0].qn == "20260401010500123"
    assert rows[0].received_at == AT


def test_the_same_sent_again_is_counted_and_not_kept_again(store):
    store.keep(arrivals(hour(1)))
    assert store.keep(arrivals(hour(1), hour(1))) == Kept(new=0, known=4, quarantined=0)
    assert len(list(store.readings(MN, "2061", *DAY))) == 2


def test_another_value_for_the_same_hour_stands_beside_the_first(store):
    store.keep(arrivals(hour(1, "40.0")))
    later = AT + timedelta(hours=1)
    assert store.keep(arrivals(hour(1, "12.0"), since=later)).new == 1
    rows = [row for row in store.readings(MN, "2061", *DAY) if row.factor == "a21026"]
    assert [row.values["Avg"] for row in rows] == ["40.0", "12.0"]
    assert [row.received_at for row in rows] == [AT, later]


def test_a_span_has_its_beginning_and_not_its_end(store):
    store.keep(arrivals(*map(hour, range(4))))
    found = {
        row.time[8:10] for row in store.readings(MN, "2061", "20260401010000", "20260401030000")
    }
    assert found == {"01", "02"}


def test_what_was_refused_goes_with_the_raw_bytes_of_its_time(store):
    store.keep(arrivals(BAD, hour(1)))
    term = {"momentary_before": "20260101000000"}
    assert store.forget(**term, raw_before=AT) == 0
    assert store.forget(**term, raw_before=AT + timedelta(days=1)) == 2
    assert store.quarantine(10) == []


def test_what_was_refused_is_kept_with_its_bytes_and_its_reason(store):
    assert store.keep(arrivals(BAD, hour(1))) == Kept(new=2, known=0, quarantined=1)
    (row,) = store.quarantine(10)
    assert (row.mn, row.fault, row.address) == (MN, FrameFault.CRC_IMPOSSIBLE, "192.0.2.7")
    assert row.raw == BAD


def test_the_raw_bytes_of_what_was_accepted_come_back_in_order(store):
    frames = [hour(number) for number in range(5)]
    store.keep(arrivals(*frames[:3]))
    store.keep(arrivals(*frames[3:], since=AT + timedelta(minutes=1)))
    kept = list(store.raw(AT, AT + timedelta(hours=1)))
    assert kept == [frame.rstrip() for frame in frames]
    assert list(store.raw(AT + timedelta(hours=1), AT + timedelta(hours=2))) == []


def test_the_newest_moment(store):
    assert store.latest(MN, "2061") == ""
    store.keep(arrivals(hour(3), hour(1)))
    assert store.latest(MN, "2061") == "20260401030000"


def test_readings_of_the_moment_go_after_their_term_and_the_others_stay(store):
    momentary = hour(1).replace(b"CN=2061", b"CN=2011")
    momentary = wired(momentary[6:-6])
    store.keep(arrivals(momentary, hour(1)))
    gone = store.forget(momentary_before="20260402000000", raw_before=AT - timedelta(days=1))
    assert gone == 2
    assert list(store.readings(MN, "2011", *DAY)) == []
    assert len(list(store.readings(MN, "2061", *DAY))) == 2
    assert store.forget(momentary_before="20260402000000", raw_before=AT + timedelta(days=1)) == 1
    assert list(store.raw(AT, AT + timedelta(hours=1))) == []


def test_the_readings_of_a_meter_are_all_it_sends_and_stay(store):
    momentary = wired(hour(1).replace(b"CN=2061", b"CN=2011")[6:-6])
    store.keep(arrivals(momentary))
    term = {"momentary_before": "20260402000000", "raw_before": AT - timedelta(days=1)}
    assert store.forget(**term, but=[MN, "X0001"]) == 0
    assert store.forget(**term, but=["X0001"]) == 2


@pytest.mark.parametrize("day", ["19700101", "20991231", "20260229"])
def test_a_clock_gone_astray_keeps_its_readings_too(store, day):
    frame = wired(hour(1)[6:-6].replace(b"DataTime=20260401", b"DataTime=" + day.encode()))
    assert store.keep(arrivals(frame)).new == 2
    assert store.latest(MN, "2061")[:8] == day


def test_a_day_that_first_came_too_early_can_still_be_kept(store):
    early = wired(hour(1)[6:-6].replace(b"DataTime=20260401", b"DataTime=20260501"))
    late = wired(hour(2)[6:-6].replace(b"DataTime=20260401", b"DataTime=20260501"))
    store.keep(arrivals(early))
    assert store.keep(arrivals(late, since=AT + timedelta(days=30))).new == 2
    assert len(list(store.readings(MN, "2061", "20260501000000", "20260502000000"))) == 4


def test_days_are_counted_and_folded_days_are_kept_in_their_last_form(store):
    store.keep(arrivals(hour(0), hour(1)))
    assert store.days(MN, "2061", "20260401000000", "20260402000000") == {"20260401": 4}
    assert store.days(MN, "2061", "20260402000000", "20260403000000") == {}
    store.keep_folded(MN, [("20260401", "一", "第一次"), ("20260402", "二", "次日")])
    store.keep_folded(MN, [("20260401", "三", "又一次")])
    assert store.folded(MN, "20260401", "20260402") == {"20260401": ("三", "又一次")}
    assert store.folded("other", "20260401", "20260403") == {}
