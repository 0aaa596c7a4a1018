"""The proposal for the next quarter as the page shows it; clue-led visits stand apart."""

import html
import re

import pytest

from gongchou.accounts import actions as accounts
from gongchou.core.powers import console
from gongchou.core.workdays import Quarter
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.reporting.proposal import clue_led, proposal
from tests.conftest import AT, BUREAU
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


def hand_over(page: str) -> str:
    """The address under which the proposal goes to the plan, as it stands in the page."""
    found = re.search(r'href="(/plan/[^"]+learnt_from[^"]+)"', page)
    assert found is not None, page
    return html.unescape(found[1])


def test_without_next_quarter_s_plan_the_proposal_has_nowhere_to_go(plan, chen, signed_in):
    address = f"/statistics/rates/?quarter={QUARTER}&total=20"
    page = signed_in(chen).get(address).content.decode()
    assert "learnt_from" not in page
    assert "届时可以从这里转为任务草稿" in page


def test_the_plan_takes_the_proposal_as_a_draft_shows_what_changes_and_adds_nothing_by_itself(
    plan, chen, signed_in
):
    accounts.create_unit(BUREAU, "zd", "执法大队", by=console(BUREAU, "root"), at=AT)
    following = planning.compute_plan("2026Q2", by=chen, at=AT)
    more = proposal(BUREAU, Q1, (), 20).extra
    browser = signed_in(chen)
    page = browser.get(f"/statistics/rates/?quarter={QUARTER}&total=20").content.decode()
    address = hand_over(page)
    draft = browser.get(address).content.decode()
    assert "分配建议（尚未采用）" in draft
    owed = {row.stratum: row.required_count for row in plans.plan(following).strata}
    for stratum, count in more.items():
        assert f"＋{count} 家" in draft
        assert f"{owed[stratum] + count} 家" in draft
    assert "其中其他任务" in draft  # the person-days with the proposal
    assert len(plans.tasks(BUREAU, "2026Q2")) == 1
    given = {f"count_{s.value}": str(n) for s, n in more.items()}
    given |= {"name": "按问题率推算加查", "initiating_unit": "zd", "reason": "采用建议"}
    browser.post(address, given)
    [_, task] = plans.tasks(BUREAU, "2026Q2")
    assert dict(task.counts) == more
    assert not task.is_approved


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("learnt_from=2026Q1&count_key=many", "家数应为整数"),
        ("learnt_from=2026Q1", "没有要多查的家数"),
        ("learnt_from=soon&count_key=1", "季度"),
        ("learnt_from=2026Q1&count_key=999999", "抽不出 999999 家"),
    ],
)
def test_an_address_that_carries_no_proposal_is_refused(plan, chen, signed_in, asked, says):
    following = planning.compute_plan("2026Q2", by=chen, at=AT)
    answer = signed_in(chen).get(f"/plan/{following}/new-task/?{asked}")
    assert answer.status_code == 409
    assert says in answer.content.decode()
