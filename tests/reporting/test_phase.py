"""The last steps of the quarter, in the phase bar and on the desk."""

from datetime import date

import pytest

from gongchou.config import phases
from gongchou.core.workdays import Quarter
from gongchou.desk import waiting
from gongchou.planning import reads as planning
from gongchou.publication import due
from gongchou.reporting import actions
from tests.conftest import BUREAU
from tests.offsite.conftest import QUARTER
from tests.reporting.quarters import AFTER, make_visit

Q1 = Quarter.parse(QUARTER)
APRIL = date(2026, 4, 1)


@pytest.fixture
def quarter(plan):
    make_visit(1)


def step(name: str) -> phases.Phase:
    return next(one for one in phases.phases(BUREAU, Q1, APRIL) if one.name == name)


def acts(actor, today: date = APRIL) -> list[str]:
    return [todo.act for todo in waiting.todos(actor, today)]


def test_reporting_is_done_once_there_is_a_table(quarter, chen):
    assert step("报送").state == "waiting"
    actions.make_statistics(Q1, by=chen, at=AFTER)
    assert step("报送").state == "done"


def test_publication_names_the_soonest_last_day_of_its_results(quarter):
    assert step("公示").last == due.soonest(BUREAU, QUARTER) is not None
    assert step("公示").last == due.result_due(BUREAU, APRIL)[0].deadline


def test_the_ended_quarter_lies_on_the_desk_until_its_table_is_made(quarter, chen, leader):
    todo = next(t for t in waiting.todos(chen, APRIL) if t.act == "生成季度统计表")
    assert todo.due == planning.deadlines(BUREAU, QUARTER).statistics.on
    assert not todo.is_late
    assert "生成季度统计表" not in acts(leader)
    actions.make_statistics(Q1, by=chen, at=AFTER)
    assert "生成季度统计表" not in acts(chen)


def test_before_the_quarter_has_ended_no_table_is_asked_for(quarter, chen):
    assert "生成季度统计表" not in acts(chen, date(2026, 3, 31))
