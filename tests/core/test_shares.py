"""Shares, what counts as done, and what a cap makes impossible."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from gongchou.core.shares import (
    DoneVisit,
    cap_conflict,
    joint_duty,
    measured,
    share_missing,
    share_result,
    tiered_result,
    untiered_allowed,
)
from gongchou.core.terms import VisitResult
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile

PROFILE = load_profile("tangshan_gaoxin_2024")
DAY, Q1, DEADLINE = date(2026, 1, 5), Quarter(2026, 1), date(2026, 3, 24)
JOINT, TIERED = PROFILE.share("joint.internal", DAY), PROFILE.share("tiered", DAY)


def done(subject, ended_on=date(2026, 2, 3), visit_result=VisitResult.NO_PROBLEM):
    return DoneVisit(subject=subject, ended_on=ended_on, visit_result=visit_result)


def counted(*visits, profile=PROFILE):
    return measured(visits, profile, drawn=5, quarter=Q1, deadline=DEADLINE)


def switched_off(key):
    rows = tuple(replace(p, value=False) if p.key == key else p for p in PROFILE.parameters)
    return replace(PROFILE, parameters=rows)


def test_note_14_distinct_units_with_a_visit_are_done_not_the_drawn():
    found = counted(done("S1"), done("S2"))
    assert (found.drawn_count, found.subject_count) == (5, 2)


def test_note_15_two_visits_to_one_unit_are_two_visits_and_one_unit():
    found = counted(done("S1"), done("S1", date(2026, 3, 1)))
    assert (found.subject_count, found.visit_count) == (1, 2)


def test_note_29_a_unit_found_closed_counts_unless_the_policy_says_otherwise():
    visit = done("S1", visit_result=VisitResult.CLOSED_OR_MOVED)
    assert counted(visit).subject_count == 1
    off = switched_off("measure.unvisitable_counts")
    assert counted(visit, profile=off).subject_count == 0


@pytest.mark.parametrize(
    ("ended_on", "late", "units"),
    [(DEADLINE, 0, 1), (date(2026, 3, 25), 1, 1), (date(2026, 3, 31), 1, 1)],
)
def test_note_34_late_inside_the_quarter_counts_and_is_marked(ended_on, late, units):
    found = counted(done("S1", ended_on))
    assert (found.late_count, found.subject_count) == (late, units)


def test_note_34_late_may_be_left_out():
    late = done("S1", date(2026, 3, 25))
    assert counted(late, profile=switched_off("measure.late_counts")).subject_count == 0


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 4, 1)])
def test_note_42_a_visit_belongs_to_the_quarter_it_ends_in(day):
    assert counted(done("S1", day)).visit_count == 0


def test_note_19_twenty_tiered_visits_leave_room_for_three_untiered():
    assert untiered_allowed(Fraction(85, 100), 20) == 3
    assert share_missing(Fraction(85, 100), 20, 23) == 0
    assert tiered_result(TIERED, tiered=20, untiered=3).is_met
    assert not tiered_result(TIERED, tiered=20, untiered=4).is_met


@pytest.mark.parametrize("tiered", range(1, 101))
def test_note_19_the_room_for_untiered_is_exact(tiered):
    room = untiered_allowed(TIERED.least, tiered)
    assert tiered_result(TIERED, tiered=tiered, untiered=room).is_met
    assert not tiered_result(TIERED, tiered=tiered, untiered=room + 1).is_met


@pytest.mark.parametrize(
    ("joint", "of", "missing"), [(6, 20, 1), (7, 20, 0), (8, 20, 0), (0, 0, 0)]
)
def test_note_20_thirty_five_percent_of_own_visits(joint, of, missing):
    assert share_result(JOINT, done=joint, of=of, what="内部联合").missing == missing


def test_note_20_the_sum_is_worked_out_for_the_reader():
    assert share_result(JOINT, done=6, of=20, what="内部联合").why == (
        "内部联合 6 家次 ÷ 20 家次 = 30%，至少 35% 即 7 家次，还差 1 家次。"
    )
    assert "视为达标" in share_result(JOINT, done=0, of=0, what="内部联合").why


def test_note_23_too_few_visits_that_can_be_joint_are_said_aloud():
    assert joint_duty(JOINT, visits=20, possible=7) == (7, "")
    owed, says = joint_duty(JOINT, visits=20, possible=5)
    assert owed == 5
    assert "差 2 家" in says


def test_note_43_sixty_five_percent_a_quarter_against_a_cap_of_two():
    says = cap_conflict(Fraction(65, 100), 2, what="特殊监管对象", base=20)
    assert says is not None
    assert "2.6 次" in says
    assert "13 家次、全年 52 家次，上限只容 40 家次" in says


@pytest.mark.parametrize(("cap", "is_possible"), [(2, False), (3, True)])
def test_note_43_below_and_above_the_cap(cap, is_possible):
    assert (cap_conflict(Fraction(65, 100), cap, what="特殊") is None) == is_possible
    assert cap_conflict(Fraction(1, 2), 2, what="特殊") is None
