"""Who signs what on which phone, what a change undoes, and which questions are asked at all."""

from datetime import timedelta

import pytest

from gongchou.core.terms import ImportKind, VisitState
from gongchou.inspection import actions, course, leases, reads, story
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.web import clock
from tests.browser.test_field_app import (  # noqa: F401
    PHONE,
    PIN,
    SIGNING,
    answer_and_read_back,
    field,
    hand_in,
    house,
    is_sound,
    phone,
    press,
    settled,
    sign,
    sign_all,
    taken_along,
    uploaded,
    visit,
    walk_to_the_checklist,
)
from tests.conftest import AT, BUREAU
from tests.inspection.people import case_draft
from tests.registry.test_import import csv, take

CONDITIONS = "类别编码,类别名称,责任科室代码,事项名称,事项类别,检查依据,检查内容及要求,填写前提"


@pytest.fixture
def colleague(browser):
    """The second officer's own phone."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield context.new_page()
    context.close()


def representative_signs(window) -> None:
    window.get_by_label("已签字", exact=True).check()
    window.get_by_label("签字人姓名").fill("钱厂长")
    window.get_by_label("法定代表人").check()
    sign(window, window.locator(".signer").last, 21)
    press(window, "被检查单位签好了")
    window.get_by_text("被检查单位已签字").wait_for()


def test_a_colleague_signs_on_the_own_phone_and_only_then_is_it_submitted(
    field,  # noqa: F811
    colleague,
    live_server,
    visit,  # noqa: F811
):
    walk_to_the_checklist(field)
    answer_and_read_back(field)
    sign(field, field.locator(".signer").first)
    press(field, "李执法签好了")
    field.get_by_text("李执法（证号 虚1001）：已签字").wait_for()
    press(field, "王执法在自己的手机上签")
    field.get_by_text("王执法（证号 虚1002）：在自己的手机上签").wait_for()
    representative_signs(field)
    hand_in(field)
    field.get_by_role("heading", name="已提交，等待上传").wait_for()
    field.get_by_text("王执法还没有在这一版记录上签字").wait_for()
    assert reads.visit(visit).state is VisitState.STARTED

    colleague_signs(colleague, live_server)
    field.goto(field.url.split("#")[0] + "#queue")
    press(field, "现在上传")
    uploaded(field)
    assert reads.visit(visit).state is VisitState.SUBMITTED
    assert set(story.signed_by(visit, reads.record(visit).body)) == set(reads.visit(visit).team)
    kinds = [row.kind.value for row in leases.operations(visit)]
    assert kinds.index("sign") < kinds.index("submit")


def colleague_signs(window, server) -> None:
    """What the server has of the record is read and signed; nothing else of the visit is done."""
    taken_along(window, server, "wang")
    window.get_by_text("虚构化工1").first.click()
    press(window, "给同事的记录签字")
    window.get_by_role("heading", name="给同事的记录签字").wait_for()
    window.get_by_text("未发现问题").first.wait_for()
    is_sound(window)
    sign(window, window.locator(".signer"), 14)
    press(window, "王执法签好了")
    window.get_by_text("您已签字，上传以后同事的提交就会办理。").wait_for()
    uploaded(window)


def test_what_is_changed_after_a_signature_is_signed_again(field):  # noqa: F811
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    answer_and_read_back(field)
    sign(field, field.locator(".signer").first)
    press(field, "李执法签好了")
    field.get_by_text("李执法（证号 虚1001）：已签字").wait_for()
    for _ in range(2):
        press(field, "上一步")
        settled(field)
    field.get_by_label("被检查单位的说明和意见").fill("补充：夜间停产")
    settled(field)
    press(field, "下一步：核对记录")
    press(field, "检查结束，去签字")
    field.get_by_text("签字以后记录有改动，以前的签字作废，请全部重新签字。").wait_for()
    assert field.get_by_text("李执法（证号 虚1001）：已签字").count() == 0
    is_sound(field)


@pytest.fixture
def asking(house) -> str:  # noqa: F811
    """A visit whose second question is asked only where the first met a problem."""
    items = (
        "PERMIT,排污许可,zd,持证排污,一般检查事项,虚构条例第十四条,证照齐全,",
        "PERMIT,排污许可,zd,整改计划,一般检查事项,虚构条例第十五条,计划已报,持证排污：发现问题",
    )
    take(ImportKind.ITEMS, csv(*items, header=CONDITIONS), house.chen)
    newest = max(registers.item_lists(BUREAU), key=lambda row: row.version)
    at = clock.now() - timedelta(hours=3)
    registry.approve_item_list(newest.ref, on=clock.day_of(at), by=house.lin, at=max(AT, at))
    draft = case_draft(planned_on=clock.day_of(clock.now()))
    return actions.open_case_visit(draft, by=house.chen, at=at)


def test_a_question_comes_and_goes_with_the_answer_it_hangs_on(phone, live_server, asking):  # noqa: F811
    window = taken_along(phone, live_server)
    walk_to_the_checklist(window)
    first, second = "持证排污", "整改计划"
    assert window.get_by_role("group", name=second).count() == 0
    window.get_by_role("group", name="废气治理设施").get_by_label("未发现问题").check()
    item = window.get_by_role("group", name=first)
    item.get_by_label("发现问题", exact=True).check()
    window.get_by_role("group", name=second).wait_for()
    window.get_by_text("还有 1 项没有选择").wait_for()
    window.get_by_role("group", name=second).get_by_label("未发现问题").check()
    is_sound(window)
    settled(window)
    item.get_by_label("未发现问题").check()
    window.get_by_role("group", name=second).wait_for(state="detached")
    press(window, "下一步：说明和意见")
    press(window, "下一步：核对记录")
    window.get_by_text(f"{first}：未发现问题").wait_for()
    assert window.get_by_text(second).count() == 0


def test_two_problems_of_one_question_and_an_empty_box_is_none(field, visit):  # noqa: F811
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    item = field.locator(".item").first
    item.get_by_label("发现问题", exact=True).check()
    item.get_by_label("问题", exact=True).first.fill("标识不清")
    for _ in range(2):
        press(field, "再记一个问题")
        settled(field)
    item.get_by_label("问题", exact=True).nth(2).wait_for()
    item.get_by_label("问题", exact=True).nth(1).fill("台账缺页")
    is_sound(field)
    for other in field.locator(".item").all()[1:]:
        other.get_by_label("未发现问题").check()
    settled(field)
    press(field, "下一步：说明和意见")
    field.get_by_label("责令改正（限期）").check()
    press(field, "下一步：核对记录")
    field.get_by_text("台账缺页").wait_for()
    assert field.locator(".problem").count() == 2
    field.context.set_offline(False)
    uploaded(field)
    body = reads.record(visit).body
    assert [one.says for one in body.findings] == ["标识不清", "台账缺页"]


def test_a_recording_is_noted_at_the_gate_and_stands_in_the_read_back(field, visit):  # noqa: F811
    field.context.set_offline(True)
    walk_to_the_checklist(field)
    press(field, "录像编号")
    field.get_by_label("录像文件编号").fill("GC-0007")
    is_sound(field)
    press(field, "登记编号")
    field.get_by_role("dialog").wait_for(state="detached")
    answer_and_read_back_keeps(field, "执法记录仪录像：GC-0007")
    field.context.set_offline(False)
    uploaded(field)
    assert [row.number for row in course.cameras(visit)] == ["GC-0007"]


def answer_and_read_back_keeps(window, says: str) -> None:
    for item in window.locator(".item").all():
        item.get_by_label("未发现问题").check()
    press(window, "下一步：说明和意见")
    press(window, "下一步：核对记录")
    window.get_by_text(says).wait_for()


def test_places_are_told_at_arrival_and_leaving_and_never_between(field, visit):  # noqa: F811
    """Geolocation is asked for twice in a visit; nothing else that is sent holds a place."""
    field.evaluate("""() => { window.asked = 0; const own = navigator.geolocation;
      const ask = own.getCurrentPosition.bind(own);
      own.getCurrentPosition = (...a) => { window.asked += 1; ask(...a) };
      own.watchPosition = () => { window.asked += 100 } }""")
    walk_to_the_checklist(field)
    assert field.evaluate("window.asked") == 1
    answer_and_read_back(field)
    field.get_by_role("heading", name="签字").wait_for()
    assert field.evaluate("window.asked") == 2
    sign_all(field)
    uploaded(field)
    placed = [row.kind.value for row in leases.operations(visit) if "latitude" in row.written]
    assert placed == ["arrive", "submit"]
    assert SIGNING not in "".join(row.written for row in leases.operations(visit))
    assert PIN not in "".join(row.written for row in leases.operations(visit))
