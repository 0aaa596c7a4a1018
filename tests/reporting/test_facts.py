"""Facts counted from the other rooms' records, and each cell counted a second time by query."""

from datetime import date, datetime

import pytest
from django.db.models import Sum

from gongchou.audit import reads as audit
from gongchou.core.oversight_terms import AssessmentPoint
from gongchou.core.plain import SHANGHAI
from gongchou.core.powers import system
from gongchou.core.record import RecordBody
from gongchou.core.refusals import NotAllowed
from gongchou.core.statistics import frozen
from gongchou.core.terms import (
    JointKind,
    OffsiteConclusion,
    Role,
    SourceKind,
    VisitResult,
    VisitState,
)
from gongchou.core.workdays import Quarter
from gongchou.inspection.models import RecordRevision, TeamMember, Visit
from gongchou.offsite import actions as offsite
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.registry import actions as registry
from gongchou.reporting import actions, reads
from gongchou.reporting.assessing import marks
from gongchou.reporting.models import Fact, FactSet
from tests.conftest import AT, BUREAU
from tests.offsite.test_checks import LATER, given, read
from tests.reporting.quarters import QUARTER, make_registers, make_visit, subject_of

Q1 = Quarter.parse(QUARTER)


@pytest.fixture
def visited(plan) -> None:
    """Five visits to four key sites: one late, one joint, one with problems, one across."""
    make_visit(1)
    make_visit(2, site=1, joint_kind=JointKind.JOINT_INTERNAL.value)
    make_visit(3, problem_count=2, visit_result=VisitResult.ORDERED_CORRECT.value)
    make_visit(4, ended_on=date(2026, 3, 25))
    make_visit(5, joint_kind=JointKind.JOINT_CROSS_DEPT.value, is_tiered=False, units=["zd"])


def count(by, quarter=Q1):
    return actions.build_facts(quarter, by=by, at=AT)


def numbers(by) -> dict[str, int]:
    count(by)
    return {row.quarter.key: row.quarter.count for row in reads.table(BUREAU, Q1)}


def test_every_cell_of_visits_is_the_number_a_query_gives(visited, chen):
    found = numbers(chen)
    rows = Visit.objects.filter(state="reviewed", is_random=True)
    in_time = rows.filter(ended_on__lte=date(2026, 3, 24)).values("subject").distinct().count()
    assert found["visits"] == rows.count() == 5
    assert found["done.key"] == rows.values("subject").distinct().count() == 4
    assert found["late.key"] == 4 - in_time == 1
    assert found["joint_internal"] == rows.filter(joint_kind="joint_internal").count() == 1
    assert found["own_visits"] == rows.exclude(joint_kind="joint_cross_dept").count() == 4
    assert found["tiered"] == rows.filter(is_tiered=True).count() == 4
    assert found["cross_subjects"] == rows.filter(joint_kind="joint_cross_dept").count() == 1
    assert found["person_times"] == TeamMember.objects.filter(visit__in=rows).count() == 10
    assert found["problems"] == rows.aggregate(n=Sum("problem_count"))["n"] == 2
    assert found["problem_subjects"] == rows.filter(problem_count__gt=0).count() == 1
    assert found["publish_due"] == rows.count()
    assert found["forms_in"] == rows.exclude(paper_received_on=None).count() == 0


def test_every_cell_of_the_plan_is_the_number_the_plan_froze(plan, chen):
    found, classes = numbers(chen), plans.classification(plan)
    for row in plans.plan(plan).strata:
        assert found[f"subjects.{row.stratum}"] == sum(
            one.stratum is row.stratum for one in classes.rows
        )
        assert found[f"owed.{row.stratum}"] == row.required_count
    assert found["base.key"] == 11
    assert found["subjects"] == len(classes.rows)


def test_off_site_checks_are_counted_when_concluded_and_cover_when_valid(plan, chen, person):
    shen = person("shen", "沈审核", Role.REVIEWER)
    for number, count_read, word in ((12, 4, "normal"), (13, 1, "insufficient_data")):
        what = given(read(SourceKind.LEDGER, count_read, 4))
        ref = offsite.record_check(
            QUARTER, subject_of(number), what, chance=b"1", by=chen, at=LATER
        )
        assert numbers(chen)["covered"] == (number == 13)
        conclusion = OffsiteConclusion(word)
        offsite.conclude_check(ref, conclusion, opinion="同意。", by=shen, at=LATER)
    found = numbers(chen)
    assert [found[k] for k in ("offsite_checks", "offsite_short", "covered")] == [1, 1, 1]
    assert found["owed.general_listed"] == 2


def ended(ref: str, at: datetime) -> None:
    RecordRevision.objects.create(
        visit=Visit.objects.get(ref=ref), number=1, kind="submitted", by_ref="U-li",
        by_name="李执法", at=AT, digest="0" * 64, client_id=ref,
        body=RecordBody(ended_at=at).frozen(),
    )  # fmt: skip


@pytest.mark.parametrize(("cutoff", "in_time", "late"), [(None, 2, 0), ("17:30", 1, 1)])
def test_note_33_after_the_hour_of_the_last_day_a_visit_is_late(
    plan, chen, leader, cutoff, in_time, late
):
    for number, hour in ((1, 17), (2, 18)):
        ref = make_visit(number, ended_on=date(2026, 3, 24))
        ended(ref, datetime(2026, 3, 24, hour, 15, tzinfo=SHANGHAI))
    if cutoff:
        registry.record_ruling(
            registry.Answer(
                key="deadline.cutoff", value=cutoff, reading="到下班时间为止",
                decided_by="双随机工作领导小组（虚构）", document="虚构〔2026〕6号",
                on=date(2026, 1, 5),
            ),
            by=leader, at=AT,
        )  # fmt: skip
    found = numbers(chen)
    assert (found["done.key"] - found["late.key"], found["late.key"]) == (in_time, late)
    point = AssessmentPoint.ON_TIME.value
    marks_ = [m for of in marks(BUREAU, Q1, date(2026, 3, 31)).values() for m in of]
    on_time = {m.record: m.good for m in marks_ if m.point.value == point}
    assert on_time == {"V1": 1, "V2": 1 - late}


def test_only_reviewed_visits_are_counted(plan, chen):
    for number, state in enumerate(VisitState, start=20):
        done = state is VisitState.REVIEWED
        reason = {"void_reason": "重复"} if state is VisitState.VOID else {}
        make_visit(number, state=state.value, **({} if done else {"visit_result": ""}), **reason)
    assert numbers(chen)["visits"] == 1


def test_a_visit_of_last_quarter_s_list_counts_where_it_ended(plan, chen):
    make_visit(1, quarter="2025Q4")
    make_visit(2, ended_on=date(2026, 4, 1))
    assert numbers(chen)["visits"] == 1
    count(chen, Q1.next())
    assert {f.records[0].ref for f in reads.held(BUREAU, Q1.next()).facts} == {"V2"}


def test_a_plan_that_nobody_approved_owes_nothing_yet(chen, bureau):
    make_registers(chen)
    planning.compute_plan(QUARTER, by=chen, at=AT)
    assert numbers(chen)["owed.key"] == 0
    assert reads.standing(bureau, Q1, AT.date()) == ()


def test_facts_counted_from_nothing_are_the_same_bytes(visited, chen, bureau):
    digest = count(chen)
    before = frozen(reads.held(bureau, Q1).facts)
    Fact.objects.all().delete()
    FactSet.objects.all().delete()
    assert count(chen) == digest
    assert frozen(reads.held(bureau, Q1).facts) == before


def test_counting_again_without_change_leaves_no_second_event(visited, chen, bureau):
    about = f"{bureau}-{QUARTER}"
    for _ in range(2):
        count(chen)
    assert len(audit.events(bureau, about=about)) == 1
    make_visit(6)
    count(chen)
    assert len(audit.events(bureau, about=about)) == 2


def test_the_nightly_work_counts_and_strangers_do_not(plan, stranger, leader, bureau):
    for actor in (stranger, leader):
        with pytest.raises(NotAllowed, match="生成统计表"):
            count(actor)
    assert count(system(bureau))


def test_the_board_says_what_is_met_and_what_is_short(visited, chen, bureau):
    count(chen)
    during = {row.key: row for row in reads.standing(bureau, Q1, date(2026, 3, 30))}
    assert (during["ratio.key"].done, during["ratio.key"].required) == (4, 3)
    assert during["ratio.key"].state.value == "met"
    assert during["ratio.special"].state.value == "not_applicable"
    assert during["ratio.general_unlisted"].state.value == "not_yet"
    after = {row.key: row for row in reads.standing(bureau, Q1, date(2026, 4, 1))}
    assert after["ratio.general_unlisted"].state.value == "short"
    assert (after["joint.internal"].missing, after["tiered"].missing) == (1, 1)


def test_a_cell_opens_the_records_it_was_counted_from(visited, chen, bureau):
    count(chen)
    found = reads.cell(bureau, Q1, "done.key", is_year=False)
    assert [record.ref for record in found.records] == ["V1", "V3", "V4", "V5"]
    assert sum(fact.count for fact in found.facts) == found.cell.count
