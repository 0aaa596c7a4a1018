import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(params=["page", "phone"])
def window(request):
    return request.getfixturevalue(request.param)


def test_the_door_is_readable_on_desk_and_phone(window, live_server):
    window.goto(f"{live_server.url}/login/")
    assert "登录" in window.title()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert window.evaluate(overflow) == 0


def test_the_door_has_no_known_barrier(page, live_server):
    page.goto(f"{live_server.url}/login/")
    assert Axe().run(page, options={"runOnly": WCAG}).response["violations"] == []


def test_style_and_script_are_served_by_the_product_itself(page, live_server):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/login/")
    assert len(asked) >= 3
    assert all(url.startswith((live_server.url, "data:")) for url in asked)


def test_a_wrong_password_is_answered_without_losing_what_was_typed(page, live_server):
    page.goto(f"{live_server.url}/login/")
    page.get_by_label("登录名").fill("chen")
    page.get_by_label("密码").fill("wrong-password")
    page.get_by_role("button", name="登录").click()
    page.get_by_text("登录名或密码不对").first.wait_for()
    expect(page.get_by_label("登录名")).to_have_value("chen")
