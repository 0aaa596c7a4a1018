"""Ratios and chances as people read them."""

from fractions import Fraction

import pytest

from gongchou.core.quota_words import near_percent


@pytest.mark.parametrize(
    ("part", "of", "says"),
    [
        (1, 4, "25%"),
        (3, 21, "约 14.29%"),
        (19, 29, "约 65.52%"),
        (6, 173, "约 3.47%"),
        (1, 1, "100%"),
    ],
)
def test_a_chance_is_rounded_as_a_calculator_does_it(part, of, says):
    assert near_percent(Fraction(part, of)) == says
