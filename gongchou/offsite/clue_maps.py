"""A clue on a map of lines: its place, a radius, the sector the wind came from, the candidates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongchou.core.area import Area
from gongchou.core.coordinates import Point
from gongchou.core.plumes import CALM_RADIUS, FARTHEST, SECTOR, metres, moved
from gongchou.registry.area_reads import Spot
from gongchou.registry.maps import Frame, frame_of, scale_of

STEP = 7.5
RADIUS = 1000.0
MARGIN = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapSite:
    """A site near the clue; `number` is its place among the candidates, empty for the others."""

    x: str
    y: str
    ref: str
    name: str
    number: str
    metres: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueMap:
    """A map ready to be written as SVG."""

    width: str
    height: str
    paths: tuple[str, ...]
    x: str
    y: str
    ring: str
    ring_text: str
    sector: str
    sites: tuple[MapSite, ...]
    scale_end: str
    scale_y: str
    scale_text: str


def clue_map(
    at: Point,
    wind: tuple[float, float] | None,
    area: Area | None,
    spots: Iterable[Spot],
    candidates: Sequence[str],
) -> ClueMap:
    """The ground around a place; `candidates` are refs, the most likely first."""
    is_windy = wind is not None and wind[1] >= 1
    reach = FARTHEST if is_windy else RADIUS
    corners = [moved(at, angle, reach * 1.1) for angle in (0, 90, 180, 270)]
    frame, height = frame_of(corners)
    near = [spot for spot in spots if metres(at, spot.at) <= reach * 1.1]
    length, text = scale_of(frame)
    radius = RADIUS if is_windy else CALM_RADIUS
    return ClueMap(
        width="640",
        height=f"{height:.0f}",
        paths=tuple("".join(map(frame.line, rings)) for rings in area.polygons) if area else (),
        x=frame.x(at),
        y=frame.y(at),
        ring=_ring(frame, at, radius),
        ring_text=f"半径 {radius:.0f} 米",
        sector=_sector(frame, at, wind[0], reach) if wind and is_windy else "",
        sites=tuple(_site(frame, at, spot, candidates) for spot in near),
        scale_end=f"{MARGIN + length:.1f}",
        scale_y=f"{height - 12:.0f}",
        scale_text=text,
    )


def _ring(frame: Frame, at: Point, radius: float) -> str:
    return frame.line(tuple(moved(at, angle, radius) for angle in range(0, 360, 10)))


def _sector(frame: Frame, at: Point, direction: float, reach: float) -> str:
    steps = int(2 * SECTOR / STEP)
    arc = [moved(at, direction - SECTOR + STEP * n, reach) for n in range(steps + 1)]
    return frame.line((at, *arc))


def _site(frame: Frame, at: Point, spot: Spot, candidates: Sequence[str]) -> MapSite:
    number = str(candidates.index(spot.ref) + 1) if spot.ref in candidates else ""
    return MapSite(
        x=frame.x(spot.at),
        y=frame.y(spot.at),
        ref=spot.ref,
        name=spot.name,
        number=number,
        metres=round(metres(at, spot.at)),
    )
