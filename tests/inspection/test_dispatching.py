"""What was drawn goes to whom it was drawn for, once, with one form."""

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import InspectionKind, JointKind, Role, VisitState
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, reads
from gongchou.registry import reads as registers
from tests.conftest import BUREAU
from tests.drawing import ceremony


@pytest.fixture
def stage(bureau):
    return ceremony.prepared()


@pytest.fixture
def draw(stage) -> str:
    found = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, found)
    return found


def test_a_released_visit_goes_to_its_team_with_one_form(stage, draw):
    released = draws.released(draw)[0]
    ref = actions.dispatch_visit(draw, released.number, by=stage.chen, at=ceremony.last_day(draw))
    visit = reads.visit(ref)
    assert (visit.draw, visit.number, visit.subject) == (draw, released.number, released.subject)
    assert {p.ref for p in visit.inspectors} == set(released.inspectors)
    assert (visit.state, visit.inspection_kind) == (VisitState.DISPATCHED, InspectionKind.DAILY)
    assert (visit.is_random, visit.is_tiered, visit.stratum) == (True, True, released.stratum)
    assert visit.planned_on == released.planned_on
    codes = [item.code for item in reads.checklist(visit)]
    assert len(codes) == len(set(codes)) > 1
    assert audit.events(BUREAU, about=ref)[0].event.kind == "visit_dispatched"


def test_a_joint_visit_is_drawn_with_two_units_and_has_items_of_two(stage, draw):
    refs = actions.dispatch_released(draw, by=stage.chen, at=ceremony.last_day(draw))
    drawn = {row.number: row for row in draws.released(draw)}
    found = [reads.visit(ref) for ref in refs]
    assert len(found) == draws.draw(draw).visit_count
    assert {v.joint_kind for v in found if drawn[v.number].is_joint} == {JointKind.JOINT_INTERNAL}
    assert {v.joint_kind for v in found if not drawn[v.number].is_joint} <= {JointKind.NONE}
    assert all(len(v.units) > 1 for v in found if v.joint_kind is JointKind.JOINT_INTERNAL)


def test_nothing_goes_out_twice(stage, draw):
    at, first = ceremony.last_day(draw), draws.released(draw)[0]
    actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    with pytest.raises(Stale, match="不能重复派发"):
        actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    actions.dispatch_released(draw, by=stage.chen, at=at)
    with pytest.raises(Stale, match="没有等待派发的检查"):
        actions.dispatch_released(draw, by=stage.chen, at=at)


def test_what_is_sealed_is_not_dispatched(stage):
    draw = ceremony.sealed_draw(stage)
    with pytest.raises(Refused):
        actions.dispatch_visit(draw, 1, by=stage.chen, at=ceremony.last_day(draw))
    assert reads.waiting(draw) == ()


def test_only_the_office_dispatches(stage, draw, stranger):
    li = ceremony.actor("li", "李执法", Role.INSPECTOR)
    for who in (li, stage.lin, stage.bao, stranger):
        with pytest.raises(NotAllowed):
            actions.dispatch_visit(draw, 1, by=who, at=ceremony.last_day(draw))


def test_the_drawn_officer_sees_the_own_visits_only(stage, draw):
    actions.dispatch_released(draw, by=stage.chen, at=ceremony.last_day(draw))
    li = registers.inspector_of_login(BUREAU, "li", ceremony.AT.date())
    mine = reads.my_visits(BUREAU, li.ref)
    assert mine == tuple(v for v in reads.visits(BUREAU, stage.quarter) if li.ref in v.team)


def test_a_void_visit_leaves_its_place_waiting_and_goes_out_again(stage, draw):
    at, first = ceremony.last_day(draw), draws.released(draw)[0]
    void = actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    actions.void_visit(void, "派发有误", by=stage.chen, at=at)
    assert first.number in {row.number for row in reads.waiting(draw)}
    again = actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    assert (reads.visit(void).state, again) == (VisitState.VOID, f"{void}-2")
    assert reads.visit(again).team == reads.visit(void).team
    with pytest.raises(Stale, match="不能重复派发"):
        actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
