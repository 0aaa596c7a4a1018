"""Frames out of a stream of bytes: by their declared length, never by what looks like an end.

`Framer.feed` hands out what is whole and keeps the rest. A frame that fails its check sum is put
into quarantine with its bytes and the reason; only a device whose profile says so may be read in
another manner, because every further try lets one forged frame in 256 through.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from gongchou.core.hj212.crc import crc_of, is_possible, modbus_of
from gongchou.core.hj212.packet import Packet, Unreadable, read_segment
from gongchou.core.hj212.words import Dialect, FrameFault

HEAD, LENGTH_DIGITS, CRC_DIGITS = b"##", 4, 4
HEADER = len(HEAD) + LENGTH_DIGITS
LONGEST = 9999 + HEADER + CRC_DIGITS
WHOLE_HEAD = re.compile(rb"##[0-9]{4}")
BEGUN_HEAD = re.compile(rb"(?:#|##[0-9]{0,3})\Z")
HEX4 = re.compile(rb"[0-9A-Fa-f]{4}")
STATION = re.compile(rb"MN=([A-Za-z0-9]{3,24})\b")
REAL_END = re.compile(rb"&&([0-9A-Fa-f]{4})(?=\r?\n|##|$)")
PRINTED = re.compile(rb"CP=&&\{((?:0x[0-9A-Fa-f]{2},?)+)\}&&")
GROUP = 16
# Line ends, blanks, filling zeros and byte order marks between two frames say nothing.
BETWEEN_FRAMES = b" \t\r\n\0\xef\xbb\xbf"

Decrypt: TypeAlias = Callable[[bytes, bytes], bytes]


@dataclass(frozen=True, slots=True)
class DeviceProfile:
    """How one device may be read: its tolerated dialects and its live keys, newest first."""

    dialects: frozenset[Dialect] = frozenset()
    keys: tuple[bytes, ...] = ()


class Accepted(NamedTuple):
    packet: Packet
    raw: bytes
    dialect: Dialect | None


class Quarantined(NamedTuple):
    raw: bytes
    fault: FrameFault
    mn: str


Framed: TypeAlias = Accepted | Quarantined


def _as_standard(mn: str) -> DeviceProfile:
    return DeviceProfile()


def _no_key(key: bytes, groups: bytes) -> bytes:
    return groups


@dataclass(slots=True)
class Framer:
    """The state of one connection; holds at most one frame and one chunk of bytes."""

    profile_of: Callable[[str], DeviceProfile] = _as_standard
    decrypt: Decrypt = _no_key
    _rest: bytes = field(default=b"", init=False)

    def feed(self, chunk: bytes) -> list[Framed]:
        """Everything that is whole after these bytes, in order."""
        return list(self._walk(self._rest + chunk if self._rest else chunk, is_over=False))

    def close(self) -> list[Framed]:
        """What is left when nothing more comes."""
        return list(self._walk(self._rest, is_over=True))

    @property
    def waiting(self) -> int:
        """Bytes held back until more arrive."""
        return len(self._rest)

    def _walk(self, buffer: bytes, *, is_over: bool) -> Iterator[Framed]:
        at, size = 0, len(buffer)
        while at < size:
            match = WHOLE_HEAD.search(buffer, at)
            head = match.start() if match else _end_of_strays(buffer, at, is_over=is_over)
            if buffer[at:head].strip(BETWEEN_FRAMES):
                yield Quarantined(buffer[at:head], FrameFault.HEAD, station_in(buffer[at:head]))
            at = head
            step = self._frame_at(buffer, head, is_over=is_over) if match else None
            if step is None:
                break
            found, at = step
            yield found
        self._rest = buffer[at:]

    def _frame_at(self, buffer: bytes, head: int, *, is_over: bool) -> tuple[Framed, int] | None:
        """The frame that begins here and where it ends; None to wait for more bytes."""
        start = head + HEADER
        end = start + int(buffer[head + len(HEAD) : start])
        if end + CRC_DIGITS > len(buffer) and not is_over:
            return None
        segment, crc = buffer[start:end], buffer[end : end + CRC_DIGITS]
        if HEX4.fullmatch(crc) and crc_of(segment) == int(crc, 16):
            taken = self._taken(buffer, head, segment, end + CRC_DIGITS, None)
            if isinstance(taken[0], Quarantined) and taken[0].fault is FrameFault.NO_TEXT:
                # One enciphered segment in 256 has the sum of its clear text by chance.
                profile = self.profile_of(taken[0].mn)
                return self._deciphered(buffer, head, end, profile) or taken
            return taken
        return self._otherwise(buffer, head, end, is_over=is_over)

    def _taken(
        self, buffer: bytes, head: int, segment: bytes, end: int, dialect: Dialect | None
    ) -> tuple[Framed, int]:
        after = _past_line_end(buffer, end)
        raw = buffer[head:end]
        try:
            return Accepted(read_segment(segment), raw, dialect), after
        except Unreadable as problem:
            return Quarantined(raw, problem.fault, station_in(raw)), after

    def _otherwise(
        self, buffer: bytes, head: int, end: int, *, is_over: bool
    ) -> tuple[Framed, int] | None:
        """A frame whose sum is wrong as it stands: deciphered, or read as its device is known."""
        mn = station_in(buffer[head : head + LONGEST])
        profile = self.profile_of(mn)
        start = head + HEADER
        segment, crc = buffer[start:end], buffer[end : end + CRC_DIGITS]
        if clear_frame := self._deciphered(buffer, head, end, profile):
            return clear_frame
        if Dialect.MODBUS in profile.dialects and _has_modbus(segment, crc):
            return self._taken(buffer, head, segment, end + CRC_DIGITS, Dialect.MODBUS)
        if Dialect.LENGTH in profile.dialects:
            real = real_end(buffer, start)
            if real:
                clear = buffer[start:real]
                return self._taken(buffer, head, clear, real + CRC_DIGITS, Dialect.LENGTH)
            if not is_over and len(buffer) - head < LONGEST and HEAD not in buffer[start:]:
                return None
        fault = _fault_of(buffer, start, end, has_key=bool(profile.keys))
        return _refused(buffer, head, fault, end + CRC_DIGITS)

    def _deciphered(
        self, buffer: bytes, head: int, end: int, profile: DeviceProfile
    ) -> tuple[Framed, int] | None:
        """The frame in clear by one of the device's keys; None where none fits."""
        for key in profile.keys:
            for clear, stop in deciphered(buffer, head + HEADER, end, key, self.decrypt):
                sent = buffer[stop : stop + CRC_DIGITS]
                if HEX4.fullmatch(sent) and crc_of(clear) == int(sent, 16):
                    return self._taken(buffer, head, clear, stop + CRC_DIGITS, None)
        return None


def deciphered(
    buffer: bytes, start: int, end: int, key: bytes, decrypt: Decrypt
) -> Iterator[tuple[bytes, int]]:
    """The segment in clear and where it ends on the wire, for raw groups and for printed ones.

    Whole groups of 16 bytes between `CP=&&` and the closing `&&` are enciphered, the remainder
    is clear, and the check sum is that of the clear text (HJ 212-2025 §6.4, as quoted).
    """
    segment = buffer[start:end]
    at = segment.find(b"CP=&&") + len(b"CP=&&")
    if at < len(b"CP=&&"):
        return
    content = segment[at:-2] if segment.endswith(b"&&") else segment[at:]
    whole = len(content) // GROUP * GROUP
    if whole:
        clear = decrypt(key, content[:whole]) + content[whole:]
        yield segment[:at] + clear + segment[at + len(content) :], end
    printed = PRINTED.search(buffer, start)
    if printed and printed.end() - start <= 6 * LONGEST:
        sent = bytes(int(pair, 16) for pair in printed[1].rstrip(b",").split(b","))
        whole = len(sent) // GROUP * GROUP
        clear = decrypt(key, sent[:whole]) + sent[whole:]
        yield buffer[start : printed.start() + len(b"CP=&&")] + clear + b"&&", printed.end()


def real_end(buffer: bytes, start: int) -> int:
    """Where the segment really ends if its declared length is wrong; 0 if nowhere."""
    for match in REAL_END.finditer(buffer, start, start + LONGEST):
        end = match.start() + 2
        if crc_of(buffer[start:end]) == int(match[1], 16):
            return end
    return 0


def station_in(raw: bytes) -> str:
    """The station number that can be read, "" if none."""
    match = STATION.search(raw)
    return match[1].decode() if match else ""


def dialect_of(raw: bytes) -> Dialect | None:
    """In which dialect a quarantined frame would have been readable, for a person to decide."""
    digits = raw[len(HEAD) : HEADER]
    if not raw.startswith(HEAD) or not digits.isdigit() or len(digits) < LENGTH_DIGITS:
        return None
    end = HEADER + int(digits)
    if _has_modbus(raw[HEADER:end], raw[end : end + CRC_DIGITS]):
        return Dialect.MODBUS
    return Dialect.LENGTH if real_end(raw, HEADER) else None


def _has_modbus(segment: bytes, crc: bytes) -> bool:
    return bool(HEX4.fullmatch(crc)) and modbus_of(segment) == int(crc, 16)


def _fault_of(buffer: bytes, start: int, end: int, *, has_key: bool) -> FrameFault:
    segment, crc = buffer[start:end], buffer[end : end + CRC_DIGITS]
    if len(crc) < CRC_DIGITS:
        return FrameFault.LENGTH if real_end(buffer, start) else FrameFault.CUT
    if real_end(buffer, start) or not HEX4.fullmatch(crc):
        return FrameFault.LENGTH
    if _has_modbus(segment, crc):
        return FrameFault.MODBUS
    if _looks_enciphered(segment):
        return FrameFault.WRONG_KEY if has_key else FrameFault.NO_KEY
    return FrameFault.CRC if is_possible(int(crc, 16)) else FrameFault.CRC_IMPOSSIBLE


def _looks_enciphered(segment: bytes) -> bool:
    content = segment.partition(b"CP=&&")[2][:-2]
    return any(byte < 0x20 or byte == 0x7F for byte in content) or content.startswith(b"{0x")


def _refused(buffer: bytes, head: int, fault: FrameFault, end: int) -> tuple[Quarantined, int]:
    """The bytes up to the next head, or up to the declared end."""
    match = WHOLE_HEAD.search(buffer, head + len(HEAD))
    if match and match.start() < end:
        following = match.start()
    else:
        following = _past_line_end(buffer, min(end, len(buffer)))
    raw = buffer[head:following]
    return Quarantined(raw, fault, station_in(raw)), following


def _end_of_strays(buffer: bytes, at: int, *, is_over: bool) -> int:
    """Where a head may still be coming: the last few bytes, or nowhere."""
    match = None if is_over else BEGUN_HEAD.search(buffer, max(at, len(buffer) - HEADER))
    return match.start() if match else len(buffer)


def _past_line_end(buffer: bytes, at: int) -> int:
    if buffer[at : at + 2] == b"\r\n":
        return at + 2
    return at + 1 if buffer[at : at + 1] in (b"\n", b"\r") else at
