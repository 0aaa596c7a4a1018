"""Results of real visits: counted to the day, redacted, published, corrected when things go on."""

from datetime import date, timedelta

import pytest

from gongchou.core.disclosure import disclose
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import PublicationState
from gongchou.core.workdays import add_workdays
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.drafts import CaseDraft, OrderDraft
from gongchou.law.load import load_calendar
from gongchou.publication import actions, due, gathering_results, office, reads
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, House, submitted

ENDED = TODAY
LAST = add_workdays(ENDED, 20, load_calendar())


def reviewed(house: House, *, is_clean: bool = True) -> str:
    ref = submitted(house, is_clean=is_clean)
    if not is_clean:
        order = OrderDraft(
            says="修复集气罩", issued_on=TODAY, due_on=TODAY + timedelta(9),
            document_number="虚责〔1〕号",
        )  # fmt: skip
        inspection.order_correction(ref, order, by=house.li, at=LATER)
    inspection.review_record(ref, by=house.shen, at=LATER)
    return ref


def through(ref: str, house: House, gong) -> str:
    actions.approve(ref, digest=reads.document(ref).digest, by=house.lin, at=LATER)
    actions.publish(ref, by=gong, at=LATER)
    return ref


def test_a_visit_counts_its_working_days_from_the_day_after_its_end(house):
    ref = reviewed(house)
    [row] = due.result_due(BUREAU, ENDED)
    assert (row.visit, row.deadline.on, row.says) == (ref, LAST, "未公示，第 0／20 个工作日")
    assert due.result_due(BUREAU, ENDED + timedelta(1))[0].day == 1
    assert due.soonest(BUREAU, "2026Q1") == row.deadline


def test_the_last_day_is_in_time_and_the_next_is_late(house):
    reviewed(house)
    assert not due.result_due(BUREAU, LAST)[0].is_late
    assert due.result_due(BUREAU, LAST + timedelta(1))[0].is_late
    assert due.gauge(BUREAU, "2026Q1", LAST + timedelta(1)).late == 1


def test_a_visit_that_is_not_reviewed_is_counted_and_cannot_be_proposed(house):
    ref = submitted(house)
    assert not due.result_due(BUREAU, TODAY)[0].is_ready
    with pytest.raises(Refused, match="还没有审核"):
        actions.propose_results([ref], by=house.chen, at=LATER)


def test_a_published_result_fills_the_gauge_and_leaves_the_list(house, gong):
    ref = reviewed(house)
    assert due.gauge(BUREAU, "2026Q1", TODAY) == due.Gauge(done=0, required=1, late=0)
    notice = through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    assert due.gauge(BUREAU, "2026Q1", TODAY).done == 1
    assert due.result_due(BUREAU, TODAY) == ()
    state = reads.publication_state_of_visits(BUREAU, [ref])[ref]
    assert (state.publication, state.state) == (notice, PublicationState.PUBLISHED)


def test_the_notice_has_the_ten_columns_and_nobody_s_name(house):
    ref = actions.propose_results([reviewed(house, is_clean=False)], by=house.chen, at=LATER)
    found = reads.document(ref)
    [row] = found.document["rows"]
    assert (row["number"], row["task"], row["subject"]) == (1, "个案检查", "虚构化工1")
    assert row["handling"] == "责令改正（虚责〔1〕号），限2026年1月14日前改正"
    assert (row["problems"], row["problem_count"]) == (["大气治理：废气治理设施"], 1)
    assert row["cards"] == ["虚1001", "虚1002"]
    for name in ("李执法", "王执法", "钱厂长", "废气收集罩破损", "沈审核"):
        assert name not in str(found.document)
    assert found.deadline.on == LAST
    shown = office.preview(ref, BUREAU)
    assert ("检查人员", 1) in shown.withheld
    assert "李执法、王执法" in {row.original for group in shown.groups for row in group.rows}


def test_strangers_inspectors_and_foreign_offices_may_not_propose(house, stranger):
    ref = reviewed(house)
    for actor in (stranger, house.li, house.lin):
        with pytest.raises(NotAllowed, match="提出公示"):
            actions.propose_results([ref], by=actor, at=LATER)
    with pytest.raises(Refused, match="请选择"):
        actions.propose_results([], by=house.chen, at=LATER)


def test_a_visit_stands_in_one_notice_only(house):
    ref = reviewed(house)
    actions.propose_results([ref], by=house.chen, at=LATER)
    with pytest.raises((Refused, Stale), match=r"正在办理|已在另一份"):
        actions.propose_results([ref], by=house.chen, at=LATER)


def test_an_order_that_was_closed_asks_for_a_correction_and_gets_it(house, gong):
    ref = reviewed(house, is_clean=False)
    notice = through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    assert due.changed_results(BUREAU, TODAY) == ()
    [order] = visits.aftermath(ref).orders
    seen = TODAY + timedelta(1)
    inspection.record_follow_up(
        order.ref, "已修好", on=seen, is_corrected=True, by=house.wang, at=LATER
    )
    [changed] = due.changed_results(BUREAU, TODAY)
    assert "已改好，2026年1月6日复查确认" in changed.now
    new = through(actions.correct(notice, "改正情况更新", by=house.chen, at=LATER), house, gong)
    assert reads.document(notice).replaced_by == new
    assert due.changed_results(BUREAU, TODAY) == ()
    assert [r.publication for r in reads.search(TODAY).rows] == [new]
    assert reads.document(new).title == reads.document(notice).title


def test_a_decided_penalty_brings_the_last_day_forward(house):
    ref = reviewed(house, is_clean=False)
    decided = CaseDraft(
        number="虚立〔1〕号", filed_on=TODAY, decision_number="虚罚〔1〕号",
        decided_on=date(2026, 1, 6), amount_fen=2_000_050,
    )  # fmt: skip
    inspection.file_case(ref, decided, by=house.chen, at=LATER)
    [row] = due.result_due(BUREAU, TODAY)
    assert row.deadline.on == add_workdays(date(2026, 1, 6), 7, load_calendar())
    assert due.soonest(BUREAU, "2026Q1") == row.deadline
    [shown] = reads.document(actions.propose_results([ref], by=house.chen, at=LATER)).document[
        "rows"
    ]
    assert "已作出处罚决定（虚罚〔1〕号），罚款 20000.5 元" in shown["handling"]


def test_a_result_goes_by_itself_when_its_time_is_over(house, gong):
    ref = reviewed(house)
    notice = through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    [row] = reads.search(TODAY).rows
    assert row.keep_until == date(2031, 1, 6)
    assert reads.search(date(2031, 1, 6)).total == 0
    [hidden] = reads.hidden_lines(date(2031, 1, 6), ref=notice)
    assert hidden.reason == "公示期已满，自动撤下"


def test_the_office_proposes_from_the_list_with_its_countdown(house, signed_in, monkeypatch):
    ref = reviewed(house)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    browser = signed_in(house.chen)
    page = browser.get("/publish/").content.decode()
    assert "未公示，第 0／20 个工作日" in page
    page = browser.post("/publish/propose/results/", {"visit": [ref]}, follow=True).content.decode()
    assert "整项不公开" in page


def test_a_returned_notice_lets_its_visits_go_and_takes_them_up_again(house):
    ref = reviewed(house)
    notice = actions.propose_results([ref], by=house.chen, at=LATER)
    actions.return_(notice, "请核对", by=house.lin, at=LATER)
    assert due.result_due(BUREAU, TODAY)[0].is_ready
    assert actions.propose_again(notice, by=house.chen, at=LATER) == notice
    assert due.result_due(BUREAU, TODAY)[0].publication == notice


def test_a_sole_trader_is_named_in_no_text_of_the_notice(house):
    """The name stands in a finding too; only its own masked field may show something of it."""
    draft = gathering_results.results(BUREAU, [reviewed(house)])
    names = {"虚构化工1"}
    assert draft.names
    row = dict(draft.original["rows"][0], uscc="92990173MA0000001X", note="虚构化工1的车间")
    shown = disclose(draft.kind, {**draft.original, "rows": [row]}, names=names).document
    assert "虚构化工1" not in str(shown)


def test_the_name_of_a_sole_trader_is_among_those_to_hide(house, monkeypatch):
    ref = reviewed(house)
    assert "虚构化工1" not in gathering_results.results(BUREAU, [ref]).names
    monkeypatch.setattr(gathering_results, "is_natural_person", lambda uscc: True)
    assert "虚构化工1" in gathering_results.results(BUREAU, [ref]).names


def test_visits_published_anew_keep_the_number_of_their_batch(house, gong):
    """Else the next batch would get the number that these already have."""
    ref = reviewed(house)
    notice = through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)
    actions.withdraw(notice, "公示有误", by=gong, at=LATER)
    again = actions.propose_results([ref], by=house.chen, at=LATER)
    assert reads.document(again).title == reads.document(notice).title
    assert "第 1 批" in reads.document(again).title
