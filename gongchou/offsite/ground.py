"""The ground of a bureau: its outline, its sites, the clues and the wind of some days.

One value for the table and for the map beside it, so that both always show the same.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from gongchou.core.coordinates import SCALE, Point
from gongchou.core.plumes import metres
from gongchou.offsite import clue_reads, inlet_reads
from gongchou.registry import reads as registers
from gongchou.web.clock import start_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Days of Beijing, both included; without a centre everything is near."""

    since: date
    until: date
    centre: Point | None
    radius: float

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the end of the last."""
        return start_of(self.since), start_of(self.until + DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundClue:
    """A clue with its place; `is_of_site` where only the site's place is known."""

    row: clue_reads.ClueRow
    at: Point
    is_of_site: bool
    metres: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundSite:
    ref: str
    name: str
    at: Point
    metres: int | None
    clues: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What lies within the circle; `unplaced` counts clues of these days that have no place.

    `is_cut` where there are more sites than were read.
    """

    clues: tuple[GroundClue, ...]
    sites: tuple[GroundSite, ...]
    winds: tuple[inlet_reads.WindRow, ...]
    unplaced: int
    is_cut: bool


Placed = TypeVar("Placed", GroundClue, GroundSite)


def ground(bureau: str, on: date, asked: Asked) -> Ground:
    """The clues of the days asked for and the sites of a day, the nearest to the centre first."""
    rows = clue_reads.clues_during(bureau, *asked.span)
    counts = Counter(row.subject for row in rows)
    places = registers.places_of(bureau, on, {row.subject for row in rows if row.subject})
    found = registers.places(bureau, on, asked.centre, asked.radius)
    placed = [_placed(row, at, asked) for row in rows if (at := _at(row, places))]
    return Ground(
        clues=_near(placed, asked),
        sites=_busiest(_near((_site(p, counts, asked) for p in found.rows), asked), asked),
        winds=inlet_reads.winds(bureau, *asked.span),
        unplaced=len(rows) - len(placed),
        is_cut=found.is_cut,
    )


def _at(row: clue_reads.ClueRow, places: dict[str, Point]) -> Point | None:
    return row.point or places.get(row.subject)


def _distance(at: Point, asked: Asked) -> int | None:
    return None if asked.centre is None else round(metres(asked.centre, at))


def _placed(row: clue_reads.ClueRow, at: Point, asked: Asked) -> GroundClue:
    return GroundClue(row=row, at=at, is_of_site=row.point is None, metres=_distance(at, asked))


def _site(place: registers.Place, counts: Counter[str], asked: Asked) -> GroundSite:
    return GroundSite(
        ref=place.ref,
        name=place.name,
        at=place.at,
        metres=_distance(place.at, asked),
        clues=counts[place.ref],
    )


def _near(found: Iterable[Placed], asked: Asked) -> tuple[Placed, ...]:
    """Those within the circle; without a centre all, in the order they came."""
    within = [one for one in found if one.metres is None or one.metres <= asked.radius]
    return tuple(sorted(within, key=lambda one: one.metres or 0))


def _busiest(sites: tuple[GroundSite, ...], asked: Asked) -> tuple[GroundSite, ...]:
    """Without a centre those that have clues come first."""
    return sites if asked.centre else tuple(sorted(sites, key=lambda one: -one.clues))


def degrees_of(at: Point) -> list[float]:
    """Latitude and longitude, the order in which maps of the web take them."""
    return [at[1] / SCALE, at[0] / SCALE]


def wind_plain(row: inlet_reads.WindRow) -> dict[str, Any]:
    """A reading as the map draws it, the moment in whole seconds."""
    return {
        "station": row.station,
        "at": degrees_of(row.place),
        "time": int(row.at.timestamp()),
        "from": row.direction,
        "speed": row.speed,
        "side": row.side,
    }
