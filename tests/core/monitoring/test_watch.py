"""Late and disordered data: in the end all is said as if it had come in order."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest

from gongchou.core.hj212.shapes import Row
from gongchou.core.monitoring.folding import DeviceFold
from gongchou.core.monitoring.moments import HOUR, instant
from gongchou.core.monitoring.series import OutletSeries, Site
from gongchou.core.monitoring.watch import Watch
from tests.core.monitoring.sites import HOUR0, RULES, SO2, gas

HOURS = 24 * 9
BOOK = {id_: RULES[id_] for id_ in ("A01", "A04", "A05", "A06", "A11", "A12", "A14")}


def digits(minute: int) -> str:
    return f"{instant(minute) + timedelta(hours=8):%Y%m%d%H%M%S}"


@dataclass(slots=True)
class Received:
    """A device whose packets are taken one by one; the site is what is known so far."""

    fold: DeviceFold = field(default_factory=lambda: DeviceFold(10))

    def site(self) -> Site:
        series = OutletSeries(outlet=gas(1).outlet, hours=self.fold.hours())
        return Site(subject="S1", outlets=(series,))


def packets(chance: Random) -> list[tuple[int, int, tuple[Row, ...]]]:
    """(hour, minute of arrival if in time, rows) with wrongs of several kinds in them."""
    found = []
    for hour in range(HOUR0, HOUR0 + HOURS):
        place = hour - HOUR0
        value = (
            60.0
            if place % 50 == 3
            else 0.0
            if place % 60 in range(20, 25)
            else 10 + chance.random()
        )
        flag = "F" if place % 70 in range(40, 44) else "N"
        rows = (
            Row(SO2, ("Avg",), (f"{value:.2f}",), flag),
            Row("a21002", ("Avg",), (f"{20 + chance.random():.2f}",), flag),
            Row("a00000", ("Avg",), (f"{30 + chance.random():.2f}",), "N"),
            Row("a01012", ("Avg",), (f"{120 + chance.random():.1f}",), "N"),
        )
        if place % 90 not in range(70, 79):
            found.append((hour, (hour + 1) * HOUR + 2, rows))
    return found


def run(rows: list[tuple[int, int, tuple[Row, ...]]], arrivals: list[int]):
    """Packets taken at their arrivals; judged every hour as it goes."""
    device = Received()
    watch = Watch(BOOK, device.site)
    queue = sorted(zip(arrivals, rows, strict=True), key=lambda pair: pair[0])
    for minute in range((HOUR0 + 5) * HOUR, (HOUR0 + HOURS + 60) * HOUR, 6 * HOUR):
        while queue and queue[0][0] <= minute:
            _, (hour, in_time, values) = queue.pop(0)
            # The moment of arrival is part of what is judged; its order is not.
            device.fold.take("2061", digits(hour * HOUR), in_time, resent=True, rows=values)
            watch.touch(hour)
        watch.advance(minute)
    return watch.judged()


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_ends_in_the_same_events(seed):
    chance = Random(seed)
    rows = packets(Random(1))
    in_order = run(rows, [in_time for _, in_time, _ in rows])
    late = [
        in_time + (chance.choice((0, 0, 3, 30, 50)) * HOUR if chance.random() < 0.4 else 0)
        for _, in_time, _ in rows
    ]
    assert run(rows, late) == in_order
    assert {event.rule for event in in_order.events} >= {"A01", "A05", "A11", "A14"}


def test_nothing_is_judged_before_the_watermark():
    rows = packets(Random(1))[:10]
    device = Received()
    watch = Watch(BOOK, device.site)
    for hour, in_time, values in rows:
        device.fold.take("2061", digits(hour * HOUR), in_time, resent=False, rows=values)
        watch.touch(hour)
    watch.advance((HOUR0 + 5) * HOUR)
    assert watch.judged().events == ()
    watch.advance((HOUR0 + 6) * HOUR)
    assert [event.rule for event in watch.judged().events] == ["A01"]
