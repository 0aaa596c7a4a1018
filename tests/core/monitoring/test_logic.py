"""A09, A10 and A16: what contradicts itself, and what only seems to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gongchou.core.monitoring.judging import judge_across, judge_site
from gongchou.core.monitoring.rulebook import changed, with_values
from gongchou.core.monitoring.rules.asked import Span
from gongchou.core.monitoring.series import Site
from gongchou.core.monitoring.words import FilingKind, LineKind
from gongchou.core.refusals import Invalid
from tests.core.monitoring.sites import (
    AMMONIA,
    COD,
    HOUR0,
    NOX,
    RULES,
    filing,
    fired,
    gas,
    held_by,
    judged,
    line,
    outlet_site,
    point,
    put,
    water,
)

THIN = [point("2.5")] * 4


def test_four_hours_far_below_all_that_was_ever_measured():
    assert fired("A09", outlet_site(put(water(), COD, 500, *THIN)))
    assert not fired("A09", outlet_site(put(water(), COD, 500, *THIN[:3])))
    assert not fired("A09", outlet_site(put(water(), COD, 500, *[point("20")] * 6)))
    assert not fired("A09", outlet_site(put(water(), COD, 100, *THIN)))


def test_thin_water_is_explained_by_marks_stops_and_a_plant_that_stands():
    marked = put(water(), COD, 500, *[point("2.5", "M")] * 4)
    assert held_by("A09", outlet_site(marked)) == {"数据标记"}
    thin = put(water(), COD, 500, *THIN)
    stopped = (filing(FilingKind.STOPPED, 499, 505),)
    assert held_by("A09", outlet_site(thin, filings=stopped)) == {"停运标记"}
    behind = replace(thin, outlet=replace(thin.outlet, lines=("P1",)))
    idle = line("P1", LineKind.PRODUCING, [0.5] * 96 * 30)
    assert held_by("A09", outlet_site(behind, lines=(idle,))) == {"生产设施停运"}


@pytest.mark.parametrize(
    ("factor", "good", "bad"),
    [
        (AMMONIA, point("9.5", sample="x"), point("11", sample="x")),
        ("w01001", point("14"), point("14.01")),
        ("w00000", point("50", total=Decimal("198")), point("50", total=Decimal("198.1"))),
    ],
)
def test_values_of_one_water_that_cannot_be_together(factor, good, bad):
    base = put(water(), "w21001", 500, *[point("9.6", sample="x")] * 4)
    base = replace(base, outlet=replace(base.outlet, factors={}))
    assert not fired("A09", outlet_site(put(base, factor, 500, *[good] * 4)))
    assert fired("A09", outlet_site(put(base, factor, 500, *[bad] * 4)))


def test_total_nitrogen_of_another_sample_proves_nothing():
    base = put(water(), "w21001", 500, *[point("3", sample="x")] * 4)
    assert not fired("A09", outlet_site(put(base, AMMONIA, 500, *[point("4.9", sample="y")] * 4)))


@pytest.mark.parametrize(
    ("factor", "good", "bad"),
    [
        ("a19001", point("18.99"), point("19")),
        ("a01012", point("40"), point("39.9")),
        ("a01011", point("2"), point("1.99")),
        ("a01014", point("8", steady=710), point("8", steady=720)),
        (NOX, point("20", converted=Decimal("21")), point("20", converted=Decimal("21.1"))),
    ],
)
def test_what_a_running_plant_cannot_show(factor, good, bad):
    series = gas(o2_ref="6")
    series = put(series, "a19001", 500, *[point("6.00")] * 4)
    assert not fired("A10", outlet_site(put(series, factor, 500, *[good] * 2)))
    assert fired("A10", outlet_site(put(series, factor, 500, *[bad] * 2)))
    assert not fired("A10", outlet_site(put(series, factor, 500, bad)))


@pytest.mark.parametrize(
    ("mark", "filed", "guard"),
    [
        ("M", (), "数据标记"),
        ("N", (FilingKind.OUT_OF_USE,), "停运标记"),
        ("N", (FilingKind.STARTING,), "工况标记"),
    ],
)
def test_each_guard_explains_thin_gas(mark, filed, guard):
    series = put(gas(o2_ref="6"), "a19001", 500, *[point("20", mark)] * 3)
    filings = tuple(filing(kind, 499, 504) for kind in filed)
    assert held_by("A10", outlet_site(series, filings=filings)) == {guard}


def moving(swing: float, follows: float):
    """Half a day in which oxygen swings by so much and NOx follows it by this share."""
    series = gas(o2_ref="6")
    for hour in range(504, 516):
        o2 = [8 + swing * ((hour * 6 + m) * 7 % 11 - 5) / 5 for m in range(6)]
        noise = [((hour * 6 + m) * 31 % 13 - 6) / 10 for m in range(6)]
        nox = [25 - follows * (x - 8) + z for x, z in zip(o2, noise, strict=True)]
        series = put(series, "a19001", hour, point("8.00", means=tuple(o2)))
        series = put(series, NOX, hour, point("25.00", means=tuple(nox)))
    return series


def test_oxygen_that_moves_while_nothing_goes_against_it():
    (event,) = judged("A10", outlet_site(moving(3, 0))).events
    assert event.factor == NOX
    assert event.inputs["矛盾"] == "氧含量起伏而污染物浓度不随之变化"
    assert not fired("A10", outlet_site(moving(3, 1.5)))
    assert not fired("A10", outlet_site(moving(1, 0)))


@pytest.mark.parametrize("flag", ["M", None])
def test_hours_without_valid_oxygen_are_no_hits_and_stop_nothing(flag):
    series = moving(3, 0)
    own = dict(series.hours["a19001"])
    gone = own.pop(HOUR0 + 510)
    if flag:
        own[HOUR0 + 510] = gone._replace(flag=flag)
    series = replace(series, hours={**series.hours, "a19001": own})
    (event,) = judged("A10", outlet_site(series)).events
    assert event.inputs["分钟值个数"] == "66"
    assert event.inputs["出现次数"] == "11"


@pytest.mark.parametrize("stored", ["0", "-5", "0.5"])
def test_a_length_of_nothing_is_refused_and_one_stored_before_stops_no_judging(stored):
    given = {"anti_hours": stored}
    with pytest.raises(Invalid, match=f"填了 {stored}，应不小于 1"):
        changed(RULES["A10"], given, version="2", since=date(2026, 1, 1))
    old = with_values(RULES["A10"], given, version="2", since=date(2026, 1, 1))
    assert old.count("anti_hours") == 1
    span = Span(HOUR0, HOUR0 + 720)
    assert len(judge_site(outlet_site(moving(3, 0)), span, {"A10": old}).events) == 1


def test_without_reference_oxygen_air_in_the_gas_says_nothing():
    free = moving(3, 0)
    free = replace(free, outlet=replace(free.outlet, o2_ref=None))
    assert held_by("A10", outlet_site(free)) == {"没有基准氧"}
    thin = put(gas(), "a19001", 500, *[point("20.9")] * 3)
    assert held_by("A10", outlet_site(thin)) == {"没有基准氧"}


def test_a_plant_that_hardly_runs_is_not_asked():
    series = put(gas(o2_ref="6"), "a19001", 500, *[point("20")] * 3)
    assert fired("A10", outlet_site(series))
    assert not fired("A10", outlet_site(put(series, "a00000", 500, *[point("9")] * 3)))


def twin(subject: str, swing: int, *, shared: bool = False, offset: float = 0.0) -> Site:
    series = gas(days=2)
    hours = [
        point(
            "20",
            means=tuple(20 + offset + (m * m * swing % 37) / 10 for m in range(6 * h, 6 * h + 6)),
        )
        for h in range(24)
    ]
    series = put(series, NOX, 0, *hours)
    outlet = replace(series.outlet, is_shared=shared, factors={NOX: series.outlet.factors[NOX]})
    return Site(subject=subject, outlets=(replace(series, outlet=outlet),))


def across(*sites: Site):
    return judge_across(sites, Span(HOUR0, HOUR0 + 24), {"A16": RULES["A16"]})


def test_two_sites_that_go_alike_for_six_hours():
    found = across(twin("S1", 5), twin("S2", 5), twin("S3", 7))
    assert {event.subject for event in found.events} == {"S1", "S2"}
    assert found.events[0].inputs["对照单位"] == "S2"
    assert across(twin("S1", 5), twin("S3", 7)).events == ()


def test_a_shared_stack_explains_it():
    found = across(twin("S1", 5, shared=True), twin("S2", 5, shared=True))
    assert found.events == ()
    assert {one.guard.guard for one in found.guarded} == {"共用排气筒"}
