"""The quarter plan: summed up once, approved by another person, unmoved by later changes."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from gongchou.audit import reads as audit
from gongchou.core.canon import HASHES
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import ImportKind, JointKind, PlanState, Role, Stratum
from gongchou.planning import actions, reads
from gongchou.planning.models import QuarterPlan
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.registry.test_import import csv, line, take

QUARTER = "2026Q1"


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def roster(chen, bureau) -> None:
    """Eleven sites under key permit management and thirty-four registered ones."""
    keys = [line(n, category="重点管理") for n in range(1, 12)]
    others = [line(n) for n in range(12, 46)]
    take(ImportKind.SUBJECTS, csv(*keys, *others), chen)


@pytest.fixture
def plan(roster, chen) -> str:
    return actions.compute_plan(QUARTER, by=chen, at=AT)


def kinds(bureau: str, about: str) -> list[str]:
    return [link.event.kind for link in audit.events(bureau, about=about)]


def owed(ref: str) -> dict[Stratum, tuple[int, int]]:
    return {s.stratum: (s.base_count, s.required_count) for s in reads.plan(ref).strata}


def test_the_plan_owes_what_was_worked_out_by_hand(plan):
    assert owed(plan) == {
        Stratum.SPECIAL: (0, 0),
        Stratum.GENERAL_LISTED: (0, 0),
        Stratum.KEY: (11, 3),  # 11 × 25% = 2.75
        Stratum.GENERAL_UNLISTED: (34, 2),  # 34 × 3% = 1.02
    }


def test_the_draw_gets_the_strata_that_the_plan_froze(plan):
    found = {s.name: (s.count, len(s.members)) for s in reads.draw_strata(plan)}
    assert found == {"key.fresh": (3, 11), "general_unlisted.fresh": (2, 34)}


def test_a_computed_plan_is_locked_with_its_task_and_its_events(plan, bureau):
    found = reads.plan_of(bureau, QUARTER)
    assert (found.ref, found.state, found.made_by) == (plan, PlanState.FROZEN, "陈组长")
    assert kinds(bureau, plan) == ["plan_computed", "classification_made"]
    [task] = reads.tasks(bureau, QUARTER)
    assert (task.plan, task.joint_kind) == (plan, JointKind.NONE)
    assert reads.task(task.ref) == task
    assert kinds(bureau, task.ref) == ["task_created"]


def test_the_plan_names_the_digests_of_what_it_was_made_from(plan):
    row, found = QuarterPlan.objects.get(ref=plan), reads.plan(plan)
    assert found.digest == HASHES["sha256"](bytes(row.body)).hex()
    assert found.classification_digest == HASHES["sha256"](bytes(row.classification_body)).hex()
    snapshot = registers.frozen_snapshot(found.snapshot_ref)
    assert reads.classification(plan).made_from == snapshot.digest()


def test_the_plan_stays_when_the_register_changes(plan, chen, bureau):
    before, classes = reads.plan(plan), reads.classification(plan)
    take(ImportKind.SUBJECTS, csv(line(12, category="重点管理"), line(99)), chen)
    assert len(registers.snapshot(bureau, TODAY).subjects) == 46
    assert reads.plan(plan) == before
    assert reads.classification(plan) == classes


def test_strangers_and_inspectors_may_not_compute(roster, stranger, person, bureau):
    for actor in (stranger, person("li", "李执法", Role.INSPECTOR)):
        with pytest.raises(NotAllowed, match="测算计划"):
            actions.compute_plan(QUARTER, by=actor, at=AT)
    assert reads.plan_of(bureau, QUARTER) is None


def test_a_second_plan_of_a_quarter_is_refused(plan, chen):
    with pytest.raises(Refused, match="请先作废原计划"):
        actions.compute_plan(QUARTER, by=chen, at=AT)


def test_the_database_refuses_a_second_live_plan_too(plan):
    row = QuarterPlan.objects.get(ref=plan)
    row.pk, row.ref = None, "P-second"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_the_database_refuses_half_an_approval_and_the_maker_s_own(plan, chen):
    rows = QuarterPlan.objects.filter(ref=plan)
    for fields in (
        {"state": "approved"},
        {"approved_at": AT},
        {"approved_at": AT, "approved_by_ref": chen.ref},
        {"state": "void"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)


@pytest.mark.parametrize("quarter", ["2025Q4", "2026Q3"])
def test_only_this_quarter_and_the_next_can_be_planned(roster, chen, quarter):
    with pytest.raises(Refused, match="只能测算本季度或下一季度"):
        actions.compute_plan(quarter, by=chen, at=AT)


def test_a_misspelt_quarter_and_an_empty_register_are_refused(chen, bureau):
    with pytest.raises(Invalid, match="写法不对"):
        actions.compute_plan("2026-1", by=chen, at=AT)
    with pytest.raises(Refused, match="请先导入检查对象名录"):
        actions.compute_plan(QUARTER, by=chen, at=AT)


def test_the_leader_approves_and_a_second_click_is_refused(plan, leader, bureau):
    actions.approve_plan(plan, by=leader, at=AT)
    found = reads.plan(plan)
    assert (found.state, found.approved_by) == (PlanState.APPROVED, "林局长")
    assert kinds(bureau, plan)[0] == "plan_approved"
    with pytest.raises(Stale, match="不能重复办理"):
        actions.approve_plan(plan, by=leader, at=AT)


def test_strangers_and_the_office_may_not_approve(plan, stranger, chen):
    for actor in (stranger, chen):
        with pytest.raises(NotAllowed, match="批准计划"):
            actions.approve_plan(plan, by=actor, at=AT)


def test_whoever_made_the_plan_does_not_approve_it_after_a_promotion(plan, chen):
    promoted = replace(chen, roles=frozenset({Role.LEADER}))
    with pytest.raises(NotAllowed, match="不能批准同一份计划"):
        actions.approve_plan(plan, by=promoted, at=AT)


def test_a_void_plan_makes_room_for_the_next_and_stays_readable(plan, chen, bureau):
    actions.void_plan(plan, "名录漏导一批单位", by=chen, at=AT)
    assert kinds(bureau, plan)[0] == "plan_voided"
    again = actions.compute_plan(QUARTER, by=chen, at=AT)
    assert reads.plan_of(bureau, QUARTER).ref == again
    [old] = reads.void_plans(bureau, QUARTER)
    assert (old.ref, old.void_reason) == (plan, "名录漏导一批单位")


def test_a_plan_is_void_once_with_a_reason_and_never_by_a_stranger(plan, chen, leader, stranger):
    with pytest.raises(NotAllowed):
        actions.void_plan(plan, "不想要", by=stranger, at=AT)
    with pytest.raises(Refused, match="须写明理由"):
        actions.void_plan(plan, "  ", by=chen, at=AT)
    actions.void_plan(plan, "重算", by=chen, at=AT)
    with pytest.raises(Stale):
        actions.void_plan(plan, "重算", by=chen, at=AT)
    with pytest.raises(WrongState):
        actions.approve_plan(plan, by=leader, at=AT)


def test_an_approved_plan_is_made_void_by_the_leader_only(plan, chen, leader):
    actions.approve_plan(plan, by=leader, at=AT)
    with pytest.raises(NotAllowed, match="批准计划"):
        actions.void_plan(plan, "重算", by=chen, at=AT)
    actions.void_plan(plan, "名录有误", by=leader, at=AT)
    assert reads.plan(plan).state is PlanState.VOID


def test_the_deadlines_of_the_first_quarter_of_2026(bureau):
    found = reads.deadlines(BUREAU, QUARTER)
    days = [d.on.isoformat() for d in (found.task, found.statistics, found.forms)]
    assert days == ["2026-03-24", "2026-04-01", "2026-04-10"]
