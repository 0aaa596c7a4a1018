"""One data segment of HJ 212 read into values: 2005, 2017 and 2025 alike, as sent in the field.

What is read is kept as it was written, with each departure from the standard named; the values
themselves are judged later. A segment without station, command or content raises `Unreadable`.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from gongchou.core.hj212.factors import today_of
from gongchou.core.hj212.shapes import (
    FLAG,
    LONGEST_CODE,
    LONGEST_SHAPED,
    NO_SEPARATOR,
    Row,
    Shapes,
    filled,
)
from gongchou.core.hj212.words import Deviation, FrameFault, PacketVersion

NUMBER = re.compile(r"[A-Za-z0-9]{3,24}")
TIME = re.compile(
    r"[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
)
SERIAL = re.compile(r"[0-9]{14,20}")
THREE_DIGITS = re.compile(r"(?:[0-9]{3})?")
BARE_NUMBER = re.compile(r"[0-9.]+")
CONTENT = re.compile(r"CP\s*=\s*&&?", re.IGNORECASE)
HEADER_WORDS = {
    word.lower(): word for word in ("QN", "ST", "CN", "PW", "MN", "Flag", "PNUM", "PNO", "RF")
}
# A header as the standard has it; everything else is read word by word.
USUAL = re.compile(
    r"(?:QN=([0-9]{17});)?ST=([0-9]{2});CN=([0-9]{4});PW=([^;,=\s]*);MN=([A-Za-z0-9]{3,24});"
    r"(?:Flag=([0-9]{1,3});)?CP=&&"
)
VERSIONS = (PacketVersion.OF_2005, PacketVersion.OF_2017, PacketVersion.OF_2025)
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LOGGED = re.compile(r"//(.*?)//", re.DOTALL)
MINUTES, SECONDS, MILLISECONDS = 12, 14, 17
SHAPES = Shapes()
NONE: frozenset[Deviation] = frozenset()
WANTS_ANSWER, IN_PIECES = 1, 2


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
    if not found and (usual := _usual(text)):
        return usual
    return _word_by_word(text, found)


def _usual(text: str) -> Packet | None:
    """What most devices send all the time; None where anything is out of the ordinary.

    `tests/core/hj212` holds it against the reading word by word.
    """
    match = USUAL.match(text)
    if not match or text[-2:] != "&&":
        return None
    qn, st, cn, password, mn, flags = match.groups("")
    flag = int(flags) if flags else None
    body = text[match.end() : -2]
    is_odd = body[-1:] == "&" or "//" in body or (flag or 0) & IN_PIECES
    if is_odd or (qn and not _is_moment(qn[:SECONDS])):
        return None
    content = _shaped(body)
    if content is None:
        return None
    said, rows = content
    time = said.pop("DataTime", "")
    if len(time) != SECONDS or not _is_moment(time) or "DataTime2" in said:
        return None
    version = VERSIONS[min(flag >> 2, 2)] if flag is not None else PacketVersion.OF_2005
    words = tuple(said.items())
    return Packet(version, mn, st, cn, qn, password, flag, None, False, time, rows, words, NONE)


def _word_by_word(text: str, found: set[Deviation]) -> Packet:
    header, body = _parts(text, found)
    words = _header(header, found)
    mn, cn = words.get("MN", ""), words.get("CN", "")
    if not NUMBER.fullmatch(mn):
        raise Unreadable(FrameFault.NO_STATION)
    if len(cn) != 4 or not cn.isdecimal():
        raise Unreadable(FrameFault.NO_COMMAND)
    flag = _flag(words, found)
    said, rows = _content(body, found)
    if "DataTime2" in said:
        # Whose moment each value is cannot be told.
        raise Unreadable(FrameFault.TIME)
    return Packet(
        VERSIONS[min(flag >> 2, 2)] if flag is not None else PacketVersion.OF_2005,
        mn,
        words.get("ST", ""),
        cn,
        _serial(words.get("QN", ""), found),
        words.get("PW", ""),
        flag,
        _piece(words, flag, found),
        words.get("RF") == "1",
        _time(said.pop("DataTime", "").strip(), found),
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
        return segment.decode("utf-8-sig")
    except UnicodeDecodeError:
        found.add(Deviation.GBK)
    try:
        return segment.decode("gb18030")
    except UnicodeDecodeError:
        raise Unreadable(FrameFault.NO_TEXT) from None


def _parts(text: str, found: set[Deviation]) -> tuple[str, str]:
    """Header and content; the content without its marks."""
    header, mark, body = text.partition("CP=&&")
    if not mark:
        match = CONTENT.search(text)
        if not match:
            raise Unreadable(FrameFault.NO_CONTENT)
        header, body = text[: match.start()], text[match.end() :]
        found.add(Deviation.SINGLE_MARK)
    if header.rstrip()[-1:] not in (";", ","):
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
    if not words.keys() >= {"MN", "CN", "Flag"}:
        words = {HEADER_WORDS.get(name.lower(), name): value for name, value in words.items()}
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
    if flag is not None and flag & IN_PIECES:
        found.add(Deviation.NO_PIECE_NUMBER)
    return None


def _serial(text: str, found: set[Deviation]) -> str:
    """The serial number as sent, for it must be answered with; it begins with a moment."""
    if not text:
        return ""
    if not SERIAL.fullmatch(text) or not _is_moment(text[:SECONDS]):
        raise Unreadable(FrameFault.TIME)
    if len(text) != MILLISECONDS:
        found.add(Deviation.TIME_DIGITS)
    return text


def _time(text: str, found: set[Deviation]) -> str:
    """Fourteen digits of a moment: milliseconds are left out, seconds not sent are none."""
    if not text:
        return ""
    moment = text[:SECONDS] if len(text) != MINUTES else f"{text}00"
    if not _is_moment(moment) or not THREE_DIGITS.fullmatch(text, SECONDS):
        raise Unreadable(FrameFault.TIME)
    if len(text) != SECONDS:
        found.add(Deviation.TIME_DIGITS)
    return moment


@lru_cache(maxsize=1024)
def _is_moment(digits: str) -> bool:
    """Whether these are the fourteen digits of a moment; many stations send the same one."""
    return bool(TIME.fullmatch(digits))


def _content(body: str, found: set[Deviation]) -> tuple[dict[str, str], tuple[Row, ...]]:
    if "//" in body:
        return _content_with_logs(body, found)
    return _shaped(body) or _content_of(body.split(";"), found)


def _shaped(body: str) -> tuple[dict[str, str], tuple[Row, ...]] | None:
    """The content by its shape; None where it has none, or holds blanks, or is long."""
    if len(body) > LONGEST_SHAPED or " " in body or not (body.isascii() and body.isprintable()):
        return None
    parts = body.replace(",", ";").replace("=", ";").split(";")
    shape = SHAPES.find(body.encode().translate(None, NO_SEPARATOR), parts[::2])
    return filled(shape, parts[1::2]) if shape else None


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
        into, before = said, ""
        for pair in item.split(","):
            name, binds, value = pair.partition("=")
            if before and not binds and BARE_NUMBER.fullmatch(pair.strip()):
                found.add(Deviation.COMMA_IN_VALUE)
                into[before] += f",{pair}"
                continue
            code, dash, field = name.strip().partition("-")
            if not dash and not code:
                continue
            into = factors.setdefault(code, {}) if dash else said
            before = _put(into, _field(field) if dash else code, value, found)
    return said, _rows_of(factors)


def _field(name: str) -> str:
    return FLAG if name.lower() == FLAG.lower() else name


def _put(fields: dict[str, str], name: str, value: str, found: set[Deviation]) -> str:
    """Under which name the value stands: a value sent twice keeps both, Avg and then Avg2."""
    if fields.get(name, value) != value:
        found.add(Deviation.REPEATED_FIELD)
        number = 2
        while fields.get(f"{name}{number}", value) != value:
            number += 1
        name = f"{name}{number}"
    fields[name] = value
    return name


def _rows_of(factors: dict[str, dict[str, str]]) -> tuple[Row, ...]:
    rows = []
    for code, fields in factors.items():
        if len(code) > LONGEST_CODE:
            raise Unreadable(FrameFault.FACTOR)
        flag = fields.pop(FLAG, "").strip()
        rows.append(Row(today_of(code), tuple(fields), tuple(fields.values()), flag))
    return tuple(rows)
