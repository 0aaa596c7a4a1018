"""Dated records: corrected beside the old, grades, earlier visits, assistants."""

from datetime import date, timedelta

import pytest

from gongchou.core.terms import ImportKind, PerformanceGrade
from gongchou.registry import actions, reads
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take, uscc

LATER = TODAY + timedelta(30)
WHO = f"{uscc(1)},虚构化工1"
PEOPLE = "姓名,科室,登录名,执法证号,执法资格,有效期至"


@pytest.fixture
def site(chen, bureau) -> str:
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    return reads.subjects(bureau, TODAY).rows[0].ref


def fact(kind, head, *rows, by, on=TODAY):
    content = csv(*(f"{WHO},{row}" for row in rows), header=f"统一社会信用代码,单位名称,{head}")
    return actions.import_file(kind, content, "依据.csv", on=on, by=by, at=AT).plain()


def subject(bureau, on):
    return reads.snapshot(bureau, on).subjects[0]


def test_a_corrected_penalty_leaves_earlier_days_as_they_were(site, chen, bureau):
    head = "文号,处罚日期,撤销日期"
    fact(ImportKind.PENALTIES, head, "虚构罚1号,2025-11-03,", by=chen)
    found = fact(ImportKind.PENALTIES, head, "虚构罚1号,2025-11-03,2026-02-01", by=chen, on=LATER)
    assert found["updated"] == 1
    assert subject(bureau, TODAY).penalties[0].revoked_on is None
    assert subject(bureau, LATER).penalties[0].revoked_on == date(2026, 2, 1)
    assert len(subject(bureau, LATER).penalties) == 1


def test_a_fact_entered_later_is_not_known_on_earlier_days(site, chen, bureau):
    head = "信用等级,评价日期"
    fact(ImportKind.CREDITS, head, "D级,2025-06-01", by=chen, on=LATER)
    assert subject(bureau, TODAY).credits == ()
    assert len(subject(bureau, LATER).credits) == 1


def test_a_correction_dated_before_what_stands_is_refused(site, chen):
    head = "督办文号,督办级别,挂牌日期"
    fact(ImportKind.SUPERVISED_CASES, head, "虚构督1号,省厅,2025-03-01", by=chen, on=LATER)
    found = fact(ImportKind.SUPERVISED_CASES, head, "虚构督1号,市局,2025-03-01", by=chen)
    assert found["rejected"] == 1
    assert "较新内容" in found["problems"][0]["says"]


def test_the_same_fact_twice_in_one_file_is_a_duplicate(site, chen):
    twice = ["A级,2025-06-01", "B级,2025-06-01"]
    found = fact(ImportKind.CREDITS, "信用等级,评价日期", *twice, by=chen)
    assert (found["accepted"], found["duplicates"]) == (1, 1)


def test_the_latest_grade_that_holds_is_the_subject_s_grade(site, chen, bureau):
    rows = ["B级,2024-10-01,2025-10-01", "A级,2025-10-01,2026-02-01"]
    found = fact(ImportKind.GRADES, "绩效分级,评定日期,有效期止", *rows, by=chen)
    assert found["accepted"] == 2
    assert subject(bureau, TODAY).performance_grade is PerformanceGrade.A
    assert subject(bureau, date(2026, 2, 1)).performance_grade is None


def test_earlier_visits_count_for_rotation_pairs_and_the_year(site, chen, bureau):
    take(ImportKind.INSPECTORS, csv("李执法,zd,li,虚构-001,是,2030-01-01", header=PEOPLE), chen)
    found = fact(ImportKind.VISITS, "检查日期,检查人员", "2026-01-03,李执法、王退休", by=chen)
    assert found["accepted"] == 1
    assert "“王退休”不在检查人员名录中" in found["warnings"][0]["says"]
    li = reads.inspectors(bureau, TODAY)[0]
    assert li.visits_this_year == 1
    assert subject(bureau, TODAY).visited_on == (date(2026, 1, 3),)
    assert reads.recent_pairs(bureau, date(2026, 1, 1)) == {(li.ref, site)}


def test_earlier_visits_twice_change_nothing_and_future_ones_are_refused(site, chen):
    fact(ImportKind.VISITS, "检查日期,检查人员", "2026-01-03,王退休", by=chen)
    again = fact(ImportKind.VISITS, "检查日期,检查人员", "2026-01-03,王退休", by=chen)
    assert again["unchanged"] == 1
    ahead = fact(ImportKind.VISITS, "检查日期,检查人员", "2026-12-03,王退休", by=chen)
    assert "在今天以后" in ahead["problems"][0]["says"]


def test_namesakes_must_be_told_apart_by_card(site, chen):
    people = ["李执法,zd,,虚构-001,是,2030-01-01", "李执法,dq,,虚构-002,是,2030-01-01"]
    take(ImportKind.INSPECTORS, csv(*people, header=PEOPLE), chen)
    found = fact(ImportKind.VISITS, "检查日期,检查人员", "2026-01-03,李执法", by=chen)
    assert "请改填执法证号" in found["problems"][0]["says"]
    assert fact(ImportKind.VISITS, "检查日期,检查人员", "2026-01-03,虚构-002", by=chen)["accepted"]


ASSISTANTS = "委托单位,姓名,专业,委托书编号,委托起,委托止,协助范围,已公示"


def test_assistants_come_with_their_letter_and_are_no_inspectors(chen, bureau):
    row = "虚构监测站,周采样,水质,虚构委〔2026〕1号,2026-01-01,2026-06-30,采样监测,是"
    assert take(ImportKind.ASSISTANTS, csv(row, header=ASSISTANTS), chen)["accepted"] == 1
    assert take(ImportKind.ASSISTANTS, csv(row, header=ASSISTANTS), chen)["unchanged"] == 1
    found = reads.assistants(bureau, TODAY)[0]
    assert (found.name, found.body, found.problem) == ("周采样", "虚构监测站", "")
    assert "已于2026年6月30日到期" in reads.assistants(bureau, date(2026, 7, 1))[0].problem
    assert reads.inspectors(bureau, TODAY) == ()


def test_a_prolonged_letter_leaves_the_old_one_for_earlier_days(chen, bureau):
    row = "虚构监测站,周采样,水质,虚构委1号,2026-01-01,{},采样监测,否"
    take(ImportKind.ASSISTANTS, csv(row.format("2026-06-30"), header=ASSISTANTS), chen)
    content = csv(row.format("2026-12-31"), header=ASSISTANTS)
    found = actions.import_file(ImportKind.ASSISTANTS, content, "a.csv", on=LATER, by=chen, at=AT)
    assert found.plain()["updated"] == 1
    ends = [reads.assistants(bureau, day)[0].until for day in (TODAY, LATER)]
    assert ends == [date(2026, 6, 30), date(2026, 12, 31)]
    assert "未公示" in reads.assistants(bureau, LATER)[0].problem
