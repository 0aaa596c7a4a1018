"""A day's way on a small picture: the bureau's own outline, the stops by number, no tiles.

The order is that of `dayway`, a suggestion; who was drawn stays as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import hypot

from gongchou.core.coordinates import Point
from gongchou.inspection.dayway import near_order_of, places_of
from gongchou.inspection.rows import VisitRow
from gongchou.registry import maps
from gongchou.registry import reads as registers

# Stops nearer to each other than this on the picture share one mark.
APART = 34.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A visit in the order of the way; `is_placed` is false where the register has no place."""

    number: int
    ref: str
    name: str
    is_placed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayMark:
    """One mark, with the numbers of the stops that lie there."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMap:
    """One day's way, ready to be written as SVG; `line` is the way from stop to stop."""

    on: date
    width: str
    height: str
    paths: tuple[str, ...]
    line: str
    marks: tuple[WayMark, ...]
    stops: tuple[Stop, ...]
    scale_end: str
    scale_y: str
    scale_text: str


def day_maps(rows: tuple[VisitRow, ...], bureau: str, today: date) -> tuple[DayMap, ...]:
    """A picture for each day on which two visits or more have a place."""
    days = sorted({row.planned_on for row in rows})
    found = (
        _day_map(on, tuple(row for row in rows if row.planned_on == on), bureau, today)
        for on in days
    )
    return tuple(one for one in found if one is not None)


def _day_map(on: date, rows: tuple[VisitRow, ...], bureau: str, today: date) -> DayMap | None:
    places = places_of(rows, today)
    if len(places) < 2:
        return None
    names = {row.ref: row.subject_name for row in rows}
    stops = tuple(
        Stop(number=number, ref=ref, name=names[ref], is_placed=ref in places)
        for number, ref in enumerate(near_order_of(rows, places), start=1)
    )
    area = registers.area(bureau, today)
    frame, height = maps.frame_of([*(area.bounds if area else ()), *places.values()])
    length, text = maps.scale_of(frame)
    way = [places[stop.ref] for stop in stops if stop.is_placed]
    return DayMap(
        on=on,
        width=f"{maps.WIDTH:.0f}",
        height=f"{height:.0f}",
        paths=tuple("".join(map(frame.line, rings)) for rings in area.polygons) if area else (),
        line=" ".join(f"{frame.x(at)},{frame.y(at)}" for at in way),
        marks=_marks(stops, places, frame),
        stops=stops,
        scale_end=f"{maps.MARGIN + length:.1f}",
        scale_y=f"{height - 12:.0f}",
        scale_text=text,
    )


def _marks(
    stops: tuple[Stop, ...], places: Mapping[str, Point], frame: maps.Frame
) -> tuple[WayMark, ...]:
    """Numbers that would cover each other stand together."""
    groups: list[tuple[float, float, list[int]]] = []
    for stop in stops:
        if not stop.is_placed:
            continue
        x, y = float(frame.x(places[stop.ref])), float(frame.y(places[stop.ref]))
        near = next((one for one in groups if hypot(one[0] - x, one[1] - y) < APART), None)
        if near:
            near[2].append(stop.number)
        else:
            groups.append((x, y, [stop.number]))
    return tuple(
        WayMark(x=f"{x:.1f}", y=f"{y:.1f}", text="、".join(map(str, numbers)))
        for x, y, numbers in groups
    )
