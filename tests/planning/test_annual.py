"""The year's plan in eight columns: made, approved by another, exported as it stands."""

import csv as sheets
import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from gongchou.audit import reads as audit
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind, InspectionKind, PlanState, Role
from gongchou.planning import actions, annual_papers, annual_reads
from gongchou.planning.annual_done import done_by_row
from gongchou.planning.models import AnnualPlan
from gongchou.planning.tables import ANNUAL, csv_bytes
from gongchou.registry import reads as registers
from gongchou.registry.models import PastVisit, Subject
from gongchou.web import clock
from gongchou.web.wordprocessing import DOCX
from tests.conftest import AT, BUREAU, TODAY
from tests.papers import boxes_outside, words_of
from tests.planning.test_papers import texts_of
from tests.registry.test_import import csv, line, take


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def roster(chen, bureau) -> None:
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    take(ImportKind.SUBJECTS, csv(*keys, *[line(n) for n in range(12, 46)]), chen)


@pytest.fixture
def annual(roster, chen) -> str:
    return actions.make_annual_plan(2026, by=chen, at=AT)


def test_the_year_has_a_row_for_each_stratum_and_quarter_with_its_count(annual):
    rows = annual_reads.annual_plan(BUREAU, 2026).rows
    assert len(rows) == 16
    keys = [row for row in rows if row.name == "重点随机抽查"]
    assert [row.count for row in keys] == [3, 3, 3, 3]  # 11 × 25% = 2.75
    assert keys[0].when == "2026年第一季度（1月15日前抽取）"
    assert (keys[0].scope, keys[0].ratio, keys[0].months) == ("重点，现有 11 家", "25%", (1, 1, 1))


def visited(number: int, day: date, kind=InspectionKind.DAILY) -> None:
    subject = next(
        s.ref for s in registers.snapshot(BUREAU, TODAY).subjects if s.name == f"虚构化工{number}"
    )
    PastVisit.objects.create(
        subject=Subject.objects.get(ref=subject), known_since=day, inspection_kind=kind.value,
        visit_ref=f"旧-{number}-{day}", ended_on=day, inspectors=[],
    )  # fmt: skip


def test_what_is_done_stands_beside_what_was_planned(annual, chen, signed_in):
    rows = annual_reads.annual_plan(BUREAU, 2026).rows
    assert set(done_by_row(BUREAU, rows)) == {None}  # no quarter is planned yet
    actions.compute_plan("2026Q1", by=chen, at=AT)
    for number, day in ((1, (1, 9)), (1, (2, 9)), (2, (3, 31)), (3, (4, 1)), (12, (2, 2))):
        visited(number, date(2026, *day))
    visited(4, date(2026, 2, 3), InspectionKind.CASE)
    done = {(r.quarter, r.name): n for r, n in zip(rows, done_by_row(BUREAU, rows), strict=True)}
    assert done[("2026Q1", "重点随机抽查")] == 2  # sites 1 (twice) and 2
    assert done[("2026Q1", "一般（正面清单外）随机抽查")] == 1
    assert done[("2026Q1", "一般（正面清单内）非现场检查")] is None
    assert done[("2026Q2", "重点随机抽查")] is None
    page = signed_in(chen).get("/plan/annual/?year=2026").content.decode()
    assert "2 家，还差 1 家" in page


def test_the_leader_approves_and_a_second_click_is_refused(annual, leader):
    actions.approve_annual_plan(annual, by=leader, at=AT)
    found = annual_reads.annual_plan(BUREAU, 2026)
    assert (found.state, found.approved_by) == (PlanState.APPROVED, "林局长")
    kinds = [link.event.kind for link in audit.events(BUREAU, about=annual)]
    assert kinds == ["annual_plan_approved", "annual_plan_made"]
    with pytest.raises(Stale):
        actions.approve_annual_plan(annual, by=leader, at=AT)


def test_strangers_and_the_maker_are_refused(annual, chen, stranger):
    for actor in (chen, stranger):
        with pytest.raises(NotAllowed):
            actions.approve_annual_plan(annual, by=actor, at=AT)
    with pytest.raises(NotAllowed):
        actions.make_annual_plan(2027, by=stranger, at=AT)


def test_one_live_plan_a_year_and_only_this_year_or_the_next(annual, chen):
    with pytest.raises(Stale, match="未作废的年度计划"):
        actions.make_annual_plan(2026, by=chen, at=AT)
    with pytest.raises(Refused, match="只能编制 2026 年或 2027 年"):
        actions.make_annual_plan(2028, by=chen, at=AT)


def test_a_void_plan_makes_room_and_an_approved_one_is_the_leader_s(annual, chen, leader):
    actions.approve_annual_plan(annual, by=leader, at=AT)
    with pytest.raises(NotAllowed):
        actions.void_annual_plan(annual, "重编", by=chen, at=AT)
    with pytest.raises(Refused, match="须写明理由"):
        actions.void_annual_plan(annual, " ", by=leader, at=AT)
    actions.void_annual_plan(annual, "重编", by=leader, at=AT)
    assert annual_reads.annual_plan(BUREAU, 2026) is None
    assert actions.make_annual_plan(2026, by=chen, at=AT) != annual


def test_the_database_refuses_the_maker_s_own_approval_and_a_void_without_reason(annual, chen):
    for fields in ({"approved_at": AT}, {"state": "void"}, {"approved_by_ref": chen.ref}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AnnualPlan.objects.update(**fields)


def test_the_files_hold_the_eight_columns(annual):
    text = annual_reads.annual_file(BUREAU, 2026, "csv").decode("utf-8-sig")
    lines = list(sheets.reader(io.StringIO(text)))
    assert tuple(lines[0]) == ANNUAL
    assert len(lines) == 17
    sheet = load_workbook(io.BytesIO(annual_reads.annual_file(BUREAU, 2026, "xlsx"))).active
    assert [cell.value for cell in sheet[2]] == lines[1]


def test_the_quarter_s_file_holds_strata_and_clauses(roster, chen):
    plan = actions.compute_plan("2026Q1", by=chen, at=AT)
    text = annual_reads.quarter_file(plan, "csv").decode("utf-8-sig")
    assert "重点抽查,不定向,重点,11,25%,3,现场,唐环高发〔2024〕10号 二（三）" in text


def test_no_cell_is_taken_for_a_formula():
    assert csv_bytes(("名称",), [("=1+1",)]).decode("utf-8-sig").splitlines()[1] == "'=1+1"


def test_the_year_in_the_browser(roster, chen, leader, signed_in):
    year = clock.day_of(clock.now()).year
    browser = signed_in(chen)
    assert "编制年度计划</button>" in browser.get("/plan/annual/").content.decode()
    page = browser.post("/plan/annual/make/", {"year": year}, follow=True).content.decode()
    assert "抽查对象范围" in page
    assert browser.get(f"/plan/annual/{year}/file/").content[:2] == b"PK"
    ref = annual_reads.annual_plan(BUREAU, year).ref
    browser = signed_in(leader)
    page = browser.post(f"/plan/annual/{ref}/approve/", {"year": year}, follow=True)
    assert "林局长于" in page.content.decode()
    page = browser.post(f"/plan/annual/{ref}/void/", {"year": year, "reason": "重编"}, follow=True)
    assert "还没有年度计划" in page.content.decode()


def test_strangers_do_not_see_the_year(stranger, signed_in, client):
    assert client.get("/plan/annual/").status_code == 302
    assert signed_in(stranger).get("/plan/annual/").status_code == 403


def test_the_paper_and_the_word_file_say_what_the_year_s_table_says(annual, leader):
    actions.approve_annual_plan(annual, by=leader, at=AT)
    name, pdf = annual_papers.annual_paper(BUREAU, 2026, at=AT)
    assert name == "2026年度“双随机、一公开”抽查计划"
    found = annual_reads.annual_plan(BUREAU, 2026)
    whole = sum(row.count for row in found.rows if not row.is_offsite)
    text = words_of(pdf)
    assert f"全年拟现场抽查{whole}家次" in text
    assert "（待批准）" not in text
    assert found.digest[:8] in text.replace(" ", "")
    assert boxes_outside(pdf) == []
    assert pdf == annual_papers.annual_paper(BUREAU, 2026, at=AT)[1]
    word = texts_of(annual_papers.annual_word(BUREAU, 2026, at=AT)[1])
    for row in found.rows:
        assert row.scope in word
        assert row.when in word
    assert f"全年拟现场抽查 {whole} 家次" in word


def test_a_year_waiting_for_approval_says_so_on_paper_and_the_page_offers_both(
    annual, signed_in, chen
):
    assert "（待批准）" in words_of(annual_papers.annual_paper(BUREAU, 2026, at=AT)[1])
    browser = signed_in(chen)
    page = browser.get("/plan/annual/?year=2026").content.decode()
    for ending, kind in ((".pdf", "application/pdf"), (".docx", DOCX)):
        address = f"/plan/annual/2026{ending}"
        assert address in page
        assert browser.get(address)["Content-Type"] == kind
    assert browser.get("/plan/annual/2031.pdf").status_code == 409
