"""Good practice is offered by who found it and taken up by a leader who did not."""

import pytest

from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import Role
from gongchou.core.workdays import Quarter
from gongchou.training import actions, reads
from tests.conftest import AT, BUREAU

pytestmark = pytest.mark.database


def offered(by) -> str:
    return actions.offer_practice("一页纸", "进门前汇成一页", "少问重复的话", "大队", by=by, at=AT)


def test_a_practice_waits_for_the_leader_and_then_stands_in_the_quarter(li, leader):
    ref = offered(li)
    assert reads.practice(ref, BUREAU).is_taken_up is None
    assert reads.taken_up(BUREAU, Quarter.parse("2026Q1")) == ()
    actions.decide_practice(ref, "照此办理", is_taken_up=True, by=leader, at=AT)
    assert [one.ref for one in reads.taken_up(BUREAU, Quarter.parse("2026Q1"))] == [ref]
    assert reads.taken_up(BUREAU, Quarter.parse("2026Q2")) == ()


def test_a_practice_is_decided_once_and_by_somebody_else(li, leader, stranger, person):
    ref = offered(li)
    with pytest.raises(NotAllowed):
        actions.decide_practice(ref, "好", is_taken_up=True, by=li, at=AT)
    both = person("both", "又提又批", Role.INSPECTOR, Role.LEADER)
    with pytest.raises(NotAllowed, match="不能决定是否推广"):
        actions.decide_practice(offered(both), "好", is_taken_up=True, by=both, at=AT)
    actions.decide_practice(ref, "暂不具备条件", is_taken_up=False, by=leader, at=AT)
    with pytest.raises(Refused, match="已经有决定"):
        actions.decide_practice(ref, "再想想", is_taken_up=True, by=leader, at=AT)
    with pytest.raises(NotAllowed):
        offered(stranger)
