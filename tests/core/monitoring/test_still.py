"""A04–A08: values that are too tidy, and what makes them so by nature."""

from dataclasses import replace
from decimal import Decimal
from math import sin

import pytest

from gongchou.core.monitoring.series import FactorFacts, OutletSeries
from gongchou.core.monitoring.words import FilingKind
from tests.core.monitoring.sites import (
    COD,
    HOUR0,
    NOX,
    SO2,
    filing,
    fired,
    gas,
    held_by,
    outlet_site,
    point,
    put,
    water,
)


def with_facts(series: OutletSeries, **facts: FactorFacts) -> OutletSeries:
    outlet = replace(series.outlet, factors={**series.outlet.factors, **facts})
    return replace(series, outlet=outlet)


def test_sixty_identical_minutes_are_constant_and_fifty_are_not():
    assert fired("A04", outlet_site(put(gas(), SO2, 100, point("12.3", steady=60))))
    assert not fired("A04", outlet_site(put(gas(), SO2, 100, point("12.3", steady=50))))


@pytest.mark.parametrize(
    ("series", "filed", "guard"),
    [
        (put(gas(), SO2, 100, point("0", "F", steady=600)), (), "停运标记"),
        (put(gas(), SO2, 100, point("12", steady=60)), (FilingKind.OUT_OF_USE,), "停运标记"),
        (put(gas(), SO2, 100, point("12", "C", steady=60)), (), "数据标记"),
        (
            with_facts(
                put(gas(), SO2, 100, point("0.5", steady=60)),
                a21026=FactorFacts(floor=Decimal("0.5")),
            ),
            (),
            "检出限",
        ),
        (
            with_facts(
                put(gas(), SO2, 100, point("12", steady=60)), a21026=FactorFacts(step=Decimal("5"))
            ),
            (),
            "仪器分辨率",
        ),
    ],
)
def test_each_guard_explains_a_constant(series, filed, guard):
    filings = tuple(filing(kind, 99, 102) for kind in filed)
    assert held_by("A04", outlet_site(series, filings=filings)) == {guard}


def samples(count: int, value: str = "25.00") -> OutletSeries:
    """So many new samples of two hours each with one value."""
    hours = [point(value, sample=str(900 + n // 2)) for n in range(2 * count)]
    return put(water(), COD, 100, *hours)


def test_water_counts_new_samples_not_the_hours_that_repeat_one():
    assert fired("A04", outlet_site(samples(4)))
    assert not fired("A04", outlet_site(samples(3)))
    one = put(water(), COD, 100, *[point("25.00", sample="900")] * 12)
    assert not fired("A04", outlet_site(one))


def test_three_hours_of_nothing_while_much_flows():
    nothing = [point("0")] * 3
    assert fired("A05", outlet_site(put(gas(), SO2, 100, *nothing)))
    assert not fired("A05", outlet_site(put(gas(), SO2, 100, *nothing[:2])))
    still = put(put(gas(), SO2, 100, *nothing), "a00000", 100, *[point("5")] * 3)
    assert not fired("A05", outlet_site(still))


@pytest.mark.parametrize(
    ("mark", "filed", "guard"),
    [("F", (), "停运标记"), ("C", (), "数据标记"), ("N", (FilingKind.STARTING,), "工况标记")],
)
def test_each_guard_explains_a_zero(mark, filed, guard):
    series = put(gas(), SO2, 100, *[point("-0.2", mark)] * 4)
    filings = tuple(filing(kind, 99, 105) for kind in filed)
    assert held_by("A05", outlet_site(series, filings=filings)) == {guard}


def peaks(*hours: int, value: str = "34", **other: object) -> OutletSeries:
    series = gas()
    for hour in hours:
        series = put(series, SO2, hour, point(value, **other))
    return series


def test_two_peaks_a_week_that_return_at_once():
    assert fired("A06", outlet_site(peaks(100, 150)))
    assert not fired("A06", outlet_site(peaks(100)))
    assert not fired("A06", outlet_site(peaks(100, 300)))
    assert not fired("A06", outlet_site(peaks(100, 150, value="22")))


def test_peaks_beside_calibration_or_start_are_explained():
    assert held_by("A06", outlet_site(peaks(100, 150, marked=20))) == {"校准维护"}
    filed = (filing(FilingKind.STARTING, 99, 160),)
    assert held_by("A06", outlet_site(peaks(100, 150), filings=filed)) == {"工况标记"}


# The one day whose seven days are those that were changed.
WEEK = {"days": 17, "since": 384}


def pressed(near: int, *, steady: bool = False) -> OutletSeries:
    """A week in which so many of 168 hours lie just below the limit of 35."""
    hours = [point("33.5") if n < near else point("20") for n in range(168)]
    series = put(gas(), SO2, 240, *hours)
    if steady:
        series = put(series, "a19001", 240, *[point("6.01"), point("6.02")] * 84)
        series = put(series, "a00000", 240, *[point("30.01"), point("30.02")] * 84)
    return series


def test_most_of_a_week_just_below_the_limit():
    assert fired("A07", outlet_site(pressed(101)), **WEEK)
    assert not fired("A07", outlet_site(pressed(24)), **WEEK)
    assert held_by("A07", outlet_site(pressed(168, steady=True)), **WEEK) == {"工况平稳"}


def test_a_heap_below_the_limit_with_nothing_above():
    heap = [point("34.5") if n % 5 == 0 else point(f"{15 + n % 14}") for n in range(168)]
    assert fired("A07", outlet_site(put(gas(), SO2, 240, *heap)), **WEEK)
    heap[7] = point("36")
    assert not fired("A07", outlet_site(put(gas(), SO2, 240, *heap)), **WEEK)


def looped(*factors: str, batch: bool = False) -> OutletSeries:
    series = gas()
    for factor in factors:
        days = [point(f"{20 + 6 * sin(n * n % 24):.3f}") for n in range(24)] * 9
        series = put(series, factor, 240, *days)
    return replace(series, outlet=replace(series.outlet, is_batch=batch))


def test_a_week_that_repeats_itself_while_the_plant_does_not():
    assert fired("A08", outlet_site(looped(NOX)))
    assert not fired("A08", outlet_site(gas()))
    assert held_by("A08", outlet_site(looped(NOX, "a00000"))) == {"工况同样重复"}
    assert held_by("A08", outlet_site(looped(NOX, batch=True))) == {"间歇生产"}
    assert HOUR0 % 24 == 0
