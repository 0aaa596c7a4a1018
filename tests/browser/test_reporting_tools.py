"""The sum of the districts, the superior's form and the calendar, filled in and looked at."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.law.load import keep_own_years_in, own_years_folder
from gongchou.reporting import template_reads
from gongchou.reporting.sealed import sealed_text
from tests.browser.test_door import WCAG
from tests.browser.test_offsite import OVERFLOW, enter
from tests.conftest import BUREAU
from tests.machinery import DESK, PHONE
from tests.reporting.conftest import *  # noqa: F403
from tests.reporting.quarters import QUARTER
from tests.reporting.test_forms import book, city, found  # noqa: F401
from tests.reporting.test_summaries import table  # noqa: F401

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _own_years(tmp_path):
    """The years entered here are none of the tests that follow."""
    was = own_years_folder()
    keep_own_years_in(tmp_path / "calendar")
    yield
    keep_own_years_in(was)


def looked_at(page, name: str) -> None:
    for where, size in (("desk", DESK), ("phone", PHONE)):
        page.set_viewport_size(size)
        assert page.evaluate(OVERFLOW) == 0, (name, where)
        found = Axe().run(page, options={"runOnly": WCAG}).response["violations"]
        assert found == [], (name, where, found)
        if folder := os.environ.get("GONGCHOU_SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{where}.png", full_page=True)


@pytest.mark.django_db(transaction=True)
def test_a_city_takes_in_a_district_s_table_and_sees_the_sum(
    page, live_server, signed_in, table, city  # noqa: F811
):  # fmt: skip
    text = sealed_text(found(table), template_reads.table_content(table, BUREAU))
    enter(page, live_server, signed_in(city))
    page.goto(f"{live_server.url}/statistics/districts/?quarter={QUARTER}")
    looked_at(page, "districts-empty")
    file = {"name": "表.json", "mimeType": "application/json", "buffer": text.encode()}
    page.get_by_label("区县的统计表").set_input_files(file)
    page.get_by_role("button", name="导入").click()
    page.get_by_role("heading", name="汇总表").wait_for()
    page.get_by_text("计入汇总").wait_for()
    looked_at(page, "districts")


@pytest.mark.django_db(transaction=True)
def test_the_superior_s_form_is_taken_or_refused_with_the_place(
    page, live_server, signed_in, chen, table  # noqa: F811
):  # fmt: skip
    enter(page, live_server, signed_in(chen))
    page.goto(f"{live_server.url}/statistics/template/")
    for cells, says in (({"C7": "{{完成数}}"}, "C7"), ({"A1": "{{visits}}"}, "已启用这份样式")):
        file = {"name": "样式.xlsx", "mimeType": XLSX, "buffer": book(**cells)}
        page.get_by_label("样式文件").set_input_files(file)
        page.get_by_role("button", name="启用这份样式").click()
        page.get_by_text(says).first.wait_for()
    looked_at(page, "form")


@pytest.mark.django_db(transaction=True)
def test_a_year_of_the_calendar_is_entered_and_cross_checked(page, live_server, signed_in, chen):
    enter(page, live_server, signed_in(chen))
    page.goto(f"{live_server.url}/plan/calendar/?year=2027")
    page.get_by_label("放假的周一至周五").fill("2027-01-01\n2027-01-04")
    page.get_by_label("公布的文件和文号").fill("国办发明电〔2026〕虚构1号")
    page.get_by_label("修改理由").fill("安排已公布")
    for makeup, says in (
        ("1月9日", "补班日里的“1月9日”不是日期"),
        ("2027-01-09", "已修改 2027 年"),
    ):
        page.get_by_label("补班的周六、周日").fill(makeup)
        page.get_by_role("button", name="保存工作日历").click()
        page.get_by_text(says).first.wait_for()
    page.get_by_role("heading", name="与随产品提供的不同").wait_for()
    looked_at(page, "calendar")
