"""The outline of a bureau's area, read from GeoJSON, and whether a point lies in it.

All coordinates are whole ten-millionths of a degree (`core.coordinates`), so the answer is exact:
a point on the border is inside.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gongchou.core.coordinates import SCALE, Point, point_problem, written
from gongchou.core.crossings import crossing
from gongchou.core.refusals import Invalid

Ring = tuple[Point, ...]
Edge = tuple[Point, Point]
MOST_POINTS = 20_000
MOST_BYTES = 4 * 2**20
# Into so many bands of latitude a ring is cut where many points are asked about.
BANDS = 256
# Names under which WGS84 and CGCS2000 go in the old `crs` member.
SYSTEMS = ("CRS84", "4326", "4490", "WGS84", "CGCS2000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Polygons, each an outer ring and its holes; rings are closed, first and last point alike."""

    polygons: tuple[tuple[Ring, ...], ...]

    @property
    def rings(self) -> tuple[Ring, ...]:
        return tuple(ring for polygon in self.polygons for ring in polygon)

    @property
    def bounds(self) -> tuple[Point, Point]:
        """The south-western and the north-eastern corner."""
        points = [at for ring in self.rings for at in ring]
        xs, ys = [at[0] for at in points], [at[1] for at in points]
        return (min(xs), min(ys)), (max(xs), max(ys))

    def plain(self) -> dict[str, Any]:
        """As a GeoJSON geometry whose numbers are whole ten-millionths of a degree."""
        return {"type": "MultiPolygon", "scale": SCALE, "coordinates": self.polygons}


def of_plain(value: dict[str, Any]) -> Area:
    """What `Area.plain` gave, read back from JSON."""
    return Area(
        polygons=tuple(
            tuple(tuple((at[0], at[1]) for at in ring) for ring in polygon)
            for polygon in value["coordinates"]
        )
    )


def contains(area: Area, at: Point) -> bool:
    """Whether the point lies in a polygon and in none of its holes; borders belong to the area."""
    return any(_is_in(_side(pairwise(ring), at) for ring in polygon) for polygon in area.polygons)


def _is_in(sides: Iterable[int]) -> bool:
    """By the side of the outer ring and of each hole."""
    outer, *holes = sides
    return outer >= 0 and all(hole <= 0 for hole in holes)


class Within:
    """`contains` for many points of one area: only edges near a point's latitude are looked at."""

    def __init__(self, area: Area) -> None:
        self._polygons = [[_banded(ring) for ring in polygon] for polygon in area.polygons]

    def __call__(self, at: Point) -> bool:
        return any(_is_in(ring.side(at) for ring in polygon) for polygon in self._polygons)


@dataclass(frozen=True, slots=True)
class _Bands:
    """A ring cut into bands of latitude, each with the edges that reach into it."""

    south: int
    height: int
    bands: Sequence[Sequence[Edge]]

    def side(self, at: Point) -> int:
        number = (at[1] - self.south) // self.height
        return _side(self.bands[number], at) if 0 <= number < len(self.bands) else -1


def _banded(ring: Ring) -> _Bands:
    south, north = min(y for _, y in ring), max(y for _, y in ring)
    height = max(1, (north - south) // BANDS)
    bands: list[list[Edge]] = [[] for _ in range((north - south) // height + 1)]
    for edge in pairwise(ring):
        first, last = sorted((y - south) // height for _, y in edge)
        for number in range(first, last + 1):
            bands[number].append(edge)
    return _Bands(south, height, bands)


def _side(edges: Iterable[Edge], at: Point) -> int:
    """1 within the ring, 0 on it, -1 outside: crossings of a ray to the east are counted."""
    x, y = at
    is_odd = False
    for (x1, y1), (x2, y2) in edges:
        turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return 0
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            is_odd = not is_odd
    return 1 if is_odd else -1


def read_area(content: bytes) -> Area:
    """The outline of a GeoJSON file; Invalid with what is wrong and how to mend it."""
    if len(content) > MOST_BYTES:
        raise Invalid(f"区域轮廓文件超过 {MOST_BYTES // 2**20} MB，请先简化边界再上传。")
    try:
        document = json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise Invalid("区域轮廓文件不是 UTF-8 编码的 GeoJSON，请在制图软件中重新导出。") from error
    _check_system(document)
    polygons = tuple(_polygon(rings) for rings in _polygons(document))
    if not polygons:
        raise Invalid("区域轮廓文件中没有面（Polygon 或 MultiPolygon），请导出行政区划的面图层。")
    count = sum(len(ring) for polygon in polygons for ring in polygon)
    if count > MOST_POINTS:
        raise Invalid(f"区域轮廓有 {count} 个点，超过 {MOST_POINTS} 个，请先简化边界再上传。")
    return Area(polygons=polygons)


def _check_system(document: Any) -> None:
    """The old `crs` member, where there is one, must name WGS84 or CGCS2000."""
    crs = document.get("crs") if isinstance(document, dict) else None
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not any(name.upper().replace(" ", "").endswith(known) for known in SYSTEMS):
        raise Invalid(
            f"区域轮廓的坐标系写的是“{name[:60]}”，应为 WGS84 或 2000 国家大地坐标系的经纬度，"
            "请在制图软件中转换后重新导出。"
        )


def _polygons(document: Any) -> Iterator[Any]:
    """Coordinates of every polygon, through features and collections; other shapes are left."""
    waiting = [document]
    while waiting:
        value = waiting.pop(0)
        if not isinstance(value, dict):
            raise Invalid("区域轮廓文件的结构不是 GeoJSON，请在制图软件中重新导出。")
        match value.get("type"):
            case "Polygon":
                yield value.get("coordinates")
            case "MultiPolygon":
                yield from _listed(value.get("coordinates"))
            case "Feature":
                waiting.append(value.get("geometry") or {})
            case "FeatureCollection" | "GeometryCollection":
                waiting += _listed(value.get("features", value.get("geometries")))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Invalid("区域轮廓文件的结构不是 GeoJSON，请在制图软件中重新导出。")
    return value


def _polygon(rings: Any) -> tuple[Ring, ...]:
    found = tuple(_ring(ring) for ring in _listed(rings))
    if not found:
        raise Invalid("区域轮廓中有一个面没有边界，请在制图软件中检查后重新导出。")
    crossed = crossing(found)
    if crossed:
        raise Invalid(
            f"区域轮廓的边界在（{written(crossed[0])}，{written(crossed[1])}）附近与自己相交，"
            "分不清哪边在区域以内。请在制图软件中修复几何（去掉打结和重叠的线）后重新导出。"
        )
    return found


def _ring(value: Any) -> Ring:
    points = tuple(_point(at) for at in _listed(value))
    if len(points) < 4 or points[0] != points[-1]:
        raise Invalid(
            "区域轮廓中有一圈边界没有闭合：至少要四个点，末点和首点相同，请检查后重新导出。"
        )
    if _doubled_size(points) == 0:
        raise Invalid("区域轮廓中有一圈边界没有面积，请检查后重新导出。")
    return points


def _doubled_size(ring: Ring) -> int:
    pairs = pairwise(ring)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)


def _point(value: Any) -> Point:
    if not isinstance(value, list) or len(value) < 2:
        raise Invalid("区域轮廓中有一个点没有经度和纬度，请检查后重新导出。")
    found = _number(value[0]), _number(value[1])
    problem = point_problem(found)
    if problem and any(abs(part) > 180 * SCALE for part in found):
        raise Invalid(
            f"区域轮廓中的点（{written(found[0])}，{written(found[1])}）不是经纬度，"
            "像是以米为单位的投影坐标，请转换为 WGS84 经纬度后重新导出。"
        )
    if problem:
        raise Invalid(f"区域轮廓中有一个点不对：{problem}")
    return found


def _number(text: Any) -> int:
    """A JSON number, read as text, in ten-millionths; half a ten-millionth goes up."""
    whole, _, rest = str(text).partition(".")
    sign = -1 if whole.startswith("-") else 1
    digits = (rest + "0" * 8)[:8]
    is_plain = isinstance(text, str) and len(text) <= 40
    if not is_plain or not (whole.lstrip("-") + digits).isdecimal():
        raise Invalid(f"区域轮廓中的坐标“{str(text)[:40]}”不是普通小数，请检查后重新导出。")
    return sign * ((int(whole.lstrip("-") or "0") * SCALE * 10 + int(digits) + 5) // 10)
