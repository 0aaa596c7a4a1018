"""The quarter plan in the browser, without JavaScript."""

import pytest

from gongchou.core.terms import ImportKind, PlanState, Role
from gongchou.core.workdays import Quarter
from gongchou.planning import reads
from gongchou.web import clock
from tests.registry.test_import import csv, line, take


@pytest.fixture
def quarter() -> str:
    return str(Quarter.of(clock.day_of(clock.now())))


@pytest.fixture
def roster(chen) -> None:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, line(12)), chen)


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


def compute(browser, quarter: str) -> str:
    answer = browser.post("/plan/compute/", {"quarter": quarter}, follow=True)
    return answer.content.decode()


def test_the_office_computes_and_reads_why(signed_in, chen, roster, quarter):
    browser = signed_in(chen)
    assert "测算计划</button>" in browser.get("/plan/").content.decode()
    page = compute(browser, quarter)
    assert "基数 11 家 × 25% = 2.75，进一为 3 家。" in page
    assert "排污许可重点管理" in page
    assert "作废</button>" in page
    assert "批准计划</button>" not in page


def test_the_list_of_sites_is_narrowed_to_a_stratum(signed_in, chen, roster, quarter):
    browser = signed_in(chen)
    compute(browser, quarter)
    page = browser.get("/plan/", {"stratum": "general_unlisted"}).content.decode()
    assert "共 1 家" in page
    assert "虚构化工12" in page
    assert "虚构化工11" not in page


def test_the_leader_approves_and_later_makes_void(signed_in, chen, leader, roster, quarter, bureau):
    compute(signed_in(chen), quarter)
    browser, ref = signed_in(leader), reads.plan_of(bureau, quarter).ref
    page = browser.post(f"/plan/{ref}/approve/", follow=True).content.decode()
    assert "林局长于" in page
    page = browser.post(f"/plan/{ref}/void/", {"reason": "名录有误"}, follow=True)
    assert "作废理由：名录有误" in page.content.decode()
    assert reads.plan(ref).state is PlanState.VOID


def test_a_second_plan_comes_back_with_a_sentence(signed_in, chen, roster, quarter):
    browser = signed_in(chen)
    compute(browser, quarter)
    assert "请先作废原计划" in compute(browser, quarter)


def test_visitors_sign_in_and_strangers_are_refused(client, signed_in, stranger, bureau):
    assert client.get("/plan/").status_code == 302
    assert client.post("/plan/P-1/void/", {"reason": "无"}).status_code == 302
    browser = signed_in(stranger)
    assert browser.get("/plan/").status_code == 403
    assert browser.post("/plan/compute/", {"quarter": "2026Q1"}).status_code == 403
    assert browser.post("/plan/P-1/approve/").status_code == 403
    assert browser.post("/plan/P-1/void/", {"reason": "无"}).status_code == 403


def test_a_misspelt_quarter_is_answered_with_a_sentence(signed_in, chen):
    answer = signed_in(chen).get("/plan/", {"quarter": "九月"})
    assert answer.status_code == 409
    assert "写法不对" in answer.content.decode()
