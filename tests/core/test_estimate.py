"""The number of subjects with problems: unbiased, and inside its interval 95 times in 100."""

from fractions import Fraction
from itertools import product
from math import comb

import pytest

from gongchou.core.estimate import Estimate, Sampled, estimate


def sampled(size, checked, problems):
    return Sampled(name="key", size=size, checked=checked, problems=problems)


def chance(size, checked, there, found):
    """Of drawing `found` of `there` problems: written out once more."""
    if found > there or checked - found > size - there:
        return Fraction(0)
    return Fraction(comb(there, found) * comb(size - there, checked - found), comb(size, checked))


@pytest.mark.parametrize(("size", "checked"), [(1, 1), (8, 6), (11, 3), (20, 6), (34, 2)])
def test_the_interval_holds_the_truth_at_least_95_times_in_100(size, checked):
    """Not simulated: every outcome of every population is counted with its exact chance."""
    made = [estimate([sampled(size, checked, found)]) for found in range(checked + 1)]
    for there in range(size + 1):
        held = sum(
            chance(size, checked, there, found)
            for found, one in enumerate(made)
            if one.low <= there <= one.high
        )
        assert held >= Fraction(95, 100), (there, held)


def test_two_strata_together_hold_the_truth_too():
    sizes = ((7, 3), (9, 2))
    for there in product(range(8), range(10)):
        held = Fraction(0)
        for found in product(range(4), range(3)):
            one = estimate([sampled(*size, x) for size, x in zip(sizes, found, strict=True)])
            if one.low <= sum(there) <= one.high:
                parts = zip(sizes, there, found, strict=True)
                shares = [chance(*size, m, x) for size, m, x in parts]
                held += shares[0] * shares[1]
        assert held >= Fraction(95, 100)


def test_the_estimate_is_right_on_average():
    size, checked, there = 11, 4, 5
    mean = sum(
        chance(size, checked, there, found) * estimate([sampled(size, checked, found)]).estimate
        for found in range(checked + 1)
    )
    assert mean == there


def test_a_stratum_weighs_its_size_not_the_number_checked():
    found = estimate([sampled(90, 26, 0), sampled(30, 4, 4)])
    assert found.estimate == 30
    assert Fraction(found.problems, found.checked) != found.estimate / found.size


def test_when_all_are_checked_nothing_is_left_to_guess():
    found = estimate([sampled(8, 8, 3)])
    assert (found.low, found.estimate, found.high) == (3, 3, 3)


def test_nothing_checked_says_nothing():
    found = estimate([sampled(12, 0, 0)])
    assert (found.low, found.high) == (0, 12)
    assert "不能推算" in found.says
    assert "不适用" in estimate([]).says


def test_the_sentence_gives_estimate_and_interval():
    found = estimate([sampled(20, 10, 2)])
    assert isinstance(found, Estimate)
    assert "20 家中约有 4 家（20%）存在问题" in found.says
    assert f"{found.low} 至 {found.high} 家" in found.says


def test_a_thousand_subjects_are_no_burden():
    found = estimate([sampled(5000, 150, 12)])
    assert found.low < found.estimate < found.high
