"""Readings as curves, ready to be written as SVG; a missing moment breaks the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongchou.core.hj212.factors import FACTORS, name_of
from gongchou.core.hj212.gaps import DIGITS
from gongchou.core.monitoring.moments import instant
from gongchou.core.monitoring.series import LineSeries
from gongchou.offsite.hj212.store import ReadingRow

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 160, 52, 24, 12, 12
SHOWN = ("Avg", "Rtd", "Cou")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One factor or meter over a span; `lines` are SVG paths, `odd` the moments flagged other
    than N, `band` the left edge and width of the event in it, `each` what is counted.
    """

    name: str
    unit: str
    lines: tuple[str, ...]
    odd: tuple[tuple[str, str, str], ...]
    top: str
    bottom: str
    first: str
    last: str
    count: int
    summary: str
    each: str
    band: tuple[str, str] | None


Band = tuple[datetime, datetime] | None


@dataclass(frozen=True, slots=True)
class _Point:
    at: datetime
    value: float
    flag: str


def curves(rows: Sequence[ReadingRow], interval: timedelta, band: Band = None) -> list[Curve]:
    """A curve for each factor that has numbers, in order of its code; `band` in Beijing time.

    A code nobody knows that came but once is a slip of the wire and draws nothing.
    """
    by_factor: dict[str, list[_Point]] = {}
    for row in rows:
        point = _point(row)
        if point:
            by_factor.setdefault(row.factor, []).append(point)
    found = []
    for code, points in sorted(by_factor.items()):
        factor = FACTORS.get(code)
        if factor is None and len(points) == 1:
            continue
        unit = factor.unit if factor else ""
        found.append(_curve(name_of(code), unit, points, interval, band))
    return found


def power_curve(series: LineSeries, band: Band = None) -> Curve | None:
    """The mean power of a meter by quarter hours; None where it sent nothing."""
    points = [
        _Point(_beijing(slot * 15), series.slots[slot].kw, "N") for slot in sorted(series.slots)
    ]
    if not points:
        return None
    name = f"{series.line.ref}（{series.line.kind.label}）"
    return _curve(name, "kW", points, timedelta(minutes=15), band, "个 15 分钟")


def _beijing(minute: int) -> datetime:
    return (instant(minute) + timedelta(hours=8)).replace(tzinfo=None)


def _point(row: ReadingRow) -> _Point | None:
    values = row.values
    text = next((values[name] for name in SHOWN if values.get(name)), "")
    try:
        at = datetime.strptime(row.time, DIGITS)  # noqa: DTZ007 - the device's own clock
        value = float(text)
    except ValueError:
        return None
    return _Point(at, value, row.flag.upper()) if abs(value) < 1e12 else None


def _curve(
    name: str,
    unit: str,
    points: list[_Point],
    interval: timedelta,
    band: Band = None,
    each: str = "个小时",
) -> Curve:
    first, last = points[0].at, max(points[-1].at, points[0].at + interval)
    low, high = min(p.value for p in points), max(p.value for p in points)
    low = min(low, 0.0)
    high = high if high > low else low + 1

    def across(at: datetime) -> float:
        at = min(max(at, first), last)
        return LEFT + (WIDTH - LEFT - RIGHT) * ((at - first) / (last - first))

    def place(point: _Point) -> tuple[str, str]:
        x = across(point.at)
        y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (point.value - low) / (high - low)
        return f"{x:.1f}", f"{y:.1f}"

    runs: list[list[_Point]] = []
    for point in points:
        if runs and point.at - runs[-1][-1].at <= 1.5 * interval:
            runs[-1].append(point)
        else:
            runs.append([point])
    normal = [p.value for p in points if p.flag == "N"] or [p.value for p in points]
    mean = sum(normal) / len(normal)
    return Curve(
        name=name,
        unit=unit,
        lines=tuple("M" + "L".join(",".join(place(p)) for p in run) for run in runs),
        odd=tuple((*place(p), p.flag or "无标记") for p in points if p.flag != "N"),
        top=_short(high),
        bottom=_short(low),
        first=f"{first:%m-%d %H:%M}",
        last=f"{points[-1].at:%m-%d %H:%M}",
        count=len(points),
        summary=f"最低 {min(normal):g}，最高 {max(normal):g}，平均 {mean:.4g}{unit}",
        each=each,
        band=_band(across(band[0]), across(band[1])) if band else None,
    )


def _band(left: float, right: float) -> tuple[str, str]:
    """At least as wide as can be seen."""
    return f"{left:.1f}", f"{max(right - left, 2):.1f}"


def _short(value: float) -> str:
    """A number for the edge of a curve, where there is little room."""
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
