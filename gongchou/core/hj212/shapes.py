"""The shape of a packet's content: a logger sends the same names in the same order every time.

A shape follows from names and separators alone, so it is worked out once and then only filled with
values. A content that has no shape (a field twice, a value missing) is read piece by piece instead,
by the same rules; `tests/core/hj212` holds the two against each other.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from gongchou.core.hj212.factors import today_of

LONGEST_CODE = 40
NO_SEPARATOR = bytes(set(range(256)) - set(b"=;,"))
# What is remembered is bounded in number and in size: names may be invented by a sender of rubbish.
SHAPES_KEPT, LONGEST_SHAPED = 512, 1024
FLAG = "Flag"


class Row(NamedTuple):
    """What one packet says of one factor: names such as Avg, each with its value as written."""

    factor: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    flag: str

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.names, self.values, strict=True))


class FactorShape(NamedTuple):
    """A factor's fields stand at [start, stop) among the values, its flag at `flag` or nowhere."""

    factor: str
    names: tuple[str, ...]
    start: int
    stop: int
    flag: int | None


class Shape(NamedTuple):
    words: tuple[tuple[str, int], ...]
    factors: tuple[FactorShape, ...]


@lru_cache(SHAPES_KEPT)
def shape_of(separators: bytes, *names: str) -> Shape | None:
    """The shape of a content with these names in order; None where it must be read piecewise.

    `separators` are the content's `=`, `;` and `,` in order: each name must have its own value.
    """
    if len(separators) != 2 * len(names) - 1 or set(separators[::2]) != {ord("=")}:
        return None
    if ord("=") in separators[1::2] or len(set(names)) != len(names):
        return None
    if any(_is_odd(name) for name in names):
        return None
    words: dict[str, int] = {}
    places: dict[str, dict[str, int]] = {}
    for place, name in enumerate(names):
        code, dash, field = name.partition("-")
        if dash:
            places.setdefault(code, {})[field] = place
        else:
            words[code.strip()] = place
    if "" in words or len(words) + sum(map(len, places.values())) != len(names):
        return None
    factors = [_factor_shape(code, fields) for code, fields in places.items()]
    whole = tuple(factor for factor in factors if factor)
    return Shape(tuple(words.items()), whole) if len(whole) == len(factors) else None


def _is_odd(name: str) -> bool:
    """Blanks at its ends, or a flag in other letters: what piecewise reading sees to."""
    field = name.rpartition("-")[2]
    return name != name.strip() or (field != FLAG and field.lower() == FLAG.lower())


def _factor_shape(code: str, fields: dict[str, int]) -> FactorShape | None:
    """None where the fields do not stand side by side, or the code is no code."""
    flag = fields.pop(FLAG, None)
    at = list(fields.values())
    start = at[0] if at else 0
    if len(code) > LONGEST_CODE or at != list(range(start, start + len(at))):
        return None
    return FactorShape(today_of(code), tuple(fields), start, start + len(at), flag)


def filled(shape: Shape, values: Sequence[str]) -> tuple[dict[str, str], tuple[Row, ...]]:
    """Words and rows of a content of this shape."""
    rows = [
        Row(factor, names, tuple(values[start:stop]), "" if flag is None else values[flag].strip())
        for factor, names, start, stop, flag in shape.factors
    ]
    return {name: values[place] for name, place in shape.words}, tuple(rows)
