"""The plan clause by clause, as of any day, against a second count by SQL."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from gongchou.core.terms import JointKind, StandingState, VisitResult, VisitState
from gongchou.core.workdays import Quarter
from gongchou.desk import boards
from gongchou.desk.needed import needed
from gongchou.inspection.models import Visit
from gongchou.planning import actions as planning
from gongchou.planning import policy_reads
from gongchou.planning import reads as plans
from gongchou.planning.models import QuarterPlan
from gongchou.registry import actions as registry
from gongchou.registry.models import PastVisit
from gongchou.reporting import actions as reporting
from gongchou.reporting import reads
from tests.conftest import AT, BUREAU
from tests.reporting.conftest import leader as leader
from tests.reporting.conftest import plan as plan
from tests.reporting.quarters import QUARTER, make_plan, make_registers, make_visit

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
    address = "/board/clause/ratio.key/?quarter=2026Q1&amp;on=2026-01-06"
    assert f"{address}#number-1" in page
    assert "截至2026年1月6日" in window.get(address.replace("&amp;", "&")).content.decode()
    assert "没有数字的条款在哪里落实" in page


@pytest.mark.parametrize("on", ["2099-01-01", "昨天"])
def test_a_day_that_is_not_there_is_answered_with_a_sentence(plan, signed_in, leader, on):
    answer = signed_in(leader).get(f"/board/?on={on}")
    assert answer.status_code == 409 or answer.status_code == 400
    assert "请写成" in answer.content.decode() or "还没有到" in answer.content.decode()


def test_strangers_see_no_board(plan, signed_in, stranger):
    assert signed_in(stranger).get("/board/?on=2026-02-01").status_code == 403
    assert BUREAU


OFTEN = {"joint.internal": (35, "joint_kind = 'joint_internal'"), "tiered": (85, "is_tiered")}


def percent_of(percent: int, whole: int) -> int:
    """So many hundredths of a whole, rounded up, by whole numbers alone."""
    return -(-percent * whole // 100)


def owed_by_plan() -> dict[str, int]:
    """What the plan fixed for each stratum, from its stored bytes."""
    body = json.loads(bytes(QuarterPlan.objects.get(quarter=QUARTER, state="approved").body))
    return {row["stratum"]: row["required_count"] for row in body["strata"]}


def by_sql(on: date) -> dict[str, tuple[int, int]]:
    """Done and required of every line, by SQL of its own and the plan's bytes."""
    owed, last = owed_by_plan(), plans.deadlines(BUREAU, QUARTER).task.on
    sites, found = "DISTINCT subject_id", {}
    for stratum in ("special", "key", "general_unlisted"):
        done = recount(sites, on, "AND stratum = %s", stratum)
        found[f"ratio.{stratum}"] = (done, owed[stratum])
    covered = one("SELECT COUNT(*) FROM offsite_offsitecheck WHERE state = 'concluded'")
    found["coverage"] = (covered, owed["general_listed"])
    visits = recount("*", on)
    for key, (percent, more) in OFTEN.items():
        found[key] = (recount("*", on, f"AND {more}"), percent_of(percent, visits))
    cross = "AND joint_kind = 'joint_cross_dept'"
    found["cross_sessions"] = (recount("DISTINCT task", on, cross), 0)
    found["cross_subjects"] = (recount(sites, on, cross), 0)
    more = "AND stratum = %s AND ended_on <= %s"
    in_time = {s: recount(sites, on, more, s, last) for s in owed if s != "general_listed"}
    task = sum(min(done, owed[s]) for s, done in in_time.items())
    found["task"] = (task, sum(owed[s] for s in in_time))
    found["forms"] = (recount("*", on, "AND paper_received_on <= %s", on), visits)
    found["statistics"] = (one("SELECT COUNT(*) FROM reporting_sending"), 1)
    shown = one("SELECT COUNT(DISTINCT visit) FROM publication_resultline WHERE is_public")
    found["publication"] = (shown, visits)
    return found


@pytest.mark.parametrize("on", DAYS)
def test_every_cell_of_the_board_is_what_sql_counts_again(visited, bureau, on):
    lines = [line.standing for line in boards.board(bureau, Q1, on, is_past=True).lines]
    again = by_sql(on)
    assert {line.key: (line.done, line.required) for line in lines} == again
    assert all(line.missing == max(0, line.required - line.done) for line in lines)
    for line in lines:
        done, required = again[line.key]
        is_met = done >= required or required == 0
        assert (line.state in (StandingState.MET, StandingState.NOT_APPLICABLE)) == (
            is_met and not (required == 0 and line.state is StandingState.NOT_YET)
        )


@pytest.mark.parametrize("on", DAYS)
def test_every_number_of_the_board_opens_the_records_it_was_counted_from(visited, bureau, on):
    for line in boards.board(bureau, Q1, on, is_past=True).lines:
        sheet = boards.clause(bureau, Q1, line.standing.key, on, is_past=True)
        counted = sum(row.fact.count for row in sheet.done.rows)
        if line.standing.key == "task":
            assert counted >= line.standing.done
        elif line.standing.key != "statistics":
            assert counted == line.standing.done
            assert bool(sheet.done.links) == bool(counted)
        assert all(link.url for link in (*sheet.done.links, *sheet.of.links, *sheet.lacking))


def test_what_is_missing_is_named_where_it_is_counted_visit_by_visit(visited, bureau):
    sheet = boards.clause(bureau, Q1, "forms", DAYS[2], is_past=True)
    assert sheet.standing.missing == 3
    assert [link.record.ref for link in sheet.lacking] == ["V2", "V3", "V4"]
    assert boards.clause(bureau, Q1, "ratio.key", DAYS[0], is_past=True).lacking == ()


def test_a_share_names_the_sites_whose_visits_are_out_to_those_who_may_see_visits(
    plan, leader, signed_in
):
    make_visit(1, state=VisitState.STARTED.value)
    make_visit(2)
    make_visit(3, state=VisitState.STARTED.value, is_random=False)
    make_visit(4, state=VisitState.STARTED.value, stratum="general_unlisted")
    found = needed(Q1, "ratio.key", by=leader)
    assert [(row.name, row.says, row.url) for row in found] == [
        ("虚构化工1", VisitState.STARTED.label, "/visits/V1/")
    ]
    assert needed(Q1, "forms", by=leader) == ()
    assert needed(Q1, "ratio.key", by=replace(leader, roles=frozenset())) == ()
    page = signed_in(leader).get("/board/clause/ratio.key/?quarter=2026Q1").content.decode()
    assert '<a href="/visits/V1/">虚构化工1</a>' in page
    past = signed_in(leader).get("/board/clause/ratio.key/?quarter=2026Q1&on=2026-01-02")
    assert "虚构化工1" not in past.content.decode()


def test_a_clause_that_is_not_on_the_board_is_refused_with_a_sentence(plan, signed_in, leader):
    answer = signed_in(leader).get("/board/clause/luck/?quarter=2026Q1")
    assert answer.status_code == 409
    assert "没有“luck”这一条" in answer.content.decode()


def test_the_bureau_s_own_words_stand_on_the_row_and_on_the_sheet(
    visited, signed_in, leader, bureau
):
    registry.adopt_policy(
        shipped="tangshan_gaoxin_2024", since=AT.date(), document="文 1", by=leader, at=AT
    )
    draft = planning.ClauseDraft(clause="二（三）", text="逐字摘录的原文。", source="虚构文件")
    planning.add_clause_text(draft, by=leader, at=AT)
    window = signed_in(leader)
    assert "逐字摘录的原文。" in window.get("/board/?quarter=2026Q1").content.decode()
    sheet = window.get("/board/clause/ratio.key/?quarter=2026Q1").content.decode()
    assert sheet.count("逐字摘录的原文。") == 1
    assert "逐字摘录" not in window.get("/board/clause/forms/?quarter=2026Q1").content.decode()


PART = """id = "own_2026"
title = "虚构方案"
document_number = "虚构〔2026〕1号"
since = 2026-01-01
lays_over = "tangshan_gaoxin_2024"

[[quota]]
stratum = "general_unlisted"
part = "registered"
part_name = "登记管理"
only = { permit_category = ["registered"] }
ratio = "10/100"
since = 2026-01-01
clause = "二（四）"
says = "登记管理的每季度抽查一成"
"""


def test_a_kind_of_subject_is_counted_on_its_own_line_and_on_no_other(chen, leader, bureau):
    registry.adopt_policy(text=PART, since=AT.date(), document="文 1", by=leader, at=AT)
    make_registers(chen)
    make_plan(chen, leader)
    make_visit(1, site=20, stratum="general_unlisted", reviewed_at=AT)
    lines = {r.standing.key: r.standing for r in reads.board(bureau, Q1, DAYS[2],
             reads.held_on(bureau, Q1, DAYS[2]))}  # fmt: skip
    own, rest = (lines[f"ratio.general_unlisted{end}"] for end in (".registered", ""))
    assert (own.done, rest.done) == (1, 0)
    assert own.title == "一般（正面清单外）（登记管理）监管对象抽查 10%"
    assert own.clause.number == "二（四）"
    shown = reads.clause(bureau, Q1, own.key, DAYS[2], reads.held_on(bureau, Q1, DAYS[2]))
    assert {kind for _, kind in shown.done.lines} == {"登记管理"}


def test_without_short_caps_the_board_says_that_the_plan_has_none(visited, signed_in, leader):
    page = signed_in(leader).get("/board/?quarter=2026Q1").content.decode()
    assert "方案没有规定一日、一周、一月的检查次数上限" in page
    assert "本季度超过的场所" not in page


def test_a_site_over_a_short_cap_is_shown_with_its_visits(visited, signed_in, leader):
    registry.adopt_policy(
        shipped="frequency_2025", since=AT.date(), document="文 1", by=leader, at=AT
    )
    for ref in ("V1", "旧-1"):
        PastVisit.objects.create(
            subject=Visit.objects.get(ref="V1").subject, known_since=date(2026, 2, 3),
            visit_ref=ref, ended_on=date(2026, 2, 3), inspection_kind="daily", inspectors=[],
        )  # fmt: skip
    page = signed_in(leader).get("/board/?quarter=2026Q1").content.decode()
    assert "方案没有规定" not in page
    assert '<a href="#capday">1</a> 家' in page
    assert '<a href="/visits/V1/">V1</a><br>旧-1（导入）' in page
