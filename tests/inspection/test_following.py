"""Orders, later looks, cases, hand-overs."""

from datetime import timedelta

import pytest

from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import CorrectionState
from gongchou.inspection import actions, reads
from gongchou.inspection.drafts import CaseDraft, OrderDraft, TransferDraft
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import LATER, started, submitted
from tests.inspection.test_visiting import kinds

TOMORROW = TODAY + timedelta(days=1)
ORDER = OrderDraft(
    says="修复集气罩", issued_on=TODAY, due_on=TOMORROW, document_number="虚责〔1〕号"
)
CASE = CaseDraft(number="虚立〔1〕号", filed_on=TODAY, says="废气未收集")
MOVE = TransferDraft(to_whom="临溪市公安局高新区分局（虚构）", moved_on=TODAY, says="涉嫌犯罪")


@pytest.fixture
def faulty(house) -> str:
    return submitted(house, is_clean=False)


def look(order, by, *, is_corrected, on=TOMORROW, says="已看过现场"):
    actions.record_follow_up(order, says, on=on, is_corrected=is_corrected, by=by, at=LATER)


def test_an_order_stays_open_until_a_look_saw_it_put_right(house, faulty):
    order = actions.order_correction(faulty, ORDER, by=house.li, at=LATER)
    look(order, house.wang, is_corrected=False)
    assert reads.order(order).state is CorrectionState.OPEN
    look(order, house.wang, is_corrected=True)
    found = reads.order(order)
    assert (found.state, found.closed_on) == (CorrectionState.CLOSED, TOMORROW)
    assert [f.is_corrected for f in found.follow_ups] == [False, True]
    with pytest.raises(Refused, match="已经办结"):
        look(order, house.li, is_corrected=True)
    assert kinds(faulty)[-3:] == ["correction_ordered", "follow_up_recorded", "follow_up_recorded"]


def test_an_open_order_past_its_day_is_late(house, faulty):
    actions.order_correction(faulty, ORDER, by=house.li, at=LATER)
    assert reads.late_orders(BUREAU, TOMORROW) == ()
    assert len(reads.late_orders(BUREAU, TOMORROW + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("draft", "says"),
    [
        (OrderDraft(says=" ", issued_on=TODAY, due_on=TOMORROW), "请填写改正要求"),
        (OrderDraft(says="改", issued_on=TOMORROW, due_on=TODAY), "改正期限早于作出日期"),
        (OrderDraft(says="改", issued_on=TODAY - timedelta(1), due_on=TODAY), "早于检查结束"),
        (OrderDraft(says="改", issued_on=TODAY + timedelta(9), due_on=TOMORROW), "晚于今天"),
    ],
)
def test_an_order_that_cannot_be_is_refused(house, faulty, draft, says):
    with pytest.raises(Invalid, match=says):
        actions.order_correction(faulty, draft, by=house.li, at=LATER)


def test_a_case_is_filed_and_later_decided_in_entries_of_their_own(house, faulty):
    actions.file_case(faulty, CASE, by=house.chen, at=LATER)
    decided = CaseDraft(
        number=CASE.number,
        filed_on=TODAY,
        decision_number="虚罚〔1〕号",
        decided_on=TOMORROW,
        amount_fen=2_000_000,
    )
    actions.file_case(faulty, decided, by=house.chen, at=LATER)
    visit = reads.visit(faulty)
    assert (visit.has_case, visit.penalty_amount_fen) == (True, 2_000_000)
    assert len(reads.aftermath(faulty).cases) == 2
    with pytest.raises(Refused, match="已经登记过"):
        actions.file_case(faulty, CASE, by=house.chen, at=LATER)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"decision_number": "罚1"}, "应一并填写"),
        ({"amount_fen": 100}, "请一并填写决定书文号"),
        ({"decision_number": "罚1", "decided_on": TODAY - timedelta(1)}, "决定日期应在立案之后"),
        ({"number": ""}, "请填写立案号"),
    ],
)
def test_half_a_decision_is_refused(house, faulty, fields, says):
    draft = CaseDraft(**{"number": "虚立〔1〕号", "filed_on": TODAY, **fields})
    with pytest.raises(Invalid, match=says):
        actions.file_case(faulty, draft, by=house.chen, at=LATER)


def test_a_matter_is_handed_over(house, faulty):
    actions.transfer_case(faulty, MOVE, by=house.li, at=LATER)
    assert reads.visit(faulty).is_transferred
    assert reads.aftermath(faulty).transfers[0].to_whom == MOVE.to_whom
    assert kinds(faulty)[-1] == "case_transferred"


def test_nothing_follows_a_clean_or_an_open_record(house):
    with pytest.raises(Refused, match="未发现问题"):
        actions.order_correction(submitted(house), ORDER, by=house.li, at=LATER)
    with pytest.raises(Refused, match="还没有提交"):
        actions.file_case(started(house), CASE, by=house.li, at=LATER)


def test_only_the_team_and_the_office_enter_what_followed(house, faulty, stranger):
    order = actions.order_correction(faulty, ORDER, by=house.chen, at=LATER)
    for who in (house.zhao, house.shen, stranger):
        with pytest.raises(NotAllowed):
            look(order, who, is_corrected=True)
        with pytest.raises(NotAllowed):
            actions.transfer_case(faulty, MOVE, by=who, at=LATER)


def test_a_refused_order_stands_open_with_what_was_typed(house, faulty, signed_in):
    typed = {
        "order-says": "修复集气罩并报告",
        "order-issued_on": TOMORROW.isoformat(),
        "order-due_on": TODAY.isoformat(),
        "order-document_number": "虚责〔2〕号",
    }
    page = signed_in(house.li).post(f"/visits/{faulty}/after/order/", typed).content.decode()
    assert "改正期限早于作出日期" in page
    assert "修复集气罩并报告" in page
    assert "虚责〔2〕号" in page
    assert '<details class="card card-body" open><summary>登记责令改正' in page
    assert reads.aftermath(faulty).orders == ()
