"""Frames as they arrive, one after another."""

from datetime import UTC, datetime, timedelta

from gongchou.core.hj212.framing import Framer
from gongchou.offsite.hj212.store import Arrival
from tests.core.hj212.frames import MN, wired

AT = datetime(2026, 4, 1, tzinfo=UTC)


def hour(
    number: int, value: str = "12.30", *, mn: str = MN, flag: int = 5, more: str = ""
) -> bytes:
    """The hourly packet of one hour of a day, with two factors."""
    body = (
        f"DataTime=20260401{number:02}0000;a21026-Avg={value},a21026-Flag=N;"
        f"a19001-Avg=7.9,a19001-Flag=N"
    )
    qn = f"20260401{number:02}0500123"
    return wired(f"QN={qn};ST=31;CN=2061;PW=123456;MN={mn};Flag={flag};{more}CP=&&{body}&&")


def arrivals(*frames: bytes, since: datetime = AT) -> list[Arrival]:
    framer, found = Framer(), []
    for number, frame in enumerate(frames):
        moment = since + timedelta(seconds=number)
        found += [Arrival(moment, "192.0.2.7", one) for one in framer.feed(frame)]
    return found
