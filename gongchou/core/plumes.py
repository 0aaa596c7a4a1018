"""Where a smell or a plume may come from: sites upwind of a place, weighed, never a verdict.

Angles in degrees from north, clockwise; wind is named by where it comes FROM. Weights only order
candidates for a person to look at, so they may be reckoned with sines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, exp, hypot, radians

from gongchou.core.coordinates import SCALE, Point

DEGREE = 111_320.0  # metres of one degree of latitude
SECTOR, WIDTH, REACH = 22.5, 30.0, 500.0
FARTHEST, CALM_RADIUS, CALM = 2000.0, 300.0, 1.0
CLEAR = 2.0
SIDES = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")


@dataclass(frozen=True, slots=True)
class Wind:
    """From where in degrees, and how fast in m/s, as measured at a named station."""

    direction: float
    speed: float
    station: str = ""

    @property
    def is_calm(self) -> bool:
        return self.speed < CALM


@dataclass(frozen=True, slots=True)
class Source:
    """A site that may be the origin; `likeness` is that of its trade to what was measured, 0–1."""

    subject: str
    name: str
    at: Point
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A site upwind: metres away, its bearing, the angle off the wind, and its weight."""

    subject: str
    name: str
    metres: float
    bearing: float
    off: float
    weight: float


def offset(start: Point, end: Point) -> tuple[float, float]:
    """Metres to the east and to the north, on ground flat enough for two kilometres."""
    north = (end[1] - start[1]) / SCALE * DEGREE
    east = (end[0] - start[0]) / SCALE * DEGREE * cos(radians(start[1] / SCALE))
    return east, north


def metres(start: Point, end: Point) -> float:
    return hypot(*offset(start, end))


def bearing(start: Point, end: Point) -> float:
    east, north = offset(start, end)
    return degrees(atan2(east, north)) % 360


def side_of(direction: float) -> str:
    """The nearest of the eight sides of the world: 350° is 北."""
    return SIDES[round(direction / 45) % 8]


def turn(one: float, other: float) -> float:
    """The angle between two directions, 0 to 180."""
    return abs((one - other + 180) % 360 - 180)


def moved(start: Point, direction: float, by: float) -> Point:
    """The place so many metres away in a direction."""
    north, east = by * cos(radians(direction)), by * cos(radians(direction - 90))
    wide = DEGREE * cos(radians(start[1] / SCALE))
    return start[0] + round(east / wide * SCALE), start[1] + round(north / DEGREE * SCALE)


def candidates(at: Point, wind: Wind | None, sources: Iterable[Source]) -> tuple[Candidate, ...]:
    """Sites that the air at a place may come from, the most likely first.

    With wind: within 22.5° of it and 2 km. In a calm, or with no wind known: all around, 300 m.
    """
    found = [c for source in sources if (c := _candidate(at, wind, source)) is not None]
    return tuple(sorted(found, key=lambda c: (-c.weight, c.subject)))


def _candidate(at: Point, wind: Wind | None, source: Source) -> Candidate | None:
    far, towards = metres(at, source.at), bearing(at, source.at)
    if wind is None or wind.is_calm:
        off, limit, reach = 0.0, 180.0, CALM_RADIUS
    else:
        off, limit, reach = turn(towards, wind.direction), SECTOR, FARTHEST
    # Nearer than the error of a place there is no direction to speak of.
    off = 0.0 if far < 1 else off
    if far > reach or off > limit:
        return None
    weight = exp(-far / REACH) * exp(-((off / WIDTH) ** 2) / 2) * source.likeness
    return Candidate(source.subject, source.name, far, towards, off, weight)


def only_one_within(at: Point, reach: float, sources: Iterable[Source]) -> str:
    """The subject of the only site so near; "" where there is none or more than one."""
    near = [source.subject for source in sources if metres(at, source.at) <= reach]
    return near[0] if len(near) == 1 else ""


def is_clear(found: Sequence[Candidate]) -> bool:
    """Whether the first stands out: else the clue is on the park, with all of them listed."""
    if not found or found[0].weight <= 0:
        return False
    return len(found) == 1 or found[0].weight >= CLEAR * found[1].weight


def likeness(profile: dict[str, float], fingerprint: dict[str, float]) -> float:
    """The cosine between what was measured and what a trade gives off; 1 where nothing is known."""
    names = set(profile) | set(fingerprint)
    long_one = hypot(*profile.values()) if profile else 0.0
    long_other = hypot(*fingerprint.values()) if fingerprint else 0.0
    if not long_one or not long_other:
        return 1.0
    return sum(profile.get(n, 0.0) * fingerprint.get(n, 0.0) for n in names) / long_one / long_other


def true_wind(
    apparent: tuple[float, float], heading: float, vehicle_speed: float
) -> tuple[float, float]:
    """The wind (from, m/s) behind what a moving vehicle feels: its own motion taken out."""
    east, north = _blows(*apparent)
    moving = (
        vehicle_speed * cos(radians(heading - 90)),
        vehicle_speed * cos(radians(heading)),
    )
    east, north = east + moving[0], north + moving[1]
    return degrees(atan2(-east, -north)) % 360, hypot(east, north)


def _blows(direction: float, speed: float) -> tuple[float, float]:
    """The components towards which a wind from a direction blows."""
    return -speed * cos(radians(direction - 90)), -speed * cos(radians(direction))


def between(first: Wind, second: Wind, share: float) -> Wind:
    """The wind at a share of the time from one reading to the next, by components."""
    one, other = _blows(first.direction, first.speed), _blows(second.direction, second.speed)
    east, north = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return Wind(degrees(atan2(-east, -north)) % 360, hypot(east, north), first.station)
