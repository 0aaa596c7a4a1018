"""The enterprise's door on a phone and on a desk, by keyboard and in both sizes of text."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from gongchou.core.powers import system
from gongchou.core.terms import RatingQuestion, Role
from gongchou.inspection import actions as inspection
from gongchou.publication import actions
from gongchou.publication.gathering_firms import firm_code
from gongchou.registry import reads as registers
from gongchou.web import gate_keys
from gongchou.web.door_keys import door_code
from tests.browser.test_portal import BARRIERS, OVERFLOW
from tests.conftest import BUREAU, TODAY
from tests.core.test_gate_codes import CODE
from tests.inspection.people import LATER, House, make_house, opened
from tests.machinery import DESK, PHONE, ZOOMED
from tests.publication.test_results import reviewed, through

MODES = pytest.mark.parametrize("query", ["", "?elder=1"], ids=["standard", "elder"])


@pytest.fixture
def house(person, monkeypatch) -> House:
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    return make_house(person)


@pytest.fixture
def gong(person):
    return person("gong", "公示员", Role.PUBLISHER)


def renewed(ref: str) -> str:
    actions.renew_slip(ref, by=system(BUREAU), at=LATER)
    return door_code(ref)


@pytest.fixture
def code(house) -> str:
    return renewed(reviewed(house, is_clean=False))


@pytest.fixture
def published(house, gong) -> str:
    """The code of a visit whose result is public, so that it may be appealed against."""
    ref = reviewed(house, is_clean=False)
    through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    return renewed(ref)


@pytest.fixture
def year_code(house, published) -> str:
    subject = registers.subjects(BUREAU, TODAY).rows[0].ref
    actions.issue_firm_code(subject, by=house.chen, at=LATER)
    return firm_code(BUREAU, subject, LATER.year)


@pytest.fixture
def looked_at(page, query):
    """No barrier and nothing beyond the edge on any screen, in the size that was asked for."""
    mode = "elder" if query else "standard"

    def look(name: str) -> None:
        size = page.locator("html").get_attribute("data-text")
        assert (size == "large") is bool(query), name
        for where, screen in (("zoomed", ZOOMED), ("phone", PHONE), ("desk", DESK)):
            page.set_viewport_size(screen)
            assert page.evaluate(OVERFLOW) == 0, (name, where)
            found = Axe().run(page, options={"runOnly": BARRIERS}).response["violations"]
            assert found == [], (name, where, found)
            if folder := os.environ.get("GONGCHOU_SHOTS"):
                page.screenshot(path=f"{folder}/{name}-{mode}-{where}.png", full_page=True)

    return look


@pytest.fixture
def enter(page, live_server, query):
    """A code typed at the door."""

    def through_door(code: str) -> None:
        page.goto(f"{live_server.url}/open/door/{query}")
        page.get_by_label("查验码").fill(code)
        page.get_by_role("button", name="查验", exact=True).click()

    return through_door


def receipt_on(page) -> tuple[str, str]:
    ref, code = page.locator(".open-receipt").all_inner_texts()
    return ref, code


def sent_unchecked(page, button: str) -> None:
    """As by a browser that does not look for missing answers itself."""
    pressed = page.get_by_role("button", name=button, exact=True)
    pressed.wait_for()
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    pressed.click()


def look_up(page, receipt: tuple[str, str]) -> None:
    """By the link on the receipt, as whoever copied it would."""
    page.get_by_role("main").get_by_role("link", name="查回执").click()
    page.get_by_label("回执编号").fill(receipt[0])
    page.get_by_label("回执码").fill(receipt[1])
    page.get_by_role("button", name="查看").click()


@MODES
def test_an_enterprise_reads_its_visit_and_gets_a_receipt(
    live_server, code, page, query, looked_at
):
    page.goto(f"{live_server.url}/open/door/{query}")
    looked_at("door")
    page.get_by_label("查验码").fill(code)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("这是一次真的检查").wait_for()
    looked_at("slip")
    page.get_by_label("提交哪一类").select_option("mending")
    page.get_by_label("内容").fill("集气罩已经修好，请核对。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("已经收到").first.wait_for()
    looked_at("receipt")
    assert page.context.cookies() == []


@MODES
def test_from_the_code_of_the_year_to_an_appeal_and_its_standing(year_code, page, enter, looked_at):
    enter(year_code)
    page.get_by_role("heading", name="今年的检查").wait_for()
    looked_at("firm")
    page.get_by_role("button", name="打开这次检查").click()
    page.get_by_label("提交哪一类").select_option("appeal")
    looked_at("slip-published")
    page.get_by_label("内容").fill("第二项问题不属实，附照片。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("申诉").first.wait_for()
    look_up(page, receipt_on(page))
    page.get_by_role("heading", name="申诉").wait_for()
    looked_at("appeal-standing")


@MODES
def test_an_enterprise_rates_its_visit_once(code, page, enter, looked_at):
    enter(code)
    sent_unchecked(page, "提交评价")
    page.get_by_text("请选“是”或“否”").first.wait_for()
    looked_at("rating-incomplete")
    for number in range(len(RatingQuestion)):
        page.get_by_role("radio", name="是", exact=True).nth(number).check()
    page.get_by_role("button", name="提交评价").click()
    page.get_by_role("heading", name="谢谢您的评价").wait_for()
    looked_at("rated")
    enter(code)
    page.get_by_text("已经评价过").wait_for()


@MODES
def test_a_wrong_code_and_a_void_visit_are_said_in_plain_words(house, page, enter, looked_at):
    enter("AAAA-AAAA-AAAA-AAAA")
    page.get_by_text("没有这个查验码").wait_for()
    looked_at("code-unknown")
    ref = opened(house)
    inspection.void_visit(ref, "派发有误", by=house.chen, at=LATER)
    enter(renewed(ref))
    page.get_by_text("这次检查已经作废").wait_for()
    looked_at("slip-void")


@MODES
def test_who_stands_at_the_gate_is_read_from_the_scanned_code(
    live_server, bureau, page, query, looked_at, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    fresh = replace(CODE, until=LATER + timedelta(hours=2))
    for name, shown, says in (
        ("gate", gate_keys.signed(fresh), "身份码有效"),
        ("gate-old", gate_keys.signed(replace(CODE, until=LATER)), "已经过期"),
    ):
        elder = query.replace("?", "&")
        page.goto(f"{live_server.url}/open/door/?gate={shown}{elder}")
        page.get_by_text(says).first.wait_for()
        looked_at(name)


@MODES
def test_a_citizen_complains_and_looks_up_the_receipt(
    live_server, bureau, chen, page, query, looked_at
):
    page.goto(f"{live_server.url}/open/complaint/{query}")
    looked_at("complaint")
    page.get_by_label("反映哪一家单位").fill("村东头冒黄烟的厂")
    sent_unchecked(page, "提交")
    page.get_by_text("请填写这一项").wait_for()
    looked_at("complaint-incomplete")
    page.get_by_label("什么时候、看到了什么").fill("每天夜里十点以后烟囱冒黄烟。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("已经收到").first.wait_for()
    looked_at("complaint-receipt")
    look_up(page, receipt_on(page))
    page.get_by_role("heading", name="群众举报").wait_for()
    looked_at("complaint-standing")


@MODES
def test_a_report_about_an_officer_gets_its_own_receipt(
    live_server, person, page, query, looked_at
):
    person("ji", "纪审计", Role.AUDITOR)
    page.goto(f"{live_server.url}/open/conduct/{query}")
    looked_at("conduct")
    page.get_by_label("反映的是谁").fill("李执法")
    page.get_by_label("什么时间、在哪里、发生了什么").fill("一月四日在厂门口收下一箱酒。")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("已经收到").first.wait_for()
    look_up(page, receipt_on(page))
    page.get_by_role("heading", name="违纪反映").wait_for()
    looked_at("conduct-standing")


@MODES
def test_a_receipt_nobody_gave_finds_nothing(live_server, bureau, page, query, looked_at):
    page.goto(f"{live_server.url}/open/letter/{query}")
    page.get_by_label("回执编号").fill("L990173-AAAA-AAAA")
    page.get_by_label("回执码").fill("AAAA")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("没有找到这件信件").wait_for()
    looked_at("letter-unknown")
    expect(page.get_by_label("回执编号")).to_have_value("L990173-AAAA-AAAA")
