"""Splitting a secret: enough holders know it, fewer know nothing."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.refusals import Invalid
from gongchou.core.sharing import PRIME, Share, combine, read_share, split

numbers = st.integers(0, PRIME - 1)


@given(st.binary(max_size=64), st.lists(numbers, min_size=1, max_size=3), st.integers(0, 2))
def test_any_holders_of_the_threshold_open_what_was_split(secret, coefficients, more):
    threshold = len(coefficients) + 1
    shares = split(secret, count=threshold + more, coefficients=coefficients)
    for some in combinations(shares, threshold):
        assert combine(some) == secret
    assert combine(shares[::-1]) == secret


@given(st.binary(min_size=32, max_size=32), numbers, st.binary(min_size=32, max_size=32))
def test_one_share_fits_every_secret_alike(secret, coefficient, other):
    first = split(secret, count=3, coefficients=[coefficient])[0]
    guess = int.from_bytes(b"\1" + other, "big")
    fitting = (first.value - guess) % PRIME
    assert split(other, count=3, coefficients=[fitting])[0] == first


@given(st.binary(max_size=64), numbers)
def test_a_written_share_reads_back_the_same(secret, coefficient):
    for share in split(secret, count=3, coefficients=[coefficient]):
        assert read_share(share.written()) == share
        assert read_share(share.written()).written() == share.written()


@pytest.mark.parametrize(
    "text",
    ["", "GS1-2-1", "GS1-2-0-ff", "GS1-2-1-0f", "GS2-2-1-ff", "GS1-2-1-FF", f"GS1-2-1-{PRIME:x}"],
)
def test_a_misspelt_share_is_refused(text):
    with pytest.raises(Invalid, match="写法不对"):
        read_share(text)


def test_too_few_doubled_or_foreign_shares_are_refused():
    mine, theirs = (split(b"k" * 32, count=3, coefficients=[c]) for c in (5, 6))
    with pytest.raises(Invalid, match="须有 2 人"):
        combine(mine[:1])
    with pytest.raises(Invalid, match="重复"):
        combine([mine[0], mine[0]])
    with pytest.raises(Invalid, match="互不相符"):
        combine([mine[0], mine[1], theirs[2]])


def test_a_mixture_that_gives_no_secret_is_refused():
    with pytest.raises(Invalid, match="不能合成"):
        combine([Share(threshold=2, number=n, value=n) for n in (1, 2)])


@pytest.mark.parametrize(("count", "coefficients"), [(3, []), (1, [1]), (256, [1])])
def test_nobody_opens_alone_and_not_more_are_asked_than_there_are(count, coefficients):
    with pytest.raises(Invalid, match="不成立"):
        split(b"s", count=count, coefficients=coefficients)


def test_what_does_not_fit_the_field_is_refused():
    with pytest.raises(Invalid, match="64"):
        split(bytes(65), count=3, coefficients=[1])
    with pytest.raises(Invalid, match="超出范围"):
        split(b"s", count=3, coefficients=[PRIME])
