"""A table is frozen once the quarter is over; later ones correct it, say why and what moved."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from gongchou.accounts.models import Bureau, InternalUnit
from gongchou.audit import reads as audit
from gongchou.core.canon import HASHES
from gongchou.core.powers import Actor, system
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind, PublicationKind, StatisticsVersion
from gongchou.core.workdays import Quarter
from gongchou.planning.tables import xlsx_bytes
from gongchou.publication import reads as publication
from gongchou.registry import export
from gongchou.reporting import actions, reads
from gongchou.reporting.body import frozen, thawed
from gongchou.reporting.models import StatisticsTable
from gongchou.reporting.subjects_book import subjects_book
from gongchou.reporting.workbook import sheet_of, workbook
from gongchou.web.sheets import A4
from tests.conftest import AT, BUREAU
from tests.reporting.quarters import AFTER, QUARTER, make_visit

Q1 = Quarter.parse(QUARTER)
LAST_EVENING = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)


@pytest.fixture
def table(plan, chen) -> str:
    make_visit(1)
    return make(chen)


def make(by, reason="", at=AFTER):
    return actions.make_statistics(Q1, reason=reason, by=by, at=at)


def shown(ref: str) -> dict[str, str]:
    return {row.quarter.key: row.quarter.shown for row in reads.version(ref, BUREAU).body.rows}


def test_the_first_table_is_preliminary_and_names_what_it_was_made_from(table, bureau):
    row, found = StatisticsTable.objects.get(ref=table), reads.version(table, bureau)
    assert (found.version, found.number, found.is_current) == (
        StatisticsVersion.PRELIMINARY, 1, True,
    )  # fmt: skip
    assert found.digest == HASHES["sha256"](bytes(row.body)).hex()
    assert found.made_from == reads.held(bureau, Q1).digest == found.body.made_from
    assert frozen(thawed(bytes(row.body))) == bytes(row.body)
    assert audit.events(bureau, about=table)[0].event.kind == "statistics_made"


def test_a_quarter_that_still_runs_has_no_table(plan, chen):
    for at in (AT, LAST_EVENING):
        with pytest.raises(Refused, match="结束以后才能生成统计表"):
            make(chen, at=at)


def test_without_an_approved_plan_there_is_no_table(chen, bureau):
    with pytest.raises(Refused, match="没有已批准的抽查计划"):
        make(chen)


def test_strangers_and_the_leader_make_none_but_the_nightly_work_does(plan, stranger, leader):
    for actor in (stranger, leader):
        with pytest.raises(NotAllowed, match="生成统计表"):
            make(actor)
    assert make(system(BUREAU))


def test_a_frozen_table_does_not_move_when_the_records_do(table, chen, bureau):
    before = shown(table)
    make_visit(2)
    actions.build_facts(Q1, by=chen, at=AFTER)
    assert shown(table) == before
    live = {row.quarter.key: row.quarter.count for row in reads.table(bureau, Q1)}
    assert (live["visits"], before["visits"]) == (2, "1")
    opened = reads.cell_of_version(table, bureau, "visits", is_year=False)
    assert [record.ref for record in opened.records] == ["V1"]


def test_a_correction_says_why_and_what_moved_and_the_old_one_stays(table, chen, bureau):
    make_visit(2, problem_count=1)
    with pytest.raises(Invalid, match="须写明理由"):
        make(chen)
    new = make(chen, "补报一次检查")
    found, old = reads.version(new, bureau), reads.version(table, bureau)
    assert (found.version, found.replaces) == (StatisticsVersion.CORRECTED, table)
    moved = {row.key: (row.was, row.now) for row in found.body.differences}
    assert moved["problems"] == ("0", "1")
    assert moved["visits"] == ("1", "2")
    assert "owed.key" not in moved
    assert (old.is_current, found.is_current) == (False, True)
    assert [row.ref for row in reads.versions(bureau, QUARTER)] == [new, table]


def test_a_correction_that_changes_nothing_is_refused(table, chen):
    with pytest.raises(Refused, match="完全相同"):
        make(chen, "再来一次")


def test_of_two_tables_at_once_one_is_refused(table, chen, monkeypatch):
    monkeypatch.setattr(reads, "current", lambda bureau, quarter: None)
    with pytest.raises(Stale, match="刚由他人生成"):
        make(chen)


def test_another_bureau_s_table_is_not_there(table):
    with pytest.raises(Refused, match="本机构没有编号"):
        reads.version(table, "990199")


def test_the_year_to_date_stands_beside_the_quarter(table, chen, leader, bureau):
    rows = {row.quarter.key: row for row in reads.version(table, bureau).body.rows}
    assert rows["visits"].year.count == rows["visits"].quarter.count == 1


def test_the_office_proposes_the_current_table_and_only_that(table, chen, bureau, stranger):
    with pytest.raises(NotAllowed):
        actions.propose_statistics(table, by=stranger, at=AFTER)
    ref = actions.propose_statistics(table, by=chen, at=AFTER)
    found = publication.document(ref)
    assert (found.kind, found.source) == (PublicationKind.STATISTICS, table)
    assert found.document["columns"] == ["本季度", "年度累计"]
    make_visit(2)
    make(chen, "补报")
    with pytest.raises(Refused, match="已被更正"):
        actions.propose_statistics(table, by=chen, at=AFTER)


def sheets(content: bytes):
    return load_workbook(io.BytesIO(content))


def test_the_workbook_holds_the_table_and_the_facts_in_words(table, bureau):
    for code, name in (("zd", "执法大队"), ("dq", "大气科")):
        InternalUnit.objects.create(bureau=Bureau.objects.get(code=bureau), code=code, name=name)
    found = reads.version(table, bureau)
    book = sheets(workbook(sheet_of(found)))
    assert book.sheetnames == ["统计表", "统计事实", "校验"]
    cells = {row[1].value: row[3].value for row in book["统计表"].iter_rows(min_row=6)}
    assert cells["随机抽查家次"] == 1
    assert cells["分级分类占比"] == "100%"
    assert book["统计事实"].max_row == len(found.body.facts) + 1
    kinds = {row[4].value for row in book["统计事实"].iter_rows(min_row=2)} - {None}
    assert {"执法", "执法大队"} <= kinds
    assert not [kind for kind in kinds if kind and kind.isascii()]


def test_a_corrected_workbook_shows_what_moved(table, chen, bureau):
    make_visit(2)
    book = sheets(workbook(sheet_of(reads.version(make(chen, "补报"), bureau))))
    assert "更正对照" in book.sheetnames


def test_every_workbook_prints_whole_rows_under_their_heads(table, chen, bureau):
    make_visit(2)
    corrected = workbook(sheet_of(reads.version(make(chen, "补报"), bureau)))
    _, subjects = subjects_book(reads.version(table, bureau))
    register, _ = export.workbook(ImportKind.SUBJECTS, bureau, AT.date())
    plan = xlsx_bytes("计划", ["序号", "名称"], [["1", "虚构化工1"]])
    for content in (corrected, subjects, register, plan):
        pages = [page for page in sheets(content) if page.sheet_state == "visible"]
        assert pages
        for page in pages:
            assert page.sheet_properties.pageSetUpPr.fitToPage
            assert (page.page_setup.paperSize, page.page_setup.fitToHeight) == (A4, 0)
            head = int(page.print_title_rows.strip("$").split(":")[0])
            assert page.cell(row=head, column=2).value
            assert "第 &P 页" in page.oddFooter.center.text


@pytest.mark.parametrize("first", "=+-@")
def test_text_that_looks_like_a_formula_stays_text(table, bureau, first):
    """A bureau's name is typed by people; a table program must not run it."""
    evil = f"{first}1+1 分局"
    sheet = replace(sheet_of(reads.version(table, bureau)), bureau_name=evil, lines=(evil,))
    page = sheets(workbook(sheet))["统计表"]
    assert page["A1"].value.startswith(evil)
    assert [page["A1"].data_type, page["A2"].data_type] == ["s", "s"]


def test_whoever_takes_a_table_out_leaves_a_trace(table, leader, bureau):
    actions.export_statistics(table, by=leader, at=AFTER)
    assert audit.events(bureau, about=table)[0].event.kind == "report_exported"
    nobody = Actor(ref="U-x", name="外人", bureau=bureau)
    with pytest.raises(NotAllowed):
        actions.export_statistics(table, by=nobody, at=AFTER)


def test_a_table_that_was_not_sent_is_no_report_on_the_board(plan, chen, bureau):
    make(chen, at=AFTER)
    found = {row.key: row for row in reads.standing(bureau, Q1, date(2026, 4, 2))}
    assert (found["statistics"].state.value, found["statistics"].done) == ("short", 0)
    assert "还没有登记报送" in found["statistics"].why
