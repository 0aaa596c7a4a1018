"""Sheets from records alone, appeals against single records, problems until they are mended."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from gongchou.accounts import actions as accounts
from gongchou.audit.actions import append
from gongchou.core.assessment import Marked, assessed
from gongchou.core.event_kinds import EventKind
from gongchou.core.oversight_terms import AssessmentPoint, MendingState, OversightKey
from gongchou.core.refusals import NotAllowed, Refused, Stale, WrongState
from gongchou.core.terms import ImportKind, Role, VisitResult
from gongchou.core.workdays import Quarter
from gongchou.inspection.models import TeamMember
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.reporting import actions, assessment_reads
from gongchou.web import clock
from tests.conftest import AT, BUREAU
from tests.registry.test_import import take
from tests.reporting.quarters import QUARTER, make_registers, make_visit
from tests.reporting.test_rechecks import PEOPLE

WHEN = AT + timedelta(days=110)
EQUAL = dict.fromkeys(OversightKey, 1)
DONE, SHORT = 1, 0


def mark(point: AssessmentPoint, record: str, good: int, of: int = 1) -> Marked:
    return Marked(point=point, record=record, good=good, of=of)


MARKS = [
    mark(AssessmentPoint.ON_TIME, "V1", DONE),
    mark(AssessmentPoint.ON_TIME, "V2", SHORT),
    mark(AssessmentPoint.AGREED, "V1", 3, 4),
]


def test_equal_weights_take_the_mean_of_the_points_that_have_records():
    found = assessed(MARKS, EQUAL, frozenset())
    assert found.score == (Fraction(1, 2) + Fraction(3, 4)) / 2
    assert found.points[0].short == ("V2",)
    assert found.points[1].share is None


def test_weights_and_upheld_appeals_change_what_counts():
    heavy = {**EQUAL, OversightKey.WEIGHT_AGREED: 3}
    assert assessed(MARKS, heavy, frozenset()).score == Fraction(1, 2) / 4 + Fraction(3, 4) * 3 / 4
    taken = frozenset({(AssessmentPoint.ON_TIME, "V2")})
    assert assessed(MARKS, EQUAL, taken).score == (1 + Fraction(3, 4)) / 2
    nothing = dict.fromkeys(OversightKey, 0)
    assert assessed(MARKS, nothing, frozenset()).score is None
    assert assessed([], EQUAL, frozenset()).score is None


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


@pytest.fixture
def officer(chen, leader, person):
    """The first of the register, with one late visit and one returned record."""
    make_registers(chen)
    accounts.create_unit(BUREAU, "zd", "执法大队", by=person("gu", "顾", Role.ADMIN), at=AT)
    take(ImportKind.INSPECTORS, PEOPLE, chen)
    people = registers.inspectors(BUREAU, WHEN.date())
    make_visit(1, paper_received_on=date(2026, 4, 1), paper_received_by="U-chen")
    make_visit(2, ended_on=date(2026, 3, 30), problem_count=1)
    make_visit(3, problem_count=1, visit_result=VisitResult.CORRECTED_ON_SPOT.value)
    for seat in (1, 2):
        one = people[seat - 1]
        TeamMember.objects.filter(seat=seat).update(inspector=one.ref, name=one.name)
    append(EventKind.RECORD_RETURNED, about="V3", by=chen, at=AT)
    return person("jc1", people[0].name, Role.INSPECTOR)


def own_sheet(officer):
    person = registers.inspector_of_person(officer.ref, BUREAU, WHEN.date())
    (found,) = assessment_reads.sheets(BUREAU, about=person.ref)
    return found


def made(leader) -> int:
    return actions.make_assessment(Quarter.parse(QUARTER), by=leader, at=WHEN)


def test_a_sheet_counts_records_and_names_those_that_fell_short(officer, leader):
    assert made(leader) == 4
    points = {one.point: one for one in own_sheet(officer).body.points}
    late, forms = points[AssessmentPoint.ON_TIME], points[AssessmentPoint.FORMS]
    assert (late.good, late.of, late.short) == (2, 3, ("V2",))
    assert (forms.good, forms.of, forms.short) == (1, 3, ("V2", "V3"))
    assert points[AssessmentPoint.WHOLE].short == ("V3",)
    assert points[AssessmentPoint.FOLLOWED].short == ("V2",)
    assert points[AssessmentPoint.AGREED].of == 0
    assert own_sheet(officer).body.score == (
        Fraction(2, 3) + Fraction(1, 3) + Fraction(2, 3) + Fraction(1, 2)
    ) / 4  # fmt: skip


def test_made_again_without_change_nothing_is_new_and_not_before_the_quarter_ends(officer, leader):
    made(leader)
    assert made(leader) == 0
    with pytest.raises(Refused, match="还没有结束"):
        actions.make_assessment(Quarter.parse(QUARTER), by=leader, at=AT)
    with pytest.raises(NotAllowed):
        actions.make_assessment(Quarter.parse(QUARTER), by=officer, at=WHEN)


def test_an_upheld_appeal_takes_the_record_out_of_the_next_version(officer, leader, chen):
    made(leader)
    sheet, point = own_sheet(officer), AssessmentPoint.ON_TIME
    with pytest.raises(NotAllowed, match="本人"):
        actions.appeal(sheet.ref, point, "V2", "停电", by=chen, at=WHEN)
    with pytest.raises(Refused, match="没有扣分"):
        actions.appeal(sheet.ref, point, "V1", "停电", by=officer, at=WHEN)
    actions.appeal(sheet.ref, point, "V2", "企业停电，经同意改期", by=officer, at=WHEN)
    with pytest.raises(Stale, match="只申诉一次"):
        actions.appeal(sheet.ref, point, "V2", "再诉", by=officer, at=WHEN)
    (appeal,) = own_sheet(officer).appeals
    give = {"is_upheld": True, "by": leader, "at": WHEN}
    with pytest.raises(NotAllowed):
        actions.answer_appeal(sheet.ref, appeal.number, "属实", **{**give, "by": officer})
    actions.answer_appeal(sheet.ref, appeal.number, "属实", **give)
    with pytest.raises(Stale):
        actions.answer_appeal(sheet.ref, appeal.number, "属实", **give)
    assert made(leader) == 1
    again = own_sheet(officer)
    assert (again.number, again.body.points[0].short) == (2, ())
    assert [one.answer for one in again.appeals] == ["属实"]
    assert not assessment_reads.sheet(sheet.ref, BUREAU).is_current


def test_an_appeal_outlives_the_version_it_was_made_on(officer, leader):
    made(leader)
    first, point = own_sheet(officer), AssessmentPoint.ON_TIME
    actions.appeal(first.ref, point, "V2", "停电", by=officer, at=WHEN)
    TeamMember.objects.filter(visit__ref="V3", seat=1).delete()
    made(leader)
    newest = own_sheet(officer)
    assert (newest.number, newest.body.points[0].short) == (2, ("V2",))
    with pytest.raises(Stale, match="只申诉一次"):
        actions.appeal(newest.ref, point, "V2", "再诉", by=officer, at=WHEN)
    (appeal,) = newest.appeals
    give = {"is_upheld": False, "by": leader, "at": WHEN}
    with pytest.raises(Stale, match="已经答复"):
        actions.answer_appeal(newest.ref, appeal.number + 1, "不属实", **give)
    actions.answer_appeal(newest.ref, appeal.number, "不属实", **give)
    assert [one.answer for one in own_sheet(officer).appeals] == ["不属实"]
    assert assessment_reads.open_appeals(BUREAU) == 0


def test_an_appeal_is_made_on_the_newest_version(officer, leader):
    made(leader)
    old, point = own_sheet(officer), AssessmentPoint.ON_TIME
    TeamMember.objects.filter(visit__ref="V3", seat=1).delete()
    made(leader)
    assert own_sheet(officer).number == 2
    with pytest.raises(Stale, match="已被新的考核表替代"):
        actions.appeal(old.ref, point, "V2", "停电", by=officer, at=WHEN)
    for words in (" ", "停" * 501):
        with pytest.raises(Refused, match="请写明申诉理由"):
            actions.appeal(own_sheet(officer).ref, point, "V2", words, by=officer, at=WHEN)


def test_an_answer_without_a_decision_decides_nothing(officer, leader, signed_in):
    made(leader)
    sheet = own_sheet(officer)
    actions.appeal(sheet.ref, AssessmentPoint.ON_TIME, "V2", "企业停电", by=officer, at=WHEN)
    (appeal,) = own_sheet(officer).appeals
    page = f"/oversight/assessments/{sheet.ref}/"
    browser = signed_in(leader)
    assert '<option value="">请选择</option><option value="no">' in browser.get(page).text
    given = {"upheld": "", "answer": "看过"}
    assert (
        "请选择采纳还是不采纳"
        in browser.post(
            f"{page}answer/{appeal.number}/",
            given,
            follow=True,
            HTTP_REFERER=f"http://testserver{page}",
        ).text
    )
    assert own_sheet(officer).appeals[0].is_upheld is None


def test_no_leader_answers_the_own_appeal(officer, leader, person):
    """Whoever has the power to answer is refused where the sheet is the own."""
    made(leader)
    sheet = own_sheet(officer)
    actions.appeal(sheet.ref, AssessmentPoint.ON_TIME, "V2", "企业停电", by=officer, at=WHEN)
    (appeal,) = own_sheet(officer).appeals
    risen = replace(officer, roles=frozenset({Role.LEADER}))
    with pytest.raises(NotAllowed, match="另一名批准领导"):
        actions.answer_appeal(sheet.ref, appeal.number, "属实", is_upheld=True, by=risen, at=WHEN)
    assert own_sheet(officer).appeals[0].is_upheld is None


def test_everybody_sees_the_own_sheet_and_nobody_an_order_by_score(
    officer, leader, person, signed_in
):
    made(leader)
    other = person("jc2", "另一人", Role.INSPECTOR)
    sheet = own_sheet(officer)
    page = f"/oversight/assessments/{sheet.ref}/"
    assert "提出申诉" in signed_in(officer).get(page).content.decode()
    assert "我的考核表" in signed_in(officer).get("/oversight/mine/").content.decode()
    assert signed_in(other).get(page).status_code == 403
    assert signed_in(officer).get("/oversight/assessments/").status_code == 403
    listed = signed_in(leader).get(f"/oversight/assessments/?quarter={QUARTER}")
    assert "不排名次" in listed.content.decode()
    rows = assessment_reads.sheets(BUREAU, QUARTER)
    assert [(r.is_unit, r.name) for r in rows] == sorted((r.is_unit, r.name) for r in rows)


def test_a_problem_has_an_owner_and_a_day_until_somebody_else_has_looked(leader, chen, stranger):
    due = WHEN.date() + timedelta(days=10)
    with pytest.raises(NotAllowed):
        actions.set_task("预警", "补拍照片", chen.ref, due_on=due, by=stranger, at=WHEN)
    with pytest.raises(Refused, match="给自己"):
        actions.set_task("预警", "补拍照片", leader.ref, due_on=due, by=leader, at=WHEN)
    ref = actions.set_task("预警", "补拍照片", chen.ref, due_on=due, by=leader, at=WHEN)
    with pytest.raises(WrongState):
        actions.check_task(ref, "看过", is_mended=True, by=leader, at=WHEN)
    actions.report_mended(ref, "已补拍", by=chen, at=WHEN)
    actions.check_task(ref, "缺一张", is_mended=False, by=leader, at=WHEN)
    row = assessment_reads.task(ref, BUREAU)
    assert (row.state, row.is_late(due + timedelta(days=1))) == (MendingState.OPEN, True)
    with pytest.raises(NotAllowed):
        actions.report_mended(ref, "代报", by=leader, at=WHEN)
    actions.report_mended(ref, "已补齐", by=chen, at=WHEN)
    actions.check_task(ref, "齐了", is_mended=True, by=leader, at=WHEN)
    assert assessment_reads.task(ref, BUREAU).state is MendingState.CLOSED


def test_once_it_is_checked_a_task_is_no_longer_late(leader, chen, signed_in, monkeypatch):
    due = WHEN.date() + timedelta(days=10)
    ref = actions.set_task("预警", "补拍照片", chen.ref, due_on=due, by=leader, at=WHEN)
    monkeypatch.setattr(clock, "now", lambda: WHEN + timedelta(days=40))
    assert "，已过 " in signed_in(chen).get("/oversight/mine/").text
    actions.report_mended(ref, "已补拍", by=chen, at=WHEN)
    actions.check_task(ref, "齐了", is_mended=True, by=leader, at=WHEN)
    assert "，已过 " not in signed_in(chen).get("/oversight/mine/").text


def test_note_39_weights_are_equal_until_a_ruling_takes_those_that_were_set(officer, leader):
    key = OversightKey.WEIGHT_WHOLE
    since = AT.date() + timedelta(days=1)
    accounts.set_oversight(key, 7, "领导小组决定", since=since, by=leader, at=AT)
    made(leader)
    assert {point.weight for point in own_sheet(officer).body.points} == {1}
    registry.record_ruling(
        registry.Answer(
            key="assessment.weights", value="as_set", reading="按设定的权重",
            decided_by="双随机工作领导小组（虚构）", document="临环双随机〔2026〕3号", on=AT.date(),
        ),
        by=leader, at=AT,
    )  # fmt: skip
    assert made(leader) == 4
    weights = {point.point: point.weight for point in own_sheet(officer).body.points}
    assert (weights[AssessmentPoint.WHOLE], weights[AssessmentPoint.ON_TIME]) == (7, 1)
