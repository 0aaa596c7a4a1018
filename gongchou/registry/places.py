"""Coordinates of a site as people write them, brought to what the register keeps."""

from collections.abc import Mapping
from typing import Any

from gongchou.core.coordinates import degrees, point, written
from gongchou.core.refusals import Refused
from gongchou.core.terms import CoordinateSystem
from gongchou.registry.datums import to_wgs84

SYSTEMS: Mapping[str, CoordinateSystem] = {
    "WGS84": CoordinateSystem.WGS84,
    "CGCS2000": CoordinateSystem.WGS84,
    "2000": CoordinateSystem.WGS84,
    "GPS": CoordinateSystem.WGS84,
    "GCJ02": CoordinateSystem.GCJ02,
    "火星": CoordinateSystem.GCJ02,
    "高德": CoordinateSystem.GCJ02,
    "腾讯": CoordinateSystem.GCJ02,
    "BD09": CoordinateSystem.BD09,
    "百度": CoordinateSystem.BD09,
}
FIELDS = ("longitude", "latitude", "coordinate_system")
_FIELDS = frozenset(FIELDS)


def degree(cell: str) -> str:
    """One cell of longitude or latitude as an exact decimal; empty stays empty."""
    return written(degrees(cell)) if cell else ""


def system(cell: str) -> str:
    """The coordinate system a cell names, by whatever name it goes."""
    plain = cell.upper().replace("-", "").replace(" ", "").replace("_", "")
    for name, found in SYSTEMS.items():
        if name in plain:
            return found.value
    if not cell:
        return ""
    raise ValueError(
        f"为“{cell}”，应填“WGS84”“GCJ-02”或“BD-09”；是投影坐标或地方坐标系的，"
        "请先转换为 WGS84 经纬度"
    )


def placed(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values with their coordinates on WGS84; Refused where they give no place.

    Where no system is given it is WGS84, in which the permit platform and receivers write.
    """
    if _FIELDS.isdisjoint(values):
        return values
    found = {name: value for name, value in values.items() if name not in FIELDS}
    given = [name for name in FIELDS[:2] if name in values]
    if not given:
        return found
    if len(given) < 2:
        raise Refused("经度和纬度两列要一起导入，只有一列不能定位")
    at = point(values["longitude"], values["latitude"])
    if at is None:
        return {**found, **dict.fromkeys(FIELDS, "")}
    named = CoordinateSystem(values.get("coordinate_system") or CoordinateSystem.WGS84)
    x, y = to_wgs84(at, named)
    kept = CoordinateSystem.WGS84.value
    return {
        **found, "longitude": written(x), "latitude": written(y), "coordinate_system": kept
    }  # fmt: skip
