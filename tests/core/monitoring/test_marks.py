"""A11–A15 and A17: gaps, changed history, marks, settings, clocks."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gongchou.core.hj212.shapes import Row
from gongchou.core.monitoring.folding import DeviceFold
from gongchou.core.monitoring.moments import DAY, digits_of, instant, written
from gongchou.core.monitoring.series import Filing, OutletSeries, ParameterChange
from gongchou.core.monitoring.words import FilingKind, LineKind
from tests.core.monitoring.sites import (
    HOUR0,
    SO2,
    filing,
    fired,
    flagged,
    gas,
    held_by,
    judged,
    line,
    outlet_site,
    point,
    put,
)


def without(series: OutletSeries, since: int, until: int) -> OutletSeries:
    rows = {
        factor: {h: p for h, p in own.items() if not HOUR0 + since <= h < HOUR0 + until}
        for factor, own in series.hours.items()
    }
    return replace(series, hours=rows)


def test_a_day_short_of_nine_tenths():
    assert not fired("A11", outlet_site(without(gas(), 96, 98)))
    assert fired("A11", outlet_site(without(gas(), 96, 99)))


def test_a_device_owes_nothing_before_its_first_whole_day():
    assert not fired("A11", outlet_site(without(gas(), 0, 106)))


def test_hours_marked_as_stopped_leave_the_count_and_calibration_counts_as_there():
    assert not fired("A11", outlet_site(flagged(gas(), "F", 96, 110)))
    assert not fired("A11", outlet_site(flagged(gas(), "C", 96, 100)))
    assert fired("A11", outlet_site(flagged(gas(), "D", 96, 100)))


def test_the_network_of_the_area_or_a_filed_fault_explains_a_gap():
    gone = without(gas(), 96, 104)
    out = frozenset(range(HOUR0 + 96, HOUR0 + 104))
    assert held_by("A11", outlet_site(gone, region_out=out)) == {"区域通信中断"}
    filed = (filing(FilingKind.FAULT, 96, 104),)
    assert held_by("A11", outlet_site(gone, filings=filed)) == {"报备检修故障"}


CHANGED = point("12", earlier=(Decimal("30"),))


def test_a_changed_hour_and_its_two_explanations():
    (event,) = judged("A12", outlet_site(put(gas(), SO2, 100, CHANGED))).events
    assert (event.inputs["原值"], event.inputs["现值"]) == ("30", "12")
    filed = (filing(FilingKind.SUPPLEMENT, 100, 101),)
    assert held_by("A12", outlet_site(put(gas(), SO2, 100, CHANGED), filings=filed)) == {"补录登记"}
    early = put(gas(), SO2, 100, CHANGED._replace(first_minutes=54))
    assert held_by("A12", outlet_site(early)) == {"首次为不完整小时"}
    assert fired("A12", outlet_site(put(gas(), SO2, 100, CHANGED._replace(first_minutes=55))))


def sent_as(*reports: tuple[str, int, int, bool], minutes_off: int = 0) -> OutletSeries:
    """An hour's reports by value, minute made and minute received after its start, and mark.

    One more packet comes with the last of them, as all of a device whose clock is so far off.
    """
    hour = HOUR0 + 100
    fold = DeviceFold(10)
    for value, made, received, is_resent in reports:
        rows = (Row(SO2, ("Avg",), (value,), "N"),)
        serial = digits_of(hour * 60 + made + minutes_off)
        came, start = hour * 60 + received, digits_of(hour * 60)
        fold.take("2061", start, came, resent=is_resent, rows=rows, qn=serial)
    last = hour * 60 + reports[-1][2]
    fold.hear(digits_of(last + minutes_off), last)
    series = put(gas(), SO2, 100, fold.hours()[SO2][hour])
    return replace(series, clock=fold.clock)


def test_an_hour_sent_twice_alike_or_marked_as_resent_is_no_changed_history():
    for reports in (
        [("12", 62, 62, False), ("12", 62, 90, False)],
        [("30", 62, 62, False), ("12", 200, 200, True)],
        [("", 62, 62, False), ("12", 200, 200, False)],
    ):
        found = judged("A12", outlet_site(sent_as(*reports)))
        assert (found.events, found.guarded) == ((), ())
    assert fired("A12", outlet_site(sent_as(("30", 62, 62, False), ("12", 200, 200, False))))


def test_a_partial_hour_held_up_on_its_way_tells_by_its_serial_number():
    late = sent_as(("9", 50, 62, False), ("12", 62, 62, False))
    assert held_by("A12", outlet_site(late)) == {"首次为不完整小时"}
    # What was made last holds, though both came in the same minute and 12 sorts before 9.
    assert late.hours[SO2][HOUR0 + 100].value == Decimal(12)
    assert fired("A12", outlet_site(sent_as(("9", 55, 62, False), ("12", 62, 62, False))))


def test_a_clock_that_is_slow_makes_no_hour_partial():
    slow = sent_as(("30", 62, 62, False), ("12", 63, 63, False), minutes_off=-45)
    assert fired("A12", outlet_site(slow))
    early = sent_as(("30", 50, 63, False), ("12", 63, 63, False), minutes_off=-45)
    assert held_by("A12", outlet_site(early)) == {"首次为不完整小时"}


def marks(count: int, beside: str) -> OutletSeries:
    near = [point(beside)]
    return put(gas(), SO2, 100, *near, *[point("50", "M")] * count, *near)


def test_marks_that_fall_on_what_would_be_too_much():
    assert fired("A13", outlet_site(marks(3, "31.5")))
    assert not fired("A13", outlet_site(marks(2, "31.5")))
    assert not fired("A13", outlet_site(marks(3, "31.4")))
    filed = (filing(FilingKind.OPERATION, 100, 105),)
    assert held_by("A13", outlet_site(marks(3, "34"), filings=filed)) == {"校准维护计划"}


def test_more_than_fifteen_in_a_hundred_marked_hours_a_month():
    def monthly(hours_a_day: int) -> OutletSeries:
        series = gas()
        for day in range(30):
            series = put(series, SO2, day * 24, *[point("12", "D")] * hours_a_day)
        return series

    assert not fired("A13", outlet_site(monthly(3)))
    assert fired("A13", outlet_site(monthly(4)))


@pytest.mark.parametrize(("hours", "fires"), [(24, False), (25, True)])
def test_a_mark_made_more_than_a_day_after_it_began(hours, fires):
    begun = (HOUR0 + 100) * 60
    late = Filing(
        kind=FilingKind.FAULT, since=begun, until=begun + 180, filed=begun + 60 * hours, of="DA001"
    )
    assert fired("A13", outlet_site(gas(), filings=(late,))) is fires
    assert not fired("A13", outlet_site(gas(), filings=(replace(late, of="DA002"),)))
    assert not fired("A13", outlet_site(gas(), filings=(replace(late, kind=FilingKind.SHIFT),)))


def test_a_mark_made_weeks_later_is_seen_in_the_hour_it_was_made():
    begun = (HOUR0 + 100) * 60
    made = begun + 20 * DAY
    late = Filing(kind=FilingKind.FAULT, since=begun, until=begun + 180, filed=made, of="DA001")
    site = outlet_site(gas(), filings=(late,))
    (event,) = judged("A13", site, since=100 + 20 * 24).events
    assert (event.started_at, event.ended_at) == (instant(made), instant(made + 60))
    assert event.inputs["标记的时段"] == f"{written(begun)} 至 {written(begun + 180)}"
    assert not fired("A13", site, days=24), "before it was made nobody could know"


def test_a_stop_mark_while_all_shows_running():
    assert fired("A14", outlet_site(flagged(gas(), "F", 500, 504)))
    assert not fired("A14", outlet_site(flagged(gas(), "F", 500, 503)))


def test_the_edges_of_a_stop_and_a_hot_standby_are_explained():
    assert held_by("A14", outlet_site(flagged(gas(), "F", 500, 501))) == {"停运起止边缘"}
    warm = gas()
    for factor, value in (("a19001", "20.9"), ("a00000", "0.1"), ("a01012", "95")):
        warm = put(warm, factor, 500, *[point(value)] * 6)
    guards = held_by("A14", outlet_site(flagged(warm, "F", 500, 506)))
    assert "热备用" in guards
    cold = put(warm, "a01012", 500, *[point("80")] * 6)
    assert judged("A14", outlet_site(flagged(cold, "F", 500, 506))).guarded == ()


def test_electricity_alone_shows_a_marked_stop_to_be_false():
    series = gas(lines=("P1",))
    for factor, value in (("a19001", "20.9"), ("a00000", "0.1"), ("a01012", "30")):
        series = put(series, factor, 500, *[point(value)] * 6)
    runs = line("P1", LineKind.PRODUCING, [60.0] * 96 * 30)
    assert fired("A14", outlet_site(flagged(series, "F", 500, 506), lines=(runs,)))


@pytest.mark.parametrize(("filed_at", "fires"), [(None, True), (96, False), (95, True)])
def test_a_setting_changed_without_filed_work(filed_at, fires):
    change = ParameterChange((HOUR0 + 101) * 60, "i13007", "1.000", "0.800")
    series = replace(gas(), changes=(change,))
    filings = (filing(FilingKind.OPERATION, filed_at, filed_at + 2),) if filed_at else ()
    assert fired("A15", outlet_site(series, filings=filings)) is fires


def entered(share: float) -> OutletSeries:
    """The door opens in the hour 101; from 30 minutes later on the value is this share."""
    opened = (HOUR0 + 101) * 60
    series = put(gas(), SO2, 100, point("20", means=(20.0, 20.1, 19.9, 20.0, 20.2, 19.8)))
    after = tuple(20 * share for _ in range(6))
    series = put(series, SO2, 101, point("20", means=(20.0, 20.0, 20.0, *after[:3])))
    series = put(series, SO2, 102, point("20", means=after))
    changes = (
        ParameterChange(opened, "i32001", "0", "1"),
        ParameterChange(opened + 20, "i32001", "1", "0"),
    )
    return replace(series, changes=changes)


def test_a_value_that_jumps_once_the_door_was_opened():
    (event,) = judged("A15", outlet_site(entered(0.4))).events
    assert event.factor == SO2
    assert "站房门打开后" in event.says
    assert fired("A15", outlet_site(entered(1.6)))
    assert not fired("A15", outlet_site(entered(0.5)))
    assert not fired("A15", outlet_site(entered(1)))
    filed = (filing(FilingKind.OPERATION, 101, 102),)
    assert held_by("A15", outlet_site(entered(0.4), filings=filed)) == {"运维记录"}


def test_a_clock_off_by_more_than_five_minutes_for_two_hours():
    def off(seconds: int, hours: int) -> OutletSeries:
        return replace(gas(), clock={HOUR0 + 100 + h: seconds for h in range(hours)})

    assert fired("A17", outlet_site(off(301, 2)))
    assert fired("A17", outlet_site(off(-301, 2)))
    assert not fired("A17", outlet_site(off(300, 5)))
    assert not fired("A17", outlet_site(off(900, 1)))


def test_late_packets_among_fresh_ones_say_nothing_of_the_clock():
    def heard(*held_up: int) -> OutletSeries:
        fold = DeviceFold(10)
        for hour in range(HOUR0 + 100, HOUR0 + 104):
            for minutes in held_up:
                fold.hear(digits_of(hour * 60 + 30 - minutes), hour * 60 + 30)
        return replace(gas(), clock=fold.clock)

    assert fired("A17", outlet_site(heard(600, 90, 6)))
    assert not fired("A17", outlet_site(heard(600, 90, 5)))
    assert not fired("A17", outlet_site(heard(0, -600)))
