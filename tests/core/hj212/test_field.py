"""More packets as devices in the field send them: each good one with its exact values, each bad
one aside for its reason. Written for this test; sums are by the standard's own steps.
"""

from typing import NamedTuple

import pytest

from gongchou.core.hj212.crc import modbus_of
from gongchou.core.hj212.framing import Accepted, DeviceProfile, Framer, Quarantined
from gongchou.core.hj212.packet import Packet
from gongchou.core.hj212.words import Deviation, Dialect, FrameFault, PacketVersion
from gongchou.offsite.hj212.cipher import decrypt
from tests.core.hj212.frames import wired
from tests.core.hj212.test_crc import bit_by_bit
from tests.core.hj212.test_framing import KEY, enciphered

MN = "A110000F0001"
QN = "QN=20260513101500123"
AT = "20260513101500"
Values = dict[str, str]


def sent(
    body: str, *, cn: str = "2011", st: str = "31", flag: str = "Flag=5;", qn: str = QN
) -> str:
    return f"{qn};ST={st};CN={cn};PW=123456;MN={MN};{flag}CP=&&{body}&&"


class Good(NamedTuple):
    """What is sent, what is read of it: factor by factor, the moment, the departures."""

    segment: str | bytes
    rows: dict[str, Values]
    time: str = AT
    odd: frozenset[Deviation] = frozenset()
    words: Values = {}
    qn: str = QN[3:]
    is_answered: bool = True


def odd(*found: Deviation) -> frozenset[Deviation]:
    return frozenset(found)


SO2: dict[str, Values] = {"a21026": {"Rtd": "12.4", "Flag": "N"}}
ONE = f"DataTime={AT};a21026-Rtd=12.4,a21026-Flag=N"
OLD_HEAD = f"ST=32;CN=2011;PW=123456;MN={MN}"

GOOD = {
    # headers
    "header of small letters": Good(
        sent(ONE).replace("QN=", "qn=").replace("MN=", "mn=").replace("Flag=5", "flag=5"), SO2
    ),
    "flag in capitals": Good(sent(ONE, flag="FLAG=5;"), SO2),
    "blanks in the header": Good(
        sent(ONE).replace(";ST=", "; ST= ").replace("Flag=5", "Flag= 5 "), SO2
    ),
    "an empty password": Good(sent(ONE).replace("PW=123456", "PW="), SO2),
    "no password": Good(sent(ONE).replace("PW=123456;", ""), SO2),
    "no kind of station": Good(sent(ONE).replace("ST=31;", ""), SO2),
    "an empty field between": Good(sent(ONE).replace("ST=31;", "ST=31;;"), SO2),
    "a field nobody knows": Good(sent(ONE).replace("PW=", "VER=2;PW="), SO2),
    "a serial of fourteen digits": Good(
        sent(ONE, qn=f"QN={AT}"), SO2, qn=AT, odd=odd(Deviation.TIME_DIGITS)
    ),
    "a serial of sixteen digits": Good(
        sent(ONE, qn=f"QN={AT}12"), SO2, qn=f"{AT}12", odd=odd(Deviation.TIME_DIGITS)
    ),
    "a serial of twenty digits": Good(
        sent(ONE, qn=f"QN={AT}123456"), SO2, qn=f"{AT}123456", odd=odd(Deviation.TIME_DIGITS)
    ),
    "no serial": Good(sent(ONE, qn="X=1"), SO2, qn=""),
    "no flag": Good(sent(ONE, flag=""), SO2, is_answered=False),
    "an empty flag": Good(
        sent(ONE, flag="Flag=;"), SO2, odd=odd(Deviation.ODD_FLAG), is_answered=False
    ),
    "a flag in hexadecimal": Good(
        sent(ONE, flag="Flag=0x05;"), SO2, odd=odd(Deviation.ODD_FLAG), is_answered=False
    ),
    "a flag without wish": Good(sent(ONE, flag="Flag=4;"), SO2, is_answered=False),
    "a flag of 2005": Good(sent(ONE, flag="Flag=1;"), SO2),
    "a piece without its number": Good(
        sent(ONE, flag="Flag=7;"), SO2, odd=odd(Deviation.NO_PIECE_NUMBER)
    ),
    "content in small letters": Good(
        sent(ONE).replace("CP=", "cp="), SO2, odd=odd(Deviation.SINGLE_MARK)
    ),
    "a blank before the content": Good(
        sent(ONE).replace("CP=", "CP= "), SO2, odd=odd(Deviation.SINGLE_MARK)
    ),
    "one mark at the end": Good(sent(ONE)[:-1], SO2, odd=odd(Deviation.SINGLE_MARK)),
    "three marks at the end": Good(sent(ONE) + "&", SO2),
    # moments
    "a moment without seconds": Good(
        sent(ONE.replace(AT, AT[:12])), SO2, odd=odd(Deviation.TIME_DIGITS)
    ),
    "a moment with milliseconds": Good(
        sent(ONE.replace(AT, f"{AT}000")), SO2, odd=odd(Deviation.TIME_DIGITS)
    ),
    "a moment after blanks": Good(sent(ONE.replace(AT, f" {AT} ")), SO2),
    "no moment": Good(sent("a21026-Rtd=12.4,a21026-Flag=N"), SO2, time=""),
    "the same moment twice": Good(sent(f"{ONE};DataTime={AT}"), SO2),
    "the moment at the end": Good(sent(f"a21026-Rtd=12.4,a21026-Flag=N;DataTime={AT}"), SO2),
    # factors and marks
    "an old code of water": Good(
        f"{OLD_HEAD};CP=&&DataTime={AT};011-Rtd=31,011-Flag=N;060-Rtd=1.8,060-Flag=N&&",
        {"w01018": {"Rtd": "31", "Flag": "N"}, "w21003": {"Rtd": "1.8", "Flag": "N"}},
        qn="",
        is_answered=False,
    ),
    "old and new code of one factor": Good(
        sent(f"DataTime={AT};011-Rtd=31;w01018-Rtd=31"), {"w01018": {"Rtd": "31", "Flag": ""}}
    ),
    "old codes of air": Good(
        sent(f"DataTime={AT};01-Rtd=4,01-Flag=N;S01-Rtd=7.9;B02-Rtd=9.1"),
        {
            "a34013": {"Rtd": "4", "Flag": "N"},
            "a19001": {"Rtd": "7.9", "Flag": ""},
            "a00000": {"Rtd": "9.1", "Flag": ""},
        },
    ),
    "a code in capitals": Good(sent(ONE.replace("a21026", "A21026")), SO2),
    "a code nobody knows": Good(
        sent(f"DataTime={AT};a99999-Rtd=1;zz-top-Rtd=2"),
        {"a99999": {"Rtd": "1", "Flag": ""}, "zz": {"top-Rtd": "2", "Flag": ""}},
    ),
    "a mark named in small letters": Good(sent(ONE.replace("-Flag", "-flag")), SO2),
    "a mark named in capitals": Good(sent(ONE.replace("-Flag", "-FLAG")), SO2),
    "a mark with blanks": Good(sent(ONE.replace("Flag=N", "Flag=N ")), SO2),
    "a mark in a small letter": Good(
        sent(ONE.replace("Flag=N", "Flag=m")), {"a21026": {"Rtd": "12.4", "Flag": "m"}}
    ),
    "a mark that is a number": Good(
        sent(ONE.replace("Flag=N", "Flag=0")), {"a21026": {"Rtd": "12.4", "Flag": "0"}}
    ),
    "no mark": Good(
        sent(f"DataTime={AT};a21026-Rtd=12.4"), {"a21026": {"Rtd": "12.4", "Flag": ""}}
    ),
    "the mark before the value": Good(sent(f"DataTime={AT};a21026-Flag=N,a21026-Rtd=12.4"), SO2),
    "two marks of one factor": Good(
        sent(f"{ONE},a21026-Flag=D"),
        {"a21026": {"Rtd": "12.4", "Flag": "N", "Flag2": "D"}},
        odd=odd(Deviation.REPEATED_FIELD),
    ),
    "blanks around names and values": Good(
        sent(f"DataTime={AT}; a21026-Rtd = 12.4 , a21026-Flag = N"),
        {"a21026": {"Rtd": " 12.4 ", "Flag": "N"}},
    ),
    "a line end between items": Good(sent(ONE.replace(";", ";\r\n")), SO2),
    "a semicolon within a factor": Good(sent(ONE.replace(",", ";")), SO2),
    "a comma between factors": Good(
        sent(f"{ONE},a19001-Rtd=7.9"), SO2 | {"a19001": {"Rtd": "7.9", "Flag": ""}}
    ),
    "separators too many": Good(
        sent(ONE.replace(",", ",,") + ";;"), SO2, odd=odd(Deviation.LOOSE_SEPARATOR)
    ),
    # values
    "an empty value": Good(
        sent(f"DataTime={AT};a21026-Rtd=,a21026-Flag=D"), {"a21026": {"Rtd": "", "Flag": "D"}}
    ),
    "all empty": Good(sent(f"DataTime={AT};a21026-Rtd="), {"a21026": {"Rtd": "", "Flag": ""}}),
    "a value without its sign of equality": Good(
        sent(f"DataTime={AT};a21026-Rtd,a21026-Flag=D"), {"a21026": {"Rtd": "", "Flag": "D"}}
    ),
    "a power of ten": Good(
        sent(ONE.replace("12.4", "1.24E+01")), {"a21026": {"Rtd": "1.24E+01", "Flag": "N"}}
    ),
    "a sign": Good(sent(ONE.replace("12.4", "-0.00")), {"a21026": {"Rtd": "-0.00", "Flag": "N"}}),
    "a unit behind": Good(
        sent(ONE.replace("12.4", "12.4mg/m3")), {"a21026": {"Rtd": "12.4mg/m3", "Flag": "N"}}
    ),
    "a comma for the point": Good(
        sent(ONE.replace("12.4", "12,4")),
        {"a21026": {"Rtd": "12,4", "Flag": "N"}},
        odd=odd(Deviation.COMMA_IN_VALUE),
    ),
    "a comma after the thousands": Good(
        sent(ONE.replace("12.4", "1,234.5")),
        {"a21026": {"Rtd": "1,234.5", "Flag": "N"}},
        odd=odd(Deviation.COMMA_IN_VALUE),
    ),
    "marks within a value": Good(
        sent(ONE.replace("12.4", "12&&4")), {"a21026": {"Rtd": "12&&4", "Flag": "N"}}
    ),
    "strokes within a log": Good(
        sent(f"DataTime={AT};i11001-Info=//a&&b##0c;d,e=f//", cn="3020"),
        {"i11001": {"Info": "a&&b##0c;d,e=f", "Flag": ""}},
    ),
    "an address in a value": Good(
        sent(f"DataTime={AT};i22001-Info=http://x"), {"i22001": {"Info": "http://x", "Flag": ""}}
    ),
    "one value twice": Good(
        sent(f"{ONE};a21026-Rtd=12.5"),
        {"a21026": {"Rtd": "12.4", "Rtd2": "12.5", "Flag": "N"}},
        odd=odd(Deviation.REPEATED_FIELD),
    ),
    "a sample older than its packet": Good(
        sent(
            f"DataTime={AT};w01018-SampleTime=20260513080000,w01018-Rtd=31,w01018-Flag=N", st="32"
        ),
        {"w01018": {"SampleTime": "20260513080000", "Rtd": "31", "Flag": "N"}},
    ),
    # letters
    "words in UTF-8": Good(
        sent(f"DataTime={AT};i11001-Info=//零点漂移//"),
        {"i11001": {"Info": "零点漂移", "Flag": ""}},
    ),
    "words in GBK": Good(
        sent(f"DataTime={AT};i11001-Info=//零点漂移//").encode("gbk"),
        {"i11001": {"Info": "零点漂移", "Flag": ""}},
        odd=odd(Deviation.GBK),
    ),
    "a rare character in GB 18030": Good(
        sent(f"DataTime={AT};i11001-Info=//㙍河站//").encode("gb18030"),
        {"i11001": {"Info": "㙍河站", "Flag": ""}},
        odd=odd(Deviation.GBK),
    ),
    "a byte order mark before the header": Good(b"\xef\xbb\xbf" + sent(ONE).encode(), SO2),
    # commands
    "minutes": Good(
        sent(
            f"DataTime={AT};a21026-Cou=1.1,a21026-Min=1,a21026-Avg=2,a21026-Max=3,a21026-Flag=N",
            cn="2051",
        ),
        {"a21026": {"Cou": "1.1", "Min": "1", "Avg": "2", "Max": "3", "Flag": "N"}},
    ),
    "five minutes of a furnace": Good(
        sent(f"DataTime={AT};a01901-Avg=871.3,a01901-Flag=N", cn="2111", flag="Flag=9;"),
        {"a01901": {"Avg": "871.3", "Flag": "N"}},
    ),
    "raw values": Good(
        sent(f"DataTime={AT};a24088-Rtd=3.1", cn="2013", flag="Flag=9;"),
        {"a24088": {"Rtd": "3.1", "Flag": ""}},
    ),
    "a check with a standard": Good(
        sent(
            f"DataTime={AT};w01018-Check=50.2,w01018-StandardValue=50,w01018-Flag=C",
            cn="2062",
            flag="Flag=9;",
        ),
        {"w01018": {"Check": "50.2", "StandardValue": "50", "Flag": "C"}},
    ),
    "the set time": Good(
        sent("SystemTime=20260513101501", cn="1012"),
        {},
        time="",
        words={"SystemTime": "20260513101501"},
    ),
    "intervals": Good(sent("MinInterval=10", cn="1064"), {}, time="", words={"MinInterval": "10"}),
    "waiting and trying": Good(
        sent("OverTime=5,ReCount=3", cn="1000"),
        {},
        time="",
        words={"OverTime": "5", "ReCount": "3"},
    ),
    "two analysers asked for": Good(
        sent("PolId=w01018;PolId=w21003", cn="3018"),
        {},
        time="",
        words={"PolId": "w01018", "PolId2": "w21003"},
        odd=odd(Deviation.REPEATED_FIELD),
    ),
    "a bottle kept": Good(
        sent(f"DataTime={AT};PolId=w01018;VaseNo=4", cn="3015"),
        {},
        words={"PolId": "w01018", "VaseNo": "4"},
    ),
    "an instrument's command of a vendor": Good(
        sent("Cmd=1", cn="3108"), {}, time="", words={"Cmd": "1"}
    ),
    "a heartbeat": Good(sent("", cn="9015", st="91", flag="Flag=9;"), {}, time=""),
}


def read(raw: bytes) -> Packet:
    (found,) = Framer().feed(raw)
    assert isinstance(found, Accepted), found
    return found.packet


@pytest.mark.parametrize("case", GOOD.values(), ids=GOOD)
def test_each_good_packet_is_read_to_the_letter(case):
    packet = read(wired(case.segment))
    rows = {row.factor: {**dict(row.fields), "Flag": row.flag} for row in packet.rows}
    assert rows == case.rows
    assert (packet.time, packet.qn, dict(packet.words)) == (case.time, case.qn, case.words)
    assert packet.deviations == case.odd
    assert (packet.mn, packet.wants_answer) == (MN, case.is_answered)


PLAIN = sent(ONE).encode()
NEXT = wired(sent("", cn="9013", st="91"))
WIRES = {
    "a sum in small letters": wired(PLAIN)[:-6] + wired(PLAIN)[-6:].lower(),
    "a line feed alone": wired(PLAIN, end=b"\n"),
    "a return alone": wired(PLAIN, end=b"\r"),
    "no end of line": wired(PLAIN, end=b""),
    "two ends of line": wired(PLAIN) + b"\r\n",
    "a byte order mark before": b"\xef\xbb\xbf" + wired(PLAIN),
    "zeros to fill": wired(PLAIN) + b"\0\0\0\0",
    "blanks before": b"  \t" + wired(PLAIN),
}


@pytest.mark.parametrize("raw", WIRES.values(), ids=WIRES)
def test_what_stands_around_a_frame_does_no_harm_and_is_no_rubbish(raw):
    first, second = Framer().feed(raw + NEXT)
    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.packet == read(wired(PLAIN))


def summed(over: bytes) -> bytes:
    """The plain frame with the sum of something else."""
    return wired(PLAIN)[:-6] + b"%04X\r\n" % bit_by_bit(over)


HEADED = wired(PLAIN)[:-6]
BAD = {
    "the sum of head and segment": (summed(HEADED), FrameFault.CRC),
    "the sum of length and segment": (summed(HEADED[2:]), FrameFault.CRC),
    "the sum without the marks": (summed(PLAIN[:-2]), FrameFault.CRC),
    "the sum of the content": (summed(PLAIN[PLAIN.index(b"CP=") :]), FrameFault.CRC),
    "the sum with its end of line": (summed(PLAIN + b"\r\n"), FrameFault.CRC),
    "the sum turned about": (
        wired(PLAIN)[:-6] + wired(PLAIN)[-4:-2] + wired(PLAIN)[-6:-4] + b"\r\n",
        FrameFault.CRC_IMPOSSIBLE,
    ),
    "the sum of Modbus in small letters": (
        wired(PLAIN)[:-6] + b"%04x\r\n" % modbus_of(PLAIN),
        FrameFault.MODBUS,
    ),
    "a sum of three digits": (wired(PLAIN)[:-3] + b"\r\n", FrameFault.LENGTH),
    "a length of two too many": (wired(PLAIN, length=2), FrameFault.LENGTH),
    "a length of two too few": (wired(PLAIN, length=-2), FrameFault.LENGTH),
    "a length with the sum": (wired(PLAIN, length=4), FrameFault.LENGTH),
    "a length with all of the frame": (wired(PLAIN, length=12), FrameFault.LENGTH),
    "a length of nothing": (wired(PLAIN, length=-len(PLAIN)), FrameFault.LENGTH),
    "a length of three digits": (b"##" + wired(PLAIN)[3:], FrameFault.HEAD),
    "a length with a blank": (b"## 99" + wired(PLAIN)[6:], FrameFault.HEAD),
    "one stroke lost": (wired(PLAIN)[1:], FrameFault.HEAD),
    "a frame of nothing": (b"##0000FFFF\r\n", FrameFault.NO_CONTENT),
    "a login of a vendor in text": (b"LOGIN 12345\r\n", FrameFault.HEAD),
    "an empty station": (wired(PLAIN.replace(MN.encode(), b"")), FrameFault.NO_STATION),
    "a station of two letters": (wired(PLAIN.replace(MN.encode(), b"A1")), FrameFault.NO_STATION),
    "a station too long": (wired(PLAIN.replace(MN.encode(), b"A" * 25)), FrameFault.NO_STATION),
    "a station with a stroke": (wired(PLAIN.replace(MN.encode(), b"A-1")), FrameFault.NO_STATION),
    "a command of three digits": (
        wired(PLAIN.replace(b"CN=2011", b"CN=211")),
        FrameFault.NO_COMMAND,
    ),
    "a heartbeat without content": (wired(PLAIN.partition(b"CP=")[0]), FrameFault.NO_CONTENT),
    "a serial of twelve digits": (wired(sent(ONE, qn="QN=202605131015")), FrameFault.TIME),
    "a serial of a day that is none": (
        wired(sent(ONE, qn="QN=20260532101500123")),
        FrameFault.TIME,
    ),
    "a moment of an hour only": (wired(sent(ONE.replace(AT, AT[:10]))), FrameFault.TIME),
    "a moment at the 25th hour": (wired(sent(ONE.replace(AT, "20260513250000"))), FrameFault.TIME),
    "a moment written with strokes": (
        wired(sent(ONE.replace(AT, "2026-05-13 10:15:00"))),
        FrameFault.TIME,
    ),
    "two moments in one packet": (
        wired(sent(f"{ONE};DataTime=20260513101600;a21026-Rtd=3")),
        FrameFault.TIME,
    ),
    "a name of forty letters and one": (wired(sent(f"{'x' * 41}-Rtd=1")), FrameFault.FACTOR),
    "letters of no coding": (
        wired(PLAIN.replace(b"12.4", b"\xff\xfe\xff\xff")),
        FrameFault.NO_TEXT,
    ),
}


@pytest.mark.parametrize(("raw", "fault"), BAD.values(), ids=BAD)
def test_each_bad_packet_is_aside_for_its_reason_and_the_next_is_read(raw, fault):
    framer = Framer()
    *aside, last = framer.feed(raw + NEXT) + framer.close()
    assert isinstance(last, Accepted)
    assert aside
    assert all(isinstance(one, Quarantined) for one in aside)
    assert aside[0].fault is fault


@pytest.mark.parametrize("coding", ["utf-8", "gbk"])
def test_a_length_in_characters_is_refused_and_read_only_for_a_device_known_for_it(coding):
    text = sent(f"DataTime={AT};i11001-Info=//零点漂移//")
    content = text.encode(coding)
    raw = wired(content, length=len(text) - len(content))
    framer = Framer()
    assert (framer.feed(raw) + framer.close())[0].fault is FrameFault.LENGTH
    known = DeviceProfile(dialects=frozenset({Dialect.LENGTH}))
    (found,) = Framer(lambda mn: known).feed(raw)
    assert found.dialect is Dialect.LENGTH
    assert found.packet.rows[0].values == ("零点漂移",)


def test_pieces_out_of_order_are_each_read_by_themselves():
    order = (3, 1, 2)
    frames = (
        wired(sent(f"DataTime={AT};a2100{n}-Avg={n}", cn="2051", flag=f"Flag=7;PNUM=3;PNO={n};"))
        for n in order
    )
    found = [one.packet for one in Framer().feed(b"".join(frames))]
    assert [packet.piece for packet in found] == [(n, 3) for n in order]
    assert [packet.rows[0].values for packet in found] == [(str(n),) for n in order]


def secret(clear: bytes) -> bytes:
    good = wired(clear)
    return good[:6] + enciphered(clear) + good[-6:]


@pytest.mark.parametrize("keys", [(KEY,), (b"2" * 16, KEY), (KEY, b"2" * 16)])
def test_an_enciphered_packet_is_read_by_whichever_key_is_live(keys):
    raw = secret(sent(ONE, cn="2061", flag="Flag=9;RF=1;").encode())
    (found,) = Framer(lambda mn: DeviceProfile(keys=keys), decrypt).feed(raw)
    assert (found.packet.version, found.packet.is_resent) == (PacketVersion.OF_2025, True)
    assert found.packet.rows[0].values == ("12.4",)


def test_a_content_shorter_than_a_group_goes_in_clear():
    raw = secret(sent("LA-Rtd=4", st="23", flag="Flag=9;").encode())
    (found,) = Framer(lambda mn: DeviceProfile(keys=(KEY,)), decrypt).feed(raw)
    assert found.packet.rows[0].values == ("4",)
