"""The frame and its components in a real browser, in every way they may be shown."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from gongchou.accounts.models import User
from gongchou.core.terms import Role
from gongchou.web.display import DARK, GROUND_COOKIE, LARGE, TEXT_COOKIE
from tests.browser.test_door import WCAG

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MODES = {
    "ordinary": [],
    "large": [(TEXT_COOKIE, LARGE)],
    "dark": [(GROUND_COOKIE, DARK)],
    "both": [(TEXT_COOKIE, LARGE), (GROUND_COOKIE, DARK)],
}


@pytest.fixture(params=["page", "phone"])
def window(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def chen_in(live_server, person):
    """Signs 陈组长 in at a window through the door of the demonstration."""
    chen = person("chen", "陈组长", Role.OFFICE)
    User.objects.filter(ref=chen.ref).update(must_change_password=False)

    def enter(window):
        window.goto(f"{live_server.url}/demo/")
        window.get_by_role("button", name="以陈组长进入").click()
        window.get_by_role("heading", name="我的待办").wait_for()
        # The script has run when it has left its mark.
        window.locator("html.has-script").wait_for()
        return window

    return enter


@pytest.mark.parametrize("mode", MODES)
def test_the_components_have_no_known_barrier(window, live_server, chen_in, mode):
    cookies = [{"name": n, "value": v, "url": live_server.url} for n, v in MODES[mode]]
    if cookies:
        window.context.add_cookies(cookies)
    chen_in(window).goto(f"{live_server.url}/design/")
    window.locator(".why").first.locator("summary").click()
    assert window.evaluate(OVERFLOW) == 0
    assert Axe().run(window, options={"runOnly": WCAG}).response["violations"] == []


def test_on_a_phone_the_menu_opens_and_leads_on(phone, chen_in):
    chen_in(phone).get_by_text("菜单", exact=True).click()
    phone.get_by_role("navigation", name="菜单").get_by_role("link", name="名录").click()
    phone.wait_for_url("**/register/")
    expect(phone).to_have_title(re.compile("检查对象名录"))


def test_a_digest_is_copied_by_a_click(page, live_server, chen_in):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    chen_in(page).goto(f"{live_server.url}/design/")
    page.get_by_role("button", name="复制").first.click()
    page.get_by_text("已复制").wait_for()
    assert len(page.evaluate("navigator.clipboard.readText()")) == 64


def test_control_k_leads_to_the_search(page, chen_in):
    chen_in(page).keyboard.press("Control+k")
    page.keyboard.type("演示")
    page.keyboard.press("Enter")
    page.wait_for_url("**/register/?q=*")
