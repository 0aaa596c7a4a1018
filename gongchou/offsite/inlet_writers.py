"""What becomes of rows from outside: values, without noise, kept with their sightings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongchou.accounts.models import Bureau
from gongchou.core import canon
from gongchou.core import inlets as rows
from gongchou.core.clue_terms import InletKind, SightingState
from gongchou.core.coordinates import Point
from gongchou.core.inlet_rows import Cells, Read, parsed
from gongchou.core.patrol import without_exhaust
from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid, Problem
from gongchou.core.terms import CoordinateSystem
from gongchou.law.load import load_inlet_rule
from gongchou.offsite import models, sightings
from gongchou.registry import reads as registers
from gongchou.registry.datums import to_wgs84
from gongchou.registry.models import Subject
from gongchou.web.clock import day_of

SYSTEMS = {
    "WGS84": CoordinateSystem.WGS84,
    "GCJ02": CoordinateSystem.GCJ02,
    "BD09": CoordinateSystem.BD09,
}
# A hotline's columns that name people: they are dropped before anything is kept.
PRIVATE = ("联系人", "姓名", "举报人", "投诉人", "联系电话", "电话", "手机", "身份证号", "联系方式")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Rows as they came: uploaded as a file, or pushed by the program of a source."""

    ref: str
    kind: InletKind
    name: str
    content: bytes
    sha256: str
    values: Sequence[Any]
    problems: Sequence[Problem]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a parcel: its row, and how many of its values may be clues."""

    file: models.InletFile
    sightings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What a parcel's values show, and how many of them were dropped as noise."""

    seen: Sequence[sightings.Seen]
    filtered: int = 0


def values_of(kind: InletKind, found: Read) -> tuple[tuple[Any, ...], tuple[Problem, ...]]:
    """The good rows as values, and a sentence for each of the others."""
    return parsed(found, rows.COLUMNS[kind.value], MAKERS[kind])


def take_in(parcel: Parcel, by: Actor, at: datetime) -> Taken:
    """Values are kept with what they show; the event is written by the act that calls."""
    looked = LOOKS[parcel.kind](parcel.values, _ground(by, at)) if parcel.kind in LOOKS else NOTHING
    file = models.InletFile.objects.create(
        ref=parcel.ref,
        bureau=Bureau.objects.get(code=by.bureau),
        kind=parcel.kind.value,
        source=parcel.source,
        name=parcel.name[:200],
        sha256=parcel.sha256,
        content=parcel.content,
        accepted=len(parcel.values),
        rejected=len(parcel.problems),
        filtered=looked.filtered,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    if parcel.kind in TABLES:
        TABLES[parcel.kind](file, parcel.values, by, at)
    for number, seen in enumerate(looked.seen, 1):
        _keep(file, number, seen)
    return Taken(file=file, sightings=len(looked.seen))


def _wgs84(at: Point, system: str) -> Point:
    return to_wgs84(at, SYSTEMS[system])


def without_people(cells: Cells) -> dict[str, str]:
    """A hotline's row as it may be kept."""
    return {
        name: rows.NUMBERS.sub("（号码略）", value)
        for name, value in cells.items()
        if not any(private in name for private in PRIVATE)
    }


MAKERS: Mapping[InletKind, Callable[[int, Mapping[str, str]], object]] = {
    InletKind.PATROL: lambda row, cells: rows.sample(row, cells, _wgs84),
    InletKind.DRONE: lambda row, cells: rows.drone_row(row, cells, _wgs84),
    InletKind.VIDEO: rows.video_row,
    InletKind.COMPLAINT: lambda row, cells: rows.complaint_row(row, cells, _wgs84),
    InletKind.WIND: lambda row, cells: rows.wind_row(row, cells, _wgs84),
    InletKind.CAMERAS: rows.camera_row,
}


def _ground(by: Actor, at: datetime) -> sightings.Ground:
    return sightings.Ground(by.bureau, day_of(at), load_inlet_rule())


def _patrol(values: Sequence[Any], ground: sightings.Ground) -> _Looked:
    ordered = sorted(values, key=lambda sample: (sample.at, sample.row))
    _, filtered = without_exhaust(ordered, ground.rule.patrol)
    return _Looked(seen=sightings.of_patrol(values, ground), filtered=filtered)


def _drone(values: Sequence[Any], ground: sightings.Ground) -> _Looked:
    seen = sightings.of_drone(values, ground)
    return _Looked(seen=seen, filtered=len(values) - len(seen))


def _video(values: Sequence[Any], ground: sightings.Ground) -> _Looked:
    seen = sightings.of_video(values, ground)
    return _Looked(seen=seen, filtered=len(values) - len(seen))


def _complaints(values: Sequence[Any], ground: sightings.Ground) -> _Looked:
    return _Looked(seen=sightings.of_complaints(values, ground))


LOOKS: Mapping[InletKind, Callable[[Sequence[Any], sightings.Ground], _Looked]] = {
    InletKind.PATROL: _patrol,
    InletKind.DRONE: _drone,
    InletKind.VIDEO: _video,
    InletKind.COMPLAINT: _complaints,
}
NOTHING = _Looked(seen=())


def _winds(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> None:
    fresh = [
        models.WindReading(
            bureau=file.bureau,
            file=file,
            station=one.station,
            longitude=one.place[0],
            latitude=one.place[1],
            at=one.at,
            direction=round(one.direction * 10),
            speed=round(one.speed * 10),
        )
        for one in values
    ]
    models.WindReading.objects.bulk_create(fresh, ignore_conflicts=True)


def _cameras(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> None:
    for one in values:
        page = registers.subjects(by.bureau, day_of(at), search=one.uscc)
        same = [s for s in page.rows if not one.site_code or s.site_code == one.site_code]
        if len(same) != 1:
            raise Invalid(
                f"第 {one.row} 行：统一社会信用代码 {one.uscc} 对应 {len(same)} 个检查对象，"
                "不能确定是哪一个。请核对代码，有多处场所的填写固定污染源编码。"
            )
        owner = Subject.objects.get(ref=same[0].ref, bureau=file.bureau)
        models.Camera.objects.create(bureau=file.bureau, file=file, code=one.code, subject=owner)


TABLES: Mapping[InletKind, Callable[[models.InletFile, Sequence[Any], Actor, datetime], None]] = {
    InletKind.WIND: _winds,
    InletKind.CAMERAS: _cameras,
}


def _keep(file: models.InletFile, number: int, seen: sightings.Seen) -> None:
    body = {**seen.body, "says": seen.says}
    owner = Subject.objects.filter(ref=seen.subject, bureau=file.bureau).first()
    models.Sighting.objects.create(
        ref=f"{file.ref}-{number:03}",
        bureau=file.bureau,
        file=file,
        row=seen.row,
        kind=file.kind,
        family=seen.family.value,
        started_at=seen.started_at,
        ended_at=seen.ended_at,
        longitude=seen.at[0] if seen.at else None,
        latitude=seen.at[1] if seen.at else None,
        subject=owner if seen.subject else None,
        says=seen.says[:1000],
        body=body,
        digest=canon.digest(body),
        state=SightingState.WAITING.value,
    )
