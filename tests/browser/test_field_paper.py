"""Print, then submit: the paper handed over at the gate is what the server answers for."""

from gongchou.core.terms import VisitState
from gongchou.inspection import leases, paper_check, reads
from tests.browser.test_field_app import (  # noqa: F401
    SIGNING,
    answer_and_read_back,
    field,
    house,
    is_sound,
    phone,
    press,
    settled,
    sign,
    sign_both,
    taken_along,
    uploaded,
    visit,
    walk_to_the_checklist,
)
from tests.conftest import BUREAU
from tests.scanner import SCAN_DPI, THERMAL_DPI, code_on, pages_at, stamped, thermal

AGAIN = "先前打印的纸与记录不一致"


def to_the_paper(window) -> None:
    walk_to_the_checklist(window)
    answer_and_read_back(window)
    sign_both(window)
    press(window, "核对签字，去打印")
    window.get_by_role("heading", name="打印记录").wait_for()


def printed(window, size: str) -> str:
    """Print it, and read the code off a scan of it: from a pocket printer, or under a seal."""
    window.get_by_role("link", name=size).click()
    window.locator(".qr").wait_for()
    is_sound(window)
    window.evaluate("window.print = () => {}")
    press(window, "打印")
    window.emulate_media(media="print")
    pdf = window.pdf(prefer_css_page_size=True)
    if size == "A4 纸":
        code = code_on(stamped(pages_at(pdf, SCAN_DPI)[-1]))
    else:
        code = code_on(thermal(pages_at(pdf, THERMAL_DPI)[-1]))
    window.emulate_media(media="screen")
    press(window, "返回")
    window.get_by_role("heading", name="打印记录").wait_for()
    return code


def test_what_is_printed_before_it_is_handed_in_is_what_the_server_answers_for(field, visit):  # noqa: F811
    field.context.set_offline(True)
    to_the_paper(field)
    field.get_by_text("还没有打印。").wait_for()
    paper = printed(field, "58 毫米热敏纸")
    field.get_by_text("已打印这一份记录。").wait_for()
    assert printed(field, "A4 纸") == paper
    field.get_by_role("button", name="提交记录").dblclick()
    field.get_by_role("heading", name="已提交，等待上传").wait_for()
    field.context.set_offline(False)
    uploaded(field)
    assert reads.visit(visit).state is VisitState.SUBMITTED
    assert [row.kind.value for row in leases.operations(visit)].count("submit") == 1
    found = paper_check.check_paper(paper, BUREAU)
    assert (found.visit, found.says, found.file_count) == (visit, (), 3)


def test_a_paper_printed_before_something_was_added_is_printed_again(field):  # noqa: F811
    field.context.set_offline(True)
    to_the_paper(field)
    first = printed(field, "80 毫米热敏纸")
    press(field, "录像编号")
    field.get_by_label("录像文件编号").fill("GC-0007")
    press(field, "登记编号")
    field.get_by_text(AGAIN).wait_for()
    is_sound(field)
    assert printed(field, "80 毫米热敏纸") != first
    field.get_by_text("已打印这一份记录。").wait_for()


def test_nothing_is_printed_that_was_not_signed(field):  # noqa: F811
    walk_to_the_checklist(field)
    field.evaluate("location.hash = '#paper/' + location.hash.split('/')[1] + '/a4'")
    field.get_by_role("heading", name="现在还不能打印").wait_for()
    assert field.locator(".qr").count() == 0
    is_sound(field)


def test_after_a_restart_the_colleagues_digits_are_asked_for_again(field, visit):  # noqa: F811
    field.context.set_offline(True)
    to_the_paper(field)
    field.reload()
    field.get_by_label("手机口令").fill("284917")
    press(field, "打开")
    field.get_by_role("heading", name="打印记录").wait_for()
    press(field, "提交记录")
    field.get_by_text("请王执法输入本人的签字口令。").wait_for()
    is_sound(field)
    field.get_by_label("王执法的签字口令").fill(SIGNING)
    press(field, "确认口令")
    field.get_by_label("王执法的签字口令").wait_for(state="detached")
    press(field, "提交记录")
    field.get_by_role("heading", name="已提交，等待上传").wait_for()
    field.context.set_offline(False)
    uploaded(field)
    assert reads.visit(visit).state is VisitState.SUBMITTED
