"""The check sum of HJ 212 (2017, appendix A): alike to Modbus in its constants, but another code.

Its running state is eight bits wide, so the map from bytes to sum has order eight: bytes eight
places apart fold onto each other by XOR. That allows one fold of the whole segment as a big
integer and then eight steps by table, instead of a step a byte.
"""

INITIAL = 0xFFFF


def _eight_shifts(value: int) -> int:
    for _ in range(8):
        value = (value >> 1) ^ (0xA001 if value & 1 else 0)
    return value


_LAST = [_eight_shifts(value) for value in range(256)]
_NEXT = [value >> 8 for value in _LAST]
_LOW_BYTES = frozenset(value & 0xFF for value in _LAST)


def crc_of(segment: bytes) -> int:
    """The check sum of a data segment, 0..65535; FFFF for no bytes at all."""
    size = len(segment)
    if size == 0:
        return INITIAL
    folded = int.from_bytes(segment, "big") ^ (0xFF << (8 * size - 8))
    words = (size + 7) // 8
    while words > 1:
        half = (words + 1) // 2
        bits = 64 * half
        folded = (folded >> bits) ^ (folded & ((1 << bits) - 1))
        words = half
    state = 0
    eight = folded.to_bytes(8, "big")
    for byte in eight[:7]:
        state = _NEXT[state ^ byte]
    return _LAST[state ^ eight[7]]


def is_possible(crc: int) -> bool:
    """Whether any non-empty segment has this sum: only eight low bytes ever occur."""
    return crc & 0xFF in _LOW_BYTES


def modbus_of(segment: bytes) -> int:
    """The Modbus sum, which some loggers send instead."""
    crc = INITIAL
    for byte in segment:
        crc = (crc >> 8) ^ _LAST[(crc ^ byte) & 0xFF]
    return crc
