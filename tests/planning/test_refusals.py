"""What of plans and tasks is refused: what is not there or another's, and shares that cannot be."""

from dataclasses import replace
from datetime import date

import pytest

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.audit import reads as audit
from gongchou.core.powers import console
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.task_condition import TaskCondition
from gongchou.core.terms import BureauLevel, Role, Stratum
from gongchou.planning import actions, annual_reads, outlook_reads, reads, task_reads
from tests.conftest import AT, BUREAU, TODAY
from tests.planning.conftest import MARKET
from tests.planning.test_tasks import OTHER, OWN, draft, joint


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"partners": (replace(OWN, dept="990199"), OTHER)}, "不是已登记的配合部门"),
        ({"partners": (OTHER, replace(OTHER, inspectors_count=3))}, "每个部门只列一次"),
        ({"partners": (replace(OWN, counts={Stratum.KEY: 1}), OTHER)}, "不另填"),
        ({"partners": (OWN, replace(OTHER, counts={Stratum.KEY: -1}))}, "合计至少抽 1 家"),
        ({"partners": (OWN, replace(OTHER, counts={Stratum.KEY: 3}))}, "本机构这一层只抽 2 家"),
        ({"partners": (replace(OWN, inspectors_count=1), OTHER)}, "不得少于 2 名持证人员"),
    ],
)
def test_the_shares_of_a_joint_task_must_fit(plan, chen, fields, says):
    before = audit.head(BUREAU)
    with pytest.raises(Refused, match=says):
        actions.create_task(plan, joint(**fields), by=chen, at=AT)
    assert audit.head(BUREAU) == before


def test_a_joint_task_is_one_of_the_own_bureau_too(plan, chen):
    accounts.create_bureau(
        "990181", "应急局（虚构）", level=BureauLevel.DISTRICT, is_partner=True,
        by=console(BUREAU, "root"), at=AT,
    )  # fmt: skip
    others = (replace(OTHER, is_lead=True), replace(OTHER, dept="990181"))
    with pytest.raises(Refused, match="须包括本机构"):
        actions.create_task(plan, joint(partners=others), by=chen, at=AT)


def test_a_task_is_voided_with_a_reason(plan, chen):
    ref = actions.create_task(plan, draft(), by=chen, at=AT)
    for reason in (" ", "由" * 201):
        with pytest.raises(Refused, match="作废任务须写明理由"):
            actions.void_task(ref, reason, by=chen, at=AT)
    assert not reads.task(ref).void_reason


@pytest.mark.parametrize(
    ("read", "args", "says"),
    [
        (reads.plan, ("P404",), "没有编号为 P404 的季度抽查计划"),
        (reads.task, ("T404",), "没有编号为 T404 的抽查任务"),
        (task_reads.members_of, ("P404", TaskCondition()), "没有编号为 P404 的季度抽查计划"),
        (annual_reads.annual_plan_of, (BUREAU, "Y404"), "没有编号为 Y404 的年度计划"),
        (annual_reads.annual_file, (BUREAU, 2026, "csv"), "2026 年还没有年度计划"),
        (outlook_reads.outlook_now, (BUREAU, "2025Q4", TODAY), "2025年第四季度已经结束"),
    ],
)
def test_what_is_not_there_or_over_is_told(bureau, read, args, says):
    with pytest.raises(Refused, match=says):
        read(*args)


def test_a_year_without_a_register_cannot_be_planned(chen):
    with pytest.raises(Refused, match="检查对象名录是空的"):
        actions.make_annual_plan(2026, by=chen, at=AT)


def test_nobody_approves_the_own_plan_of_the_year(plan, person):
    both = person("liang", "两面人", Role.OFFICE)
    ref = actions.make_annual_plan(2026, by=both, at=AT)
    twofold = replace(both, roles=frozenset({Role.OFFICE, Role.LEADER}))
    with pytest.raises(NotAllowed, match="不能批准同一份计划"):
        actions.approve_annual_plan(ref, by=twofold, at=AT)


def test_another_bureau_finds_none_of_ours(plan, chen, leader, signed_in):
    task = actions.create_task(plan, draft(), by=chen, at=AT)
    annual = actions.make_annual_plan(2026, by=chen, at=AT)
    root = console(MARKET, "root")
    ref = accounts.create_user("far", "远方人", password="长口令-not-secret-1", by=root, at=AT)
    accounts.grant_role(ref, Role.OFFICE, since=date(2025, 1, 1), by=root, at=AT)
    far = people.actor_of(ref, TODAY)
    boss = replace(far, roles=frozenset({Role.LEADER}))
    for act, args, by in (
        (actions.void_task, (task, "不要"), far),
        (actions.approve_plan, (plan,), boss),
        (actions.approve_annual_plan, (annual,), boss),
        (actions.confirm_classification, ("C404",), far),
    ):
        with pytest.raises(Refused, match="本机构没有编号为"):
            act(*args, by=by, at=AT)
    browser = signed_in(far)
    for address in (
        f"/plan/{plan}/file/", f"/plan/{plan}/sites/S1/", f"/plan/{plan}/new-task/",
        f"/plan/tasks/{task}/",
    ):  # fmt: skip
        answer = browser.get(address)
        assert (answer.status_code, "本机构没有编号为" in answer.content.decode()) == (409, True)
