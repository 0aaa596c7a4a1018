"""Visits beyond the floors go where they teach most, and no other sharing teaches more."""

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from gongchou.core.allocation import Known, Share, allocate, variance
from gongchou.core.terms import Stratum

STRATA = (Stratum.KEY, Stratum.SPECIAL, Stratum.GENERAL_UNLISTED)


def known(stratum: Stratum, size: int, checked: int, problems: int, floor: int) -> Known:
    return Known(stratum=stratum, size=size, checked=checked, problems=problems, floor=floor)


@st.composite
def classes(draw):
    found = []
    for stratum in STRATA:
        size = draw(st.integers(2, 12))
        checked = draw(st.integers(0, size))
        problems = draw(st.integers(0, checked))
        found.append(known(stratum, size, checked, problems, draw(st.integers(1, size))))
    return tuple(found)


@settings(max_examples=40, deadline=None)
@given(classes(), st.integers(0, 8))
def test_no_other_whole_numbers_with_the_same_sum_have_less_variance(held, more):
    total = min(sum(one.floor for one in held) + more, sum(one.size for one in held))
    shares = allocate(held, total)
    assert sum(share.count for share in shares) == total
    assert all(share.known.floor <= share.count <= share.known.size for share in shares)
    best = min(
        variance(Share(known=one, count=n) for one, n in zip(held, counts, strict=True))
        for counts in product(*(range(one.floor, one.size + 1) for one in held))
        if sum(counts) == total
    )
    assert variance(shares) == best


def test_the_class_of_which_less_is_known_gets_more():
    even = known(Stratum.KEY, 100, 20, 10, 5)
    clean = known(Stratum.GENERAL_UNLISTED, 100, 20, 0, 5)
    key, general = allocate((even, clean), 40)
    assert key.count > general.count > 5
    assert (key.extra, general.extra) == (key.count - 5, general.count - 5)


def test_floors_stand_where_nothing_is_left_and_an_empty_class_gets_nothing():
    owed, empty = known(Stratum.KEY, 10, 0, 0, 4), known(Stratum.SPECIAL, 0, 0, 0, 0)
    assert [share.count for share in allocate((owed, empty), 3)] == [4, 0]
    assert [share.count for share in allocate((owed, empty), 99)] == [10, 0]
    assert allocate((empty,), 5)[0].why == "没有此类对象，不适用。"


def test_the_proposal_lowers_the_true_variance_of_populations_it_has_not_seen():
    """Held out: the next quarter's true rates are those of the classes, not those found."""
    held = (known(Stratum.KEY, 60, 15, 8, 6), known(Stratum.GENERAL_UNLISTED, 300, 9, 0, 9))
    truth = (Fraction(1, 2), Fraction(1, 50))
    chosen = [share.count for share in allocate(held, 60)]
    ratios = [10, 50]

    def true_variance(counts):
        return sum(
            one.size**2 * rate * (1 - rate) * (Fraction(1, n) - Fraction(1, one.size))
            for one, rate, n in zip(held, truth, counts, strict=True)
        )

    assert true_variance(chosen) < true_variance(ratios)
