"""A01–A03: at the limit, above it, and what explains it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from gongchou.core.monitoring.series import FactorFacts, OutletSeries
from gongchou.core.monitoring.words import FilingKind, OutletKind
from tests.core.monitoring.sites import (
    NOX,
    SO2,
    filing,
    fired,
    gas,
    held_by,
    judged,
    outlet_site,
    point,
    put,
)

OVER = put(gas(), SO2, 100, point("35.01"))


def test_an_hour_at_its_limit_complies_and_one_above_does_not():
    assert not fired("A01", outlet_site(put(gas(), SO2, 100, point("35.00"))))
    (event,) = judged("A01", outlet_site(OVER)).events
    assert (event.outlet, event.factor, event.severity) == ("DA001", SO2, 2)
    assert event.inputs["限值"] == "35"


@pytest.mark.parametrize(
    ("value", "severity"), [("42.00", 2), ("42.01", 3), ("70.00", 3), ("70.01", 4)]
)
def test_the_level_follows_the_ratio(value, severity):
    (event,) = judged("A01", outlet_site(put(gas(), SO2, 100, point(value)))).events
    assert event.severity == severity


def test_a_third_hour_of_a_day_raises_the_level():
    hours = [point("36"), point("36"), point("36")]
    (event,) = judged("A01", outlet_site(put(gas(), SO2, 96, *hours))).events
    assert event.severity == 3
    (event,) = judged("A01", outlet_site(put(gas(), SO2, 96, *hours[:2]))).events
    assert event.severity == 2


def test_the_converted_value_is_judged_by_the_oxygen_of_the_same_hour():
    series = put(gas(o2_ref="6"), NOX, 100, point("40.0"))
    assert not fired("A01", outlet_site(put(series, "a19001", 100, point("9.0"))))
    assert fired("A01", outlet_site(put(series, "a19001", 100, point("9.01"))))
    assert not fired("A01", outlet_site(put(series, "a19001", 100, point("21"))))


@pytest.mark.parametrize(("first", "fires"), [("12.00", False), ("12.01", True)])
def test_a_valid_day_is_judged_by_its_mean(first, fires):
    series = gas()
    facts = {SO2: FactorFacts(day_limit=Decimal(12))}
    series = replace(series, outlet=replace(series.outlet, factors=facts))
    series = put(series, SO2, 0, *[point("11")] * 720)
    series = put(series, SO2, 96, point(first), *[point("12.00")] * 23)
    assert [event.severity for event in judged("A01", outlet_site(series)).events] == [4] * fires


@pytest.mark.parametrize(
    ("series", "filed", "guard"),
    [
        (put(gas(), SO2, 100, point("50", "M")), (), "数据标记"),
        (put(gas(), SO2, 100, point("50", minutes=44)), (), "有效分钟"),
        (OVER, (filing(FilingKind.STARTING, 100, 102),), "工况标记"),
        (OVER, (filing(FilingKind.EXEMPT, 100, 101, "DA001"),), "许可豁免"),
    ],
)
def test_each_guard_holds_an_exceedance_back(series, filed, guard):
    assert held_by("A01", outlet_site(series, filings=filed)) == {guard}


def test_forty_five_minutes_are_enough():
    assert fired("A01", outlet_site(put(gas(), SO2, 100, point("50", minutes=45))))


def test_a_filing_for_another_outlet_guards_nothing():
    filed = (filing(FilingKind.EXEMPT, 100, 101, "DA002"),)
    assert fired("A01", outlet_site(OVER, filings=filed))


def test_an_hour_is_lost_when_its_first_half_holds_all_the_limit_allows():
    assert not fired("A02", outlet_site(put(gas(), SO2, 100, point("30", half=70.0))))
    assert fired("A02", outlet_site(put(gas(), SO2, 100, point("30", half=70.1))))
    site = outlet_site(
        put(gas(), SO2, 100, point("30", half=80.0)),
        filings=(filing(FilingKind.STARTING, 100, 101),),
    )
    assert held_by("A02", site) == {"工况标记"}


def furnace(*lows: float) -> OutletSeries:
    series = put(gas(), "a01901", 96, point("900", means=(*lows, 900.0, 910.0)))
    outlet = replace(series.outlet, kind=OutletKind.FURNACE)
    return replace(series, outlet=outlet)


def test_five_cold_means_a_day_are_allowed_and_six_are_a_clue():
    assert not fired("A03", outlet_site(furnace(*[849.9] * 5)))
    assert not fired("A03", outlet_site(furnace(*[850.0] * 9)))
    assert fired("A03", outlet_site(furnace(*[849.9] * 6)))


def test_a_marked_start_of_the_furnace_is_no_clue():
    site = outlet_site(furnace(*[700.0] * 8), filings=(filing(FilingKind.DRYING, 96, 98),))
    assert held_by("A03", site) == {"工况标记"}
