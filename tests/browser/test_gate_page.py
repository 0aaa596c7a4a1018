"""Who stands at the gate, without a network: one file from a disk and the published key."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core import gate_codes
from gongchou.web import clock, gate_keys
from tests.browser.test_door import WCAG
from tests.browser.test_frame import OVERFLOW
from tests.core.test_gate_codes import CODE
from tests.machinery import DESK, PHONE

PAGE = Path(__file__).resolve().parents[2] / "gongchou/web/static/dist/gate.html"


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def disk(browser, request):
    """The page from the disk in a browser that has no network; silence is part of the test."""
    context = browser.new_context(viewport=request.param, locale="zh-CN", offline=True)
    page, complaints = context.new_page(), []
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{PAGE.as_uri()}#key={gate_keys.public_key()}")
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def fresh():
    return replace(CODE, until=clock.now() + timedelta(hours=2))


def asked(page, text: str):
    page.get_by_label("身份码").fill(text)
    page.get_by_role("button", name="核对来人").click()
    return page


def is_sound(page) -> None:
    assert page.evaluate(OVERFLOW) == 0
    assert Axe().run(page, options={"runOnly": WCAG}).response["violations"] == []


def test_a_signed_code_names_who_came_without_a_network(disk, fresh):
    is_sound(disk)
    asked(disk, f"http://example.invalid/open/door/?gate={gate_keys.signed(fresh)}")
    disk.get_by_role("heading", name="身份码有效").wait_for()
    for words in ("李执法", "执法证号 虚1001", "王㙍", "虚构化工1。不是这家单位的", CODE.visit):
        disk.get_by_text(words).first.wait_for()
    is_sound(disk)


def test_a_forged_name_another_key_and_an_old_code_are_not_taken(disk, fresh):
    signed = gate_keys.signed(fresh)
    _, signature = gate_codes.parts(signed)
    forged = replace(fresh, officers=(("假冒", "虚1001"),)).content()
    asked(disk, gate_codes.spelled(forged, signature))
    disk.get_by_text("不是这把公钥的机关签发的").wait_for()
    asked(disk, gate_keys.signed(replace(fresh, until=clock.now() - timedelta(minutes=1))))
    disk.get_by_role("heading", name="身份码已过期").wait_for()
    disk.get_by_label("公钥").fill("A" * 43)
    asked(disk, signed)
    disk.get_by_text("不是这把公钥的机关签发的").wait_for()
    asked(disk, signed[:-20])
    disk.get_by_text("不是检查人员出示的身份码").wait_for()
    is_sound(disk)


IMPOSTOR = "A" * 43
UNABLE = "本机浏览器不能核对，请不要凭它放行"


def test_a_key_that_came_with_a_link_is_told_to_be_compared(disk):
    disk.get_by_text("请先与公众门户“企业入口”公布的公钥逐字核对").wait_for()
    is_sound(disk)


def test_on_the_bureaus_own_site_no_link_puts_in_another_key(page, live_server):
    page.goto(f"{live_server.url}/open/verify/gate/#key={IMPOSTOR}")
    page.get_by_text("链接里带的公钥不是本机关的，没有采用").wait_for()
    assert page.get_by_label("公钥").input_value() == gate_keys.public_key()
    is_sound(page)
    page.get_by_label("公钥").fill(IMPOSTOR)
    page.get_by_text("您填的不是本机关的公钥").wait_for()


def test_the_portals_own_link_leaves_nothing_to_say(page, live_server, fresh):
    page.goto(f"{live_server.url}/open/verify/gate/#key={gate_keys.public_key()}")
    asked(page, gate_keys.signed(fresh))
    page.get_by_role("heading", name="身份码有效").wait_for()
    assert page.locator("#note").is_hidden()


def test_a_browser_without_words_of_64_bits_checks_as_well(page, fresh):
    page.add_init_script(
        "delete DataView.prototype.getBigUint64; delete DataView.prototype.setBigUint64;"
    )
    page.goto(f"{PAGE.as_uri()}#key={gate_keys.public_key()}")
    asked(page, gate_keys.signed(fresh))
    page.get_by_role("heading", name="身份码有效").wait_for()


def test_a_browser_that_cannot_even_begin_says_so(browser):
    """In a context of its own: here the script is meant to fail."""
    with browser.new_context(locale="zh-CN", offline=True) as context:
        page = context.new_page()
        page.add_init_script("Uint8Array.from = null")
        page.goto(f"{PAGE.as_uri()}#key={gate_keys.public_key()}")
        page.get_by_text(UNABLE).wait_for()


def test_a_browser_that_fails_while_checking_says_so_and_calls_nothing_valid(page, fresh):
    page.add_init_script("window.atob = null")
    page.goto(f"{PAGE.as_uri()}#key={gate_keys.public_key()}")
    assert page.get_by_text(UNABLE).count() == 0
    asked(page, gate_keys.signed(fresh))
    page.get_by_text(UNABLE).wait_for()
    assert page.locator("#result").is_hidden()
