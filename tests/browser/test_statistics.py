"""The page of the quarter's numbers and the leader's board, on desk and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from gongchou.core.workdays import Quarter
from gongchou.reporting import actions
from gongchou.web import clock
from tests.browser.test_door import WCAG
from tests.browser.test_offsite import OVERFLOW, enter
from tests.offsite.conftest import leader  # noqa: F401
from tests.reporting.quarters import make_plan, make_registers, make_visit


@pytest.fixture(params=["page", "phone"])
def window(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    """Files of a test go away with it."""
    place = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": place}


@pytest.fixture
def quarter(chen, leader, bureau) -> Quarter:  # noqa: F811
    """The present quarter with a plan and two visits, counted."""
    found, at = Quarter.of(clock.day_of(clock.now())), clock.now()
    make_registers(chen)
    make_plan(chen, leader, str(found), at)
    for number in (1, 2):
        make_visit(number, quarter=str(found), ended_on=clock.day_of(at), problem_count=number)
    actions.build_facts(found, by=chen, at=at)
    return found


@pytest.mark.django_db(transaction=True)
def test_numbers_and_board_have_no_barrier_and_do_not_overflow(
    window, live_server, signed_in, chen, quarter
):
    enter(window, live_server, signed_in(chen))
    for path in ("/statistics/", "/statistics/cell/problems/", "/board/"):
        window.goto(live_server.url + path)
        assert window.evaluate(OVERFLOW) == 0
        assert Axe().run(window, options={"runOnly": WCAG}).response["violations"] == []


@pytest.mark.django_db(transaction=True)
def test_the_summary_that_goes_ahead_has_no_barrier(window, live_server, signed_in, chen, quarter):
    at = clock.now()
    ref = actions.draft_summary(quarter, by=chen, at=at)
    texts = {"2.4.text": "没有开展。", "3.none": "尚无。"}
    edit = actions.SummaryEdit(texts=texts, addressee="某局（虚构）", document_number="")
    ref = actions.edit_summary(ref, edit, by=chen, at=at)
    enter(window, live_server, signed_in(chen))
    window.goto(f"{live_server.url}/statistics/")
    window.get_by_role("button", name="组成报送材料（工作总结）").click()
    window.get_by_text("季度结束前单报工作总结").wait_for()
    for path in (window.url, f"{live_server.url}/statistics/summary/{ref}/"):
        window.goto(path)
        assert window.evaluate(OVERFLOW) == 0
        assert Axe().run(window, options={"runOnly": WCAG}).response["violations"] == []


@pytest.mark.django_db(transaction=True)
def test_a_number_of_the_board_opens_its_records(page, live_server, signed_in, chen, quarter):
    enter(page, live_server, signed_in(chen))
    page.goto(f"{live_server.url}/board/")
    page.locator(".four-numbers a").nth(1).click()
    page.get_by_text("V1").first.wait_for()


@pytest.mark.django_db(transaction=True)
def test_the_board_prints_on_one_sheet(page, live_server, signed_in, chen, quarter):
    enter(page, live_server, signed_in(chen))
    page.goto(f"{live_server.url}/board/")
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.count(b"/Type /Page\n") == 1
