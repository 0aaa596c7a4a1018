"""From packets of one device to the hours of its factors, whatever order they came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from gongchou.core.hj212.shapes import Row
from gongchou.core.monitoring.moments import HOUR, minute_of
from gongchou.core.monitoring.series import DOOR, MARKED, NORMAL, HourPoint, ParameterChange

BY_MINUTES, HOURLY, FURNACE, SETTINGS = "2051", "2061", "2111", "3020"
FURNACE_MINUTES = 5
NOT_CONVERTIBLE = Decimal("9999.99")
HALF = 30
SETTING = "i13"


class Report(NamedTuple):
    """One version of an hour as it was sent.

    `received` is the minute it came, `sent` the one in its serial number (-1 where it has none).
    """

    received: int
    sent: int
    fields: tuple[tuple[str, str], ...]
    flag: str
    is_resent: bool


class Run(NamedTuple):
    """How a factor's minute data ended: the last text, its minute, and how long it stood."""

    text: str
    minute: int
    minutes: int


NO_RUN = Run("", -(10**9), 0)


@dataclass(slots=True)
class DeviceFold:
    """Takes the packets of one device and gives its hours.

    `interval` are the minutes between its minute data. The result depends on what was taken and
    when each came, never on the order of taking. `carried` is, by factor, how the minute data
    before the first one taken here ended; `ends` how it ends here, once hours were asked for.
    """

    interval: int
    carried: Mapping[str, Run] = field(default_factory=dict)
    ends: dict[str, Run] = field(default_factory=dict, init=False)
    minutes: dict[str, dict[int, tuple[str, str]]] = field(default_factory=dict)
    reports: dict[str, dict[int, list[Report]]] = field(default_factory=dict)
    settings: list[tuple[int, str, str]] = field(default_factory=list)
    clock: dict[int, int] = field(default_factory=dict)

    def take(
        self,
        cn: str,
        digits: str,
        received: int,
        *,
        resent: bool,
        rows: Sequence[Row],
        qn: str = "",
    ) -> int:
        """Keep one packet's rows; returns the hour they belong to, -1 where that is none."""
        try:
            minute = minute_of(digits)
        except ValueError:
            return -1
        if cn == HOURLY:
            self._take_hour(minute // HOUR, (received, _sent(qn)), resent, rows)
        elif cn in (BY_MINUTES, FURNACE):
            for row in rows:
                known = self.minutes.get(row.factor)
                if known is None:
                    known = self.minutes[row.factor] = {}
                known[minute] = (_mean(row), row.flag)
        elif cn == SETTINGS:
            self.settings += [
                (minute, row.factor, _mean(row))
                for row in rows
                if SETTING in row.factor or DOOR in row.factor
            ]
        return minute // HOUR

    def hear(self, qn: str, received: int) -> None:
        """How far the device's clock is off when a packet came, by its serial number."""
        try:
            off = (minute_of(qn) - received) * 60
        except ValueError:
            return
        hour = received // HOUR
        known = self.clock.get(hour)
        if known is None or abs(off) < abs(known):
            self.clock[hour] = off

    def _take_hour(
        self, hour: int, came: tuple[int, int], resent: bool, rows: Sequence[Row]
    ) -> None:
        for row in rows:
            known = self.reports.get(row.factor)
            if known is None:
                known = self.reports[row.factor] = {}
            known.setdefault(hour, []).append(Report(*came, row.fields, row.flag, resent))

    def hours(self, *, is_whole: bool | None = None) -> dict[str, dict[int, HourPoint]]:
        """Every factor's hours, from minute data and reports together.

        `is_whole` says that an hour without minute data counts whole: so it is for a device that
        sends none at all, which is what is looked for where it is not said.
        """
        whole = not self.minutes if is_whole is None else is_whole
        return {
            factor: self._of_factor(factor, whole)
            for factor in sorted({*self.minutes, *self.reports})
        }

    def changes(self) -> list[ParameterChange]:
        return changes_of(self.settings)

    def _of_factor(self, factor: str, whole: bool) -> dict[int, HourPoint]:
        interval = FURNACE_MINUTES if factor == "a01901" else self.interval
        begun = self.carried.get(factor, NO_RUN)
        counted, self.ends[factor] = _counted(self.minutes.get(factor, {}), interval, begun)
        reports = self.reports.get(factor, {})
        found = {}
        for hour in sorted({*counted, *reports}):
            counts = counted.get(hour)
            point = HourPoint(None, "", minutes=60 if whole else 0)
            if counts:
                point = counts.point(factor == "a01901")
            versions = reports.get(hour)
            found[hour] = _reported(point, hour, versions, self.clock) if versions else point
        return found


def changes_of(settings: Sequence[tuple[int, str, str]]) -> list[ParameterChange]:
    """Each instrument's setting, and the door, where it is other than last sent."""
    last: dict[str, str] = {}
    found = []
    for minute, name, value in sorted(settings):
        if name in last and last[name] != value:
            found.append(ParameterChange(minute, name, last[name], value))
        last[name] = value
    return found


class _Counts:
    """One hour of minute data while it is counted."""

    __slots__ = ("first_half", "marked", "means", "minutes", "steady")

    def __init__(self) -> None:
        self.minutes = self.marked = self.steady = 0
        self.means: list[float] = []
        self.first_half: list[float] = []

    def point(self, is_alone: bool) -> HourPoint:
        """`is_alone` for what comes in minutes only and has no hourly report."""
        means = self.means
        value = Decimal(f"{sum(means) / len(means):.3f}") if is_alone and means else None
        half = self.first_half
        return HourPoint(
            value,
            NORMAL if is_alone and means else "",
            minutes=self.minutes,
            marked=self.marked,
            steady=self.steady,
            half=sum(half) / len(half) if half else None,
            means=tuple(means),
        )


def _counted(
    slots: Mapping[int, tuple[str, str]], interval: int, begun: Run
) -> tuple[dict[int, _Counts], Run]:
    found: dict[int, _Counts] = {}
    before, last, run = begun
    for minute in sorted(slots):
        text, flag = slots[minute]
        hour = minute // HOUR
        counts = found.get(hour)
        if counts is None:
            counts = found[hour] = _Counts()
        same = text == before and minute - last == interval and text != ""
        run = run + interval if same else interval
        before, last = text, minute
        if run > counts.steady:
            counts.steady = run
        mark = flag.upper()
        if mark in MARKED:
            counts.marked += interval
        elif mark == NORMAL and text:
            try:
                value = float(text)
            except ValueError:
                continue
            counts.minutes += interval
            counts.means.append(value)
            if minute % HOUR < HALF:
                counts.first_half.append(value)
    return found, Run(before, last, run)


def _mean(row: Row) -> str:
    for name, value in zip(row.names, row.values, strict=True):
        if name in ("Avg", "Info", "Rtd"):
            return value
    return ""


def _sent(qn: str) -> int:
    try:
        return minute_of(qn)
    except ValueError:
        return -1


def _made(report: Report, start: int, clock: Mapping[int, int]) -> int:
    """When the device made a report of the hour from `start` on, as far as that can be told.

    One held up on its way tells by its serial number, put right by how far the clock is off.
    """
    sent = report.sent - clock.get(report.received // HOUR, 0) // 60
    return sent if report.sent >= 0 and start <= sent < report.received else report.received


def _reported(
    point: HourPoint, hour: int, versions: list[Report], clock: Mapping[int, int]
) -> HourPoint:
    """The hour with its newest report; values that a later one without mark changed stay beside."""
    ordered = sorted(versions)
    values = [number_in(dict(report.fields).get("Avg", "")) for report in ordered]
    last = ordered[-1]
    fields = dict(last.fields)
    earlier = tuple(
        value
        for place, value in enumerate(values[:-1])
        if value is not None
        and any(
            not report.is_resent and other != value
            for report, other in zip(ordered[place + 1 :], values[place + 1 :], strict=True)
        )
    )
    start = hour * HOUR
    return point._replace(
        value=values[-1],
        flag=last.flag.upper(),
        sample=fields.get("SampleTime", ""),
        total=number_in(fields.get("Cou", "")),
        converted=number_in(fields.get("ZsAvg", "")),
        earlier=earlier,
        first_minutes=max(0, min(HOUR, _made(ordered[0], start, clock) - start)),
        late=max(0, ordered[0].received - start - HOUR),
    )


def number_in(text: str) -> Decimal | None:
    """The number sent, exactly; None for what is none, and for the mark of "not convertible"."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return None if not value.is_finite() or value == NOT_CONVERTIBLE else value
