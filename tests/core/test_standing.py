"""The clauses of the policy: below, on and above each requirement, before and after its day."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from gongchou.core.counting import facts_of
from gongchou.core.quota import stratum_plan
from gongchou.core.rules import Clause, Parameter
from gongchou.core.standing import Dates, ground, overall, standings
from gongchou.core.terms import JointKind, OffsiteConclusion, StandingState, Stratum
from tests.core.counting_samples import (
    DEADLINE,
    PROFILE,
    Q1,
    concluded,
    covered,
    make_plan,
    make_records,
    plan_strata,
    visit,
)

MET, SHORT, NOT_YET, NONE = (
    StandingState.MET,
    StandingState.SHORT,
    StandingState.NOT_YET,
    StandingState.NOT_APPLICABLE,
)
DURING, AFTER = date(2026, 3, 31), date(2026, 4, 1)


def dates(today=DURING, statistics_on=None):
    return Dates(
        day=today,
        quarter_last=Q1.last,
        task=DEADLINE,
        statistics=date(2026, 4, 1),
        forms=date(2026, 4, 10),
        statistics_on=statistics_on,
    )


def stand(*visits, today=DURING, profile=PROFILE, strata=None, statistics_on=None, **fields):
    facts = facts_of(make_records(visits=visits, **fields))
    on = ground(
        plan_strata() if strata is None else strata,
        profile,
        dates(today, statistics_on),
        quarter=facts,
        year=facts,
    )
    return {row.key: row for row in standings(on)}


def keys(count, **fields):
    return [visit(f"V{n}", **fields) for n in range(count)]


@pytest.mark.parametrize(
    ("done", "today", "state", "missing"),
    [
        (2, DURING, NOT_YET, 1),
        (2, AFTER, SHORT, 1),
        (3, DURING, MET, 0),
        (4, AFTER, MET, 0),
    ],
)
def test_three_of_eleven_key_subjects_are_a_quarter(done, today, state, missing):
    found = stand(*keys(done), today=today)["ratio.key"]
    assert (found.state, found.missing, found.required) == (state, missing, 3)
    assert "基数 11 家 × 25% = 2.75，进一为 3 家。" in found.why


def test_an_empty_stratum_is_not_applicable_and_counts_as_met():
    strata = plan_strata({**dict.fromkeys(Stratum, 0), Stratum.KEY: 11})
    found = stand(strata=strata)
    assert found["ratio.special"].state is NONE
    assert found["coverage"].state is NONE
    assert "视为达标" in found["ratio.special"].why


def test_late_ones_count_for_the_ratio_and_not_for_the_task():
    late = keys(3, ended_on=date(2026, 3, 25))
    found = stand(*late, today=date(2026, 3, 25))
    assert found["ratio.key"].state is MET
    assert (found["task"].state, found["task"].done) == (SHORT, 0)
    assert "逾期完成 3 家（计入）" in found["ratio.key"].why


@pytest.mark.parametrize(("today", "state"), [(DEADLINE, NOT_YET), (date(2026, 3, 25), SHORT)])
def test_the_task_is_short_only_after_its_last_day(today, state):
    assert stand(*keys(3), today=today)["task"].state is state


def test_many_in_one_stratum_do_not_make_up_for_another():
    found = stand(*keys(11))["task"]
    assert (found.done, found.required) == (3, 7)


@pytest.mark.parametrize(("joint", "state", "missing"), [(6, NOT_YET, 1), (7, MET, 0), (8, MET, 0)])
def test_seven_of_twenty_are_joint_at_thirty_five_percent(joint, state, missing):
    kinds = [JointKind.JOINT_INTERNAL] * joint + [JointKind.NONE] * (20 - joint)
    made = [visit(f"V{n}", joint_kind=kind, unit_count=2) for n, kind in enumerate(kinds)]
    found = stand(*made)["joint.internal"]
    assert (found.state, found.missing, found.required) == (state, missing, 7)


@pytest.mark.parametrize(("untiered", "state"), [(3, MET), (4, NOT_YET)])
def test_twenty_tiered_visits_bear_three_untiered(untiered, state):
    rest = [visit(f"U{n}", is_tiered=False) for n in range(untiered)]
    found = stand(*keys(20), *rest)["tiered"]
    assert found.state is state
    assert found.is_year
    assert "按年度累计判定" in found.why
    assert "按本季度预警" in found.why


def test_note_19_a_short_quarter_is_warned_of_while_the_year_is_met():
    untiered = [visit(f"U{n}", is_tiered=False) for n in range(2)]
    quarter = facts_of(make_records(visits=(*keys(8), *untiered)))
    year = facts_of(make_records(visits=(*keys(18), *untiered)))
    on = ground(plan_strata(), PROFILE, dates(AFTER), quarter=quarter, year=year)
    found = next(row for row in standings(on) if row.key == "tiered")
    assert (found.state, found.done, found.required) == (MET, 18, 17)
    assert "按本季度预警：分级分类抽查 8 家次 ÷ 10 家次 = 80%" in found.why
    assert "还差 1 家次" in found.why


def test_before_the_first_visit_shares_are_not_judged():
    found = stand()
    assert (found["joint.internal"].state, found["tiered"].state) == (NOT_YET, NOT_YET)
    assert stand(today=AFTER)["joint.internal"].state is NONE


def test_coverage_counts_what_is_covered_and_names_what_lacked_data():
    checks = (concluded("F1"), concluded("F2", OffsiteConclusion.INSUFFICIENT_DATA))
    found = stand(checks=checks, covers=(covered("X", "F1"),), today=AFTER)["coverage"]
    assert (found.state, found.done, found.missing) == (SHORT, 1, 1)
    assert "数据不足 1 家次" in found.why
    both = (covered("X", "F1"), covered("Y", "F2"))
    assert stand(covers=both, today=AFTER)["coverage"].state is MET


def test_cross_department_numbers_wait_for_the_yearly_order():
    assert stand()["cross_sessions"].state is NONE
    clause = Clause(source="虚构文件", number="一", says="全年四次")
    four = Parameter(
        key="joint.cross_dept.sessions", value=4, clause=clause, since=date(2026, 1, 1)
    )
    profile = replace(PROFILE, parameters=(*PROFILE.parameters, four))
    assert stand(profile=profile)["cross_sessions"].missing == 1
    cross = visit("V1", joint_kind=JointKind.JOINT_CROSS_DEPT)
    assert stand(cross, profile=profile)["cross_sessions"].state is MET


@pytest.mark.parametrize(
    ("today", "made", "state"),
    [
        (date(2026, 4, 1), None, NOT_YET),
        (date(2026, 4, 2), None, SHORT),
        (date(2026, 4, 2), date(2026, 4, 1), MET),
        (date(2026, 4, 2), date(2026, 4, 2), SHORT),
    ],
)
def test_the_table_is_made_by_the_first_working_day(today, made, state):
    assert stand(today=today, statistics_on=made)["statistics"].state is state


def test_forms_are_owed_for_each_reviewed_visit_until_their_last_day():
    made = (visit("V1", paper_on=date(2026, 3, 2)), visit("V2"))
    assert stand(*made, today=date(2026, 4, 10))["forms"].state is NOT_YET
    found = stand(*made, today=date(2026, 4, 11))["forms"]
    assert (found.state, found.missing) == (SHORT, 1)


@pytest.mark.parametrize(
    ("today", "state"), [(date(2026, 3, 3), NOT_YET), (date(2026, 3, 4), SHORT)]
)
def test_a_result_not_public_is_short_after_its_own_last_day(today, state):
    assert (
        stand(visit("V1", publish_by=date(2026, 3, 3)), today=today)["publication"].state is state
    )


def test_a_result_public_too_late_stays_short():
    shown = {"publish_by": date(2026, 3, 3), "publication": "O1"}
    in_time = visit("V1", published_on=date(2026, 3, 3), **shown)
    late = visit("V1", published_on=date(2026, 3, 4), **shown)
    assert stand(in_time)["publication"].state is MET
    assert stand(late)["publication"].state is SHORT


def test_every_clause_cites_its_source_and_names_cells_of_the_table():
    found = stand(*keys(3))
    assert all(row.clause.source and row.clause.number and row.why for row in found.values())
    assert sum(overall(found.values()).values()) == len(found)


def test_a_kind_of_subject_with_its_own_ratio_has_its_own_line():
    """Forty of a hundred a year in construction, twelve others: each counts its own visits."""
    base = PROFILE.quota(Stratum.GENERAL_UNLISTED, Q1.first)
    own = replace(base, ratio=Fraction(40, 100), per="year", part="building", part_name="在建项目")
    rest = replace(base, ratio=Fraction(12), of="fixed")
    strata = tuple(stratum_plan(q, base=n, quarter=Q1) for q, n in ((own, 20), (rest, 40)))
    plan = make_plan({Stratum.GENERAL_UNLISTED: 40})
    plan = replace(plan, parts=((Stratum.GENERAL_UNLISTED, "building", 20, 2),))
    done = [visit(f"B{n}", stratum=Stratum.GENERAL_UNLISTED, part="building") for n in range(3)]
    done += [visit(f"R{n}", stratum=Stratum.GENERAL_UNLISTED) for n in range(5)]
    found = stand(*done, strata=strata, plan=plan)
    own_line, other = (found[f"ratio.general_unlisted{end}"] for end in (".building", ""))
    assert (own_line.done, own_line.required, own_line.missing) == (3, 2, 0)
    assert own_line.title == "一般（正面清单外）（在建项目）监管对象抽查 每年 40%"
    assert (other.done, other.required, other.missing) == (5, 12, 7)
    assert other.title == "一般（正面清单外）监管对象抽查 每季度 12 家"
    assert [r.ref for f in own_line.done_facts for r in f.records] == ["B0", "B1", "B2"]
    assert sum(fact.count for fact in own_line.of_facts) == 2
    assert found["task"].done == 7  # two of the three, and all five
