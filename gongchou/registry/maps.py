"""A map as a picture of lines and marks: the bureau's own outline, no tiles, nothing from outside.

Drawing is no rule: what is decided about places is decided exactly in `core.area`; here degrees
become the units of a picture.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from gongchou.core.area import Area, Ring
from gongchou.core.coordinates import SCALE, Point
from gongchou.core.terms import SubjectClass
from gongchou.registry.area_reads import Spot

WIDTH, LEAST, MOST, MARGIN = 640.0, 300.0, 640.0, 20.0
# Metres of one degree of latitude, near enough for a scale.
DEGREE = 111_320.0
LENGTHS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One site on the picture; where a click leads to and what is said of it."""

    x: str
    y: str
    ref: str
    name: str
    grid: str
    subject_class: SubjectClass | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A map ready to be written as SVG; `paths` are the outline's polygons, holes left open.

    `left_out` counts the sites so far off that drawing them would make the area a dot.
    """

    width: str
    height: str
    paths: tuple[str, ...]
    marks: tuple[Mark, ...]
    left_out: int
    scale_end: str
    scale_y: str
    scale_text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """From ten-millionths of a degree to the picture: a strip of the globe laid flat."""

    west: float
    north: float
    narrowing: float
    unit: float
    left: float
    top: float

    def x(self, at: Point) -> str:
        return f"{self.left + (at[0] - self.west) * self.narrowing * self.unit:.1f}"

    def y(self, at: Point) -> str:
        return f"{self.top + (self.north - at[1]) * self.unit:.1f}"

    def line(self, ring: Ring) -> str:
        steps = list(dict.fromkeys(f"{self.x(at)},{self.y(at)}" for at in ring))
        return f"M{'L'.join(steps)}Z"


def picture(area: Area | None, spots: Iterable[Spot]) -> Picture | None:
    """The outline with the sites on it; None where there is nothing to draw."""
    asked = tuple(spots)
    found = tuple(spot for spot in asked if area is None or _is_near(area, spot.at))
    corners = [*(area.bounds if area else ()), *(spot.at for spot in found)]
    if not corners:
        return None
    frame, height = frame_of(corners)
    length, text = scale_of(frame)
    return Picture(
        width=f"{WIDTH:.0f}",
        height=f"{height:.0f}",
        paths=tuple("".join(map(frame.line, rings)) for rings in area.polygons) if area else (),
        marks=tuple(_mark(frame, spot) for spot in found),
        left_out=len(asked) - len(found),
        scale_end=f"{MARGIN + length:.1f}",
        scale_y=f"{height - 12:.0f}",
        scale_text=text,
    )


def _is_near(area: Area, at: Point) -> bool:
    """Within one width and one height of the area's own bounds."""
    (west, south), (east, north) = area.bounds
    wide, high = east - west, north - south
    return west - wide <= at[0] <= east + wide and south - high <= at[1] <= north + high


def frame_of(corners: list[Point]) -> tuple[Frame, float]:
    """A frame that holds the corners with a margin, and the height of its picture."""
    xs, ys = [at[0] for at in corners], [at[1] for at in corners]
    narrowing = cos(radians((min(ys) + max(ys)) / 2 / SCALE))
    # A lone point still wants a piece of ground around it: about two kilometres.
    wide = max((max(xs) - min(xs)) * narrowing, SCALE / 50)
    high = max(max(ys) - min(ys), SCALE / 50)
    inner = WIDTH - 2 * MARGIN
    height = min(max(inner * high / wide, LEAST - 2 * MARGIN), MOST - 2 * MARGIN)
    unit = min(inner / wide, height / high)
    frame = Frame(
        west=(min(xs) + max(xs)) / 2 - wide / narrowing / 2,
        north=(min(ys) + max(ys)) / 2 + high / 2,
        narrowing=narrowing,
        unit=unit,
        left=(WIDTH - wide * unit) / 2,
        top=MARGIN + (height - high * unit) / 2,
    )
    return frame, height + 2 * MARGIN + 16


def scale_of(frame: Frame) -> tuple[float, str]:
    """A round length of about a quarter of the picture, and its words."""
    per_metre = SCALE / DEGREE * frame.unit
    fitting = [metres for metres in LENGTHS if metres * per_metre <= WIDTH / 4]
    metres = fitting[-1] if fitting else LENGTHS[0]
    text = f"{metres // 1000} 千米" if metres >= 1000 else f"{metres} 米"
    return metres * per_metre, text


def _mark(frame: Frame, spot: Spot) -> Mark:
    return Mark(
        x=frame.x(spot.at),
        y=frame.y(spot.at),
        ref=spot.ref,
        name=spot.name,
        grid=spot.grid,
        subject_class=spot.subject_class,
    )
