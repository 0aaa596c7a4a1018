"""A few fictional monitors and three days of what they sent, so that curves have something to show.

The frames are built and read as from the wire; one device went silent for a night, one stood still
with its mark, and one packet came damaged.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import sin
from pathlib import Path

from gongchou.config.demo_agenda import person
from gongchou.config.demo_bureau import CODE
from gongchou.core.hj212.answers import frame
from gongchou.core.hj212.framing import Framer
from gongchou.core.terms import MonitoringType
from gongchou.offsite import actions as offsite
from gongchou.offsite.hj212.place import open_store
from gongchou.offsite.hj212.store import Arrival
from gongchou.registry import reads as registers
from gongchou.web.clock import SHANGHAI, day_of

HOURS, SILENT, STOPPED = 72, range(40, 49), range(52, 58)
AIR = (("a21026", 18, 4), ("a21002", 40, 7), ("a34013", 6, 2), ("a19001", 8, 1))
WATER = (("w01018", 42, 8), ("w21003", 2, 1), ("w01001", 7, 0), ("w00000", 12, 3))
FACTORS = {MonitoringType.AUTO_AIR: ("31", AIR), MonitoringType.AUTO_WATER: ("32", WATER)}
MOST = 4


def set_up(now: datetime, folder: Path) -> None:
    """The monitors are entered by the clerk; their data lies where a receiver would have put it."""
    clerk, before = person("chen", now), now - timedelta(hours=HOURS)
    store = open_store(folder)
    store.prepare()
    for number, (site, kind) in enumerate(_sites(now)):
        draft = offsite.MonitorDraft(
            subject=site,
            mn=f"DEMO{number + 1:010}",
            outlet="废气排口一（虚构）" if kind is MonitoringType.AUTO_AIR else "总排口（虚构）",
            kind=kind,
            minutes=10,
        )
        offsite.register_monitor(draft, by=clerk, at=before)
        store.keep(_arrivals(number, draft, now))
    store.close()


def _sites(now: datetime) -> list[tuple[str, MonitoringType]]:
    subjects = registers.snapshot(CODE, day_of(now)).subjects
    pairs = [(s.ref, kind) for s in subjects for kind in FACTORS if kind in s.monitoring_types]
    return pairs[:MOST]


def _arrivals(number: int, draft: offsite.MonitorDraft, now: datetime) -> list[Arrival]:
    framer = Framer()
    start = now.astimezone(SHANGHAI).replace(minute=0, second=0) - timedelta(hours=HOURS)
    found = []
    for hour in range(HOURS):
        moment = start + timedelta(hours=hour)
        for raw in _frames(number, draft, hour, moment):
            received = moment + timedelta(hours=1, minutes=2)
            found += [Arrival(received, "192.0.2.10", one) for one in framer.feed(raw)]
    return found


def _frames(
    number: int, draft: offsite.MonitorDraft, hour: int, moment: datetime
) -> Iterator[bytes]:
    if number == 1 and hour in SILENT:
        return
    st, factors = FACTORS[draft.kind]
    flag = "F" if number == 2 and hour in STOPPED else "N"
    values = [f"DataTime={moment:%Y%m%d%H}0000"]
    for place, (code, mean, swing) in enumerate(factors):
        wave = sin((hour + 5 * number) / 3.8 + place) + sin(hour * (place + 2) / 1.7) / 3
        value = 0 if flag == "F" else mean + swing * wave
        values.append(f"{code}-Avg={value:.2f},{code}-Flag={flag}")
    sent = moment + timedelta(hours=1)
    head = f"QN={sent:%Y%m%d%H}0200{number:03};ST={st};CN=2061;PW=123456;MN={draft.mn};Flag=5"
    raw = frame(f"{head};CP=&&{';'.join(values)}&&")
    yield raw[:-6] + b"0001\r\n" if number == 0 and hour == HOURS - 9 else raw
