"""Every screen of the field app, on a phone and on a desk: axe finds nothing, nothing overflows."""

import pytest

from tests.browser.test_field_app import (  # noqa: F401
    PIN,
    answer_and_read_back,
    house,
    is_sound,
    press,
    settled,
    sign_both,
    visit,
    walk_to_the_checklist,
)
from tests.browser.test_record import enter
from tests.machinery import DESK, PHONE

SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture
def open_at(browser):
    """A window of a size; what it opened is shut again."""
    opened = []

    def open_window(size):
        context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        opened.append(context)
        return context.new_page()

    yield open_window
    for context in opened:
        context.close()


def titled(window, title: str) -> None:
    """The screen of this title stands, and it is sound."""
    window.get_by_role("heading", name=title, level=1).wait_for()
    settled(window)
    is_sound(window)


def way_in(window, server) -> None:
    window.goto(f"{server.url}/field/")
    titled(window, "现场检查")
    enter(window, server, "li").goto(f"{server.url}/field/")
    titled(window, "领取检查")
    press(window, "领取检查")
    window.get_by_role("alert").wait_for()
    is_sound(window)
    window.get_by_label("手机口令").fill(PIN)
    window.get_by_label("再输一次").fill(PIN)
    press(window, "领取检查")
    titled(window, "我的检查")
    window.get_by_text("虚构化工1").first.wait_for()
    window.evaluate("navigator.serviceWorker.ready.then(() => 1)")


@SIZES
def test_the_way_in_the_queue_and_the_settings(open_at, live_server, visit, size):  # noqa: F811
    window = open_at(size)
    way_in(window, live_server)
    window.get_by_role("link", name="设置").click()
    titled(window, "设置")
    window.context.set_offline(True)
    press(window, "设置签字口令")
    window.get_by_text("设置签字口令需要网络").wait_for()
    is_sound(window)
    window.evaluate("location.hash = '#queue'")
    titled(window, "全部已上传")
    window.evaluate("location.hash = '#'")
    walk_to_the_checklist(window)
    window.evaluate("location.hash = '#queue'")
    titled(window, "项未上传")
    window.reload()
    titled(window, "输入手机口令")
    window.get_by_label("手机口令").fill("111222")
    press(window, "打开")
    window.get_by_text("手机口令不对").wait_for()
    is_sound(window)


@SIZES
def test_a_finding_its_forms_and_the_dialogues(open_at, live_server, visit, size):  # noqa: F811
    window = open_at(size)
    way_in(window, live_server)
    walk_to_the_checklist(window)
    for name, title in (("旁边有线索", "旁边有线索"), ("录像编号", "执法记录仪录像")):
        press(window, name)
        window.get_by_role("heading", name=title).wait_for()
        is_sound(window)
        press(window, "取消")
    item = window.locator(".item").first
    item.get_by_label("发现问题", exact=True).check()
    window.locator(".finding").first.wait_for()
    for fold in window.locator("main details").all():
        fold.evaluate("fold => fold.open = true")
    titled(window, "检查表")
    press(window, "项没有选择")
    titled(window, "说明和意见")
    press(window, "下一步：核对记录")
    window.get_by_text("还不能签字").wait_for()
    titled(window, "核对记录")


@SIZES
def test_a_site_that_cannot_be_visited_and_a_signature_refused(
    open_at,
    live_server,
    visit,  # noqa: F811
    size,
):
    window = open_at(size)
    way_in(window, live_server)
    window.get_by_text("虚构化工1").first.click()
    press(window, "我已学习以上内容")
    press(window, "登记到场")
    press(window, "现场无法检查")
    titled(window, "现场无法检查")
    window.locator(".choices input").nth(2).check()
    window.get_by_label("现场看到的情况和理由").fill("门卫不开门")
    settled(window)
    is_sound(window)
    press(window, "下一步：说明和意见")
    titled(window, "说明和意见")
    press(window, "下一步：核对记录")
    window.get_by_label("原因").fill("演练")
    titled(window, "核对记录")
    press(window, "检查结束，去签字")
    titled(window, "签字")
    window.get_by_label("拒绝", exact=True).check()
    window.get_by_label("见证人").wait_for()
    titled(window, "签字")
    press(window, "核对签字，去打印")
    window.get_by_role("alert").wait_for()
    is_sound(window)


@SIZES
def test_the_papers_and_what_is_handed_in(open_at, live_server, house, visit, size):  # noqa: F811
    window = open_at(size)
    way_in(window, live_server)
    walk_to_the_checklist(window)
    answer_and_read_back(window)
    sign_both(window)
    press(window, "核对签字，去打印")
    titled(window, "打印记录")
    for paper in ("A4 纸", "80 毫米热敏纸", "58 毫米热敏纸"):
        window.get_by_role("link", name=paper).click()
        window.locator(".qr").wait_for()
        titled(window, "打印检查记录")
        press(window, "返回")
        window.get_by_role("heading", name="打印记录").wait_for()
    window.context.set_offline(True)
    press(window, "提交记录")
    titled(window, "已提交，等待上传")
    press(window, "离场，回到检查清单")
    titled(window, "我的检查")
