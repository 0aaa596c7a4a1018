"""A site made special by hand: reasoned, approved by another, expiring."""

from datetime import date, timedelta

import pytest

from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import ImportKind, Role, SubjectClass
from gongchou.registry import actions, reads
from gongchou.web import clock
from tests.conftest import AT, TODAY
from tests.registry.test_import import csv, line, take

# The shipped policy came into force in March 2024.
UNTIL = date(2026, 7, 1)


@pytest.fixture
def site(chen, bureau) -> str:
    take(ImportKind.SUBJECTS, csv(line(1)), chen)
    return reads.subjects(bureau, TODAY).rows[0].ref


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


def propose(site, by, reason="毗邻水源地（虚构）", since=TODAY, until=UNTIL):
    return actions.propose_designation(
        site, reason, since=since, until=until, on=TODAY, by=by, at=AT
    )


def approve(ref, by):
    actions.approve_designation(ref, on=TODAY, by=by, at=AT)


def class_of(site, bureau, on=TODAY):
    return reads.subject(site, bureau, on).class_row.subject_class


def test_an_approved_designation_makes_special_until_it_expires(site, chen, leader, bureau):
    ref = propose(site, chen)
    assert class_of(site, bureau) is SubjectClass.GENERAL
    approve(ref, leader)
    assert class_of(site, bureau) is SubjectClass.SPECIAL
    assert class_of(site, bureau, UNTIL) is SubjectClass.GENERAL
    assert reads.snapshot(bureau, TODAY).subjects[0].designations[0].approved_by == "林局长"


def test_an_ended_designation_still_stands_for_earlier_days(site, chen, leader, bureau):
    ref, later = propose(site, chen), TODAY + timedelta(10)
    approve(ref, leader)
    actions.end_designation(ref, "已整治（虚构）", on=later, by=leader, at=AT)
    found = [len(reads.snapshot(bureau, day).subjects[0].designations) for day in (TODAY, later)]
    assert found == [1, 0]


def test_only_another_leader_decides_and_only_once(site, chen, leader, stranger):
    ref = propose(site, chen)
    for who in (chen, stranger):
        with pytest.raises(NotAllowed):
            approve(ref, who)
    approve(ref, leader)
    with pytest.raises(WrongState):
        approve(ref, leader)


def test_a_refusal_needs_its_reason(site, chen, leader, bureau):
    ref = propose(site, chen)
    with pytest.raises(Invalid, match="写明理由"):
        actions.refuse_designation(ref, "", on=TODAY, by=leader, at=AT)
    actions.refuse_designation(ref, "依据不足（虚构）", on=TODAY, by=leader, at=AT)
    assert reads.designations(bureau)[0].decision == "依据不足（虚构）"


def test_no_reason_no_end_and_a_second_proposal_are_refused(site, chen, stranger):
    with pytest.raises(Invalid, match="指定理由"):
        propose(site, chen, reason=" ")
    with pytest.raises(Invalid, match="晚于起始日期"):
        propose(site, chen, until=TODAY)
    with pytest.raises(Invalid, match="最长一年"):
        propose(site, chen, until=date(2028, 1, 1))
    with pytest.raises(NotAllowed):
        propose(site, stranger)
    with pytest.raises(Refused, match="没有编号"):
        propose("S-nobody", chen)
    propose(site, chen)
    with pytest.raises(Stale, match="待批准"):
        propose(site, chen)


def test_the_way_in_the_browser(site, chen, leader, signed_in, bureau):
    today = clock.day_of(clock.now())
    data = {"reason": "毗邻水源地（虚构）", "since": today, "until": today + timedelta(100)}
    answer = signed_in(chen).post(f"/register/subjects/{site}/designate/", data, follow=True)
    assert "待批准" in answer.content.decode()
    ref = reads.designations(bureau)[0].ref
    page = signed_in(leader).post(f"/register/designations/{ref}/approve/", follow=True)
    assert "已批准" in page.content.decode()
