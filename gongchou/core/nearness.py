"""In which order a day's sites lie near each other: a suggestion for the way, never a choice.

Nothing is added or left out: the same names come back in another order. Sites whose place is not
known keep their order and come last.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

from gongchou.core.coordinates import SCALE, Point

METRES_A_DEGREE = 111_320
# Every start is tried up to so many sites: more than a team can visit in a day.
MOST_STARTS = 40


def metres(one: Point, other: Point) -> int:
    """About how far two places are from each other, good enough within a district."""
    middle = math.radians((one[1] + other[1]) / 2 / SCALE)
    east = (one[0] - other[0]) / SCALE * METRES_A_DEGREE * math.cos(middle)
    north = (one[1] - other[1]) / SCALE * METRES_A_DEGREE
    return round(math.hypot(east, north))


def near_order(names: Sequence[str], places: Mapping[str, Point]) -> tuple[str, ...]:
    """The names in the shortest of the ways that always go on to the nearest site left.

    Ties are broken by the order in which the names came.
    """
    known = [name for name in names if name in places]
    ways = [_way(start, known, places) for start in known[:MOST_STARTS]]
    best = min(ways, key=lambda way: _length(way, places), default=())
    return (*best, *(name for name in names if name not in places))


def _way(start: str, names: Sequence[str], places: Mapping[str, Point]) -> tuple[str, ...]:
    way, left = [start], [name for name in names if name != start]
    while left:
        here = places[way[-1]]
        nearest = min(left, key=lambda name: metres(here, places[name]))
        left.remove(nearest)
        way.append(nearest)
    return tuple(way)


def _length(way: Sequence[str], places: Mapping[str, Point]) -> int:
    return sum(metres(places[a], places[b]) for a, b in pairwise(way))
