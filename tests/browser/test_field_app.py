"""A day on the phone: without a network, with the server gone, and nothing lost or doubled."""

from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError

from gongchou.accounts.models import User
from gongchou.core.terms import VisitState
from gongchou.inspection import actions, leases, reads
from gongchou.law.load import load_default_list
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_frame import OVERFLOW
from tests.browser.test_record import enter
from tests.inspection.people import case_draft, make_house
from tests.machinery import PHONE

PIN, SIGNING = "284917", "731946"
SMALL = """[...document.querySelectorAll('button, .button, .choice, main a, summary')]
  .filter(e => e.offsetHeight && e.offsetHeight < 48).map(e => e.textContent)"""


# Every tap and every character of a visit, as a slow thumb in a glove makes them.
COUNTER = """() => {
  window.taps = 0; window.letters = 0;
  addEventListener('click', () => window.taps += 1, true);
  addEventListener('input', e => {
    const isChoice = ['radio', 'checkbox', 'file'].includes(e.target.type);
    if (!isChoice) window.letters += e.target.value.length;
  }, true);
  addEventListener('focusin', e => {
    if (e.target.matches('textarea, input:not([type=radio], [type=checkbox], [type=file])'))
      window.taps += 1;
  }, true);
}"""
SECONDS_A_TAP, SECONDS_A_LETTER, BUDGET = 2, 1, 180


@pytest.fixture
def phone(browser):
    """A phone whose console is silent but for the network being gone."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 39.6, "longitude": 118.2})
    window, complaints = context.new_page(), []
    window.on("console", lambda line: complaints.append(line.text) if line.type == "error" else 0)
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    context.close()
    expected = ("net::ERR", "status of 4", "Failed to fetch")
    assert [text for text in complaints if not any(word in text for word in expected)] == []


@pytest.fixture
def house(live_server, person):
    made = make_house(person)
    User.objects.update(must_change_password=False)
    actions.set_signing_pin(SIGNING, by=made.wang, at=clock.now())
    return made


@pytest.fixture
def visit(house) -> str:
    at = clock.now() - timedelta(hours=3)
    draft = case_draft(planned_on=clock.day_of(clock.now()))
    return actions.open_case_visit(draft, by=house.chen, at=at)


@pytest.fixture
def field(phone, live_server, visit):
    return taken_along(phone, live_server)


def taken_along(window, server, login: str = "li"):
    """The officer's phone with its visits taken along and the app kept for use without network."""
    enter(window, server, login).goto(f"{server.url}/field/")
    window.get_by_label("手机口令").fill(PIN)
    window.get_by_label("再输一次").fill(PIN)
    press(window, "领取检查")
    window.get_by_role("heading", name="我的检查").wait_for()
    window.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    window.get_by_text("虚构化工1").first.wait_for()
    return window


def is_sound(window) -> None:
    assert window.evaluate(OVERFLOW) == 0
    assert window.evaluate(SMALL) == []
    assert Axe().run(window, options={"runOnly": WCAG}).response["violations"] == []


def press(window, name: str) -> None:
    window.get_by_role("button", name=name).click()


def settled(window) -> None:
    window.locator("main:not([aria-busy=true])").wait_for()


def sign(window, place, height: int = 8) -> None:
    settled(window)
    place.locator("canvas").scroll_into_view_if_needed()
    box = place.locator("canvas").bounding_box()
    window.mouse.move(box["x"] + 20, box["y"] + 30)
    window.mouse.down()
    for step in range(1, 12):
        window.mouse.move(box["x"] + 20 + 18 * step, box["y"] + 30 + height * (step % 3))
    window.mouse.up()


def walk_to_the_checklist(window) -> None:
    window.get_by_text("虚构化工1").first.click()
    for name in ("我已学习以上内容", "登记到场", "已出示执法证", "已告知"):
        is_sound(window)
        press(window, name)
    window.get_by_role("heading", name="检查表").wait_for()


def answer_and_read_back(window) -> None:
    for item in window.locator(".item").all():
        item.get_by_label("未发现问题").check()
    is_sound(window)
    press(window, "下一步：说明和意见")
    is_sound(window)
    press(window, "下一步：核对记录")
    window.get_by_label("记录已交被检查单位核对").check()
    window.get_by_text("王执法在到场之前没有确认检查前学习").wait_for()
    window.get_by_label("原因").fill("演练")
    is_sound(window)
    press(window, "检查结束，去签字")


def sign_all(window) -> None:
    sign_both(window)
    hand_in(window)


def sign_both(window) -> None:
    """Two officers and the representative, on one phone."""
    first = window.locator(".signer").first
    sign(window, first)
    press(window, "李执法签好了")
    window.get_by_text("李执法（证号 虚1001）：已签字").wait_for()
    window.get_by_label("王执法的签字口令").fill(SIGNING)
    sign(window, window.locator(".signer").first, 14)
    press(window, "王执法签好了")
    window.get_by_text("王执法（证号 虚1002）：已签字").wait_for()
    window.get_by_label("已签字", exact=True).check()
    window.get_by_label("签字人姓名").fill("钱厂长")
    window.get_by_label("法定代表人").check()
    sign(window, window.locator(".signer").first, 21)
    press(window, "被检查单位签好了")
    window.get_by_text("被检查单位已签字").wait_for()
    is_sound(window)


def hand_in(window) -> None:
    """From the last signature by the paper to the submission."""
    press(window, "核对签字，去打印")
    window.get_by_role("heading", name="打印记录").wait_for()
    is_sound(window)
    press(window, "提交记录")
    window.locator("h1", has_text="已提交").wait_for()


def uploaded(window) -> None:
    window.goto(window.url.split("#")[0] + "#queue")
    try:
        window.get_by_role("heading", name="全部已上传").wait_for(timeout=20000)
    except TimeoutError:
        pytest.fail(window.locator("main").inner_text())


def test_a_clean_visit_without_a_network_from_the_gate_to_the_signature(field, visit):
    field.context.set_offline(True)
    field.evaluate(COUNTER)
    is_sound(field)
    walk_to_the_checklist(field)
    answer_and_read_back(field)
    sign_all(field)
    field.get_by_role("heading", name="已提交，等待上传").wait_for()
    is_sound(field)
    taps, letters = field.evaluate("[window.taps, window.letters]")
    assert taps > 10
    # The visit of this test asks little; a site with every default check point asks this much.
    list_of = load_default_list()
    points = sum(point.item_group in list_of.enabled for point in list_of.points)
    taps += points - len(reads.checklist(reads.visit(visit)))
    assert taps * SECONDS_A_TAP + letters * SECONDS_A_LETTER <= BUDGET, (taps, letters)
    assert reads.visit(visit).state is VisitState.DISPATCHED
    field.context.set_offline(False)
    uploaded(field)
    assert reads.visit(visit).state is VisitState.SUBMITTED
    outcomes = {row.outcome.value for row in leases.operations(visit)}
    assert outcomes == {"applied"}
    assert len(reads.evidence_refs(visit)) == 3
    prints_again(field)


def prints_again(window) -> None:
    """On the paper every name has its shape, every page its number, and the code its digest."""
    window.goto(window.url.split("#")[0] + "#")
    press(window, "刷新")
    window.get_by_role("heading", name="已提交，可以再打印").wait_for()
    is_sound(window)
    window.get_by_role("link", name="A4").click()
    window.locator(".qr").wait_for()
    window.evaluate("document.querySelector('.sheet p').textContent = '虚构玥堃喆镕㙍公司'")
    font = "document.fonts.load('16px gongchou-paper', '㙍').then(f => f.length)"
    assert window.evaluate(font) == 1
    window.emulate_media(media="print")
    sheet = pypdfium2.PdfDocument(window.pdf(prefer_css_page_size=True))
    text = sheet[0].get_textpage().get_text_range()
    assert "玥堃喆镕㙍" in text
    assert f"第 1 页，共 {len(sheet)} 页" in text
    codes = zxingcpp.read_barcodes(sheet[len(sheet) - 1].render(scale=3).to_pil())
    assert codes[0].text.startswith("GC1:")
