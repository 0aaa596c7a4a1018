"""Frames for the tests, by hand and by the standard's own steps."""

from tests.core.hj212.test_crc import bit_by_bit

MN = "010000A8900016F000169DC0"
HEAD = f"QN=20260401080000123;ST=31;CN=2051;PW=123456;MN={MN};Flag=5"
BODY = "DataTime=20260401075000;a21026-Avg=12.30,a21026-Flag=N;a19001-Avg=7.9,a19001-Flag=N"
SEGMENT = f"{HEAD};CP=&&{BODY}&&"


def wired(segment: str | bytes, *, length: int = 0, end: bytes = b"\r\n") -> bytes:
    """The frame of a segment; `length` is added to the declared one."""
    content = segment if isinstance(segment, bytes) else segment.encode()
    declared = len(content) + length
    return b"##%04d" % declared + content + b"%04X" % bit_by_bit(content) + end
