"""What the receiver sends: acknowledgements, the time, and the call for missing history.

Nothing here can alter an instrument: the commands that do (3011 and above) are not written.
"""

from gongchou.core.hj212.crc import crc_of
from gongchou.core.hj212.packet import Packet

HOST, NOTICE, DATA = "91", "9013", "9014"
HEARTBEATS = frozenset({"9015", "9021"})
TIME_ASKED, TIME_SET = "1013", "1012"
NOTICES = frozenset({TIME_ASKED, "1001", "9011", "9012"}) | HEARTBEATS
HISTORY = frozenset({"2051", "2061", "2031", "2041"})
VERSION_BITS, WANTS_ANSWER = 0xFC, 1


def frame(segment: str) -> bytes:
    """The bytes on the wire of a data segment."""
    content = segment.encode()
    return b"##%04d%b%04X\r\n" % (len(content), content, crc_of(content))


def acknowledgement(packet: Packet) -> bytes:
    """The answer to a packet that is safely kept; b"" where the sender asked for none."""
    if not packet.wants_answer:
        return b""
    command = NOTICE if packet.cn in NOTICES else DATA
    return frame(f"{_header(packet, packet.qn, HOST, command)};CP=&&&&")


def time_set(packet: Packet, qn: str, now: str) -> bytes:
    """The time for a device that asked: `qn` 17 digits of ours, `now` 14 digits of Beijing time."""
    station = f"{_header(packet, qn, packet.st, TIME_SET)};CP=&&SystemTime={now}&&"
    return frame(station)


def call_for_history(packet: Packet, qn: str, command: str, since: str, until: str) -> bytes:
    """Asks a device for what it measured between two moments of 14 digits; only data commands."""
    if command not in HISTORY:
        raise ValueError(f"{command} is not a command that fetches data")
    span = f"BeginTime={since};EndTime={until}"
    header = _header(packet, qn, packet.st, command, flag=WANTS_ANSWER)
    return frame(f"{header};CP=&&{span}&&")


def _header(packet: Packet, qn: str, st: str, cn: str, flag: int = 0) -> str:
    version = (packet.flag or 0) & VERSION_BITS
    return f"QN={qn};ST={st};CN={cn};PW={packet.password};MN={packet.mn};Flag={version | flag}"
