"""What a segment says, with every departure met in the field named and nothing lost."""

import pytest

from gongchou.core.hj212.packet import Row, Unreadable, read_segment
from gongchou.core.hj212.words import Deviation, FrameFault, PacketVersion
from tests.core.hj212.frames import BODY, HEAD, MN, SEGMENT


def read(text: str | bytes):
    return read_segment(text if isinstance(text, bytes) else text.encode())


def test_a_packet_of_2017_is_read_as_written():
    packet = read(SEGMENT)
    assert (packet.version, packet.mn, packet.st, packet.cn) == (
        PacketVersion.OF_2017, MN, "31", "2051",
    )  # fmt: skip
    assert (packet.qn, packet.time, packet.password) == (
        "20260401080000123", "20260401075000", "123456",
    )  # fmt: skip
    assert packet.rows == (
        Row("a21026", ("Avg",), ("12.30",), "N"),
        Row("a19001", ("Avg",), ("7.9",), "N"),
    )
    assert packet.wants_answer
    assert not packet.deviations


@pytest.mark.parametrize(
    ("flag", "version", "wants"),
    [
        ("Flag=0;", PacketVersion.OF_2005, False),
        ("", PacketVersion.OF_2005, False),
        ("Flag=4;", PacketVersion.OF_2017, False),
        ("Flag=5;", PacketVersion.OF_2017, True),
        ("Flag=8;", PacketVersion.OF_2025, False),
        ("Flag=9;", PacketVersion.OF_2025, True),
    ],
)
def test_the_flag_tells_version_and_wish_for_an_answer(flag, version, wants):
    packet = read(f"ST=32;CN=2011;PW=123456;MN=88888880000001;{flag}CP=&&&&")
    assert (packet.version, packet.wants_answer) == (version, wants)


def test_the_codes_of_2005_become_todays():
    packet = read(
        "ST=32;CN=2011;PW=1;MN=88888880000001;CP=&&011-Rtd=3;B01-Rtd=1;S01-Rtd=9;02-Rtd=4&&"
    )
    assert [row.factor for row in packet.rows] == ["w01018", "w00000", "a19001", "a21026"]


def test_a_piece_a_resending_and_any_order_of_the_header():
    packet = read(
        f"ST=32,CN=2061,QN=20260401080000123;MN={MN};PW=1;Flag=11;PNO=2;PNUM=3;RF=1;CP=&&&&"
    )
    assert packet.piece == (2, 3)
    assert packet.is_resent
    assert packet.deviations == {Deviation.COMMA_IN_HEADER}


DEVIATIONS = {
    "a comma in the header": (SEGMENT.replace("123;ST", "123,ST"), Deviation.COMMA_IN_HEADER),
    "no separator before the content": (f"{HEAD}CP=&&{BODY}&&", Deviation.NO_SEPARATOR),
    "a single mark": (f"{HEAD};CP=& {BODY}&&", Deviation.SINGLE_MARK),
    "a loose separator": (f"{HEAD};CP=&&{BODY};&&", Deviation.LOOSE_SEPARATOR),
    "milliseconds in the time": (
        SEGMENT.replace("DataTime=20260401075000", "DataTime=20260401075000123"),
        Deviation.TIME_DIGITS,
    ),
    "a piece without number": (SEGMENT.replace("Flag=5", "Flag=6"), Deviation.NO_PIECE_NUMBER),
    "a flag that is no number": (SEGMENT.replace("Flag=5", "Flag=N"), Deviation.ODD_FLAG),
}


@pytest.mark.parametrize(("text", "deviation"), DEVIATIONS.values(), ids=DEVIATIONS)
def test_a_departure_is_accepted_and_named(text, deviation):
    packet = read(text)
    assert packet.deviations == {deviation}
    assert packet.time == "20260401075000"
    assert [row.factor for row in packet.rows] == ["a21026", "a19001"]


def test_a_comma_between_the_ends_of_a_span():
    packet = read(f"{HEAD};CP=&&BeginTime=20260401000000,EndTime=20260401010000&&")
    assert dict(packet.words) == {"BeginTime": "20260401000000", "EndTime": "20260401010000"}


def test_a_value_sent_twice_under_one_name_keeps_both():
    packet = read(f"{HEAD};CP=&&w00000-Avg=1.5,w00000-Avg=9000&&")
    assert packet.rows == (Row("w00000", ("Avg", "Avg2"), ("1.5", "9000"), ""),)
    assert packet.deviations == {Deviation.REPEATED_FIELD}


def test_the_same_value_sent_twice_is_one():
    packet = read(f"{HEAD};CP=&&w00000-Avg=1.5;w00000-Avg=1.5&&")
    assert packet.rows == (Row("w00000", ("Avg",), ("1.5",), ""),)
    assert not packet.deviations


@pytest.mark.parametrize("value", ["--", "NaN", "1.#QNAN", "-0.00", "", "9999.99"])
def test_values_that_are_no_numbers_are_kept_as_sent(value):
    (row,) = read(f"{HEAD};CP=&&a21026-Avg={value},a21026-Flag=n&&").rows
    assert row == Row("a21026", ("Avg",), (value,), "n")


def test_vendor_names_and_a_sample_time_stay():
    packet = read(f"{HEAD};CP=&&w01018-SampleTime=20260331000000,w01018-Avg=3;CONC=5;FANSTATUS=1&&")
    assert packet.rows[0].fields == (("SampleTime", "20260331000000"), ("Avg", "3"))
    assert dict(packet.words) == {"CONC": "5", "FANSTATUS": "1"}


@pytest.mark.parametrize("coding", ["utf-8", "gbk"])
def test_a_log_between_double_strokes_may_hold_separators(coding):
    text = f"{HEAD};CP=&&DataTime=20260401075000;i11001-Info=//清洗管路；a=1,b=2;c//&&"
    packet = read(text.encode(coding))
    assert packet.rows == (Row("i11001", ("Info",), ("清洗管路；a=1,b=2;c",), ""),)
    assert packet.deviations == ({Deviation.GBK} if coding == "gbk" else frozenset())


@pytest.mark.parametrize("mn", ["abc", "88888880000001", MN, MN.lower(), "A12"])
def test_a_station_number_of_any_kind(mn):
    assert read(f"ST=32;CN=2011;MN={mn};CP=&&&&").mn == mn


UNREADABLE = {
    "no station": ("ST=32;CN=2011;CP=&&&&", FrameFault.NO_STATION),
    "a station of two signs": ("ST=32;CN=2011;MN=A1;CP=&&&&", FrameFault.NO_STATION),
    "no command": (f"ST=32;MN={MN};CP=&&&&", FrameFault.NO_COMMAND),
    "no content": (f"ST=32;CN=2011;MN={MN};", FrameFault.NO_CONTENT),
    "a thirteenth month": (SEGMENT.replace("DataTime=202604", "DataTime=202613"), FrameFault.TIME),
    "a serial number of letters": (SEGMENT.replace("QN=2026", "QN=20X6"), FrameFault.TIME),
    "no text at all": (HEAD.encode() + b";CP=&&\xff\xff\xff&&", FrameFault.NO_TEXT),
}


@pytest.mark.parametrize(("text", "fault"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_says_too_little_is_refused_with_its_reason(text, fault):
    with pytest.raises(Unreadable) as told:
        read(text)
    assert told.value.fault is fault
