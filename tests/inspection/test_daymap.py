"""The day's way on a picture: the order of nearness, on the bureau's own outline."""

import pytest

from gongchou.core.terms import ImportKind
from gongchou.inspection import actions, dayway
from gongchou.inspection.daymap import day_maps
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import GROUND, CaseVisitDraft, House, refs
from tests.registry.test_import import csv, take
from tests.registry.test_places import HEAD, OUTLINE, row

PLACES = (("121.52", "34.52"), ("121.58", "34.58"), ("121.53", "34.53"), ("", ""))


def way_of(house: House) -> tuple[str, ...]:
    """Four visits of one day, three of them placed; returns their refs as they were opened."""
    rows = [row(number, *at) for number, at in enumerate(PLACES, start=1)]
    take(ImportKind.SUBJECTS, csv(*rows, header=HEAD), house.chen)
    registry.set_area(OUTLINE, "虚构", on=TODAY, by=house.chen, at=AT)
    team = refs("李执法", "王执法")
    known = {one.name: one.ref for one in registers.subjects(BUREAU, TODAY).rows}
    return tuple(
        actions.open_case_visit(
            CaseVisitDraft(
                subject=known[f"虚构化工{n}"], ground=GROUND, inspectors=team, planned_on=TODAY
            ),
            by=house.chen,
            at=AT,
        )
        for n in (1, 2, 3, 4)
    )


def maps_of(name: str):
    mine = dayway.open_visits(BUREAU, refs(name)[0])
    return day_maps(mine, BUREAU, TODAY)


@pytest.fixture
def opened(house) -> tuple[str, ...]:
    return way_of(house)


def test_the_stops_are_those_of_the_officer_in_the_order_of_nearness(opened):
    [way] = maps_of("李执法")
    first, second, third, last = opened
    assert [stop.ref for stop in way.stops] in (
        [first, third, second, last],
        [second, third, first, last],
    )
    assert [stop.is_placed for stop in way.stops] == [True, True, True, False]
    assert len(way.line.split()) == 3
    assert len(way.paths) == 1


def test_the_order_is_that_of_the_sheet_and_of_the_phone(opened):
    [way] = maps_of("李执法")
    near = dayway.near_places(dayway.open_visits(BUREAU, refs("李执法")[0]), TODAY)
    assert [stop.ref for stop in way.stops] == sorted(near, key=lambda ref: near[ref])


def test_who_is_not_on_the_team_sees_no_way(opened):
    assert maps_of("赵执法") == ()


def test_stops_that_would_cover_each_other_share_a_mark(house):
    way_of(house)
    [way] = maps_of("李执法")
    assert sorted("、".join(mark.text for mark in way.marks).split("、")) == ["1", "2", "3"]
    assert all(0 <= float(mark.x) <= float(way.width) for mark in way.marks)


def test_a_single_visit_needs_no_picture(house):
    actions.open_case_visit(
        CaseVisitDraft(
            subject=registers.subjects(BUREAU, TODAY).rows[0].ref,
            ground=GROUND,
            inspectors=refs("李执法", "王执法"),
            planned_on=TODAY,
        ),
        by=house.chen,
        at=AT,
    )
    assert maps_of("李执法") == ()


def test_the_page_of_the_officer_shows_it_and_that_of_the_office_does_not(
    house, signed_in, opened, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    page = signed_in(house.li).get("/visits/").content.decode()
    assert "的路线图，次序见下面的清单" in page
    assert "名录中没有经纬度，不在图上" in page
    assert "的路线图" not in signed_in(house.chen).get("/visits/").content.decode()
