"""The portal on a citizen's phone and on a desk, in both sizes of text."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from gongchou.portal.export import export
from tests.browser.test_door import WCAG
from tests.conftest import AT
from tests.machinery import DESK, PHONE, ZOOMED
from tests.portal.conftest import *  # noqa: F403

# Targets of at least 24 px are a criterion of WCAG 2.2.
BARRIERS = [*WCAG, "wcag22aa"]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Boxes whose content is wider than they are.
CUT_OFF = """[...document.querySelectorAll(".open-scroll")]
  .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.ariaLabel)"""
PATHS = (
    "", "results/", "draws/", "draws/log/", "plans/", "items/", "statistics/", "changes/", "data/",
    "about/", "door/", "complaint/", "conduct/", "letter/",
)  # fmt: skip


@pytest.mark.parametrize("query", ["", "?elder=1"], ids=["standard", "elder"])
def test_the_portal_has_no_known_barrier(live_server, portal, phone, query):
    for path in (*PATHS, f"results/{portal}/2/", f"documents/{portal}/", "nowhere/"):
        phone.set_viewport_size(ZOOMED)
        phone.goto(f"{live_server.url}/open/{path}{query}")
        assert phone.evaluate(OVERFLOW) == 0, path
        found = Axe().run(phone, options={"runOnly": BARRIERS}).response["violations"]
        assert found == [], (path, found)
        for size in (PHONE, DESK):
            phone.set_viewport_size(size)
            assert phone.evaluate(OVERFLOW) == 0, path


@pytest.mark.parametrize("query", ["", "?elder=1"], ids=["standard", "elder"])
def test_no_table_is_cut_off_and_no_head_stays_behind_on_a_zoomed_screen(
    live_server, portal, phone, query
):
    phone.set_viewport_size(ZOOMED)
    for path in ("plans/", "items/", "statistics/", f"documents/{portal}/"):
        phone.goto(f"{live_server.url}/open/{path}{query}")
        assert phone.evaluate(CUT_OFF) == [], path
        for head in phone.locator(".table-cards thead").all():
            assert (head.bounding_box() or {"width": 0})["width"] <= 1, path


def test_the_ten_columns_are_read_in_large_text_on_a_desk_without_moving_sideways(
    live_server, portal, page
):
    page.goto(f"{live_server.url}/open/documents/{portal}/?elder=1")
    assert page.evaluate(CUT_OFF) == []
    words = page.locator("td[data-label='抽查事项']").first.bounding_box()
    assert words["width"] > DESK["width"] / 3


def test_a_citizen_finds_a_firm_and_reads_what_happened(live_server, portal, phone):
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{live_server.url}/open/")
    phone.get_by_label("查一家企业的检查结果").fill("铸造")
    phone.keyboard.press("Enter")
    phone.get_by_role("link", name="演示铸造第002厂").click()
    phone.get_by_role("heading", name="怎么处理").wait_for()
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
    assert phone.context.cookies() == []


def test_the_exported_folder_is_browsed_from_the_disk(portal, page, tmp_path):
    export(tmp_path / "open", at=AT)
    page.goto((tmp_path / "open" / "index.html").as_uri())
    page.get_by_role("link", name="大字版").click()
    page.get_by_role("link", name="检查结果", exact=True).click()
    page.get_by_role("link", name="演示铸造第002厂").click()
    page.get_by_role("heading", name="查了什么").wait_for()
    expect(page.locator("html")).to_have_attribute("data-text", "large")
