"""The bureau's outline, and the sites on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from gongchou.core import area as areas
from gongchou.core.area import Area
from gongchou.core.coordinates import Point, point
from gongchou.core.terms import SubjectClass
from gongchou.registry import models
from gongchou.registry.fact_reads import valid_on
from gongchou.registry.policy import class_on, profile_of
from gongchou.registry.subject_reads import narrowed, subject_value, versions_on

# So many sites are classified and drawn at once; more make neither a quick nor a legible map.
MOST_SPOTS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineRow:
    """One outline as its page shows it."""

    since: date
    until: date | None
    source: str
    sha256: str
    points: int
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A site with its place and its class on a day."""

    ref: str
    name: str
    grid: str
    at: Point
    subject_class: SubjectClass | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Sites of the register that have a place: those read, and how many there are of each kind."""

    rows: tuple[Spot, ...]
    placed: int
    unplaced: int


def area(bureau: str, on: date) -> Area | None:
    """The outline of a day; for days before the first one, the first. None where there is none."""
    rows = models.AreaOutline.objects.filter(bureau__code=bureau)
    # Two outlines of one day: the later row, which is the open one.
    found = rows.filter(since__lte=on).order_by("-pk").first() or rows.order_by("pk").first()
    return areas.of_plain(found.body) if found else None


def outlines(bureau: str) -> tuple[OutlineRow, ...]:
    """All outlines, the newest first."""
    rows = models.AreaOutline.objects.filter(bureau__code=bureau).order_by("-pk")
    return tuple(
        OutlineRow(
            since=row.since,
            until=row.until,
            source=row.source,
            sha256=row.sha256,
            points=row.points,
            by_name=row.by_name,
            at=row.at,
        )
        for row in rows
    )


def spots(bureau: str, on: date, filters: Mapping[str, str]) -> Spots:
    """The sites that have a place, with their classes, narrowed as the list is."""
    there = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    placed = there.exclude(longitude="").count()
    rows = narrowed(versions_on(bureau, on).filter(~Q(longitude="")), filters)
    profile, found = profile_of(bureau, on), []
    for row in rows.order_by("site_code", "subject__ref")[:MOST_SPOTS]:
        value, at = subject_value(row, on), point(row.longitude, row.latitude)
        judged = class_on(value, profile, on)
        if at is not None:
            found.append(
                Spot(
                    ref=value.ref,
                    name=value.name,
                    grid=value.grid,
                    at=at,
                    subject_class=judged.subject_class if judged else None,
                )
            )
    return Spots(rows=tuple(found), placed=placed, unplaced=there.count() - placed)
