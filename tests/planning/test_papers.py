"""The quarter plan as a 公文: the numbers of the page, in the form an office signs."""

import pytest

from gongchou.core.terms import ImportKind, Role
from gongchou.core.workdays import Quarter
from gongchou.planning import actions, papers, reads
from gongchou.web import clock
from tests.conftest import AT, BUREAU
from tests.papers import boxes_outside, pages_of, words_of
from tests.registry.test_import import csv, line, take


@pytest.fixture
def plan(chen) -> str:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, line(12)), chen)
    return actions.compute_plan(str(Quarter.of(clock.day_of(AT))), by=chen, at=AT)


def pdf_of(plan: str) -> bytes:
    return papers.plan_paper(plan, bureau=BUREAU, at=AT)[1]


def test_the_paper_has_the_numbers_of_the_plan_and_why(plan):
    pdf, found = pdf_of(plan), reads.plan(plan)
    text = words_of(pdf)
    assert "2026年第一季度“双随机、一公开”抽查计划" in text
    assert "基数11家×25%=2.75，进一为3家。" in text
    assert found.digest[:32] in text
    assert boxes_outside(pdf) == []
    assert pages_of(pdf)[0].replace(" ", "").rstrip().endswith("—1—")


def test_a_plan_awaits_approval_on_paper_too_until_it_has_it(plan, person):
    assert "（待批准）" in words_of(pdf_of(plan))
    actions.approve_plan(plan, by=person("lin", "林局长", Role.LEADER), at=AT)
    assert "（待批准）" not in words_of(pdf_of(plan))
    assert pdf_of(plan) == pdf_of(plan)


def test_the_page_offers_the_paper_and_another_bureau_gets_none(plan, signed_in, chen):
    browser = signed_in(chen)
    assert f"/plan/{plan}.pdf" in browser.get("/plan/?quarter=2026Q1").content.decode()
    answer = browser.get(f"/plan/{plan}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_who_may_not_see_plans_gets_no_paper(plan, signed_in, stranger):
    assert signed_in(stranger).get(f"/plan/{plan}.pdf").status_code == 403
