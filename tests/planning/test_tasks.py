"""Directed, cross-department and temporary tasks: made by the office, approved by the leader."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from gongchou.audit import reads as audit
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.task_condition import TaskCondition
from gongchou.core.terms import JointKind, Role, Stratum, TaskMode
from gongchou.planning import actions, outlook_reads, reads
from gongchou.planning.models import CheckTask
from gongchou.planning.solver import solve
from gongchou.registry import actions as registry
from tests.conftest import AT, BUREAU
from tests.planning.conftest import MARKET
from tests.planning.test_policy import answer


def draft(**fields) -> actions.TaskDraft:
    given = {"name": "入河排口专项", "initiating_unit": "zd", "counts": {Stratum.KEY: 2}}
    return actions.TaskDraft(**{**given, **fields})


OWN = actions.PartnerDraft(dept=BUREAU, items=("废气治理",), inspectors_count=2, is_lead=True)
OTHER = actions.PartnerDraft(dept=MARKET, items=("登记事项",), inspectors_count=2)


def joint(**fields) -> actions.TaskDraft:
    return draft(**{"name": "部门联合", "sessions": 1, "partners": (OWN, OTHER), **fields})


def kinds(about: str) -> list[str]:
    return [link.event.kind for link in audit.events(BUREAU, about=about)]


def test_a_cross_department_task_names_lead_items_and_people_of_each(plan, chen):
    ref = actions.create_task(plan, joint(), by=chen, at=AT)
    found = reads.task(ref)
    assert (found.joint_kind, found.sessions) == (JointKind.JOINT_CROSS_DEPT, 1)
    assert found.lead.dept == BUREAU
    assert [(p.name, p.items, p.inspectors_count) for p in found.partners] == [
        ("临溪市生态环境局高新区分局（虚构）", ("废气治理",), 2),
        ("临溪市市场监管局（虚构）", ("登记事项",), 2),
    ]
    assert kinds(ref) == ["task_created"]
    assert [task.ref for task in reads.tasks(BUREAU, "2026Q1")][1:] == [ref]


def test_a_task_draws_its_own_counts_from_the_strata_of_the_plan(plan, chen):
    counts = {Stratum.KEY: 2, Stratum.GENERAL_UNLISTED: 1}
    ref = actions.create_task(plan, draft(counts=counts), by=chen, at=AT)
    strata = {s.name: (s.count, len(s.members)) for s in reads.task_strata(ref)}
    assert strata == {"key": (2, 11), "general_unlisted": (1, 5)}
    ordinary = reads.tasks(BUREAU, "2026Q1")[0].ref
    assert reads.task_strata(ordinary) == reads.draw_strata(plan)


def test_a_directed_task_stores_its_condition_and_draws_from_whom_it_leaves(plan, chen):
    condition = TaskCondition(strata=(Stratum.KEY,))
    directed = draft(condition=condition, condition_text="排口集中的重点单位")
    found = reads.task(actions.create_task(plan, directed, by=chen, at=AT))
    assert (found.task_mode, found.condition) == (TaskMode.DIRECTED, condition)
    assert found.condition.says() == "层：重点"
    other = replace(directed, name="另一项", counts={Stratum.GENERAL_UNLISTED: 1})
    with pytest.raises(Refused, match="只有 0 家"):
        actions.create_task(plan, other, by=chen, at=AT)


def test_tasks_are_approved_with_their_plan(plan, chen, leader):
    ref = actions.create_task(plan, draft(), by=chen, at=AT)
    assert not reads.task(ref).is_approved
    actions.approve_plan(plan, by=leader, at=AT)
    assert {task.approved_by for task in reads.plan(plan).tasks} == {"林局长"}


def test_a_task_after_approval_is_temporary_and_approved_by_itself(plan, chen, leader):
    actions.approve_plan(plan, by=leader, at=AT)
    with pytest.raises(Refused, match="临时任务，须写明理由"):
        actions.create_task(plan, draft(), by=chen, at=AT)
    ref = actions.create_task(plan, draft(reason="上级部署"), by=chen, at=AT)
    assert reads.task(ref).is_temporary
    actions.approve_task(ref, by=leader, at=AT)
    assert (reads.task(ref).is_approved, kinds(ref)[0]) == (True, "task_approved")
    with pytest.raises(Stale, match="已经批准或作废"):
        actions.approve_task(ref, by=leader, at=AT)


def test_nobody_approves_the_own_task_and_none_before_its_plan(plan, chen, leader):
    ref = actions.create_task(plan, draft(), by=chen, at=AT)
    with pytest.raises(Refused, match="请先批准计划"):
        actions.approve_task(ref, by=leader, at=AT)
    promoted = replace(chen, roles=frozenset({Role.LEADER}))
    with pytest.raises(NotAllowed, match="不能批准同一项任务"):
        actions.approve_task(ref, by=promoted, at=AT)


def test_strangers_make_approve_and_void_nothing(plan, chen, stranger):
    ref = actions.create_task(plan, draft(), by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.create_task(plan, draft(name="另一项"), by=stranger, at=AT)
    with pytest.raises(NotAllowed):
        actions.approve_task(ref, by=stranger, at=AT)
    with pytest.raises(NotAllowed):
        actions.void_task(ref, "无", by=stranger, at=AT)


def test_a_void_task_stays_readable_and_makes_room_for_its_name(plan, chen):
    ref = actions.create_task(plan, draft(), by=chen, at=AT)
    with pytest.raises(Stale, match="已有同名的任务"):
        actions.create_task(plan, draft(), by=chen, at=AT)
    actions.void_task(ref, "写错了家数", by=chen, at=AT)
    assert [task.void_reason for task in reads.void_tasks(plan)] == ["写错了家数"]
    with pytest.raises(Stale):
        actions.void_task(ref, "再来", by=chen, at=AT)
    actions.create_task(plan, draft(), by=chen, at=AT)


def test_an_approved_task_is_made_void_by_the_leader_only(plan, chen, leader):
    ref = actions.create_task(plan, draft(), by=chen, at=AT)
    actions.approve_plan(plan, by=leader, at=AT)
    with pytest.raises(NotAllowed, match="批准计划"):
        actions.void_task(ref, "取消", by=chen, at=AT)
    actions.void_task(ref, "取消", by=leader, at=AT)
    assert kinds(ref)[0] == "task_voided"


def test_the_ordinary_task_goes_with_its_plan(plan, chen):
    ordinary = reads.tasks(BUREAU, "2026Q1")[0].ref
    with pytest.raises(Refused, match="不能单独作废"):
        actions.void_task(ordinary, "不要", by=chen, at=AT)
    actions.void_plan(plan, "重算", by=chen, at=AT)
    with pytest.raises(Refused, match="已作废，不能再加任务"):
        actions.create_task(plan, draft(), by=chen, at=AT)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": " "}, "任务名称"),
        ({"initiating_unit": "xx"}, "没有科室"),
        ({"item_groups": ("NONE",)}, "没有项目组"),
        ({"counts": {}}, "合计至少 1 家"),
        ({"counts": {Stratum.KEY: 12}}, "只有 11 家，抽不出 12 家"),
        ({"condition": TaskCondition(grids=("东片",))}, "定向抽查须写明条件"),
        ({"reason": "长" * 201}, "不超过 200 字"),
    ],
)
def test_a_task_that_does_not_fit_is_refused(plan, chen, fields, says):
    with pytest.raises(Refused, match=says):
        actions.create_task(plan, draft(**fields), by=chen, at=AT)


@pytest.mark.parametrize(
    ("partners", "says"),
    [
        ((OWN,), "至少一个配合部门"),
        ((OWN, replace(OTHER, dept="990999")), "不是已登记的配合部门"),
        ((OWN, OTHER, OTHER), "每个部门只列一次"),
        ((OWN, replace(OTHER, is_lead=True)), "只能有一个"),
        ((OWN, replace(OTHER, items=())), "请写明临溪市市场监管局（虚构）的检查事项"),
        ((OWN, replace(OTHER, inspectors_count=0)), "至少 1 人"),
    ],
)
def test_partners_that_do_not_fit_are_refused(plan, chen, partners, says):
    with pytest.raises(Refused, match=says):
        actions.create_task(plan, joint(partners=partners), by=chen, at=AT)
    with pytest.raises(Refused, match="至少 1 次"):
        actions.create_task(plan, joint(sessions=0), by=chen, at=AT)


def test_the_year_s_joint_checks_are_paced_by_quarter(plan, chen, leader):
    unset = reads.joint_progress(BUREAU, "2026Q1")
    assert [row.wanted for row in unset] == [None, None]
    for key, value in (("sessions", "4"), ("subjects", "10")):
        yearly = answer(key=f"joint.cross_dept.{key}", value=value, on=date(2026, 1, 1))
        registry.record_ruling(yearly, by=leader, at=AT)
    actions.create_task(plan, joint(), by=chen, at=AT)
    actions.approve_plan(plan, by=leader, at=AT)
    found = reads.joint_progress(BUREAU, "2026Q1")
    assert [(r.wanted, r.wanted_by_now, r.planned, r.missing) for r in found] == [
        (4, 1, 1, 0),
        (10, 3, 2, 1),
    ]


def test_the_database_refuses_a_directed_task_without_condition_and_half_an_approval(plan, chen):
    ref = actions.create_task(plan, draft(), by=chen, at=AT)
    for fields in ({"task_mode": "directed"}, {"is_temporary": True}, {"approved_at": AT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CheckTask.objects.filter(ref=ref).update(**fields)


def test_the_office_adds_a_joint_task_in_the_browser(plan, chen, signed_in):
    browser, url = signed_in(chen), f"/plan/{plan}/new-task/"
    assert "部门联合抽查（有配合部门才填）" in browser.get(url).content.decode()
    given = {"name": "部门联合", "initiating_unit": "zd", "count_key": "2", "sessions": "1"}
    given |= {"lead": BUREAU, "own_items": "废气治理", "own_people": "2"}
    given |= {"dept_1": MARKET, "items_1": "登记事项、标志标识", "people_1": "1"}
    page = browser.post(url, given, follow=True).content.decode()
    assert "登记事项、标志标识" in page
    assert "（牵头）" in page
    page = browser.post(url, given, follow=True).content.decode()
    assert "已有同名的任务" in page


def test_task_pages_keep_strangers_and_other_bureaus_out(plan, chen, stranger, signed_in, client):
    ref = reads.tasks(BUREAU, "2026Q1")[0].ref
    assert client.get(f"/plan/tasks/{ref}/").status_code == 302
    assert signed_in(stranger).get(f"/plan/tasks/{ref}/").status_code == 403
    foreign = replace(chen, bureau=MARKET)
    with pytest.raises(Refused, match="本机构没有编号"):
        actions.create_task(plan, draft(), by=foreign, at=AT)
    assert "年内未查" in signed_in(chen).get(f"/plan/tasks/{ref}/").content.decode()


def test_the_leader_approves_and_voids_a_temporary_task_in_the_browser(
    plan, chen, leader, signed_in
):
    actions.approve_plan(plan, by=leader, at=AT)
    ref = actions.create_task(plan, draft(reason="上级部署"), by=chen, at=AT)
    browser = signed_in(leader)
    assert "批准任务</button>" in browser.get(f"/plan/tasks/{ref}/").content.decode()
    page = browser.post(f"/plan/tasks/{ref}/approve/", follow=True).content.decode()
    assert "这项任务可以抽取了" in page
    page = browser.post(f"/plan/tasks/{ref}/void/", {"reason": "撤销部署"}, follow=True)
    assert "撤销部署" in page.content.decode()


def test_the_officer_days_of_a_further_task_are_counted_before_and_after_it_is_added(
    plan, chen, signed_in
):
    """Two sites by a team of two, two visits a day: two more person-days."""
    before = outlook_reads.outlook_of(plan, AT.date())
    assert before.report.further_days == 0
    browser = signed_in(chen)
    given = {"name": "入河排口专项", "initiating_unit": "zd", "count_key": "2", "try": "1"}
    page = browser.post(f"/plan/{plan}/new-task/", given).content.decode()
    assert "其中其他任务" in page
    assert len(reads.tasks(BUREAU, "2026Q1")) == 1
    actions.create_task(plan, draft(), by=chen, at=AT)
    after = outlook_reads.outlook_of(plan, AT.date())
    per_day = reads.policy_of(plan).number("team.visits_per_day", AT.date())
    assert after.report.further_days == Fraction(2 * 2, per_day)
    assert after.report.needed_days - before.report.needed_days == Fraction(4, per_day)
    assert after.question.further == 4


def test_the_ordinary_task_is_no_further_one_and_asks_the_database_nothing(
    plan, django_assert_num_queries
):
    with django_assert_num_queries(0):
        found = outlook_reads.further_task(plan, "日常", {}, TaskCondition(), seats=2)
    assert found == ()


def test_a_joint_task_takes_the_people_that_it_names_of_this_bureau(plan, chen):
    actions.create_task(plan, joint(), by=chen, at=AT)
    assert outlook_reads.outlook_of(plan, AT.date()).question.further == 2 * 2


def test_a_further_task_counts_to_the_yearly_cap(plan, chen, leader):
    """Eleven key sites twice a year are 22 visits; 3 a quarter are owed, so 10 are left."""
    actions.void_plan(plan, "改用新方案", by=chen, at=AT)
    registry.adopt_policy(
        shipped="overlay_2025", since=AT.date(), document="虚构〔2026〕2号", by=leader, at=AT
    )
    fresh = actions.compute_plan("2026Q1", by=chen, at=AT)

    def answered():
        """With people enough and nothing joint, which this register cannot give."""
        asked = outlook_reads.outlook_of(fresh, AT.date()).question
        return solve(replace(asked, slots=(1000,) * 4, joint_least=Fraction(0)))

    actions.create_task(fresh, draft(counts={Stratum.KEY: 10}), by=chen, at=AT)
    assert answered().is_possible
    actions.create_task(fresh, draft(name="再加", counts={Stratum.KEY: 1}), by=chen, at=AT)
    found = answered()
    assert found.conflict == ("quota.key", "task.0", "task.1", "cap")
    assert "再加（重点）少抽 1 家，其余要求即可同时达到。" in {r.says for r in found.reliefs}


def test_trying_a_task_with_more_sites_than_there_are_says_so(plan, chen, signed_in):
    given = {"name": "过多", "initiating_unit": "zd", "count_key": "12", "try": "1"}
    page = signed_in(chen).post(f"/plan/{plan}/new-task/", given).content.decode()
    assert "对象只有 11 家，抽不出 12 家" in page
