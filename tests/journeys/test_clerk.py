"""A new clerk brings in the year's permit export, by pages alone: read, mended, seen, taken out."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people_reads
from gongchou.core.powers import console
from gongchou.core.terms import BureauLevel, ImportKind, Role
from gongchou.registry import actions as registry
from gongchou.web import clock
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU, TODAY
from tests.journeys.people import FIRST, at_work, press, room, shows, turn
from tests.registry.test_import import csv, line, uscc

NOW = AT + timedelta(days=1)
# The platform's own words for its columns, a title above them, and places in degrees and minutes.
TITLE = "临溪市高新区排污许可证信息（虚构）,,,,,,,"
HEAD = (
    "排污单位名称,统一社会信用代码,排污单位编码,管理类别,有效期限,所在片区,"
    "生产经营场所中心经度,生产经营场所中心纬度"
)
TERM, PLACE = "2026-01-01至2030-12-31", "121°33′0″,34°33′0″"


def permit(number: int, category: str = "登记管理", code: str = "", place: str = PLACE) -> str:
    code = code or uscc(number)
    return f"虚构化工{number},{code},{code}001P,{category},{TERM},东片,{place}"


def export_of_the_year(*, is_mended: bool) -> bytes:
    """Ten firms known before, one of them with another category, two new; as sent, three faults."""
    rows = [permit(number) for number in range(2, 11)]
    rows += [permit(1, "重点管理"), permit(11, "简化管理")]
    if is_mended:
        rows.append(permit(12))
    else:
        rows += [
            permit(12, code="9.11E+17"),
            permit(13, "重要"),
            permit(14, place="34°33′0″,121°33′0″"),
        ]
    return "\n".join([TITLE, HEAD, *rows]).encode("gb18030")


@pytest.fixture
def people(live_server, browser):
    """A bureau whose register of yesterday was brought in by another, and the new clerk."""
    root = console(BUREAU, "root")
    accounts.create_bureau(
        BUREAU, "临溪市生态环境局高新区分局（虚构）", level=BureauLevel.DISTRICT, by=root, at=AT
    )
    known = {"chen": Role.OFFICE, "wen": Role.OFFICE, "ding": Role.LEADER}
    names = {"chen": "陈组长", "wen": "文书员", "ding": "丁局长"}
    for login, role in known.items():
        ref = accounts.create_user(login, names[login], password=FIRST, by=root, at=AT)
        accounts.grant_role(ref, role, since=TODAY, by=root, at=AT)
    chen = people_reads.actor_of("U-chen", TODAY)
    known = csv(*(line(number) for number in range(1, 11)))
    registry.import_file(ImportKind.SUBJECTS, known, "去年.csv", on=TODAY, by=chen, at=AT)
    clock.move_demo_clock(NOW)
    with at_work(browser, live_server.url) as made:
        yield made


def upload(window, content: bytes, name: str) -> None:
    room(window, "名录").get_by_role("link", name="导入名录").click()
    window.get_by_label("导入什么").select_option("检查对象")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    window.get_by_label("文件").set_input_files([file])
    press(window, "上传并预览")


def test_a_new_clerk_brings_the_permit_export_in_and_takes_it_out_unchanged(people):
    wen = people("wen")
    upload(wen, export_of_the_year(is_mended=False), "许可证信息.csv")
    shows(wen, "共 14 行：新增 1，更新 10，未变 0，重复 0，退回 3")
    shows(wen, "第 14 行“统一社会信用代码”")
    shows(wen, "第 15 行“排污许可管理类别”")
    shows(wen, "经度和纬度写反了")
    shows(wen, "1 处是原有的场所")
    shows(wen, "排污许可管理类别由“登记管理”改为“重点管理”")
    wen.get_by_role("link", name="不导入，重新选择文件").click()

    upload(wen, export_of_the_year(is_mended=True), "许可证信息（改正）.csv")
    shows(wen, "新增 2，更新 10，未变 0，重复 0，退回 0")
    press(wen, "确认导入")
    shows(wen, "已导入：新增 2，更新 10")

    wen.get_by_role("link", name="虚构化工1", exact=True).click()
    shows(wen, "重点监管对象")
    expect(wen.locator("svg.area-map .spot")).to_have_count(1)
    wen.get_by_label("看哪一天的名录").fill(TODAY.isoformat())
    press(wen, "查看")
    shows(wen, "一般监管对象")
    expect(wen.locator("svg.area-map")).to_have_count(0)
    spans = wen.locator("table.tag-spans").inner_text()
    assert re.search("登记管理.*重点管理", spans, re.DOTALL)

    room(wen, "名录")
    with wen.expect_download() as waiting:
        wen.get_by_role("button", name="导出", exact=True).click()
    taken = waiting.value
    assert taken.suggested_filename == f"检查对象{day_of(NOW).isoformat()}.xlsx"
    upload(wen, taken.path().read_bytes(), "导出.xlsx")
    shows(wen, "共 12 行：新增 0，更新 0，未变 12，重复 0，退回 0")


def test_a_second_person_looks_at_what_was_reclassed_and_the_clerk_takes_it_all_back(people):
    wen, ding = people("wen"), people("ding")
    upload(wen, export_of_the_year(is_mended=True), "许可证信息.csv")
    shows(wen, "导入后须由批准领导在“变更记录”中复核")
    press(wen, "确认导入")

    ding.goto("/")
    shows(ding, "1 项变更改了原有场所 1 处的去留或分类")
    turn(ding, ding.get_by_role("link", name="复核名录变更"))
    shows(ding, "尚未由第二人复核")
    turn(ding, ding.get_by_role("alert").or_(ding.get_by_role("status")).get_by_role("link").first)
    shows(ding, "排污许可管理类别由“登记管理”改为“重点管理”")
    press(ding, "复核无误")
    shows(ding, "已复核")
    ding.goto("/")
    expect(ding.get_by_role("link", name="复核名录变更")).to_have_count(0)

    turn(wen, room(wen, "名录").get_by_role("link", name="变更记录"))
    turn(wen, wen.locator("tbody a").first)
    wen.get_by_label("整份撤销的理由").fill("用错了文件")
    press(wen, "整份撤销")
    shows(wen, "从今天起名录恢复为变更以前的内容")
    room(wen, "名录")
    expect(wen.get_by_role("link", name="虚构化工11", exact=True)).to_have_count(0)
    wen.get_by_role("link", name="虚构化工1", exact=True).click()
    shows(wen, "一般监管对象")
