"""One data segment of HJ 212 read into values: 2005, 2017 and 2025 alike, as sent in the field.

What is read is kept as it was written, with each departure from the standard named; the values
themselves are judged later. A segment without station, command or content raises `Unreadable`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from gongchou.core.hj212.factors import TODAY
from gongchou.core.hj212.shapes import LONGEST_CODE, NO_SEPARATOR, Row, filled, shape_of
from gongchou.core.hj212.words import Deviation, FrameFault, PacketVersion

NUMBER = re.compile(r"[A-Za-z0-9]{3,24}")
TIME = re.compile(
    r"[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
)
THREE_DIGITS = re.compile(r"(?:[0-9]{3})?")
VERSIONS = (PacketVersion.OF_2005, PacketVersion.OF_2017, PacketVersion.OF_2025)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LOGGED = re.compile(r"//(.*?)//", re.DOTALL)
SECONDS, MILLISECONDS = 14, 17
WANTS_ANSWER = 1


class Unreadable(Exception):
    """The segment says too little to be used; `fault` names what is missing."""

    def __init__(self, fault: FrameFault) -> None:
        super().__init__(fault.label)
        self.fault = fault


class Packet(NamedTuple):
    """`qn` and `time` as digits, "" where not sent; `piece` is (number, of how many)."""

    version: PacketVersion
    mn: str
    st: str
    cn: str
    qn: str
    password: str
    flag: int | None
    piece: tuple[int, int] | None
    is_resent: bool
    time: str
    rows: tuple[Row, ...]
    words: tuple[tuple[str, str], ...]
    deviations: frozenset[Deviation]

    @property
    def wants_answer(self) -> bool:
        return self.flag is not None and bool(self.flag & WANTS_ANSWER)


def read_segment(segment: bytes) -> Packet:
    """The packet written in a data segment whose check sum has been seen to."""
    found: set[Deviation] = set()
    text = _text(segment, found)
    header, body = _parts(text, found)
    words = _header(header, found)
    mn, cn = words.get("MN", ""), words.get("CN", "")
    if not NUMBER.fullmatch(mn):
        raise Unreadable(FrameFault.NO_STATION)
    if len(cn) != 4 or not cn.isdecimal():
        raise Unreadable(FrameFault.NO_COMMAND)
    flag = _flag(words, found)
    said, rows = _content(body, found)
    return Packet(
        VERSIONS[min(flag >> 2, 2)] if flag is not None else PacketVersion.OF_2005,
        mn,
        words.get("ST", ""),
        cn,
        _time(words.get("QN", ""), MILLISECONDS, found),
        words.get("PW", ""),
        flag,
        _piece(words, flag, found),
        words.get("RF") == "1",
        _time(said.pop("DataTime", "").strip(), SECONDS, found),
        rows,
        tuple(said.items()),
        frozenset(found),
    )


def _text(segment: bytes, found: set[Deviation]) -> str:
    if segment.isascii():
        text = segment.decode("ascii")
        if text.isprintable():
            return text
    if CONTROL.search(segment):
        raise Unreadable(FrameFault.NO_TEXT)
    try:
        return segment.decode()
    except UnicodeDecodeError:
        found.add(Deviation.GBK)
    try:
        return segment.decode("gbk")
    except UnicodeDecodeError:
        raise Unreadable(FrameFault.NO_TEXT) from None


def _parts(text: str, found: set[Deviation]) -> tuple[str, str]:
    """Header and content; the content without its marks."""
    header, mark, body = text.partition("CP=&&")
    if not mark:
        header, mark, body = text.partition("CP=&")
        if not mark:
            raise Unreadable(FrameFault.NO_CONTENT)
        found.add(Deviation.SINGLE_MARK)
    if header[-1:] not in (";", ","):
        found.add(Deviation.NO_SEPARATOR)
    if not body.endswith("&&"):
        found.add(Deviation.SINGLE_MARK)
    body = body.rstrip("&").strip()
    if body.endswith(";"):
        found.add(Deviation.LOOSE_SEPARATOR)
    return header, body


def _header(header: str, found: set[Deviation]) -> dict[str, str]:
    if "," in header:
        found.add(Deviation.COMMA_IN_HEADER)
        header = header.replace(",", ";")
    words: dict[str, str] = {}
    for word in header.split(";"):
        name, _, value = word.partition("=")
        if name:
            words[name.strip()] = value.strip()
    return words


def _flag(words: dict[str, str], found: set[Deviation]) -> int | None:
    text = words.get("Flag", "")
    if text.isdecimal() and len(text) <= 3:
        return int(text)
    if "Flag" in words:
        found.add(Deviation.ODD_FLAG)
    return None


def _piece(
    words: dict[str, str], flag: int | None, found: set[Deviation]
) -> tuple[int, int] | None:
    number, total = words.get("PNO", ""), words.get("PNUM", "")
    if number.isdecimal() and total.isdecimal():
        return int(number[:6]), int(total[:6])
    if flag is not None and flag & 2:
        found.add(Deviation.NO_PIECE_NUMBER)
    return None


def _time(text: str, digits: int, found: set[Deviation]) -> str:
    """The digits of a moment; a DataTime sent with its milliseconds loses them."""
    if not text:
        return ""
    if not _is_moment(text[:SECONDS]) or not THREE_DIGITS.fullmatch(text, SECONDS):
        raise Unreadable(FrameFault.TIME)
    if len(text) != digits:
        found.add(Deviation.TIME_DIGITS)
    return text[:digits]


@lru_cache(maxsize=4096)
def _is_moment(digits: str) -> bool:
    """Whether these are the fourteen digits of a moment; many stations send the same one."""
    return bool(TIME.fullmatch(digits))


def _content(body: str, found: set[Deviation]) -> tuple[dict[str, str], tuple[Row, ...]]:
    if "//" in body:
        return _content_with_logs(body, found)
    if body.isascii():
        parts = body.replace(",", ";").replace("=", ";").split(";")
        shape = shape_of(body.encode().translate(None, NO_SEPARATOR), *parts[::2])
        if shape:
            return filled(shape, parts[1::2])
    return _content_of(body.split(";"), found)


def _content_with_logs(body: str, found: set[Deviation]) -> tuple[dict[str, str], tuple[Row, ...]]:
    """Text between double strokes may hold any separator: it is set aside while splitting."""
    logs: list[str] = []

    def aside(match: re.Match[str]) -> str:
        logs.append(match[1])
        return f"\x00{len(logs) - 1}\x00"

    said, rows = _content_of(LOGGED.sub(aside, body).split(";"), found)

    def back(text: str) -> str:
        return re.sub("\x00([0-9]+)\x00", lambda match: logs[int(match[1])], text)

    restored = tuple(
        row._replace(values=tuple(back(value) for value in row.values)) for row in rows
    )
    return {name: back(value) for name, value in said.items()}, restored


def _content_of(
    items: Iterable[str], found: set[Deviation]
) -> tuple[dict[str, str], tuple[Row, ...]]:
    said: dict[str, str] = {}
    factors: dict[str, dict[str, str]] = {}
    for item in items:
        for pair in item.split(","):
            name, _, value = pair.partition("=")
            code, dash, field = name.partition("-")
            if not dash:
                if code:
                    said[code.strip()] = value
                continue
            fields = factors.setdefault(code, {})
            if field in fields and fields[field] != value:
                found.add(Deviation.REPEATED_FIELD)
                field = _next_name(fields, field)
            fields[field] = value
    return said, _rows_of(factors)


def _rows_of(factors: dict[str, dict[str, str]]) -> tuple[Row, ...]:
    rows = []
    for code, fields in factors.items():
        if len(code) > LONGEST_CODE:
            raise Unreadable(FrameFault.FACTOR)
        flag = fields.pop("Flag", "")
        rows.append(Row(TODAY.get(code, code), tuple(fields), tuple(fields.values()), flag))
    return tuple(rows)


def _next_name(fields: dict[str, str], field: str) -> str:
    """A value sent twice under one name keeps both: Avg and then Avg2."""
    number = 2
    while f"{field}{number}" in fields:
        number += 1
    return f"{field}{number}"
