"""The fictional bureau is made by the product's own acts, and a finished quarter is whole."""

import re
from datetime import date

import pytest
from django.db import transaction

from gongchou.accounts import organisation_reads
from gongchou.accounts.models import User
from gongchou.audit import reads as audit
from gongchou.config import demo_bureau, demo_door, demo_year, phases
from gongchou.config.demo_bureau import CODE
from gongchou.core import draw_record
from gongchou.core.classify import classify
from gongchou.core.joint_record import verify_joint
from gongchou.core.oversight_terms import GroupKind
from gongchou.core.roster import drawable_problem
from gongchou.core.terms import (
    DrawState,
    JointKind,
    PackageForm,
    PackageState,
    PublicationKind,
    ScanCheck,
    Stratum,
    TrainingKind,
    VisitState,
)
from gongchou.core.workdays import Quarter
from gongchou.desk import reads as desk
from gongchou.drawing import reads as draws
from gongchou.inspection import reads as visits
from gongchou.law.load import load_profile
from gongchou.offsite import reads as offsite
from gongchou.planning import reads as plans
from gongchou.publication import reads as published
from gongchou.registry import reads
from gongchou.reporting import assessment_reads, package_reads
from gongchou.training import reads as training
from gongchou.web.clock import day_of

BEFORE = "2026Q1"
# Pages of a role that are opened, the nearest to its home first.
LOOKED_AT = 40


@pytest.fixture(scope="module")
def year(django_db_setup, django_db_blocker):
    """One finished quarter and the beginning of the next, made once for all tests here."""
    at = demo_bureau.opening(date(2026, 4, 20))
    with django_db_blocker.unblock(), transaction.atomic():
        demo_year.build(at, finished=1)
        yield day_of(at)
        transaction.set_rollback(True)


@pytest.fixture
def today(year, db):
    return year


def test_every_stratum_has_members_and_some_sites_are_out_with_a_reason(today):
    snapshot = reads.snapshot(CODE, today)
    found = classify(snapshot, load_profile("tangshan_gaoxin_2024"), Quarter.of(today))
    assert len(found.rows) == 300
    assert all(found.base_counts()[stratum] > 10 for stratum in Stratum)
    assert {row.out_reason for row in found.rows if not row.is_in_base}


def test_most_inspectors_can_be_drawn_and_the_others_have_a_reason(today):
    problems = [drawable_problem(p, today) for p in reads.inspectors(CODE, today)]
    assert problems.count(None) == 10 + 8
    assert len(problems) == 14 + 8


def test_all_of_it_left_its_events_in_an_unbroken_chain(today):
    assert audit.first_break_of(CODE) is None
    kinds = {link.event.kind for link in audit.chain(CODE)}
    assert {"register_imported", "draw_sealed", "visit_released", "record_reviewed"} <= kinds


def test_everything_says_that_it_is_a_demonstration(today):
    assert all("演示" in subject.name for subject in reads.snapshot(CODE, today).subjects)


def test_the_finished_quarter_s_draw_is_public_and_anybody_can_recompute_it(today):
    for task, verify in zip(
        plans.tasks(CODE, BEFORE), (draw_record.verify, verify_joint), strict=True
    ):
        draw = draws.draw_of_task(task.ref)
        assert draw.state is DrawState.PUBLISHED
        steps = verify(draws.published_record(draw.ref), real=True)
        assert draw_record.is_valid(steps), [step.says for step in steps if not step.ok]


def test_the_departments_of_the_joint_task_went_together_and_all_signed(today):
    done = [v for v in visits.visits(CODE, BEFORE) if v.joint_kind is JointKind.JOINT_CROSS_DEPT]
    assert len(done) == 5
    went = [{person.unit for person in visit.inspectors} for visit in done]
    assert sum("990180" in units for units in went) == 5, "the market department goes to every site"
    assert sum("990181" in units for units in went) == 2, "the safety department drew two"
    for visit in done:
        signed = {one.ref for one in visits.record(visit.ref).body.officers}
        assert signed == visit.team


def test_every_stratum_of_the_finished_quarter_was_done_as_planned(today):
    done = visits.visits(CODE, BEFORE)
    assert {visit.state for visit in done} == {VisitState.REVIEWED}
    for owed in plans.plan_of(CODE, BEFORE).strata:
        held = {visit.subject for visit in done if visit.stratum is owed.stratum}
        assert owed.is_offsite or len(held) >= owed.required_count


def test_every_listed_unit_was_covered_off_site(today):
    found = offsite.coverage(CODE, BEFORE)
    assert (found.required_count, found.covered_count) == (found.required_count,) * 2 != (0, 0)


def test_every_result_and_the_table_of_the_quarter_are_public(today):
    done = [visit.ref for visit in visits.visits(CODE, BEFORE)]
    states = published.publication_state_of_visits(CODE, done)
    withdrawn = set(done) - set(states)
    assert len(withdrawn) <= 1
    assert all(published.withdrawn_count(CODE, [ref]) for ref in withdrawn)
    assert published.current(CODE, PublicationKind.STATISTICS, quarter=BEFORE) is not None


def test_the_present_quarter_waits_for_its_draw(today):
    this = str(Quarter.of(today))
    assert plans.plan_of(CODE, this).approved_by == "赵局长"
    assert draws.draws(CODE, this) == ()


def test_nothing_is_dated_after_the_day_of_the_demonstration(today):
    after = [day_of(link.event.at) for link in audit.chain(CODE) if day_of(link.event.at) > today]
    assert after == []


def test_each_quarter_has_training_outreach_service_and_a_practice(today):
    quarter = Quarter.parse(BEFORE)
    held = training.events(CODE, quarter.first, quarter.last)
    assert {row.kind for row in held} == set(TrainingKind)
    assert training.taken_up(CODE, quarter)


def test_the_desk_says_of_the_finished_quarter_that_it_is_done(today):
    rows = [row for row in desk.dates(CODE, today) if str(row.quarter) == BEFORE]
    sent = "已报送并签收"
    assert [row.done for row in rows][:2] == [f"检查已完成，{sent}", sent]
    assert not any(row.done for row in desk.dates(CODE, today) if str(row.quarter) != BEFORE)


def test_the_package_of_the_finished_quarter_was_sent_and_received(today):
    [package] = package_reads.packages(CODE, BEFORE)
    assert package.state is PackageState.RECEIVED
    assert {file.checked for file in package.files if file.form is PackageForm.SCAN} == {
        ScanCheck.CODE_READ
    }
    steps = phases.phases(CODE, Quarter.parse(BEFORE), today)
    assert [step.state for step in steps if step.name == "报送"] == [phases.DONE]


def test_each_body_has_members_in_their_term_and_one_has_left(today):
    seats = organisation_reads.seats(CODE)
    assert {seat.group for seat in seats if seat.is_held(today)} == set(GroupKind)
    assert [seat.name for seat in seats if not seat.is_held(today)] == ["演示前任成员"]


def test_one_appeal_is_answered_and_one_waits(today):
    appeals = [one for row in assessment_reads.sheets(CODE, BEFORE) for one in row.appeals]
    assert sorted(str(one.is_upheld) for one in appeals) == ["None", "True"]
    assert assessment_reads.open_appeals(CODE) == 1


@pytest.mark.parametrize("login", demo_door.TASKS)
def test_no_link_on_the_pages_of_a_role_leads_to_a_dead_end(today, signed_in, login):
    """What the home page and the rooms of each role lead to opens."""
    client, seen, waiting = signed_in(User.objects.get(login=login)), set(), ["/"]
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        assert answer.status_code == 200, (login, path)
        seen.add(path)
        is_page = answer["Content-Type"].startswith("text/html") and not answer.streaming
        if len(seen) < LOOKED_AT and is_page:
            links = re.findall(r'<a [^>]*href="(/[^"#?]*)"', answer.content.decode())
            waiting += [link for link in links if link not in (*seen, *waiting)]
        waiting = waiting[: LOOKED_AT - len(seen)]
