"""Small sites for the tests of rules: outlets and lines that are normal until made otherwise."""

from dataclasses import replace
from decimal import Decimal

from gongchou.core.monitoring.hits import Judged
from gongchou.core.monitoring.judging import judge_site
from gongchou.core.monitoring.rules.asked import Span
from gongchou.core.monitoring.series import (
    FacilityGroup,
    FactorFacts,
    Filing,
    HourPoint,
    Line,
    LineSeries,
    LineStates,
    Outlet,
    OutletSeries,
    Site,
    Slot,
)
from gongchou.core.monitoring.words import FilingKind, LineKind, OutletKind
from gongchou.law.load import load_monitor_rules

DAY0 = 9600
HOUR0 = DAY0 * 24
RULES = {rule.id: rule for rule in load_monitor_rules()}
SO2, NOX, COD, AMMONIA = "a21026", "a21002", "w01018", "w21003"


def point(value: str | float, flag: str = "N", **other: object) -> HourPoint:
    return HourPoint(Decimal(str(value)), flag)._replace(**other)  # type: ignore[arg-type]


def gas(days: int = 30, *, lines: tuple[str, ...] = (), o2_ref: str = "") -> OutletSeries:
    """A stack with some noise in every factor, so that nothing stands still by itself."""
    hours = range(HOUR0, HOUR0 + days * 24)
    wave = {hour: (hour * 7919 % 101) / 101 for hour in hours}
    rows = {
        SO2: {h: point(f"{10 + 4 * wave[h]:.2f}") for h in hours},
        NOX: {h: point(f"{25 + 5 * wave[h]:.2f}") for h in hours},
        "a19001": {h: point(f"{6 + 2 * wave[h]:.2f}") for h in hours},
        "a00000": {h: point(f"{30 + 6 * wave[h]:.2f}") for h in hours},
        "a01012": {h: point(f"{120 + 9 * wave[h]:.1f}") for h in hours},
        "a01011": {h: point(f"{9 + 2 * wave[h]:.2f}") for h in hours},
    }
    facts = {SO2: FactorFacts(limit=Decimal(35)), NOX: FactorFacts(limit=Decimal(50))}
    outlet = Outlet(
        ref="DA001",
        kind=OutletKind.AIR,
        factors=facts,
        o2_ref=Decimal(o2_ref) if o2_ref else None,
        lines=lines,
    )
    return OutletSeries(outlet=outlet, hours=rows)


def water(days: int = 30) -> OutletSeries:
    hours = range(HOUR0, HOUR0 + days * 24)
    wave = {hour: (hour // 2 * 7919 % 101) / 101 for hour in hours}
    rows = {
        COD: {h: point(f"{25 + 9 * wave[h]:.2f}", sample=str(h // 2)) for h in hours},
        AMMONIA: {h: point(f"{2 + wave[h]:.3f}", sample=str(h // 2)) for h in hours},
        "w21001": {h: point(f"{9 + wave[h]:.2f}", sample=str(h // 2)) for h in hours},
        "w01001": {h: point("7.2") for h in hours},
        "w00000": {h: point("50", total=Decimal("180")) for h in hours},
    }
    facts = {COD: FactorFacts(limit=Decimal(50)), AMMONIA: FactorFacts(limit=Decimal(5))}
    outlet = Outlet(ref="DW001", kind=OutletKind.WATER, factors=facts)
    return OutletSeries(outlet=outlet, hours=rows)


def put(series: OutletSeries, factor: str, since: int, *points: HourPoint) -> OutletSeries:
    """The series with other points from the hour `since`, counted from the first."""
    own = dict(series.hours.get(factor, {}))
    own |= {HOUR0 + since + place: one for place, one in enumerate(points)}
    return replace(series, hours={**series.hours, factor: own})


def flagged(series: OutletSeries, flag: str, since: int, until: int) -> OutletSeries:
    rows = {
        factor: {
            hour: one._replace(flag=flag) if HOUR0 + since <= hour < HOUR0 + until else one
            for hour, one in own.items()
        }
        for factor, own in series.hours.items()
    }
    return replace(series, hours=rows)


def line(
    ref: str, kind: LineKind, kws: dict[int, float] | list[float], **other: object
) -> LineSeries:
    """A meter of 100 kW whose states are 5 and 20 kW; powers by quarter hour from the first."""
    pairs = kws.items() if isinstance(kws, dict) else enumerate(kws)
    slots, count = {}, 0.0
    for place, kw in pairs:
        count += kw / 4
        slots[HOUR0 * 4 + place] = Slot(kw, kw * 1.8, count)
    states = LineStates(off_kw=5, run_kw=20, source="学习")
    made = Line(ref=ref, kind=kind, rated_kw=100, states=states)
    return LineSeries(line=replace(made, **other), slots=slots)  # type: ignore[arg-type]


def works(days: int, *, hours: range = range(8, 18), kw: float = 60) -> list[float]:
    """Quarter hours of so many days; runs in the hours of work, each day a little different."""
    return [
        kw + (slot * 7919 % 101) / 101 if slot // 4 % 24 in hours else 0.5
        for slot in range(days * 96)
    ]


GROUP = FacilityGroup(ref="G1", producers=("P1",), treatments=("T1",), lag=15)


def filing(kind: FilingKind, since: int, until: int, of: str = "") -> Filing:
    """Filed for [since, until) hours from the first."""
    return Filing(kind=kind, since=(HOUR0 + since) * 60, until=(HOUR0 + until) * 60, of=of)


def outlet_site(series: OutletSeries, **other: object) -> Site:
    return Site(subject="S1", outlets=(series,), **other)  # type: ignore[arg-type]


def judged(rule: str, site: Site, days: int = 30, since: int = 0) -> Judged:
    """What a rule says of the hours from `since`, counted from the first, to the end of `days`."""
    return judge_site(site, Span(HOUR0 + since, HOUR0 + days * 24), {rule: RULES[rule]})


def fired(rule: str, site: Site, days: int = 30, since: int = 0) -> bool:
    return bool(judged(rule, site, days, since).events)


def held_by(rule: str, site: Site, days: int = 30, since: int = 0) -> set[str]:
    """The guards that held something back; nothing may have fired."""
    found = judged(rule, site, days, since)
    assert found.events == ()
    return {one.guard.guard for one in found.guarded}
