"""The plan clause by clause, as of any day, against a second count by SQL."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from gongchou.core.terms import JointKind, VisitResult
from gongchou.core.workdays import Quarter
from gongchou.desk import boards
from gongchou.planning import actions as planning
from gongchou.planning import policy_reads
from gongchou.planning import reads as plans
from gongchou.reporting import actions as reporting
from gongchou.reporting import reads
from tests.conftest import AT, BUREAU
from tests.reporting.conftest import leader as leader
from tests.reporting.conftest import plan as plan
from tests.reporting.quarters import QUARTER, make_visit

Q1 = Quarter.parse(QUARTER)
PAPER = {
    "paper_received_on": date(2026, 3, 20),
    "paper_received_by": "U-chen",
    "paper_received_by_name": "陈组长",
}
DAYS = (date(2026, 2, 10), date(2026, 3, 1), date(2026, 3, 31))


@pytest.fixture
def visited(plan) -> None:
    """Four visits reviewed on different days; paper came later than the review."""
    for number, (day, fields) in enumerate(
        (
            (date(2026, 2, 3), PAPER),
            (date(2026, 2, 9), {"joint_kind": JointKind.JOINT_INTERNAL.value}),
            (date(2026, 2, 25), {"is_tiered": False, "stratum": "general_unlisted"}),
            (date(2026, 3, 26), {"visit_result": VisitResult.ORDERED_CORRECT.value}),
        ),
        start=1,
    ):
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        make_visit(number, ended_on=day, reviewed_at=at, **fields)


def one(sql: str, *values: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


FROM = (
    "SELECT COUNT({}) FROM inspection_visit WHERE state = 'reviewed' AND is_random"
    " AND quarter = %s AND reviewed_at < %s {}"
)


def recount(what: str, on: date, more: str = "", *values: object) -> int:
    end = datetime(on.year, on.month, on.day, 16, tzinfo=UTC)  # midnight in Asia/Shanghai
    return one(FROM.format(what, more), QUARTER, end, *values)


@pytest.mark.parametrize("on", DAYS)
def test_the_board_of_a_day_is_what_sql_counts_for_that_day(visited, bureau, on):
    found = boards.board(bureau, Q1, on, is_past=True)
    lines = {line.standing.key: line.standing for line in found.lines}
    last = plans.deadlines(bureau, QUARTER).task.on
    sites = "DISTINCT subject_id"
    for stratum in ("key", "general_unlisted"):
        more = "AND stratum = %s AND ended_on <= %s"
        assert lines[f"ratio.{stratum}"].done == recount(sites, on, "AND stratum = %s", stratum)
        in_time = recount(sites, on, more, stratum, last)
        assert f"按期完成 {in_time} 家" in lines[f"ratio.{stratum}"].why
    assert lines["joint.internal"].done == recount("*", on, "AND joint_kind = 'joint_internal'")
    assert lines["tiered"].done == recount("*", on, "AND is_tiered")
    assert lines["forms"].required == recount("*", on)
    assert lines["forms"].done == recount("*", on, "AND paper_received_on <= %s", on)
    assert lines["publication"].required == recount("*", on)


def test_before_the_plan_was_approved_there_is_nothing_to_stand_against(visited, bureau):
    assert boards.board(bureau, Q1, AT.date() - timedelta(days=1), is_past=True).lines == ()


def test_a_plan_made_void_since_was_still_in_force_on_its_days(plan, leader, bureau):
    later = AT + timedelta(days=5)
    planning.void_plan(plan, "名录有误，重新测算。", by=leader, at=later)
    then = plans.approved_plan_on(bureau, QUARTER, AT.date() + timedelta(days=1))
    assert then is not None
    assert then.ref == plan
    assert plans.approved_plan_on(bureau, QUARTER, later.date()) is None


def test_a_number_of_a_past_day_opens_the_records_of_that_day(visited, bureau):
    found = reads.cell(bureau, Q1, "done.key", is_year=False, on=DAYS[0])
    assert [record.ref for record in found.records] == ["V1", "V2"]


def test_today_s_board_and_the_same_day_counted_anew_agree(visited, chen, bureau):
    reporting.build_facts(Q1, by=chen, at=AT)
    live = [line.standing for line in boards.board(bureau, Q1, DAYS[2]).lines]
    assert live == [line.standing for line in boards.board(bureau, Q1, DAYS[2], is_past=True).lines]


def test_every_clause_of_the_policy_is_on_the_board_or_says_where_it_is_met(plan, bureau):
    from_policy = {
        row.clause.number
        for section in policy_reads.policy_page(bureau, DAYS[0]).sections
        for row in section.rows
    }
    found = boards.board(bureau, Q1, DAYS[0], is_past=True)
    shown = {line.standing.clause.number for line in found.lines}
    assert from_policy <= shown | {row.number for row in found.silent}
    assert all(row.where and row.value for row in found.silent)


def test_the_leader_sees_the_board_first_and_the_office_its_work(visited, signed_in, leader, chen):
    page = signed_in(leader).get("/").content.decode()
    assert page.index("对照方案") < page.index("我的待办")
    assert 'id="glance"' not in signed_in(chen).get("/").content.decode()


def test_a_past_day_is_asked_for_on_the_page_and_its_numbers_keep_it(visited, signed_in, leader):
    window = signed_in(leader)
    page = window.get("/board/?quarter=2026Q1&on=2026-01-06").content.decode()
    assert "当天结束时的情况" in page
    assert "/statistics/cell/done.key/?quarter=2026Q1&amp;on=2026-01-06" in page
    assert "没有数字的条款在哪里落实" in page


@pytest.mark.parametrize("on", ["2099-01-01", "昨天"])
def test_a_day_that_is_not_there_is_answered_with_a_sentence(plan, signed_in, leader, on):
    answer = signed_in(leader).get(f"/board/?on={on}")
    assert answer.status_code == 409 or answer.status_code == 400
    assert "请写成" in answer.content.decode() or "还没有到" in answer.content.decode()


def test_strangers_see_no_board(plan, signed_in, stranger):
    assert signed_in(stranger).get("/board/?on=2026-02-01").status_code == 403
    assert BUREAU
