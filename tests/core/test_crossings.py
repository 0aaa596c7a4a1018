"""Outlines that cross themselves cannot say what lies within."""

import time

import pytest

from gongchou.core.crossings import crossing

SQUARE = ((0, 0), (10, 0), (10, 10), (0, 10), (0, 0))


@pytest.mark.parametrize(
    "ring",
    [
        SQUARE,
        ((0, 0), (10, 0), (10, 0), (10, 10), (0, 0)),
        # Pinched at one point, where the lines touch and do not cross.
        ((0, 0), (4, 4), (8, 0), (8, 8), (4, 4), (0, 8), (0, 0)),
    ],
    ids=["square", "a point twice", "touching"],
)
def test_a_border_that_only_touches_is_let_pass(ring):
    assert crossing([ring]) is None


@pytest.mark.parametrize(
    "ring",
    [
        ((0, 0), (10, 10), (10, 0), (0, 10), (0, 0)),
        ((0, 0), (10, 0), (5, 0), (5, 5), (0, 0)),
        ((0, 0), (10, 0), (10, 10), (10, -5), (0, 5), (0, 0)),
    ],
    ids=["bow tie", "there and back", "over its own line"],
)
def test_a_border_that_crosses_itself_is_found(ring):
    assert crossing([ring]) is not None


def test_a_hole_must_not_cross_the_border_around_it():
    inside, across = ((2, 2), (4, 2), (4, 4), (2, 2)), ((8, 8), (12, 8), (12, 9), (8, 8))
    assert crossing([SQUARE, inside]) is None
    assert crossing([SQUARE, across]) is not None


def test_as_many_points_as_are_taken_are_looked_through_in_little_time():
    """A comb: all its teeth stand side by side."""
    teeth = [(x * 10, 0 if x % 4 in (0, 3) else 10**6) for x in range(19_990)]
    ring = [*teeth, (199_890, -10), (0, -10), teeth[0]]
    begun = time.process_time()
    assert crossing([ring]) is None
    assert time.process_time() - begun < 5
