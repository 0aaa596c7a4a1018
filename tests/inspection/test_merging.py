"""Two tasks draw one site: one visit, one form, both places kept, nobody goes twice."""

from datetime import timedelta

import pytest

from gongchou.accounts.models import Bureau
from gongchou.audit import reads as audit
from gongchou.core.refusals import Stale
from gongchou.core.terms import JointKind, VisitState
from gongchou.core.workdays import Quarter
from gongchou.drawing import reads as draws
from gongchou.inspection import actions, models, reads
from gongchou.registry import actions as registry
from gongchou.registry.models import Subject
from gongchou.web.clock import day_of
from tests.conftest import BUREAU
from tests.drawing import ceremony
from tests.inspection.test_capped import visited


@pytest.fixture
def stage(bureau):
    return ceremony.prepared()


@pytest.fixture
def draw(stage) -> str:
    found = ceremony.sealed_draw(stage)
    ceremony.released_visits(stage, found)
    return found


def other_task(released, **fields) -> str:
    """A visit to the same site that another task's draw has brought out before."""
    at = fields.pop("at")
    row = models.Visit.objects.create(
        **{
            "ref": "V-other",
            "bureau": Bureau.objects.get(code=BUREAU),
            "quarter": released.quarter,
            "task": "T-other",
            "draw": "D-other",
            "number": 3,
            "subject": Subject.objects.get(ref=released.subject),
            "subject_name": "虚构化工",
            "stratum": released.stratum.value,
            "inspection_kind": "daily",
            "is_random": True,
            "is_tiered": True,
            "joint_kind": JointKind.NONE.value,
            "units": ["zd"],
            "planned_on": released.planned_on,
            "state": VisitState.DISPATCHED.value,
            "dispatched_by": "U-chen",
            "dispatched_by_name": "陈组长",
            "dispatched_at": at - timedelta(minutes=1),
            **fields,
        }
    )
    models.TeamMember.objects.create(visit=row, inspector="I-x", seat=1, name="赵执法", unit="zd")
    return row.ref


def test_a_second_task_joins_the_open_visit_and_both_places_stay(stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    held = other_task(first, at=at)
    assert actions.dispatch_visit(draw, first.number, by=stage.chen, at=at) == held
    visit = reads.visit(held)
    assert (visit.draw, visit.number) == ("D-other", 3)
    assert [(m.draw, m.number, m.task) for m in visit.merged] == [(draw, first.number, first.task)]
    assert visit.tasks == ("T-other", first.task)
    assert visit.team == {"I-x", *first.inspectors}
    assert audit.events(BUREAU, about=held)[0].event.kind == "visit_merged"


def test_a_merged_place_is_gone_and_leaves_no_avoidable_visit(stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    other_task(first, at=at)
    actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    with pytest.raises(Stale, match="不能重复派发"):
        actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    actions.dispatch_released(draw, by=stage.chen, at=at)
    assert first.number in reads.dispatched_numbers(draw)
    assert reads.waiting(draw) == ()
    assert reads.avoidable_visits(BUREAU, stage.quarter) == ()


def test_a_visit_that_is_under_way_takes_nothing_more_and_the_second_is_counted(stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    taken = {"accepted_by": "I-x", "accepted_by_name": "赵执法", "accepted_at": at}
    held = other_task(first, at=at, state=VisitState.ACCEPTED.value, **taken)
    ref = actions.dispatch_visit(draw, first.number, by=stage.chen, at=at)
    assert ref != held
    assert reads.visit(held).merged == ()
    assert [v.ref for v in reads.avoidable_visits(BUREAU, stage.quarter)] == [ref]


def test_another_quarter_s_visit_is_not_the_same_visit(stage, draw):
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    held = other_task(first, at=at, quarter="2019Q1")
    assert actions.dispatch_visit(draw, first.number, by=stage.chen, at=at) != held


def test_the_stronger_joint_kind_holds_for_the_one_visit(stage, draw):
    at = ceremony.last_day(draw)
    joint = next(row for row in draws.released(draw) if row.is_joint)
    held = other_task(joint, at=at)
    actions.dispatch_visit(draw, joint.number, by=stage.chen, at=at)
    assert reads.visit(held).joint_kind is JointKind.JOINT_INTERNAL
    assert len(reads.visit(held).units) > 1


def test_the_page_tells_what_will_join_and_asks_no_reason_of_the_cap_for_it(stage, draw, signed_in):
    registry.adopt_policy(
        shipped="overlay_2025", since=Quarter.parse(stage.quarter).first,
        document="虚构〔2026〕2号", by=stage.lin, at=ceremony.AT,
    )  # fmt: skip
    first, at = draws.released(draw)[0], ceremony.last_day(draw)
    other_task(first, at=at)
    visited(first.subject, 2, day_of(at))
    page = signed_in(stage.chen).get(f"/visits/?quarter={stage.quarter}").content.decode()
    assert "其中 1 次与另一项任务抽中同一家单位" in page
    assert "不能一并派发" not in page
    assert len(actions.dispatch_released(draw, by=stage.chen, at=at)) == 3
    assert reads.merging(BUREAU, stage.quarter).avoidable == ()
