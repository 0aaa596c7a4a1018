"""Reading by shape and reading piece by piece say the same of every content."""

from collections.abc import Iterator
from itertools import product

from gongchou.core.hj212 import packet
from gongchou.core.hj212.packet import Packet, Unreadable
from gongchou.core.hj212.shapes import MARKS_KEPT, NAMES_KEPT, NO_SEPARATOR, Shapes, filled
from gongchou.core.hj212.words import Deviation, FrameFault

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


HEADS = [
    *("QN=20260401080000123;", "", "QN=20260431080000123;", "QN=20261301080000123;", "QN=1;"),
    *("QN=2026040108000012;", "qn=20260401080000123;"),
]
STATIONS = ["MN=A0000000000001;", "MN=A0;", "MN=A 000001;", "mn=A0000001;", ""]
FLAGS = ["Flag=5;", "Flag=4", "", "Flag=7;", "Flag=x;", "Flag=255;", "Flag=9;RF=1;", "FLAG=5;"]
BEGINNINGS = ["CP=&&", "CP=&", "cp=&&", "CP = &&"]
BODIES = [
    *(USUAL, f"{USUAL};", f"{USUAL}&", f" {USUAL}", f"{USUAL}\n", ""),
    *("DataTime=202604010000;a-Avg=1", "DataTime=20260401000000;Note=//a;b//"),
    *("DataTime=20260401000000123;a-Avg=1", "DataTime=20260231000000;a-Avg=1"),
    *("DataTime=20261301000000;a-Avg=1", "DataTime=20260401000000;DataTime2=3", "a-Avg=1"),
    *("DataTime=20260401000000;a-Flag= N", "DataTime=20260401000000;a-Avg=1,a-Flag=N\t"),
    *("DataTime=20260401000000;a-flag=n", "DataTime=20260401000000;b=正常", f"x-Avg=CP=&&{USUAL}"),
]


def word_by_word(text: str) -> Packet | FrameFault:
    try:
        return packet._word_by_word(text, set())
    except Unreadable as problem:
        return problem.fault


def test_what_is_usual_is_read_as_word_by_word() -> None:
    told = 0
    for head, station, flag, begin, body in product(HEADS, STATIONS, FLAGS, BEGINNINGS, BODIES):
        for end in ("&&", "&", ""):
            text = f"{head}ST=31;CN=2051;PW=1;{station}{flag}{begin}{body}{end}"
            usual = packet._usual(text)
            assert usual is None or usual == word_by_word(text), text
            told += usual is not None
    assert told


def test_an_ordinary_packet_is_read_at_once() -> None:
    for head, flag in (("QN=20260401080000123;", "Flag=5;"), ("", "")):
        text = f"{head}ST=31;CN=2051;PW=1;MN=A0000000000001;{flag}CP=&&{USUAL}&&"
        assert packet._usual(text) == word_by_word(text)


def test_the_usual_content_has_a_shape() -> None:
    parts = USUAL.replace(",", ";").replace("=", ";").split(";")
    shape = Shapes().find(USUAL.encode().translate(None, NO_SEPARATOR), parts[::2])
    assert shape is not None
    words, rows = filled(shape, parts[1::2])
    assert words == {"DataTime": "20260401000000"}
    assert [row.factor for row in rows] == ["a21026", "w01018"]
    assert rows[0].fields == (("Avg", "1.2"),)
    assert rows[0].flag == "N"


def test_invented_names_are_not_kept_and_repeated_ones_only_so_many() -> None:
    shapes = Shapes()
    for number in range(100_000):
        shapes.find(b"=", [f"{number:06x}-Avg"])
    assert shapes.names_kept == 0
    assert 0 < shapes.marks_kept <= MARKS_KEPT
    for number in range(NAMES_KEPT):
        for _ in range(2):
            shapes.find(b"=", [f"x{number:06x}-Avg"])
    assert NAMES_KEPT // 2 <= shapes.names_kept <= NAMES_KEPT


def test_a_shape_that_comes_again_is_not_worked_out_again() -> None:
    shapes = Shapes()
    first, second, third = (shapes.find(b"=", ["a21026-Avg"]) for _ in range(3))
    assert first == second == third
    assert first is not second is third


def test_a_shape_still_asked_for_outlives_many_that_are_not() -> None:
    shapes = Shapes()
    asked = [shapes.find(b"=", ["a21026-Avg"]) for _ in range(2)][1]
    for number in range(3 * NAMES_KEPT):
        shapes.find(b"=", [f"x{number // 2:06x}-Avg"])
        assert number % 100 or shapes.find(b"=", ["a21026-Avg"]) is asked
