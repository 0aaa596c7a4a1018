"""Sites by where they stand: of given ones, of a name, and around a point."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from math import cos, radians

from django.db.models import FloatField, QuerySet, Value
from django.db.models.functions import Cast, NullIf

from gongchou.core.coordinates import SCALE, Point, unwritten
from gongchou.core.plumes import DEGREE
from gongchou.registry import models
from gongchou.registry.area_reads import MOST_SPOTS
from gongchou.registry.fact_reads import valid_on

# A little more than asked for, so that rounding loses nothing at the edge.
WIDER = 1.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site and where it stands."""

    ref: str
    name: str
    at: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`is_cut` where there are more than were read."""

    rows: tuple[Place, ...]
    is_cut: bool = False


def places_of(bureau: str, on: date, refs: Collection[str]) -> dict[str, Point]:
    """Where these sites stand; those without a place are missing."""
    rows = _placed(bureau, on).filter(subject__ref__in=refs)
    return {place.ref: place.at for place in _read(rows).rows}


def places_named(bureau: str, on: date, text: str) -> tuple[Place, ...]:
    """The sites of this name; where there is none, those that have it in theirs."""
    rows = _placed(bureau, on)
    return _read(rows.filter(name=text)).rows or _read(rows.filter(name__icontains=text)).rows


def places(bureau: str, on: date, centre: Point | None, metres: float) -> Places:
    """The sites in a box about a circle, without a centre all; no more than make a legible map."""
    rows = _placed(bureau, on)
    if centre is not None:
        east, north = centre[0] / SCALE, centre[1] / SCALE
        high = metres / DEGREE * WIDER
        wide = high / cos(radians(north))
        rows = rows.annotate(x=_degrees("longitude"), y=_degrees("latitude")).filter(
            x__range=(east - wide, east + wide), y__range=(north - high, north + high)
        )
    return _read(rows, MOST_SPOTS)


def _degrees(field: str) -> Cast:
    """The text as a number; an empty one is none, which PostgreSQL would refuse to cast."""
    return Cast(NullIf(field, Value("")), FloatField())


def _placed(bureau: str, on: date) -> QuerySet[models.SubjectVersion]:
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return rows.exclude(longitude="").order_by("site_code", "subject__ref")


def _read(rows: QuerySet[models.SubjectVersion], most: int | None = None) -> Places:
    read = list(
        rows.values_list("subject__ref", "name", "longitude", "latitude")[: most and most + 1]
    )
    found = tuple(
        Place(ref=ref, name=name, at=(unwritten(x), unwritten(y)))
        for ref, name, x, y in read[:most]
    )
    return Places(rows=found, is_cut=len(read) > len(found))
