"""The shape of a packet's content: a logger sends the same names in the same order every time.

A shape follows from names and separators alone, so it is worked out once and then only filled with
values. A content that has no shape (a field twice, a value missing) is read piece by piece instead,
by the same rules; `tests/core/hj212` holds the two against each other.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from gongchou.core.hj212.factors import today_of

LONGEST_CODE = 40
NO_SEPARATOR = bytes(set(range(256)) - set(b"=;,"))
# Names may be invented by a sender of rubbish: a shape is kept when it comes again, and of all
# shapes together only so many names.
NAMES_KEPT, MARKS_KEPT, LONGEST_SHAPED = 30_000, 4096, 1024
FLAG = "Flag"
# Of the values with an empty one after them.
NOWHERE = -1


class Row(NamedTuple):
    """What one packet says of one factor: names such as Avg, each with its value as written."""

    factor: str
    names: tuple[str, ...]
    values: tuple[str, ...]
    flag: str

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        return tuple(zip(self.names, self.values, strict=True))


# As `Row._make`, without a call of Python for each row.
_row: Callable[[Iterable[object]], Row] = partial(tuple.__new__, Row)


class FactorShape(NamedTuple):
    """A factor's fields stand at `place` among the values, its flag at `flag` or nowhere (-1)."""

    factor: str
    names: tuple[str, ...]
    place: slice
    flag: int


class Shape(NamedTuple):
    """The words' names and places, and of all factors the columns of their shapes."""

    words: tuple[tuple[str, int], ...]
    factors: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    places: tuple[slice, ...]
    flags: tuple[int, ...]


class Shapes:
    """Shapes that came at least twice; those not asked for in a long time are forgotten.

    They are kept in two halves: when the newer one is full it becomes the older, and what is still
    asked for goes over. Several threads may ask at once.
    """

    __slots__ = ("_marks", "_names", "_newer", "_older")

    def __init__(self) -> None:
        self._newer: dict[tuple[object, ...], Shape | None] = {}
        self._older: dict[tuple[object, ...], Shape | None] = {}
        self._names = 0
        self._marks: set[int] = set()

    @property
    def names_kept(self) -> int:
        return sum(map(len, self._newer)) + sum(map(len, self._older))

    @property
    def marks_kept(self) -> int:
        """How many shapes are known to have come once."""
        return len(self._marks)

    def find(self, separators: bytes, names: Sequence[str]) -> Shape | None:
        """The shape of a content with these names in order; None where it must be read piecewise.

        `separators` are the content's `=`, `;` and `,` in order: each name must have its own value.
        """
        key = (separators, *names)
        try:
            return self._newer[key]
        except KeyError:
            return self._older_or_new(key, separators, names)

    def _older_or_new(
        self, key: tuple[object, ...], separators: bytes, names: Sequence[str]
    ) -> Shape | None:
        older = self._older
        if key in older:
            shape = older[key]
        else:
            shape = _shape_of(separators, names)
            if self._comes_first(hash(key)):
                return shape
        self._newer[key] = shape
        self._names += len(key)
        if self._names >= NAMES_KEPT // 2:
            self._older, self._newer, self._names = self._newer, {}, 0
        return shape

    def _comes_first(self, mark: int) -> bool:
        if mark in self._marks:
            return False
        if len(self._marks) >= MARKS_KEPT:
            self._marks.clear()
        self._marks.add(mark)
        return True


def _shape_of(separators: bytes, names: Sequence[str]) -> Shape | None:
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
    if len(whole) < len(factors):
        return None
    columns = zip(*whole, strict=True) if whole else ((), (), (), ())
    return Shape(tuple(words.items()), *columns)


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
    place = slice(start, start + len(at))
    return FactorShape(today_of(code), tuple(fields), place, NOWHERE if flag is None else flag)


def filled(shape: Shape, values: Sequence[str]) -> tuple[dict[str, str], tuple[Row, ...]]:
    """Words and rows of a content of this shape that holds no blanks."""
    words, factors, names, places, flags = shape
    found = (*values, "").__getitem__
    rows = map(_row, zip(factors, names, map(found, places), map(found, flags), strict=True))
    return {name: values[place] for name, place in words}, tuple(rows)
