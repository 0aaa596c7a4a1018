"""The second pair of eyes, and the paper that comes in."""

from datetime import timedelta

import pytest

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.core.powers import console
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import Role, VisitState
from gongchou.inspection import actions, reads
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, started, submitted
from tests.inspection.test_visiting import kinds

TOMORROW = TODAY + timedelta(days=1)


def test_a_reviewed_visit_enters_the_memory_of_the_register(house):
    ref = submitted(house)
    actions.review_record(ref, by=house.shen, at=LATER)
    visit = reads.visit(ref)
    assert (visit.state, visit.reviewed_by) == (VisitState.REVIEWED, "沈审核")
    assert kinds(ref)[-2:] == ["record_reviewed", "visit_history_recorded"]
    assert registers.visits_this_year(BUREAU, TOMORROW) == {p.ref: 1 for p in visit.inspectors}
    assert [v.ref for v in reads.visits(BUREAU, "2026Q1", state=VisitState.REVIEWED)] == [ref]


def test_a_record_is_reviewed_once(house):
    ref = submitted(house)
    actions.review_record(ref, by=house.shen, at=LATER)
    with pytest.raises(WrongState, match="不能重复办理"):
        actions.review_record(ref, by=house.shen, at=LATER)
    with pytest.raises(WrongState):
        actions.return_record(ref, "晚了", by=house.shen, at=LATER)


def test_nobody_reviews_the_own_visit(house):
    ref = submitted(house)
    accounts.grant_role(
        house.wang.ref, Role.REVIEWER, since=TODAY, by=console(BUREAU, "root"), at=AT
    )
    wang = people.actor_of(house.wang.ref, TODAY)
    with pytest.raises(NotAllowed, match="检查组成员不能审核自己的检查"):
        actions.review_record(ref, by=wang, at=LATER)
    with pytest.raises(NotAllowed):
        actions.review_record(ref, by=house.li, at=LATER)


def test_the_author_does_not_review_even_after_leaving_the_team(house):
    ref = submitted(house)
    accounts.grant_role(house.li.ref, Role.REVIEWER, since=TODAY, by=console(BUREAU, "root"), at=AT)
    li = people.actor_of(house.li.ref, TODAY)
    with pytest.raises(NotAllowed, match="填写记录的人不能审核同一份记录"):
        actions.return_record(ref, "自己退回", by=li, at=LATER)


def test_a_review_of_an_older_version_is_stale(house):
    ref = submitted(house)
    with pytest.raises(Stale, match="又有补正"):
        actions.review_record(ref, base="0" * 64, by=house.shen, at=LATER)


def test_a_return_needs_its_reason_and_only_what_was_submitted_is_returned(house):
    ref = submitted(house)
    with pytest.raises(Invalid, match="须写明理由"):
        actions.return_record(ref, "  ", by=house.shen, at=LATER)
    actions.return_record(ref, "缺照片", by=house.shen, at=LATER)
    assert reads.visit(ref).return_reason == "缺照片"
    with pytest.raises(WrongState):
        actions.return_record(ref, "再退", by=house.shen, at=LATER)
    with pytest.raises(WrongState):
        actions.review_record(ref, by=house.shen, at=LATER)


def test_paper_is_received_once_after_submission(house):
    ref = submitted(house)
    with pytest.raises(Invalid, match="不晚于今天"):
        actions.receive_paper(ref, on=TOMORROW + timedelta(days=1), by=house.chen, at=LATER)
    with pytest.raises(NotAllowed):
        actions.receive_paper(ref, on=TODAY, by=house.li, at=LATER)
    actions.receive_paper(ref, on=TOMORROW, by=house.chen, at=LATER)
    visit = reads.visit(ref)
    assert (visit.paper_received_on, visit.paper_received_by) == (TOMORROW, "陈组长")
    with pytest.raises(Stale):
        actions.receive_paper(ref, on=TOMORROW, by=house.chen, at=LATER)
    assert kinds(ref)[-1] == "paper_received"


def test_no_paper_comes_before_the_record(house):
    with pytest.raises(Refused, match="记录还没有提交"):
        actions.receive_paper(started(house), on=TODAY, by=house.chen, at=LATER)
