"""Four duties of one draw and who did them."""

import pytest

from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.separation import Hand, doubled, others


def hand(duty: DrawDuty, ref: str) -> Hand:
    return Hand(duty=duty, ref=ref, name=f"{ref}先生")


APART = tuple(hand(duty, ref) for duty, ref in zip(DrawDuty, "abcd", strict=True))


def test_four_persons_overlap_nowhere():
    assert doubled(APART) == ()
    assert others(APART, "a", DrawDuty.SETS) == ()


@pytest.mark.parametrize("duty", list(DrawDuty))
def test_who_did_one_duty_is_named_for_each_of_the_other_three(duty):
    for one in APART:
        found = others(APART, one.ref, duty)
        assert found == (() if one.duty is duty else (one.duty,))


def test_two_hands_in_the_same_duty_are_no_overlap():
    twice = (*APART, hand(DrawDuty.CONFIRMS, "e"), hand(DrawDuty.CONFIRMS, "e"))
    assert doubled(twice) == ()


def test_an_overlap_names_person_and_duties_in_order():
    [found] = doubled((hand(DrawDuty.PUBLISHES, "a"), *APART))
    assert (found.ref, found.duties) == ("a", (DrawDuty.SETS, DrawDuty.PUBLISHES))
