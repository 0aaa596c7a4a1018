"""The last steps of the quarter, in the phase bar and on the desk."""

from datetime import date

import pytest

from gongchou.config import phases
from gongchou.core.terms import VisitState
from gongchou.core.workdays import Quarter
from gongchou.desk import reads as desk
from gongchou.desk import waiting
from gongchou.planning import reads as planning
from gongchou.publication import due
from gongchou.reporting import actions, reads, summary_reads
from tests.conftest import BUREAU
from tests.offsite.conftest import QUARTER
from tests.reporting.quarters import AFTER, make_visit
from tests.reporting.test_packages import (  # noqa: F401
    NOW,
    _own_storage,
    draft,
    fill,
    made,
    receive,
    send,
    table,
)

Q1 = Quarter.parse(QUARTER)
APRIL = date(2026, 4, 1)


@pytest.fixture
def quarter(plan):
    make_visit(1)


def step(name: str) -> phases.Phase:
    return next(one for one in phases.phases(BUREAU, Q1, APRIL) if one.name == name)


def acts(actor, today: date = APRIL) -> list[str]:
    return [todo.act for todo in waiting.todos(actor, today)]


def desk_row(what: str) -> desk.DateRow:
    rows = desk.dates(BUREAU, APRIL)
    return next(row for row in rows if row.what == what and str(row.quarter) == QUARTER)


def test_a_table_alone_is_not_a_report(quarter, chen):
    assert step("报送").state == "waiting"
    actions.make_statistics(Q1, by=chen, at=AFTER)
    found = step("报送")
    assert (found.state, found.says) == ("running", "统计表已生成，还没有工作总结")
    row = desk_row("统计表报送")
    assert (row.done, row.so_far) == ("", "统计表已生成，还没有报送")
    summary = desk_row("检查任务完成、工作总结报送")
    assert (summary.done, summary.so_far) == ("", "检查已完成，还没有工作总结")


def test_reporting_is_done_when_the_package_is_sent_and_its_receipt_registered(made, chen):  # noqa: F811
    fill(made, chen)
    assert (step("报送").state, step("报送").says) == ("running", "材料还没有报送")
    assert desk_row("统计表报送").done == ""
    send(made, chen)
    found = step("报送")
    assert (found.state, found.word, found.last) == ("running", "待签收", None)
    assert desk_row("统计表报送").done == "已报送，待签收"
    assert desk_row("检查任务完成、工作总结报送").done == "检查已完成，已报送，待签收"
    receive(made, chen)
    assert (step("报送").state, step("报送").word) == ("done", "已完成")
    assert desk_row("统计表报送").done == "已报送并签收"
    clause = next(row for row in reads.standing(BUREAU, Q1, APRIL) if row.key == "statistics")
    assert (clause.state.value, clause.done, clause.required) == ("met", 1, 1)


def test_a_package_that_corrects_a_sent_one_has_no_day_of_its_own(made, chen):  # noqa: F811
    fill(made, chen)
    send(made, chen)
    make_visit(3)
    actions.make_statistics(Q1, reason="补审", by=chen, at=NOW)
    summary = actions.draft_summary(Q1, by=chen, at=NOW)
    assert summary_reads.summary(summary, BUREAU, APRIL).blocking == ()
    actions.make_package(Q1, by=chen, at=NOW)
    found = step("报送")
    assert (found.state, found.last, found.says) == (
        "running", None, "另有一套更正材料还没有报送",
    )  # fmt: skip


def test_a_summary_sent_before_the_visits_are_over_does_not_end_the_task(made, chen):  # noqa: F811
    fill(made, chen)
    send(made, chen)
    make_visit(3, state=VisitState.STARTED.value)
    row = desk_row("检查任务完成、工作总结报送")
    assert (row.done, row.so_far) == ("", "检查未全部完成，总结已报送，待签收")


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
