"""What goes on to platforms outside, and the letters for enterprises without a visit."""

import io
import re
from datetime import date, timedelta
from types import SimpleNamespace

import openpyxl
import pytest

from gongchou.core.powers import system
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind, VisitResult
from gongchou.core.workdays import add_workdays
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.drafts import LocalResultDraft, OrderDraft
from gongchou.inspection.models import Visit
from gongchou.law.load import load_calendar
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.publication import (
    actions,
    due,
    firm_papers,
    models,
    outward,
    reads,
    shapes_read,
    slip_reads,
)
from gongchou.publication.gathering_firms import firm_code, firm_slip
from gongchou.publication.gathering_slips import slip
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, SITES, started, submitted
from tests.publication.conftest import row
from tests.publication.test_results import reviewed, through
from tests.registry.test_import import csv, take, uscc

LAST = add_workdays(TODAY, 20, load_calendar())
NUMBER = f"{uscc(1)}001P"


@pytest.fixture
def visit(house) -> str:
    """A reviewed visit of a site that holds a permit."""
    site = f"虚构化工1,{uscc(1)},{NUMBER},重点管理,东片,废气、危废,{NUMBER}"
    take(ImportKind.SUBJECTS, csv(site, header=SITES + ",排污许可证编号"), house.chen)
    return reviewed(house)


def test_a_permit_holder_s_visit_is_counted_down_until_it_is_entered(visit, gong):
    [waiting] = outward.permit_rows(BUREAU, "2026Q1", TODAY)
    assert (waiting.permit_number, waiting.deadline.on) == (NUMBER, LAST)
    assert waiting.says == "未填报，第 0／20 个工作日"
    assert not waiting.is_late(LAST)
    assert waiting.is_late(LAST + timedelta(1))
    actions.record_permit_entries([visit], on=date(2026, 1, 6), by=gong, at=LATER)
    [entered] = outward.permit_rows(BUREAU, "2026Q1", LAST + timedelta(9))
    assert (entered.entered_on, entered.is_late(LAST + timedelta(9))) == (date(2026, 1, 6), False)
    with pytest.raises(Stale, match="已经登记过"):
        actions.record_permit_entries([visit], on=date(2026, 1, 6), by=gong, at=LATER)


def test_an_entry_needs_a_reviewed_visit_of_the_own_and_a_day_that_was(house, gong, stranger):
    ref = started(house)
    enter = actions.record_permit_entries
    with pytest.raises(Refused, match="还没有审核"):
        enter([ref], on=TODAY, by=gong, at=LATER)
    with pytest.raises(Invalid, match="晚于今天"):
        enter([ref], on=date(2027, 1, 1), by=gong, at=LATER)
    with pytest.raises(Refused, match="请勾选"):
        enter([], on=TODAY, by=gong, at=LATER)
    with pytest.raises(NotAllowed):
        enter([ref], on=TODAY, by=stranger, at=LATER)


def test_the_publisher_downloads_the_shape_and_ticks_what_was_entered(
    visit, gong, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    browser = signed_in(gong)
    assert "在许可平台填报检查" in browser.get("/").content.decode()
    book = browser.get("/publish/permit/file/?format=xlsx").content
    heads, line = openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)
    assert dict(zip(heads, line, strict=True))["排污许可证编号"] == NUMBER
    browser.post("/publish/permit/?quarter=2026Q1", {"visit": [visit], "on": "2026-01-06"})
    assert "已填报" in browser.get("/publish/permit/").content.decode()
    rest = browser.get("/publish/permit/file/").content
    assert shapes_read.from_csv(shapes_read.shape("permit"), rest) == []


def test_what_is_left_of_another_quarter_is_told_with_what_is_late(
    visit, gong, signed_in, monkeypatch
):
    browser = signed_in(gong)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER + timedelta(120))
    page = browser.get("/publish/permit/").content.decode()
    assert '?quarter=2026Q1">2026年第一季度</a>：1 次没有填报' in page
    assert "1 次已超过期限" in page
    assert "其他季度" not in browser.get("/publish/permit/?quarter=2026Q1").content.decode()
    actions.record_permit_entries([visit], on=date(2026, 1, 6), by=gong, at=LATER)
    assert "其他季度" not in browser.get("/publish/permit/").content.decode()


def typed_again(book: bytes) -> list[str]:
    """The repeated-field meter: columns of a platform's table left for somebody to type."""
    heads, *lines = openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)
    assert lines
    return [head for head, *cells in zip(heads, *lines, strict=True) if not all(cells)]


def test_nothing_that_the_record_has_is_typed_again(visit, gong, signed_in, monkeypatch):
    """Every column comes from the record; the page asks only for what happened elsewhere."""
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    browser = signed_in(gong)
    assert typed_again(browser.get("/publish/permit/file/?format=xlsx").content) == []
    page = browser.get("/publish/permit/?quarter=2026Q1").content.decode().split("<main")[1]
    asked = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page))
    assert asked - {"csrfmiddlewaretoken"} == {"visit", "on"}


@pytest.mark.parametrize(
    ("chosen", "empty"), [(True, []), (False, ["本地结果代码"])], ids=["chosen", "not chosen"]
)
def test_nothing_is_typed_again_for_the_national_platform(
    house, gong, signed_in, monkeypatch, chosen, empty
):
    """Every column comes from plan, record and notice; the page asks for nothing at all.

    The local code is the one column nobody must fill: it stays empty where none was chosen.
    """
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    plan = planning.compute_plan("2026Q1", by=house.chen, at=AT)
    [task] = plans.tasks(BUREAU, "2026Q1")
    drawn = told(house, gong, chosen=chosen)
    Visit.objects.filter(ref=drawn).update(is_random=True, task=task.ref)
    browser = signed_in(gong)
    book = browser.get("/publish/national/file/?quarter=2026Q1&format=xlsx").content
    assert typed_again(book) == empty
    heads, line, *_ = openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(values_only=True)
    row = dict(zip(heads, line, strict=True))
    assert len(row) == len(shapes_read.NATIONAL) + 1  # the result once theirs, once ours
    assert (row["抽查计划编号"], row["抽查任务编号"]) == (plan, task.ref)
    page = browser.get("/publish/national/?quarter=2026Q1").text.split("<main")[1]
    assert re.findall(r"<(?:input|select|textarea)[^>]* name=", page) == []


def test_where_nobody_could_look_no_absence_of_problems_is_told(visit):
    Visit.objects.filter(ref=visit).update(visit_result=VisitResult.NOT_OPERATING.value)
    [told] = outward.permit_rows(BUREAU, "2026Q1", TODAY)
    assert told.row["problems"] == "没有检查成"


def test_the_meter_counts_a_column_that_is_empty():
    """As the product writes it: an empty cell is an empty text there, not a cell left out."""
    shape = shapes_read.shape("national")
    row = dict.fromkeys(shapes_read.NATIONAL, "有") | {
        "mode": "directed", "item_result": "none", "result": "no_problem", "handling": "",
    }  # fmt: skip
    assert typed_again(shapes_read.as_xlsx(shape, [row])) == ["处理情况"]


def test_each_item_of_a_random_visit_is_a_line_with_its_own_result(monkeypatch, db):
    task = SimpleNamespace(
        ref="T1", plan="P1", name="日常双随机", quarter="2026Q1",
        task_mode=SimpleNamespace(value="undirected"),
    )  # fmt: skip
    monkeypatch.setattr(outward.plans, "task", lambda ref: task)
    line = SimpleNamespace(publication=SimpleNamespace(ref="G1", published_at=AT), number=3)
    heads = outward._heads(SimpleNamespace(task="T1"), line)
    known = row(
        3, result_code="ordered_correct", problems=["大气治理：治理设施"], local_result="02-1"
    )
    rows = list(outward._items(known, heads))
    assert [(r["item"], r["item_result"]) for r in rows] == [
        ("大气治理", "problem"),
        ("排污许可", "none"),
    ]
    shape = shapes_read.shape("national")
    assert shapes_read.from_csv(shape, shapes_read.as_csv(shape, rows)) == rows


def test_a_visit_for_a_reason_is_no_line_of_the_random_checks(visit, house, gong):
    assert outward.national_rows(BUREAU, "2026Q1", TODAY) == []
    assert not visits.visit(visit).is_random


# --- letters


def test_a_firm_without_a_visit_gets_a_letter_and_enters_with_its_code(
    house, client, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    subject = registers.subjects(BUREAU, TODAY).rows[0].ref
    code = firm_code(BUREAU, subject, 2026)
    assert client.post("/open/door/", {"code": code}).status_code == 404
    browser = signed_in(house.chen)
    assert "打印查验函" in browser.get("/publish/firms/?q=虚构").content.decode()
    answer = browser.post(f"/publish/firms/{subject}/issue/", follow=True)
    assert answer["Content-Type"] == "application/pdf"
    client.logout()
    page = client.post("/open/door/", {"code": code}).content.decode()
    assert "今年还没有来检查过" in page
    assert "虚构化工1" in page


def test_a_visit_is_told_from_the_gate_on_and_its_result_after_review(house):
    subject = registers.subjects(BUREAU, TODAY).rows[0].ref
    actions.issue_firm_code(subject, by=house.chen, at=AT)
    assert not actions.renew_firm_slip(subject, by=system(BUREAU), at=AT)
    reviewed(house)
    assert actions.renew_firm_slip(subject, by=system(BUREAU), at=LATER)
    [told] = slip_reads.firm_slip_of(BUREAU, subject, 2026).document["visits"]
    assert told["result"] == "未发现问题"


def test_no_letter_before_its_code_and_none_by_a_stranger(house, stranger):
    subject = registers.subjects(BUREAU, TODAY).rows[0].ref
    with pytest.raises(Refused, match="还没有发过查验函"):
        firm_papers.firm_paper(BUREAU, subject, at=AT)
    with pytest.raises(NotAllowed):
        actions.issue_firm_code(subject, by=stranger, at=AT)
    assert firm_code(BUREAU, subject, 2026) != firm_code(BUREAU, subject, 2027)


def told(house, gong, *, chosen: bool) -> str:
    """A public clean visit, its local code chosen before or after its notice."""
    draft = LocalResultDraft(
        code="01-1", label="当场提示", under=VisitResult.NO_PROBLEM, since=TODAY
    )
    inspection.add_local_result(draft, by=house.chen, at=LATER)
    ref = reviewed(house)
    if chosen:
        inspection.mark_local_result(ref, "01-1", by=house.li, at=LATER)
    through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    if not chosen:
        inspection.mark_local_result(ref, "01-1", by=house.li, at=LATER)
    return ref


@pytest.mark.parametrize(("chosen", "code"), [(True, "01-1"), (False, "")])
def test_the_national_table_has_the_local_code_that_was_published(house, gong, chosen, code):
    line = models.ResultLine.objects.get(visit=told(house, gong, chosen=chosen))
    [first, *_] = outward._items(outward._original(line), {})
    assert first["local_result"] == code
    assert "local_result" not in reads.document(line.publication.ref).document["rows"][0]


def test_slip_and_letter_tell_the_local_result_like_the_notice(house, gong):
    ref = told(house, gong, chosen=True)
    visit = visits.visit(ref)
    [row] = reads.document(models.ResultLine.objects.get(visit=ref).publication.ref).document[
        "rows"
    ]
    [held] = firm_slip(BUREAU, visit.subject, 2026, TODAY)["visits"]
    says = "未发现问题，本机构细分：当场提示"
    assert (row["result"], slip(visit)["result"], held["result"]) == (says, says, says)


def test_what_was_masked_in_public_asks_for_no_correction(house, gong):
    ref = submitted(house, is_clean=False)
    order = OrderDraft(says="修复", issued_on=TODAY, due_on=LAST, document_number="请拨13800138000")
    inspection.order_correction(ref, order, by=house.li, at=LATER)
    inspection.review_record(ref, by=house.shen, at=LATER)
    notice = through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    assert "已隐去" in reads.document(notice).document["rows"][0]["handling"]
    assert due.changed_results(BUREAU, TODAY) == ()
