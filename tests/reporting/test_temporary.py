"""Tasks added to an approved plan are counted apart, on the page and in the summary."""

import pytest

from gongchou.accounts.models import Bureau, InternalUnit
from gongchou.core.task_condition import TaskCondition
from gongchou.core.terms import JointKind, Stratum, VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection.models import MergedDraw, Visit
from gongchou.planning import actions as planning
from gongchou.planning.actions import TaskDraft
from gongchou.reporting import actions, summary_reads
from gongchou.reporting.apart import temporary_tasks
from tests.conftest import AT, BUREAU
from tests.reporting.quarters import AFTER, QUARTER, make_visit

Q1 = Quarter.parse(QUARTER)


@pytest.fixture(autouse=True)
def unit(bureau) -> None:
    InternalUnit.objects.create(bureau=Bureau.objects.get(code=bureau), code="zd", name="执法大队")


def added(plan: str, chen, leader) -> str:
    given = TaskDraft(
        name="汛期临时抽查", initiating_unit="zd", counts={Stratum.KEY: 2}, reason="上级部署",
        condition=TaskCondition(strata=(Stratum.KEY,)), condition_text="汛期重点单位",
    )  # fmt: skip
    task = planning.create_task(plan, given, by=chen, at=AT)
    planning.approve_task(task, by=leader, at=AT)
    return task


def summary(chen) -> dict[str, str]:
    actions.make_statistics(Q1, by=chen, at=AFTER)
    ref = actions.draft_summary(Q1, by=chen, at=AFTER)
    body = summary_reads.summary(ref, BUREAU, AFTER.date()).body
    return {one.key: one.text for one in body.paragraphs}


def test_a_temporary_task_is_told_with_reason_condition_and_visits(plan, chen, leader, signed_in):
    task = added(plan, chen, leader)
    make_visit(1, task=task)
    make_visit(2, task=task, state=VisitState.DISPATCHED.value, reviewed_by="",
               reviewed_by_name="", reviewed_at=None)  # fmt: skip
    make_visit(3, task=task, state=VisitState.VOID.value, void_reason="停产", reviewed_by="",
               reviewed_by_name="", reviewed_at=None)  # fmt: skip
    make_visit(4)
    MergedDraw.objects.create(
        visit=Visit.objects.get(ref=make_visit(5)), draw="D-second", number=1, task=task,
        joint_kind=JointKind.NONE.value, by_ref="U-chen", by_name="陈组长", at=AT,
    )  # fmt: skip
    [row] = temporary_tasks(BUREAU, Q1)
    assert (row.task.ref, row.visits, row.done) == (task, 3, 2), "one serves two tasks"
    page = signed_in(chen).get(f"/statistics/?quarter={QUARTER}").content.decode()
    assert "条件：层：重点；理由：上级部署。已派发 3 家次，已审核 2 家次" in page
    assert summary(chen)["1.6.text"].startswith("计划批准以后另行追加临时任务1项，完成2家次")


def test_a_task_of_the_plan_itself_and_one_not_yet_approved_are_not_temporary(plan, chen):
    make_visit(1)
    given = TaskDraft(
        name="待批准", initiating_unit="zd", counts={Stratum.KEY: 1}, reason="上级部署"
    )
    planning.create_task(plan, given, by=chen, at=AT)
    assert temporary_tasks(BUREAU, Q1) == ()
    assert "1.6.text" not in summary(chen)
