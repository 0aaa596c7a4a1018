"""The proposal for the next quarter as the page shows it; clue-led visits stand apart."""

import pytest

from gongchou.core.workdays import Quarter
from gongchou.reporting.proposal import clue_led, proposal
from tests.conftest import BUREAU
from tests.reporting.quarters import QUARTER, make_visit

Q1 = Quarter.parse(QUARTER)


def test_the_floors_of_the_plan_stand_and_the_rest_is_shared_out(plan):
    found = proposal(BUREAU, Q1, (), 20)
    assert (str(found.quarter), found.total) == ("2026Q2", 20)
    assert sum(row.count for row in found.shares) == 20
    assert all(row.count >= row.known.floor for row in found.shares)
    assert proposal(BUREAU, Q1, (), 1).total == found.floors


def test_visits_that_a_clue_led_to_are_counted_apart(plan):
    make_visit(1, problem_count=1)
    make_visit(2, problem_count=1, is_random=False, inspection_kind="case")
    make_visit(3, is_random=False, inspection_kind="special_campaign")
    [this, *before] = clue_led(BUREAU, Q1)
    assert (this.visits, this.with_problem) == (2, 1)
    assert [one.visits for one in before] == [0, 0, 0]


@pytest.mark.parametrize("total", ["0", "-3", "many", "1.5"])
def test_a_total_that_is_no_count_is_refused_with_what_to_do(plan, chen, signed_in, total):
    answer = signed_in(chen).get("/statistics/rates/", {"quarter": QUARTER, "total": total})
    assert answer.status_code == 409
    assert "的整数，请重新填写" in answer.content.decode()


def test_the_page_shows_the_proposal_and_that_it_changes_no_plan(plan, chen, signed_in):
    page = signed_in(chen).get("/statistics/rates/", {"quarter": QUARTER}).content.decode()
    assert "2026年第二季度分配建议" in page
    assert "这是建议，不改变计划" in page
    assert (
        "不能提出建议" in signed_in(chen).get("/statistics/rates/?quarter=2025Q1").content.decode()
    )
