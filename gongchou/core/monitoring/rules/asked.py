"""What several rules ask about an outlet in an hour: marks, running, filings, and their answers."""

from collections.abc import Iterator
from typing import NamedTuple

from gongchou.core.monitoring.events import GuardAnswer
from gongchou.core.monitoring.moments import HOUR
from gongchou.core.monitoring.series import (
    NORMAL,
    STOPPED,
    FactorFacts,
    HourPoint,
    LineSeries,
    OutletSeries,
    Site,
)
from gongchou.core.monitoring.words import FilingKind, OutletKind

O2, TEMPERATURE, VELOCITY, HUMIDITY = "a19001", "a01012", "a01011", "a01014"
GAS_FLOW, WATER_FLOW = "a00000", "w00000"
CONDITIONS = frozenset(
    {O2, TEMPERATURE, VELOCITY, HUMIDITY, GAS_FLOW, WATER_FLOW, "a01013", "a01017", "a01901"}
)
FURNACE_MARKS = frozenset(
    {
        FilingKind.STARTING,
        FilingKind.STOPPING,
        FilingKind.DRYING,
        FilingKind.COOLING,
        FilingKind.OUT_OF_USE,
        FilingKind.FAULT,
        FilingKind.STOPPED,
    }
)
STANDING = frozenset({FilingKind.STOPPED, FilingKind.OUT_OF_USE})
REPAIR = frozenset({FilingKind.MAINTENANCE, FilingKind.FAULT, FilingKind.STOPPED})


NO_FACTS = FactorFacts()


class Span(NamedTuple):
    """[since, until) in hours: hits that begin here are wanted."""

    since: int
    until: int

    def hours(self) -> range:
        return range(self.since, self.until)

    def days(self) -> range:
        """Days that end within the span: each is judged when it is over."""
        return range(self.since // 24, self.until // 24)


def pollutants(series: OutletSeries) -> Iterator[str]:
    """The factors that are emissions: the entered ones, or what is no condition of measuring."""
    entered = series.outlet.factors
    for factor in series.hours:
        if (factor in entered) if entered else (factor not in CONDITIONS and factor[0] in "aw"):
            yield factor


def flow_of(series: OutletSeries) -> str:
    return WATER_FLOW if series.outlet.kind is OutletKind.WATER else GAS_FLOW


def answer(guard: str, holds: bool, yes: str, no: str) -> GuardAnswer:
    return GuardAnswer(guard, holds, yes if holds else no)


def mark_guard(site: Site, series: OutletSeries, hour: int) -> GuardAnswer:
    """Whether a furnace state or a stop was marked or filed for the hour."""
    found = site.filed(series.outlet.ref, hour * HOUR + HOUR // 2, FURNACE_MARKS)
    says = f"已标记或报备“{found.kind.label}”" if found else ""
    return answer("工况标记", found is not None, says, "该时段没有工况标记或报备")


def flag_guard(point: HourPoint) -> GuardAnswer:
    return answer(
        "数据标记",
        point.flag != NORMAL,
        f"数据标记为 {point.flag or '空'}，不参与判断",
        "数据标记为 N",
    )


def stop_guard(site: Site, series: OutletSeries, hour: int, point: HourPoint) -> GuardAnswer:
    filed = site.filed(series.outlet.ref, hour * HOUR + HOUR // 2, STANDING)
    return answer(
        "停运标记", point.flag == STOPPED or filed is not None, "已标记停运", "没有停运标记"
    )


def line_of(site: Site, ref: str) -> LineSeries | None:
    return next((series for series in site.lines if series.line.ref == ref), None)


def running_share(site: Site, series: OutletSeries, hour: int) -> float | None:
    """The share of an hour in which a producing line behind an outlet ran; None if not known."""
    known = ran = 0
    for quarter in range(hour * 4, hour * 4 + 4):
        for ref in series.outlet.lines:
            line = line_of(site, ref)
            if line is None or line.line.states is None:
                continue
            slot = line.slots.get(quarter)
            if slot is None:
                continue
            known += 1
            ran += slot.kw >= line.line.states.run_kw
    return ran / known if known else None


def median(values: list[float]) -> float:
    """The middle value; of an even count the upper of the two."""
    return sorted(values)[len(values) // 2]


def values_in(series: OutletSeries, factor: str, since: int, until: int) -> list[float]:
    """Valid hourly values of [since, until), in order."""
    hours = series.hours.get(factor, {})
    found = []
    for hour in range(since, until):
        point = hours.get(hour)
        if point is not None and point.value is not None and point.flag == NORMAL:
            found.append(float(point.value))
    return found


def floor_guard(series: OutletSeries, factor: str, point: HourPoint) -> GuardAnswer:
    floor = series.outlet.factors.get(factor, NO_FACTS).floor
    holds = point.value is not None and 0 < point.value <= floor
    return answer("检出限", holds, f"数值不高于检出限 {floor:f}", "数值高于检出限")
