"""Shares, and what a cap makes impossible."""

from datetime import date
from fractions import Fraction

import pytest

from gongchou.core.shares import (
    cap_conflict,
    joint_duty,
    share_missing,
    share_result,
    tiered_result,
    untiered_allowed,
)
from gongchou.law.load import load_profile

PROFILE = load_profile("tangshan_gaoxin_2024")
DAY = date(2026, 1, 5)
JOINT, TIERED = PROFILE.share("joint.internal", DAY), PROFILE.share("tiered", DAY)


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
