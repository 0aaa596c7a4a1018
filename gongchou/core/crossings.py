"""Whether the borders of an outline cross themselves or each other.

Whole numbers throughout, so the answer is exact. Rings that only touch are let pass.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from gongchou.core.coordinates import Point

Ring = Sequence[Point]
Line = tuple[Point, Point]


def crossing(rings: Iterable[Ring]) -> Point | None:
    """A point near which two lines of the rings cross or run over each other, or None.

    Lines are taken from west to east, and only those that overlap so far are compared: borders
    are drawn in many short lines, so that few are.
    """
    lines = sorted(
        (min(pair), max(pair)) for ring in rings for pair in pairwise(ring) if pair[0] != pair[1]
    )
    open_lines: list[Line] = []
    for line in lines:
        (west, _), _ = line
        open_lines = [other for other in open_lines if other[1][0] >= west]
        for other in open_lines:
            if _cross(line, other):
                return line[0]
        open_lines.append(line)
    return None


def _cross(one: Line, other: Line) -> bool:
    (a, b), (c, d) = one, other
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    sides = (_turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b))
    if not any(sides):
        # On one straight line, each from west to east: they share more than a point.
        return max(a, c) < min(b, d)
    return sides[0] * sides[1] < 0 and sides[2] * sides[3] < 0


def _turn(a: Point, b: Point, c: Point) -> int:
    """Positive where c lies to the left of the line from a to b, negative to the right."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
