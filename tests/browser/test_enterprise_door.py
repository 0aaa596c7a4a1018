"""The enterprise's door on a phone and on a desk, by keyboard and in both sizes of text."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core.powers import system
from gongchou.inspection.door import door_code
from gongchou.publication import actions
from tests.browser.test_door import WCAG
from tests.browser.test_portal import OVERFLOW
from tests.conftest import BUREAU
from tests.inspection.people import LATER, make_house
from tests.machinery import DESK, ZOOMED
from tests.publication.test_results import reviewed


@pytest.fixture
def code(person, monkeypatch) -> str:
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    ref = reviewed(make_house(person), is_clean=False)
    actions.renew_slip(ref, by=system(BUREAU), at=LATER)
    return door_code(ref)


def looked_at(page, name: str) -> None:
    """No barrier and nothing beyond the edge, on either screen."""
    for where, size in (("zoomed", ZOOMED), ("desk", DESK)):
        page.set_viewport_size(size)
        assert page.evaluate(OVERFLOW) == 0, (name, where)
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
        assert found == [], (name, where, found)
        if folder := os.environ.get("GONGCHOU_SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{where}.png", full_page=True)


@pytest.mark.parametrize("query", ["", "?elder=1"], ids=["standard", "elder"])
def test_an_enterprise_reads_its_visit_and_gets_a_receipt(live_server, code, page, query):
    mode = "elder" if query else "standard"
    page.goto(f"{live_server.url}/open/door/{query}")
    looked_at(page, f"door-{mode}")
    page.get_by_label("查验码").fill(code)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("这是一次真的检查").wait_for()
    looked_at(page, f"slip-{mode}")
    page.get_by_label("内容").fill("集气罩已经修好，请核对。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("已经收到").first.wait_for()
    looked_at(page, f"receipt-{mode}")
    assert page.context.cookies() == []


@pytest.mark.parametrize("query", ["", "?elder=1"], ids=["standard", "elder"])
def test_a_citizen_complains_and_looks_up_the_receipt(live_server, bureau, page, query):
    mode = "elder" if query else "standard"
    for path in ("complaint", "letter"):
        page.goto(f"{live_server.url}/open/{path}/{query}")
        looked_at(page, f"{path}-{mode}")
    page.get_by_label("回执编号").fill("L990173-AAAA-AAAA")
    page.get_by_label("回执码").fill("AAAA")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("没有找到这件信件").wait_for()
