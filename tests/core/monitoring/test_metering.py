"""E04–E09: orders, nights, totals, meters, stops, and electricity against monitors."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import pytest

from gongchou.core.monitoring.series import EmergencyOrder, LineSeries, Site, Slot
from gongchou.core.monitoring.words import FilingKind, LineKind, OrderKind
from tests.core.monitoring.sites import (
    HOUR0,
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
    works,
)

DAYS = 50
ORDER_DAY = 45


def order(kind: OrderKind, **other: object) -> EmergencyOrder:
    since = (HOUR0 + ORDER_DAY * 24) * 60
    made = EmergencyOrder(
        ref="应急令1", kind=kind, since=since, until=since + 2880, received=since - 600
    )
    return replace(made, **other)  # type: ignore[arg-type]


def producer(kws: list[float], **other: object) -> LineSeries:
    return line("P1", LineKind.PRODUCING, kws, **other)


def on_order(factor: float, given: EmergencyOrder, **other: object) -> Site:
    kws = [kw * (factor if slot // 96 >= ORDER_DAY else 1) for slot, kw in enumerate(works(DAYS))]
    return Site(subject="S1", lines=(producer(kws, **other),), orders=(given,))


def test_a_stop_that_is_not_kept_for_half_an_hour():
    assert fired("E04", on_order(1.0, order(OrderKind.STOP)), DAYS)
    assert not fired("E04", on_order(0.01, order(OrderKind.STOP)), DAYS)


@pytest.mark.parametrize(("factor", "fires"), [(0.76, False), (0.79, True)])
def test_a_limit_allows_its_share_and_a_tenth_of_it_more(factor, fires):
    limit = order(OrderKind.LIMIT, share=Fraction(3, 10))
    assert fired("E04", on_order(factor, limit), DAYS) is fires


def test_one_day_over_the_limit_is_enough_where_the_other_is_a_day_of_rest():
    """A plant that rests on Sundays, ordered to cut down on a Saturday and a Sunday."""
    limit = order(OrderKind.LIMIT, share=Fraction(3, 10))
    resting = {day for day in range(DAYS) if (day - ORDER_DAY) % 7 == 1}
    kws = [0.0 if slot // 96 in resting else kw for slot, kw in enumerate(works(DAYS))]
    site = Site(subject="S1", lines=(producer(kws),), orders=(limit,))
    assert fired("E04", site, DAYS)


def test_grace_security_and_too_short_a_baseline_explain():
    late = order(OrderKind.STOP, received=(HOUR0 + (ORDER_DAY + 2) * 24) * 60)
    assert held_by("E04", on_order(1.0, late), DAYS) == {"宽限时间"}
    stop = order(OrderKind.STOP)
    assert held_by("E04", on_order(1.0, stop, is_security_load=True), DAYS) == {"保安负荷或豁免"}
    exempt = order(OrderKind.STOP, exempt=("P1",))
    assert held_by("E04", on_order(1.0, exempt), DAYS) == {"保安负荷或豁免"}
    limit = order(OrderKind.LIMIT, share=Fraction(1, 2))
    short = on_order(1.0, limit)
    recent = {s: v for s, v in short.lines[0].slots.items() if s >= (HOUR0 + 37 * 24) * 4}
    short = replace(short, lines=(replace(short.lines[0], slots=recent),))
    assert held_by("E04", short, DAYS) == {"基线数据"}


def nights(factor: float, on: Iterable[int] = (40, 41), **other: object) -> Site:
    """On two days of the sixth week, or others, work by night at so much of the power by day."""
    kws = works(DAYS)
    for day in on:
        for slot in range(day * 96 - 8, day * 96 + 88):
            is_night = slot // 4 % 24 in (22, 23, 0, 1, 2, 3, 4, 5)
            kws[slot] = 60 * factor if is_night else 40.0 / 1.6
    return Site(subject="S1", lines=(producer(kws),), **other)  # type: ignore[arg-type]


def test_more_power_by_night_than_half_above_the_day():
    assert fired("E05", nights(0.63), DAYS)
    assert not fired("E05", nights(0.62), DAYS)


def test_a_few_nights_of_work_do_not_excuse_the_next():
    site = nights(1.0, (*range(30, 34), *range(40, 44)))
    first, second = judged("E05", site, DAYS).events
    assert [dict(one.inputs)["出现次数"] for one in (first, second)] == ["4", "3"]


def test_a_line_that_works_a_week_of_nights_a_month_has_its_own_habit():
    assert not fired("E05", nights(1.0, range(30, 44)), 46, 39 * 24)


def test_filed_shifts_and_the_tariff_explain_nights():
    assert held_by("E05", nights(1.0, shifts=frozenset({22, 23})), DAYS) == {"报备班次"}
    kws = works(DAYS, hours=range(6))
    for slot in range(40 * 96, 50 * 96):
        kws[slot] *= 1.5 if slot // 4 % 24 < 6 else 0.5
    site = Site(subject="S1", lines=(producer(kws),), is_tariff_driven=True)
    assert not fired("E05", site, DAYS)


def totals(extra: float, **other: object) -> Site:
    sub = works(3)
    lines = (
        producer(sub),
        line("M0", LineKind.TOTAL, [kw * extra for kw in sub]),
    )
    return Site(subject="S1", lines=lines, **other)  # type: ignore[arg-type]


def test_a_fifth_of_the_total_may_be_unexplained():
    assert not fired("E06", totals(1.24), 3)
    assert fired("E06", totals(1.26), 3)
    assert not fired("E06", totals(1.26, unmetered=0.05), 3)
    assert held_by("E06", totals(1.5, has_own_generation=True), 3) == {"自备电源"}


def test_a_meter_owes_nothing_before_its_first_whole_day():
    kws = {slot: kw for slot, kw in enumerate(works(3)) if slot >= 130}
    assert not fired("E07", Site(subject="S1", lines=(line("P1", LineKind.PRODUCING, kws),)), 3)


def test_a_day_of_a_meter_may_miss_a_tenth():
    def silent(slots: int) -> Site:
        kws = dict(enumerate(works(3)))
        return Site(
            subject="S1",
            lines=(
                line(
                    "P1",
                    LineKind.PRODUCING,
                    {s: kw for s, kw in kws.items() if not 96 <= s < 96 + slots},
                ),
            ),
        )

    assert not fired("E07", silent(9), 3)
    assert fired("E07", silent(10), 3)
    out = frozenset(range(HOUR0 + 24, HOUR0 + 29))
    assert held_by("E07", replace(silent(20), region_out=out), 3) == {"区域中断"}
    filed = (filing(FilingKind.FAULT, 24, 48, "P1"),)
    assert held_by("E07", replace(silent(20), filings=filed), 3) == {"报备检修故障停产"}


@pytest.mark.parametrize("case", ["back", "dead", "same"])
def test_a_counter_that_falls_current_without_power_and_power_that_never_moves(case):
    series = producer(works(3))
    slots = dict(series.slots)
    first = HOUR0 * 4
    for slot in range(first + 132, first + 160):
        known = slots[slot]
        if case == "dead":
            slots[slot] = Slot(0.0, 30.0, known.kwh)
        if case == "same":
            slots[slot] = Slot(60.0, 90.0, known.kwh)
    if case == "back":
        slots[first + 140] = slots[first + 140]._replace(kwh=0.0)
    assert fired("E07", Site(subject="S1", lines=(replace(series, slots=slots),)), 3)
    assert not fired("E07", Site(subject="S1", lines=(series,)), 3)


def stopped(share: float, **other: object) -> Site:
    kws = [kw * (share if slot >= 40 * 96 else 1) for slot, kw in enumerate(works(DAYS))]
    return Site(subject="S1", lines=(producer(kws),), **other)  # type: ignore[arg-type]


def test_a_week_below_a_tenth_of_the_usual():
    (event,) = judged("E08", stopped(0.09), DAYS).events
    assert event.severity == 1
    assert not fired("E08", stopped(0.11), DAYS)
    filed = (filing(FilingKind.STOPPED, 40 * 24, 50 * 24),)
    assert held_by("E08", stopped(0.0, filings=filed), DAYS) == {"报备停产"}


def test_a_week_of_which_a_part_was_filed_is_not_yet_seven_quiet_days():
    filed = (filing(FilingKind.STOPPED, 40 * 24, 45 * 24),)
    assert held_by("E08", stopped(0.0, filings=filed), DAYS) == {"报备停产"}
    filed = (filing(FilingKind.STOPPED, 40 * 24, 41 * 24),)
    assert fired("E08", stopped(0.0, filings=filed), DAYS)


def both(
    since: int, until: int, *, mark: str = "F", flow: str = "30", shared: bool = False
) -> Site:
    series = flagged(gas(lines=("P1",)), mark, since, until)
    series = put(series, "a00000", since, *[point(flow, mark)] * (until - since))
    series = replace(series, outlet=replace(series.outlet, is_shared=shared))
    return outlet_site(series, lines=(producer([60.0 + s % 3 for s in range(96 * 30)]),))


def test_works_by_electricity_and_stands_by_its_monitor():
    assert fired("E09", both(500, 502))
    assert not fired("E09", both(500, 501))
    assert fired("E09", both(500, 502, mark="N", flow="1.4"))
    assert not fired("E09", both(500, 502, mark="N", flow="2"))
    assert held_by("E09", both(500, 504, shared=True)) == {"其他排放口"}


def test_the_hours_in_which_work_begins_and_ends_are_left_alone():
    kws = [60.0 if slot // 4 % 24 == 9 else 0.1 for slot in range(96 * 30)]
    series = flagged(gas(lines=("P1",)), "F", 0, 720)
    series = put(series, "a00000", 0, *[point("30")] * 300)
    site = outlet_site(series, lines=(producer(kws),))
    assert "起止边缘" in {one.guard.guard for one in judged("E09", site).guarded}
