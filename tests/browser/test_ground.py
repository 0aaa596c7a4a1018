"""The map of clues, drawn and played back, on desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from gongchou.core.clue_terms import InletKind
from tests.browser.test_door import WCAG
from tests.browser.test_offsite import OVERFLOW, enter
from tests.browser.test_offsite import window as window
from tests.conftest import AT
from tests.offsite.test_ground import ADDRESS, CENTRE, HERE, SCALE, seen
from tests.offsite.test_inlets import received
from tests.offsite.test_inlets import sites as sites

HOURS_TO_NOON = "36"


@pytest.fixture
def map_page(window, live_server, signed_in, chen, sites, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    seen(chen, "近", 500)
    where = f"虚构站,{HERE[0] / SCALE},{HERE[1] / SCALE},WGS84"
    text = f"站名,经度,纬度,坐标系,时间,风向,风速\n{where},2026-01-05T12:30:00+08:00,350,2.6"
    received(InletKind.WIND, text.encode(), chen)
    enter(window, live_server, signed_in(chen))
    asked = f"?since=2026-01-04&until=2026-01-05&near={CENTRE}&radius=1"
    window.goto(live_server.url + ADDRESS + asked)
    expect(window.locator("[data-says]")).to_contain_text("全部时段：线索 1 条")
    return window


@pytest.mark.django_db(transaction=True)
def test_the_map_has_no_barrier_and_does_not_overflow(map_page):
    assert map_page.evaluate(OVERFLOW) == 0
    found = Axe().run(map_page, options={"runOnly": WCAG}).response["violations"]
    assert found == []


@pytest.mark.django_db(transaction=True)
def test_an_hour_played_back_shows_the_clues_and_the_wind_of_then(map_page):
    slider, says = map_page.locator("#replay-at"), map_page.locator("[data-says]")
    slider.fill("0")
    expect(says).to_contain_text("1月4日 00:00：正在发生 0 条，此前 0 条；风：没有")
    expect(map_page.locator(".ground-now")).to_have_count(0)
    slider.fill(HOURS_TO_NOON)
    expect(says).to_contain_text("风：虚构站 北风 2.6 米/秒")
    expect(map_page.locator(".ground-wind")).to_have_count(1)
    slider.fill("47")
    expect(says).to_contain_text("正在发生 0 条，此前 1 条")
    expect(map_page.locator(".ground-past")).to_have_count(1)


@pytest.mark.django_db(transaction=True)
def test_no_field_of_the_form_covers_another_nor_hides_what_to_write(map_page):
    near, radius = (map_page.locator(f"[name={name}]") for name in ("near", "radius"))
    box, other = near.bounding_box(), radius.bounding_box()
    assert box["x"] + box["width"] <= other["x"] or box["y"] + box["height"] <= other["y"]
    assert box["width"] >= 240
