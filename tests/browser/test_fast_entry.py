"""Fast entry: a problem is copied and looked at, an hour is typed as it comes."""

import base64
from pathlib import Path

from playwright.sync_api import expect

from gongchou.inspection import course, reads
from gongchou.web.clock import SHANGHAI
from tests.browser import test_record as office
from tests.browser.test_field_app import (  # noqa: F401
    field,
    house,
    is_sound,
    phone,
    press,
    settled,
    uploaded,
    visit,
    walk_to_the_checklist,
)
from tests.browser.test_record import enter, started, unfold  # noqa: F401
from tests.core.test_typed_times import TABLE

TIMES = Path(__file__).parents[2] / "frontend/src/times.js"
READ = """async ([source, table]) => {
  const { momentSaid, dayOf } = await import(`data:text/javascript;base64,${source}`);
  const told = (text, on) => {
    try { return momentSaid(text, on); } catch (e) { return e.message; }
  };
  const rows = [...table.read, ...table.told].map(row => [...row, told(row[0], dayOf(table.on))]);
  rows.push(...table.without_a_day.map(row => [...row, told(row[0], null)]));
  return rows.filter(([, wanted, found]) => wanted !== found);
}"""


def test_the_script_reads_every_moment_as_the_server_does(browser):
    window = browser.new_page()
    source = base64.b64encode(TIMES.read_bytes()).decode()
    assert window.evaluate(READ, [source, TABLE]) == []
    window.close()


def test_a_copied_problem_counts_only_after_somebody_looked_at_it(field, visit):  # noqa: F811
    walk_to_the_checklist(field)
    item = field.locator(".item").first
    item.get_by_label("发现问题", exact=True).check()
    press(field, "复制这个问题")
    field.get_by_text("这个问题还没有写，写好以后再复制。").wait_for()
    item.get_by_label("问题", exact=True).fill("一号集气罩破损")
    press(field, "复制这个问题")
    field.get_by_text("待确认：复制来的").wait_for()
    is_sound(field)
    press(field, "项没有选择")
    press(field, "下一步：核对记录")
    field.get_by_text("有 1 个复制来的问题待确认").wait_for()
    press(field, "回到检查表")
    field.locator(".copy textarea").fill("二号集气罩破损")
    press(field, "已核对，记入")
    expect(field.locator(".copy")).to_have_count(0)
    settled(field)
    press(field, "项没有选择")
    field.get_by_role("heading", name="说明和意见").wait_for()
    uploaded(field)
    found = reads.record(visit).body.findings
    assert [one.says for one in found] == ["一号集气罩破损", "二号集气罩破损"]
    assert found[0].legal_basis == found[1].legal_basis


def test_a_copy_nobody_wants_leaves_nothing_and_a_reload_keeps_one(field, visit):  # noqa: F811
    walk_to_the_checklist(field)
    item = field.locator(".item").first
    item.get_by_label("发现问题", exact=True).check()
    item.get_by_label("问题", exact=True).fill("集气罩破损")
    press(field, "复制这个问题")
    field.get_by_text("待确认：复制来的").wait_for()
    settled(field)
    field.reload()
    field.get_by_label("手机口令").fill("284917")
    press(field, "打开")
    field.get_by_text("待确认：复制来的").wait_for()
    press(field, "不要这一份")
    expect(field.locator(".copy")).to_have_count(0)
    settled(field)
    press(field, "项没有选择")
    field.get_by_role("heading", name="说明和意见").wait_for()
    uploaded(field)
    assert [one.says for one in reads.record(visit).body.findings] == ["集气罩破损"]


def test_the_hour_of_a_recording_is_typed_on_the_phone(field, visit):  # noqa: F811
    walk_to_the_checklist(field)
    press(field, "录像编号")
    press(field, "登记编号")
    field.get_by_role("dialog").get_by_text("请填写录像文件的编号。").wait_for()
    field.get_by_label("录像文件编号").fill("DSJ-0001")
    field.get_by_label("开始时间").fill("05062022 0800")
    press(field, "登记编号")
    alert = field.get_by_role("dialog").get_by_role("alert")
    alert.filter(has_text="也可以读作2022年6月5日").wait_for()
    field.get_by_label("开始时间").fill("17022022 0800")
    field.get_by_text("读作2022年2月17日 08:00").wait_for()
    is_sound(field)
    press(field, "登记编号")
    field.get_by_role("dialog").wait_for(state="detached")
    uploaded(field)
    began = course.cameras(visit)[0].began_at
    assert began.astimezone(SHANGHAI).isoformat() == "2022-02-17T08:00:00+08:00"


def test_hours_are_typed_in_the_office_and_told_where_they_are_not_clear(
    phone,  # noqa: F811
    live_server,
    house,  # noqa: F811
    started,  # noqa: F811
):
    enter(phone, live_server, "li").goto(f"{live_server.url}/visits/{started}/record/")
    unfold(phone)
    ended = phone.get_by_label("检查结束时间", exact=True)
    ended.fill("8：00")
    says = phone.locator(".moment-says").last
    expect(says).to_contain_text("08:00")
    ended.fill("05062022 0800")
    expect(says).to_contain_text("也可以读作2022年6月5日")
    office.is_sound(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="保存记录").click()
    phone.get_by_text("没有保存，请改正以下内容").wait_for()
    office.is_sound(phone)
