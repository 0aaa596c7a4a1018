"""Reading by shape and reading piece by piece say the same of every content."""

from collections.abc import Iterator
from itertools import product

from gongchou.core.hj212 import packet
from gongchou.core.hj212.shapes import NO_SEPARATOR, filled, shape_of
from gongchou.core.hj212.words import Deviation

NAMES = ["DataTime", "a21026-Avg", "a21026-Flag", "011-Avg", "w01018-Avg", "-Avg", "", " "]
PIECES = ["".join(parts) for parts in product(NAMES, ["=", "", "=="], ["1", "2-3"])]
FEWER = ["".join(parts) for parts in product(NAMES[:5], ["=", ""], ["1", "2"])]
USUAL = "DataTime=20260401000000;a21026-Avg=1.2,a21026-Flag=N;011-Avg=3"


def contents() -> Iterator[str]:
    """Every content of two pieces, and of three from fewer, by both separators."""
    yield from (f"{one}{end}{two}" for one, end, two in product(PIECES, ";,", PIECES))
    for one, end, two, another, three in product(FEWER, ";,", FEWER, ";,", FEWER):
        yield f"{one}{end}{two}{another}{three}"
    yield from (USUAL, f"{USUAL};", "a21026-Flag=N;a21026-Avg=1;a21026-Min=2", "")


def test_by_shape_as_piece_by_piece() -> None:
    for body in contents():
        at_once: set[Deviation] = set()
        in_pieces: set[Deviation] = set()
        read = packet._content(body, at_once)
        assert (read, at_once) == (packet._content_of(body.split(";"), in_pieces), in_pieces), body


def test_the_usual_content_has_a_shape() -> None:
    parts = USUAL.replace(",", ";").replace("=", ";").split(";")
    shape = shape_of(USUAL.encode().translate(None, NO_SEPARATOR), *parts[::2])
    assert shape is not None
    words, rows = filled(shape, parts[1::2])
    assert words == {"DataTime": "20260401000000"}
    assert [row.factor for row in rows] == ["a21026", "w01018"]
    assert rows[0].fields == (("Avg", "1.2"),)
    assert rows[0].flag == "N"
