"""From the shifted coordinates of Chinese map services to WGS84.

GCJ-02 lies 100 to 700 metres from WGS84 by a public formula that has no closed inverse: it is
inverted by steps until they are far below a centimetre. This is reckoning with sines and not a
rule, so it stands outside `core`; its result is rounded to whole ten-millionths of a degree.
"""

from math import atan2, cos, pi, sin, sqrt

from gongchou.core.coordinates import SCALE, Point
from gongchou.core.terms import CoordinateSystem

# The ellipsoid of Krassowsky, which the formula uses: half axis in metres, squared eccentricity.
AXIS, ECCENTRICITY = 6378245.0, 0.00669342162296594323
STEPS = 10


def to_wgs84(at: Point, system: CoordinateSystem) -> Point:
    """The same place on WGS84."""
    if system is CoordinateSystem.WGS84:
        return at
    longitude, latitude = at[0] / SCALE, at[1] / SCALE
    if system is CoordinateSystem.BD09:
        longitude, latitude = _from_bd09(longitude, latitude)
    longitude, latitude = _from_gcj02(longitude, latitude)
    return round(longitude * SCALE), round(latitude * SCALE)


def gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """Where the services show a place of WGS84."""
    x, y = longitude - 105.0, latitude - 35.0
    angle = latitude / 180.0 * pi
    bend = 1 - ECCENTRICITY * sin(angle) ** 2
    meridian = AXIS * (1 - ECCENTRICITY) / (bend * sqrt(bend)) * pi / 180.0
    parallel = AXIS / sqrt(bend) * cos(angle) * pi / 180.0
    return longitude + _east(x, y) / parallel, latitude + _north(x, y) / meridian


def _wave(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _east(x: float, y: float) -> float:
    """The shift to the east in metres."""
    shift = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + _wave(x)
    shift += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return shift + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    """The shift to the north in metres."""
    shift = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + _wave(x)
    shift += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return shift + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _from_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude, latitude
    for _ in range(STEPS):
        shown = gcj02(x, y)
        x, y = x + longitude - shown[0], y + latitude - shown[1]
    return x, y


def _from_bd09(longitude: float, latitude: float) -> tuple[float, float]:
    x, y, turn = longitude - 0.0065, latitude - 0.006, pi * 3000.0 / 180.0
    reach = sqrt(x * x + y * y) - 0.00002 * sin(y * turn)
    angle = atan2(y, x) - 0.000003 * cos(x * turn)
    return reach * cos(angle), reach * sin(angle)
