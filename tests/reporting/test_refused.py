"""What the room refuses about numbers, papers and packages, each in a sentence."""

import io
from dataclasses import replace

import pytest
from openpyxl import Workbook

from gongchou.accounts.models import Bureau
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import BureauLevel, PackagePart
from gongchou.reporting import (
    actions,
    package_reads,
    reads,
    rollup_reads,
    sealed,
    summary_reads,
    template_reads,
)
from gongchou.reporting.actions import SendingDraft, SummaryEdit
from gongchou.reporting.scans import MOST_PAGES
from tests.conftest import AT, BUREAU
from tests.reporting.quarters import AFTER, QUARTER
from tests.reporting.test_forms import json_of
from tests.reporting.test_packages import (
    APRIL,
    NOW,
    SUMMARY,
    _own_storage,  # noqa: F401
    add,
    blank,
    fill,
    made,  # noqa: F401
    send,
)
from tests.reporting.test_summaries import Q1, draft, table  # noqa: F401

SENDING = SendingDraft(sent_on=APRIL, to_whom="某局（虚构）", channel="公文交换")
HOME = f"/statistics/?quarter={QUARTER}"


def form(row: int, mark: str = "{{done.key}}") -> bytes:
    book, result = Workbook(), io.BytesIO()
    book.active.cell(row=row, column=1, value=mark)
    book.save(result)
    return result.getvalue()


def nothing(*arguments: object) -> tuple[()]:
    return ()


def test_without_a_reviewed_random_visit_no_rate_is_proposed(plan, chen):
    with pytest.raises(Refused, match="还没有审核过随机检查"):
        actions.propose_rates(Q1, by=chen, at=AT)


@pytest.mark.parametrize("field", ["addressee", "document_number"])
def test_a_head_that_does_not_fit_is_refused(draft, chen, field):  # noqa: F811
    edit = SummaryEdit(texts={}, addressee="某局", document_number="")
    with pytest.raises(Invalid, match="不得超过 80 字"):
        actions.edit_summary(draft, replace(edit, **{field: "长" * 81}), by=chen, at=AFTER)


def test_what_is_not_there_is_named(plan):
    with pytest.raises(Refused, match="没有“nope”这一条"):
        reads.clause(BUREAU, Q1, "nope", APRIL)
    with pytest.raises(Refused, match="没有编号为 Z9 的工作总结"):
        summary_reads.summary("Z9", BUREAU, APRIL)
    with pytest.raises(Refused, match="没有编号为 S9 的报送材料"):
        package_reads.package("S9", BUREAU)


def test_what_the_system_makes_is_not_added_by_hand(made, chen):  # noqa: F811
    with pytest.raises(Refused, match="检查对象汇总表由系统生成"):
        add(made, PackagePart.SUBJECTS, blank(), chen)


def test_a_scan_of_too_many_pages_is_refused(made, chen):  # noqa: F811
    with pytest.raises(Invalid, match=f"不得超过 {MOST_PAGES} 页"):
        add(made, SUMMARY, blank(MOST_PAGES + 1), chen)


@pytest.mark.parametrize(("field", "what"), [("to_whom", "报送机关"), ("channel", "报送方式")])
@pytest.mark.parametrize("text", [" ", "长" * 81])
def test_a_sending_says_to_whom_and_how(made, chen, field, what, text):  # noqa: F811
    fill(made, chen)
    with pytest.raises(Invalid, match=f"请填写{what}，不超过 80 字"):
        actions.record_sending(made, replace(SENDING, **{field: text}), by=chen, at=NOW)


def test_a_receipt_says_by_whom(made, chen):  # noqa: F811
    fill(made, chen)
    send(made, chen)
    with pytest.raises(Invalid, match="请填写签收人或签收机关"):
        actions.record_receipt(made, APRIL, "", by=chen, at=NOW)


def test_of_two_packages_summaries_or_forms_at_once_one_is_refused(made, chen, monkeypatch):  # noqa: F811
    monkeypatch.setattr(package_reads, "packages", nothing)
    with pytest.raises(Stale, match="刚由他人组成"):
        actions.make_package(Q1, by=chen, at=NOW)
    monkeypatch.setattr(summary_reads, "current", lambda bureau, quarter, on: None)
    with pytest.raises(Stale, match="刚由他人保存"):
        actions.draft_summary(Q1, by=chen, at=NOW)
    actions.save_template("一.xlsx", form(1), by=chen, at=AT)
    monkeypatch.setattr(template_reads, "templates", nothing)
    with pytest.raises(Stale, match="样式刚由他人更换"):
        actions.save_template("二.xlsx", form(2), by=chen, at=AT)


def test_a_form_of_too_many_cells_is_refused(bureau, chen):
    with pytest.raises(Invalid, match="样式不得超过 50000 格"):
        actions.save_template("大.xlsx", form(50_001), by=chen, at=AT)
    actions.save_template("刚好.xlsx", form(50_000), by=chen, at=AT)


def test_a_bureau_does_not_add_up_its_own_table(table, chen):  # noqa: F811
    Bureau.objects.filter(code=BUREAU).update(bureau_level=BureauLevel.CITY.value)
    with pytest.raises(Refused, match="本机构自己的统计表"):
        actions.import_district(json_of(table), by=chen, at=AFTER)
    assert rollup_reads.roll_up(BUREAU, Q1).received == ()


def test_a_file_beyond_the_size_is_not_opened():
    with pytest.raises(Invalid, match="文件超过 20 MB"):
        sealed.opened(b" " * (sealed.LARGEST + 1))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("/statistics/template/current/", "还没有启用过样式"),
        ("/statistics/cell/done.key/?quarter=2026Q1&on=昨天", "“昨天”不是日期"),
        ("/statistics/cell/done.key/?quarter=2026Q1&on=2999-01-01", "还没有到，只能查看"),
        ("/statistics/cell/nope/?quarter=2026Q1", "统计表里没有“nope”这一项"),
        ("/statistics/table/B9/", "没有编号为 B9 的统计表"),
    ],
)
def test_an_address_that_leads_nowhere_is_answered_in_words(plan, signed_in, chen, url, says):
    answer = signed_in(chen).get(url)
    assert answer.status_code == 409
    assert says in answer.text


def test_a_form_that_is_not_filled_is_answered_in_words(made, signed_in, chen):  # noqa: F811
    fill(made, chen)
    browser, package = signed_in(chen), f"/statistics/package/{made}/"
    for url, given, says in (
        ("/statistics/districts/receive/", {}, "请选择区县报来的统计表文件"),
        (f"/statistics/table/{reads.current(BUREAU, QUARTER).ref}/form/", {}, "还没有启用上级的"),
        (f"{package}scan/", {"part": "summary"}, "请选择材料和扫描件"),
        (f"{package}send/", {"sent_on": "昨天"}, "报送日期“昨天”不是日期"),
        (f"{package}receive/", {"received_on": ""}, "签收日期“”不是日期"),
    ):
        answer = browser.post(url, given, follow=True)
        assert says in answer.text, url
