"""Readings as curves, ready to be written as SVG; a missing moment breaks the line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongchou.core.hj212.factors import FACTORS, name_of
from gongchou.core.hj212.gaps import DIGITS
from gongchou.offsite.hj212.store import ReadingRow

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 640, 160, 52, 24, 12, 12
SHOWN = ("Avg", "Rtd", "Cou")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One factor over a span; `lines` are SVG paths, `odd` the moments flagged other than N."""

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


@dataclass(frozen=True, slots=True)
class _Point:
    at: datetime
    value: float
    flag: str


def curves(rows: Sequence[ReadingRow], interval: timedelta) -> list[Curve]:
    """A curve for each factor that has numbers, in order of its code."""
    by_factor: dict[str, list[_Point]] = {}
    for row in rows:
        point = _point(row)
        if point:
            by_factor.setdefault(row.factor, []).append(point)
    return [_curve(code, points, interval) for code, points in sorted(by_factor.items())]


def _point(row: ReadingRow) -> _Point | None:
    values = row.values
    text = next((values[name] for name in SHOWN if values.get(name)), "")
    try:
        at = datetime.strptime(row.time, DIGITS)  # noqa: DTZ007 - the device's own clock
        value = float(text)
    except ValueError:
        return None
    return _Point(at, value, row.flag) if abs(value) < 1e12 else None


def _curve(code: str, points: list[_Point], interval: timedelta) -> Curve:
    first, last = points[0].at, max(points[-1].at, points[0].at + interval)
    low, high = min(p.value for p in points), max(p.value for p in points)
    low = min(low, 0.0)
    high = high if high > low else low + 1

    def place(point: _Point) -> tuple[str, str]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * ((point.at - first) / (last - first))
        y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (point.value - low) / (high - low)
        return f"{x:.1f}", f"{y:.1f}"

    runs: list[list[_Point]] = []
    for point in points:
        if runs and point.at - runs[-1][-1].at <= 1.5 * interval:
            runs[-1].append(point)
        else:
            runs.append([point])
    factor = FACTORS.get(code)
    unit = factor.unit if factor else ""
    normal = [p.value for p in points if p.flag == "N"] or [p.value for p in points]
    mean = sum(normal) / len(normal)
    return Curve(
        name=name_of(code),
        unit=unit,
        lines=tuple("M" + "L".join(",".join(place(p)) for p in run) for run in runs),
        odd=tuple((*place(p), p.flag or "无标记") for p in points if p.flag != "N"),
        top=f"{high:g}",
        bottom=f"{low:g}",
        first=f"{first:%m-%d %H:%M}",
        last=f"{points[-1].at:%m-%d %H:%M}",
        count=len(points),
        summary=f"最低 {min(normal):g}，最高 {max(normal):g}，平均 {mean:.4g}{unit}",
    )
