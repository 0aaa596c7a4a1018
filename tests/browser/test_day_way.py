"""The day's way in the office and, without a network, on the phone: sound at 390 and 1280."""

import pytest
from playwright.sync_api import expect

from gongchou.web import clock
from tests.browser import test_record as office
from tests.browser.test_field_app import (  # noqa: F401
    house,
    is_sound,
    phone,
    taken_along,
)
from tests.browser.test_record import enter
from tests.inspection import test_daymap


@pytest.fixture
def way(house, monkeypatch):  # noqa: F811
    monkeypatch.setattr(test_daymap, "AT", clock.now())
    monkeypatch.setattr(test_daymap, "TODAY", clock.day_of(clock.now()))
    return test_daymap.way_of(house)


def test_the_phone_shows_the_way_without_a_network(phone, live_server, way):  # noqa: F811
    taken_along(phone, live_server)
    phone.context.set_offline(True)
    phone.get_by_role("img", name="路线图").wait_for()
    expect(phone.locator(".way circle")).to_have_count(3)
    order = [text.split("（")[0] for text in phone.locator("section ol li").all_inner_texts()]
    cards = phone.locator(".cards strong").all_inner_texts()
    assert order == cards
    is_sound(phone)
    phone.reload()
    phone.get_by_label("手机口令").fill("284917")
    phone.get_by_role("button", name="打开").click()
    phone.get_by_role("img", name="路线图").wait_for()


@pytest.mark.parametrize("kind", ["page", "phone"])
def test_the_office_shows_the_way_of_the_signed_in_officer(request, kind, live_server, way):
    window = enter(request.getfixturevalue(kind), live_server, "li")
    window.goto(f"{live_server.url}/visits/?mine=1")
    window.get_by_role("img", name="路线图").wait_for()
    office.is_sound(window)
