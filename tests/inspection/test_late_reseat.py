"""A department that joins a visit late, and a place of it that is drawn anew."""

from datetime import datetime

import pytest

from gongchou.core.terms import AbsenceReason, ExcuseReason, JointKind, Stratum
from gongchou.drawing import actions as drawing
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, reads, story
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from tests.conftest import BUREAU, TODAY
from tests.drawing import ceremony, joint_stage
from tests.drawing.joint_stage import MARKET, SAFETY

KEY, OTHERS = Stratum.KEY, Stratum.GENERAL_UNLISTED
COUNTS = {MARKET: {KEY: 2, OTHERS: 1}, SAFETY: {KEY: 1}}


@pytest.fixture
def joint(bureau):
    stage = ceremony.prepared()
    return joint_stage.joint_stage(stage, counts={KEY: 4, OTHERS: 2}, own_counts=COUNTS)


@pytest.fixture
def draw(joint) -> str:
    """Sent out all but one site, which is excused: its department goes to another one."""
    found = ceremony.sealed_draw(joint)
    visits, at = ceremony.released_visits(joint, found), ceremony.last_day(found)
    whose = {person.ref: person.unit for person in registers.inspectors(BUREAU, TODAY)}

    def partners(row: draws.ReleasedVisit) -> set[str]:
        return {whose[person] for person in row.inspectors} & {MARKET, SAFETY}

    gone = next(v for v in visits if partners(v) == {MARKET} and v.stratum is KEY)
    for row in visits:
        if row is not gone:
            actions.dispatch_visit(found, row.number, by=joint.chen, at=at)
    asked = drawing.request_substitution(
        found, gone.number, reason=ExcuseReason.CLOSED, says="已关闭", by=joint.chen, at=at
    )
    ceremony.opened(joint, asked, at=at)
    return found


def reseated(joint, draw: str, number: int, person: str, at: datetime) -> str:
    asked = drawing.request_reseat(
        draw, number, person, reason=AbsenceReason.ILL, says="生病", by=joint.chen, at=at
    )
    ceremony.opened(joint, asked, at=at)
    return draws.released_visit(draw, number).reseats[-1][1]


def test_a_visit_whose_late_officer_is_drawn_anew_goes_out_once_more_not_twice(joint, draw):
    at = ceremony.last_day(draw)
    [(visit, (late,))] = reads.joined_late(draw)
    actions.dispatch_released(draw, by=joint.chen, at=at)
    into = reseated(joint, draw, visit.number, late, at)
    [row] = story.waiting_draws(BUREAU, joint.quarter, day_of(at))
    assert (row.late, len(row.reseated), row.free) == (0, 1, 1)
    assert actions.dispatch_released(draw, by=joint.chen, at=at) == (visit.ref,)
    team = reads.visit(visit.ref).team
    assert into in team
    assert late not in team


def test_a_late_place_that_is_drawn_anew_before_anybody_sat_there_only_joins(joint, draw):
    at = ceremony.last_day(draw)
    [(visit, (late,))] = reads.joined_late(draw)
    into = reseated(joint, draw, visit.number, late, at)
    assert reads.reseated(draw) == ()
    actions.dispatch_released(draw, by=joint.chen, at=at)
    after = reads.visit(visit.ref)
    assert into in after.team
    assert after.joint_kind is JointKind.JOINT_CROSS_DEPT


def test_a_late_officer_and_another_place_drawn_anew_are_one_visit_to_send(joint, draw):
    at = ceremony.last_day(draw)
    [(visit, (late,))] = reads.joined_late(draw)
    into = reseated(joint, draw, visit.number, visit.inspectors[0].ref, at)
    [row] = story.waiting_draws(BUREAU, joint.quarter, day_of(at))
    assert row.free == row.count + 1
    sent = actions.dispatch_released(draw, by=joint.chen, at=at)
    assert sent.count(visit.ref) == 1
    assert {late, into} <= reads.visit(visit.ref).team
