"""The summary goes to the superior before the quarter ends, when there is no table yet."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from gongchou.audit import reads as audit
from gongchou.core.refusals import Refused
from gongchou.core.terms import PackagePart, PackageState, StandingState
from gongchou.desk import reads as desk
from gongchou.desk import waiting
from gongchou.planning import reads as planning
from gongchou.reporting import actions, objections, package_reads, reads, summary_reads
from gongchou.reporting.summary_papers import summary_values
from tests.conftest import BUREAU
from tests.reporting.quarters import QUARTER, make_visit
from tests.reporting.test_packages import NOW as AFTERWARDS
from tests.reporting.test_packages import _own_storage, blank  # noqa: F401
from tests.reporting.test_packages import fill as fill_all
from tests.reporting.test_packages import send as send_all
from tests.reporting.test_summaries import Q1

NOW = datetime(2026, 3, 24, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 24)
TEXTS = {"2.4.text": "没有开展。", "3.none": "尚无。"}


def write(ref: str, chen, **texts: str) -> str:
    edit = actions.SummaryEdit(texts=texts, addressee="某局（虚构）", document_number="")
    return actions.edit_summary(ref, edit, by=chen, at=NOW)


@pytest.fixture
def summary(plan, chen) -> str:
    make_visit(1)
    return write(actions.draft_summary(Q1, by=chen, at=NOW), chen, **TEXTS)


@pytest.fixture
def ahead(summary, chen) -> str:
    return actions.make_package(Q1, by=chen, at=NOW)


def add(ref: str, part: PackagePart, chen) -> None:
    code = page(ref).part(PackagePart.SUMMARY).code
    scan = actions.ScanDraft(part=part, name="扫描.pdf", content=blank(9), typed=code)
    actions.add_scan(ref, scan, by=chen, at=NOW)


def send(ref: str, chen) -> None:
    add(ref, PackagePart.SUMMARY, chen)
    draft = actions.SendingDraft(sent_on=DAY, to_whom="某局（虚构）", channel="公文交换")
    actions.record_sending(ref, draft, by=chen, at=NOW)


def page(ref: str) -> package_reads.PackagePage:
    return package_reads.package(ref, BUREAU)


def task_row() -> desk.DateRow:
    rows = desk.dates(BUREAU, DAY)
    return next(row for row in rows if row.quarter == Q1 and row.what.startswith("检查任务完成、"))


def acts(chen, today: date = DAY) -> dict[str, date | None]:
    mine = [one for one in waiting.todos(chen, today) if "2026年第一季度" in one.says]
    return {one.act: one.due for one in mine if "总结" in one.says or "报送" in one.says}


def test_the_summary_alone_is_a_whole_package_and_waits_for_its_scan_only(ahead):
    found = page(ahead)
    assert (found.is_ahead, [part.part for part in found.parts]) == (True, [PackagePart.SUMMARY])
    assert {file.part for file in found.files} == {PackagePart.SUMMARY}
    assert found.missing == ("缺少季度工作总结的盖章扫描件。",)
    assert audit.events(BUREAU, about=ahead)[0].event.data["statistics"] == ""


def test_a_summary_with_open_places_does_not_go_ahead(plan, chen):
    actions.draft_summary(Q1, by=chen, at=NOW)
    with pytest.raises(Refused, match="工作总结还有 2 处要改"):
        actions.make_package(Q1, by=chen, at=NOW)


def test_a_draft_says_on_its_first_page_how_much_is_still_to_be_mended(plan, chen):
    found = summary_reads.summary(actions.draft_summary(Q1, by=chen, at=NOW), BUREAU, DAY)
    assert len(found.blocking) == 2
    assert summary_values(found)["mark"] == "（草稿：还有 2 处要改）"


def test_once_the_quarter_has_ended_the_table_must_be_there(summary, chen):
    with pytest.raises(Refused, match="还没有固定的统计表"):
        actions.make_package(Q1, by=chen, at=AFTERWARDS)


def test_what_belongs_to_the_whole_is_not_taken_into_it(ahead, chen):
    for part in (PackagePart.STATISTICS, PackagePart.PUBLICITY):
        with pytest.raises(Refused, match=f"不含{part.label}"):
            add(ahead, part, chen)


def test_the_same_summary_is_not_packed_twice(ahead, chen):
    with pytest.raises(Refused, match="不必重新组成"):
        actions.make_package(Q1, by=chen, at=NOW)


def test_it_says_up_to_what_day_it_was_counted_and_names_no_table(summary):
    values = summary_values(summary_reads.summary(summary, BUREAU, DAY))
    assert values["mark"] == ""
    assert any("本文数字统计到2026年3月24日" in one["text"] for one in values["blocks"])
    assert values["attachments"] == []


def test_the_desk_asks_for_it_in_the_last_month_until_it_is_sent(plan, chen):
    make_visit(1)
    last = planning.deadlines(BUREAU, QUARTER).task.on
    assert acts(chen, date(2026, 2, 28)) == {}
    assert acts(chen, date(2026, 3, 1)) == {"起草工作总结": last}
    write(actions.draft_summary(Q1, by=chen, at=NOW), chen, **TEXTS)
    assert acts(chen) == {"组成报送材料": last}
    ref = actions.make_package(Q1, by=chen, at=NOW)
    assert acts(chen) == {"补齐报送材料": last}
    assert task_row().done == ""
    send(ref, chen)
    assert acts(chen) == {"登记上级签收": None}
    assert task_row().done == "检查已完成，已报送，待签收"


def test_a_summary_that_went_ahead_is_no_table_and_makes_nothing_a_correction(ahead, chen):
    send(ahead, chen)
    assert page(ahead).state is PackageState.SENT
    assert package_reads.sent(BUREAU, QUARTER) is None
    assert not package_reads.was_sent(BUREAU, QUARTER)
    assert package_reads.changed_since(page(ahead), BUREAU) == ()
    assert objections.to_reopen_in_time("V1") == ""
    clauses = reads.standing(BUREAU, Q1, date(2026, 4, 1))
    [clause] = [row for row in clauses if row.key == "statistics"]
    assert (clause.state is StandingState.MET, clause.done) == (False, 0)


def test_the_whole_package_follows_after_the_quarter_and_both_stay(ahead, chen):
    send(ahead, chen)
    actions.make_statistics(Q1, by=chen, at=AFTERWARDS)
    again = actions.draft_summary(Q1, by=chen, at=AFTERWARDS)
    assert "本文数字统计到" not in str(summary_reads.summary(again, BUREAU, DAY).body.paragraphs)
    whole = actions.make_package(Q1, by=chen, at=AFTERWARDS)
    assert [row.ref for row in package_reads.packages(BUREAU, QUARTER)] == [whole, ahead]
    assert package_reads.summary_sent(BUREAU, QUARTER).sent_on == DAY
    fill_all(whole, chen)
    send_all(whole, chen)
    assert package_reads.sent(BUREAU, QUARTER).sent_on == date(2026, 4, 1)
    assert page(ahead).sending.sent_on == DAY


def test_the_database_still_refuses_to_change_a_package(ahead):
    for statement in ("DELETE FROM reporting_package", "UPDATE reporting_package SET id = id"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_pages_lead_to_it(summary, chen, leader, signed_in, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: NOW)
    browser = signed_in(chen)
    shown = browser.get("/statistics/?quarter=2026Q1").text
    assert "季度结束以前先单报工作总结" in shown
    assert "组成报送材料（工作总结）" in shown
    answer = browser.post("/statistics/package/make/", {"quarter": QUARTER}, follow=True)
    assert "季度结束前单报工作总结" in answer.text
    assert 'value="publicity"' not in answer.text
    assert "单报工作总结，" in browser.get("/statistics/?quarter=2026Q1").text
    assert (
        "组成报送材料（工作总结）" not in signed_in(leader).get("/statistics/?quarter=2026Q1").text
    )
