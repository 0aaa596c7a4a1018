"""A joint plan of three departments, from the form of the plan to the signed record and its count.

Without JavaScript: what each person does is posted to the page that this person would use.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from gongchou.accounts import reads as accounts
from gongchou.core.refusals import Refused
from gongchou.core.terms import JointKind, Measure, Role, SignerRole, VisitState
from gongchou.core.workdays import Quarter
from gongchou.drawing import actions as drawing
from gongchou.drawing import reads as draws
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.planning import reads as plans
from gongchou.reporting import actions as reporting
from gongchou.reporting import reads as reports
from gongchou.web import clock
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony, joint_stage
from tests.drawing.ceremony import RULE, THROWS, text_of
from tests.drawing.joint_stage import MARKET, NAMES, SAFETY
from tests.inspection.people import clean_body, signed_by_all

GIVEN = {
    "name": "化工企业部门联合抽查", "initiating_unit": "zd", "reason": "年度联合计划",
    "count_key": "3", "count_general_unlisted": "2", "sessions": "1", "lead": BUREAU,
    "own_items": "废气治理", "own_people": "2",
    "dept_1": MARKET, "items_1": "登记事项、特种设备", "people_1": "1",
    "dept_2": SAFETY, "items_2": "危化品台账", "people_2": "1",
}  # fmt: skip


@pytest.fixture
def stage(db) -> ceremony.Stage:
    clock.move_demo_clock(AT)
    made = ceremony.prepared()
    joint_stage.departments()
    joint_stage.partner_people(made)
    return made


def page(browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def planned(stage, signed_in) -> str:
    """The office enters the task, the leader approves it; both on their pages."""
    browser = signed_in(stage.ding)
    answer = browser.post(reverse("planning:new_task", args=[stage.plan]), GIVEN, follow=True)
    assert NAMES[SAFETY] in answer.content.decode()
    [task] = [t for t in plans.tasks(BUREAU, stage.quarter) if t.partners]
    signed_in(stage.lin).post(reverse("planning:approve_task", args=[task.ref]))
    return task.ref


def drawn(stage, signed_in, task: str) -> str:
    browser = signed_in(stage.chen)
    home = page(browser, reverse("drawing:home"))
    assert f"{NAMES[MARKET]} 1 人" in home
    browser.post(reverse("drawing:freeze"), {"task": task, "profile": "sha256"})
    draw = draws.draw_of_task(task).ref
    for login in ("zhou", "bao"):
        drawing.commit_contribution(draw, text_of(login), by=stage.cast[login], at=AT)
    drawing.announce_draw(draw, RULE, by=stage.chen, at=AT)
    drawing.enter_closing(draw, THROWS, by=stage.chen, at=AT)
    drawing.confirm_closing(draw, THROWS, by=stage.zhou, at=AT)
    for login in ("zhou", "bao"):
        drawing.reveal(draw, text_of(login), by=stage.cast[login], at=AT)
    for login in ("zhou", "wu"):
        drawing.confirm_draw(draw, by=stage.cast[login], at=AT)
    said = page(signed_in(stage.chen), reverse("drawing:draw", args=[draw]))
    assert "参加部门" in said
    assert "其中部门联合 5 家" in said
    return draw


def of(found, unit: str) -> str:
    return next(person.ref for person in found.inspectors if person.unit == unit)


def test_a_joint_plan_goes_from_its_form_to_the_signed_and_counted_record(stage, signed_in):
    task = planned(stage, signed_in)
    draw = drawn(stage, signed_in, task)
    ceremony.released_visits(stage, draw)
    when = ceremony.last_day(draw)
    clock.move_demo_clock(when)
    sent = inspection.dispatch_released(draw, by=stage.chen, at=when)
    assert len(sent) == 5
    found = visits.visit(sent[0])
    assert found.joint_kind is JointKind.JOINT_CROSS_DEPT
    assert {MARKET, SAFETY} < set(found.units)

    # The partner's officer sees this visit and nothing else of the bureau.
    login = next(p.name for p in found.inspectors if p.unit == MARKET)
    officer = accounts.actor_of(f"U-sc{login[-1]}", day_of(when))
    browser = signed_in(officer)
    assert found.subject_name in page(browser, reverse("inspection:home"))
    for closed in ("planning:quarter", "drawing:home", "registry:subjects"):
        assert browser.get(reverse(closed)).status_code == 403
    others = [
        ref for ref in sent if of(visits.visit(ref), MARKET) not in visits.visit(sent[0]).team
    ]
    for ref in others:
        assert browser.get(reverse("inspection:visit", args=[ref])).status_code == 403
    assert others

    # One form with the items of all departments.
    inspection.accept_visit(sent[0], by=officer, at=when)
    begun = when + timedelta(hours=1)
    inspection.start_visit(sent[0], client_id="phone-start-1", by=officer, at=begun)
    clock.move_demo_clock(when + timedelta(hours=5))
    form = page(signed_in(officer), reverse("inspection:record", args=[sent[0]]))
    for item in ("登记事项", "特种设备", "危化品台账"):
        assert item in form

    # It is complete only when an officer of every department has signed.
    whole = body_of(sent[0], begun)
    mine = {person.ref for person in found.inspectors if person.unit != SAFETY}
    lacking = replace(
        whole,
        signatures=tuple(
            one for one in whole.signatures
            if one.role is not SignerRole.INSPECTOR or one.ref in mine
        ),
    )  # fmt: skip
    end = when + timedelta(hours=4)
    with pytest.raises(Refused, match=f"{NAMES[SAFETY]}参加了这次部门联合检查"):
        inspection.submit_record(sent[0], lacking, client_id="phone-sub-1", by=officer, at=end)
    signed_by_all(sent[0], whole, at=end)
    inspection.submit_record(sent[0], whole, client_id="phone-sub-1", by=officer, at=end)
    shen = ceremony.actor("shen", "沈审核", Role.REVIEWER, at=when)
    inspection.review_record(sent[0], by=shen, at=end)
    assert visits.visit(sent[0]).state is VisitState.REVIEWED

    # One session and one subject of joint checks; internal only where two own units took part.
    internal = {Measure.JOINT_INTERNAL: 1} if len({*found.units} - {MARKET, SAFETY}) > 1 else {}
    quarter = Quarter.of(day_of(when))
    reporting.build_facts(quarter, by=stage.chen, at=end)
    facts = reports.held(BUREAU, quarter).facts
    counted = {fact.measure: fact.count for fact in facts if fact.measure in COUNTED}
    assert counted == {Measure.CROSS_SESSIONS: 1, Measure.CROSS_SUBJECTS: 1} | internal


COUNTED = {Measure.CROSS_SESSIONS, Measure.CROSS_SUBJECTS, Measure.JOINT_INTERNAL}


def body_of(ref: str, begun):
    return clean_body(
        ref,
        started_at=begun,
        identity_shown_at=begun + timedelta(minutes=1),
        notice_given_at=begun + timedelta(minutes=2),
        ended_at=begun + timedelta(hours=2),
    )
