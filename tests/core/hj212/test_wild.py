"""Packets as loggers of many makers send them, good and bad in one stream: each to its place.

Written by hand in the forms that the standard's annexes and the field show; the sums are by the
standard's own steps. Two whole frames with their printed sums stand at the end.
"""

from random import Random

import pytest

from gongchou.core.hj212.crc import modbus_of
from gongchou.core.hj212.framing import Accepted, Framer, Quarantined
from gongchou.core.hj212.words import FrameFault
from tests.core.hj212.frames import wired
from tests.core.hj212.test_crc import bit_by_bit

HEX = "010000A8900016F000169DC0"
OLD = "88888880000001"
QN = "QN=20260513101500123"
AIR = "a21026-Rtd=12.4,a21026-Flag=N;a21002-Rtd=33.1,a21002-Flag=N;a19001-Rtd=7.90,a19001-Flag=N"


def new(cn: str, body: str, *, st: str = "31", flag: str = "Flag=5;", mn: str = HEX) -> str:
    return f"{QN};ST={st};CN={cn};PW=123456;MN={mn};{flag}CP=&&{body}&&"


GOOD = {
    "real time": new("2011", f"DataTime=20260513101500;{AIR}"),
    "real time with the vendor's mark": new(
        "2011", "DataTime=20260513101500;w01018-Rtd=30.1,w01018-Flag=N,w01018-EFlag=A01", st="21"
    ),
    "minutes with extremes": new(
        "2051",
        "DataTime=20260513101000;w01018-Cou=11.2,w01018-Min=29,w01018-Avg=30,w01018-Max=31,"
        "w01018-Flag=N",
        st="32",
    ),
    "an hour with converted values": new(
        "2061",
        "DataTime=20260513090000;a21002-Avg=40.0,a21002-Min=38,a21002-Max=44,a21002-ZsAvg=59.6,"
        "a21002-ZsMin=57,a21002-ZsMax=62,a21002-Flag=N",
    ),
    "a day": new("2031", "DataTime=20260512000000;w00000-Cou=4311.5;w01018-Avg=31.2", st="32"),
    "states": new("2021", "DataTime=20260513101500;SB1-RS=1;SB2-RS=0"),
    "hours of running": new("2041", "DataTime=20260512000000;SB1-RT=22.5;SB2-RT=0"),
    "the start of a logger": new("2081", "DataTime=20260513101500;RestartTime=20260513095501"),
    "noise": new("2011", "DataTime=20260513101500;LA-Rtd=50.1", st="23"),
    "noise of a day": new("2031", "DataTime=20260512000000;L5-Data=61;Leq-Data=55.4", st="23"),
    "a request answered": new("9011", "QnRtn=1", st="91", flag="Flag=4;"),
    "a command done": new("9012", "ExeRtn=1", st="91", flag="Flag=4;"),
    "a notice": new("9013", "", st="91", flag="Flag=4;"),
    "data acknowledged": new("9014", "", st="91", flag="Flag=4;"),
    "a time asked for": new("1013", "PolId=w01018"),
    "a time told": new("1011", "PolId=w01018,SystemTime=20260513101501"),
    "an interval": new("1061", "RtdInterval=30"),
    "a site log": new(
        "3019", "DataTime=20260513101500;PolId=w01018,i11001-Info=//zero; span, 3=ok//", st="32"
    ),
    "settings": new("3020", "DataTime=20260513101500;PolId=w01018;i13007-Info=1.02;i12001-Info=0"),
    "a serial of an analyser": new("3018", "PolId=w01018;w01018-SN=00N001"),
    "a piece of three": new(
        "2051",
        "DataTime=20260513101000;a21026-Avg=12.4,a21026-Flag=N",
        flag="Flag=7;PNUM=3;PNO=2;",
    ),
    "working state of a furnace": new(
        "2011", "DataTime=20260513101500;g11801-Rtd=1203.4,g11801-Flag=N;e10101-Rtd=1", st="51"
    ),
    "of 2025, sent again": new("2061", f"DataTime=20260513090000;{AIR}", flag="Flag=9;RF=1;"),
    "of 2025, meters": new(
        "2011", "DataTime=20260513101500;d10001-Rtd=31.2,d10001-Flag=N", st="44", flag="Flag=9;"
    ),
    "of 2025, a heartbeat": new("9015", "", st="91", flag="Flag=9;"),
    "of 2005": f"ST=32;CN=2011;PW=123456;MN={OLD};CP=&&DataTime=20260513101500;"
    "B01-Rtd=36.91;011-Rtd=231.0,011-Flag=N;060-Rtd=1.803,060-Flag=N&&",
    "of 2005, with numbers for marks": f"ST=31;CN=2051;PW=123456;MN={OLD};CP=&&"
    "DataTime=20260513101000;02-Min=8.1,02-Avg=8.2,02-Max=8.4,02-Flag=0;S01-Avg=7.1&&",
    "of 2005, an alarm": f"ST=31;CN=2072;PW=123456;MN={OLD};CP=&&"
    "AlarmTime=20260513101500;02-Ala=220.1;AlarmType=1&&",
    "the station before the password": f"{QN};ST=32;CN=2011;MN={HEX};PW=123456;Flag=5;"
    f"CP=&&DataTime=20260513101500;{AIR}&&",
    "the command before all": f"ST=31;CN=2011;{QN};PW=123456;MN={HEX};Flag=5;"
    f"CP=&&DataTime=20260513101500;{AIR}&&",
    "the number before the count": new(
        "2051", f"DataTime=20260513101000;{AIR}", flag="Flag=7;PNO=1;PNUM=2;"
    ),
    "a comma for a semicolon": new("2011", f"DataTime=20260513101500;{AIR}").replace(
        "123;ST", "123,ST"
    ),
    "a flag without its separator": new("2011", f"DataTime=20260513101500;{AIR}", flag="Flag=5"),
    "a span with a comma": new("2061", "BeginTime=20260513000000,EndTime=20260513010000"),
    "a short number in small letters": new("2011", "DataTime=20260513101500;LA-Rtd=4", mn="zq7"),
    "a login": new("9021", "", mn="GATE0012"),
    "marks in small letters and none": new(
        "2051", "DataTime=20260513101000;a21026-Avg=1,a21026-Flag=n;a21002-Avg=2,a21002-Flag="
    ),
    "values that are none": new(
        "2051", "DataTime=20260513101000;a21026-Avg=--;a21002-Avg=NaN;a19001-Avg=1.#QNAN"
    ),
    "not convertible": new("2061", "DataTime=20260513090000;a21026-ZsAvg=9999.99"),
    "a total as a second mean": new(
        "2061", "DataTime=20260513090000;w00000-Avg=3.1,w00000-Avg=90211.4,w00000-Flag=N", st="32"
    ),
    "spaces after the mark": new("2011", f"DataTime=20260513101500;{AIR}").replace(
        "CP=&&", "CP=&& "
    ),
    "names of a vendor": new("2011", "DataTime=20260513101500;CONC=31;FANSTATUS=1;a21026-Rtd=4"),
}
DAMAGED = wired(new("2011", f"DataTime=20260513101500;{AIR}")).replace(b"12.4", b"12.5")
PLAIN = new("2011", f"DataTime=20260513101500;{AIR}").encode()
BAD = {
    "edited by hand": (DAMAGED, FrameFault.CRC),
    "an invented sum": (wired(PLAIN)[:-6] + b"ABCD\r\n", FrameFault.CRC_IMPOSSIBLE),
    "the sum of Modbus": (
        wired(PLAIN)[:-6] + b"%04X\r\n" % modbus_of(PLAIN),
        FrameFault.MODBUS,
    ),
    "a sum that is no number": (wired(PLAIN)[:-6] + b"zzzz\r\n", FrameFault.LENGTH),
    "a length in characters": (wired(PLAIN, length=-4), FrameFault.LENGTH),
    "a length too great": (wired(PLAIN, length=9), FrameFault.LENGTH),
    "a length of a tenth": (wired(PLAIN, length=-len(PLAIN) + 20), FrameFault.LENGTH),
    "a head cut off": (wired(PLAIN)[9:], FrameFault.HEAD),
    "no station": (wired(PLAIN.replace(b"MN=" + HEX.encode(), b"MN=")), FrameFault.NO_STATION),
    "no command": (wired(PLAIN.replace(b"CN=2011", b"CN=20")), FrameFault.NO_COMMAND),
    "no content": (wired(PLAIN.replace(b"CP=", b"XX=")), FrameFault.NO_CONTENT),
    "a thirteenth month": (
        wired(PLAIN.replace(b"DataTime=20260513", b"DataTime=20261332")),
        FrameFault.TIME,
    ),
    "control signs": (wired(PLAIN.replace(b"12.4", b"\x01\x02\x03\x04")), FrameFault.NO_TEXT),
    "enciphered for another": (
        wired(PLAIN[:-6] + b"\x07\x90\xfe\x01&&")[:-6] + b"5580\r\n",
        FrameFault.NO_KEY,
    ),
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_good_packet_is_accepted_as_it_comes(text):
    (found,) = Framer().feed(wired(text))
    assert isinstance(found, Accepted)
    assert found.dialect is None


@pytest.mark.parametrize(("raw", "fault"), BAD.values(), ids=BAD)
def test_a_bad_packet_is_put_aside_for_the_right_reason(raw, fault):
    framer = Framer()
    found = framer.feed(raw) + framer.feed(wired(GOOD["a notice"])) + framer.close()
    *aside, last = found
    assert isinstance(last, Accepted)
    assert aside
    assert all(isinstance(one, Quarantined) for one in aside)
    assert aside[0].fault is fault
    assert b"".join(one.raw for one in aside).strip() == raw.strip()


@pytest.mark.parametrize("seed", range(4))
def test_in_one_stream_in_any_pieces_none_is_lost_and_none_is_let_through(seed):
    chance = Random(seed)
    kinds = [(wired(text), None) for text in GOOD.values()] + list(BAD.values())
    chance.shuffle(kinds)
    stream = b"".join(raw for raw, _ in kinds)
    framer, found, at = Framer(), [], 0
    while at < len(stream):
        step = chance.randrange(1, 400)
        found += framer.feed(stream[at : at + step])
        at += step
    found += framer.close()
    accepted = [one.raw.strip() for one in found if isinstance(one, Accepted)]
    assert sorted(accepted) == sorted(wired(text).strip() for text in GOOD.values())


@pytest.mark.parametrize(
    "frame",
    [
        b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
        b"CP=&&RtdInterval=30&&1C80\r\n",
        b"##0087QN=20160801085857534;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;"
        b"CP=&&&&5B40\r\n",
    ],
)
def test_frames_with_their_printed_sums(frame):
    assert isinstance(Framer().feed(frame)[0], Accepted)
    assert b"%04X" % bit_by_bit(frame[6:-6]) == frame[-6:-2]
