"""Files from outside come in, and a person says which of their sightings are clues."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core import inlets as rows
from gongchou.core.canon import Canonical
from gongchou.core.clue_terms import ClueOrigin, InletKind, PollutantFamily, SightingState
from gongchou.core.coordinates import Point, both
from gongchou.core.event_kinds import EventKind
from gongchou.core.inlet_rows import Read, parsed
from gongchou.core.patrol import without_exhaust
from gongchou.core.powers import Actor, Power, check
from gongchou.core.record import said
from gongchou.core.refusals import Invalid, Problem, Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import CoordinateSystem
from gongchou.law.load import load_inlet_rule
from gongchou.offsite import models, sightings
from gongchou.offsite.actions.clues import ClueDraft, take_up_clue
from gongchou.offsite.inlet_files import read_file
from gongchou.registry import reads as registers
from gongchou.registry.datums import to_wgs84
from gongchou.registry.models import Subject
from gongchou.web.clock import day_of

LARGEST = 20 * 1024 * 1024
SYSTEMS = {
    "WGS84": CoordinateSystem.WGS84,
    "GCJ02": CoordinateSystem.GCJ02,
    "BD09": CoordinateSystem.BD09,
}
# A hotline's columns that name people: they are dropped before anything is kept.
PRIVATE = ("联系人", "姓名", "举报人", "投诉人", "联系电话", "电话", "手机", "身份证号", "联系方式")
ORIGINS = {
    InletKind.PATROL: ClueOrigin.MOBILE_LAB,
    InletKind.DRONE: ClueOrigin.DRONE,
    InletKind.VIDEO: ClueOrigin.VIDEO,
    InletKind.COMPLAINT: ClueOrigin.LETTER,
}
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a file."""

    ref: str
    accepted: int
    filtered: int
    sightings: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """Sightings of a file and how many rows were dropped as noise."""

    seen: Sequence[sightings.Seen]
    filtered: int = 0


def _wgs84(at: Point, system: str) -> Point:
    return to_wgs84(at, SYSTEMS[system])


@transaction.atomic
def receive_file(
    kind: InletKind, name: str, content: bytes, *, by: Actor, at: datetime
) -> Received:
    """A file is read, its good rows are kept, its bad rows are told; the same file comes once."""
    check(by, Power.RECORD_OFFSITE)
    if len(content) > LARGEST:
        raise Invalid("文件超过 20 MB，请分成几份上传。")
    digest = hashlib.sha256(content).hexdigest()
    owner = Bureau.objects.get(code=by.bureau)
    if models.InletFile.objects.filter(bureau=owner, kind=kind.value, sha256=digest).exists():
        raise Refused("这个文件已经上传过，不用再传。")
    found = read_file(name, content)
    values, problems = parsed(found, rows.COLUMNS[kind.value], MAKERS[kind])
    file = models.InletFile.objects.create(
        ref=_ref(by.bureau, at),
        bureau=owner,
        kind=kind.value,
        name=name[:200],
        sha256=digest,
        content=_without_people(found) if kind is InletKind.COMPLAINT else content,
        accepted=len(values),
        rejected=len(problems),
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    kept = KEEPERS[kind](file, values, by, at)
    for number, seen in enumerate(kept.seen, 1):
        _keep(file, number, seen)
    data: dict[str, Canonical] = {
        "accepted": len(values),
        "rejected": len(problems),
        "sha256": digest,
    }
    audit.append(EventKind.INLET_RECEIVED, about=file.ref, by=by, at=at, data=data)
    return Received(
        ref=file.ref,
        accepted=len(values),
        filtered=kept.filtered,
        sightings=len(kept.seen),
        problems=problems,
    )


def _ref(bureau: str, at: datetime) -> str:
    start = f"W{bureau}-{day_of(at).year}-"
    count = models.InletFile.objects.filter(ref__startswith=start).count()
    return f"{start}{count + 1:04}"


def _without_people(found: Read) -> bytes:
    kept = [
        {
            name: rows.NUMBERS.sub("（号码略）", value)
            for name, value in cells.items()
            if not any(p in name for p in PRIVATE)
        }
        for _, cells in found.rows
    ]
    return json.dumps(kept, ensure_ascii=False).encode()


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


def _patrol(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> _Kept:
    ordered = sorted(values, key=lambda sample: (sample.at, sample.row))
    _, filtered = without_exhaust(ordered, load_inlet_rule().patrol)
    return _Kept(seen=sightings.of_patrol(values, _ground(by, at)), filtered=filtered)


def _drone(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> _Kept:
    seen = sightings.of_drone(values, _ground(by, at))
    return _Kept(seen=seen, filtered=len(values) - len(seen))


def _video(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> _Kept:
    seen = sightings.of_video(values, _ground(by, at))
    return _Kept(seen=seen, filtered=len(values) - len(seen))


def _complaints(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> _Kept:
    return _Kept(seen=sightings.of_complaints(values, _ground(by, at)))


def _winds(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> _Kept:
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
    return _Kept(seen=())


def _cameras(file: models.InletFile, values: Sequence[Any], by: Actor, at: datetime) -> _Kept:
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
    return _Kept(seen=())


Keeper = Callable[[models.InletFile, Sequence[Any], Actor, datetime], _Kept]
KEEPERS: Mapping[InletKind, Keeper] = {
    InletKind.PATROL: _patrol,
    InletKind.DRONE: _drone,
    InletKind.VIDEO: _video,
    InletKind.COMPLAINT: _complaints,
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


@transaction.atomic
def confirm_sighting(ref: str, why: str, *, by: Actor, at: datetime) -> str:
    """A person has looked and says that it is one: a clue is made; returns its ref."""
    check(by, Power.TRIAGE_CLUE)
    row, words = _waiting(ref, by), _why(why)
    kind = InletKind(row.kind)
    if kind is InletKind.PATROL and not row.body.get("confirmed_by"):
        raise Refused(
            "走航峰值只测到一遍，没有第二遍经过或者停车复测，不能列为线索。请补测以后上传新的记录。"
        )
    # A hotline's ticket is no letter of the portal: nobody waits here for an answer.
    draft = ClueDraft(
        origin=ORIGINS[kind],
        client_id=f"sighting:{row.ref}",
        says=row.says,
        started_at=row.started_at,
        ended_at=row.ended_at,
        subject=row.subject.ref if row.subject else "",
        place="" if row.subject else "责任单位待定，候选单位见依据",
        family=_family(row),
        point=both(row.longitude, row.latitude),
        grade=Fraction(1) if row.subject else HALF,
        body=row.body,
        screening=f"经{by.name}确认：{words}",
    )
    clue = take_up_clue(draft, by=by, at=at)
    _settle(row, SightingState.CONFIRMED, words, by, at, clue=models.Clue.objects.get(ref=clue))
    return clue


@transaction.atomic
def dismiss_sighting(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """A person has looked and says that it is none."""
    check(by, Power.TRIAGE_CLUE)
    _settle(_waiting(ref, by), SightingState.DISMISSED, _why(why), by, at)


def _family(row: models.Sighting) -> PollutantFamily:
    return PollutantFamily(row.family)


def _why(text: str) -> str:
    words = said(text)
    if not words or len(words) > 500:
        raise Invalid("请写明查看了什么、为什么这样判断，不超过 500 字。")
    return words


def _waiting(ref: str, by: Actor) -> models.Sighting:
    rows_ = models.Sighting.objects.filter(ref=ref, bureau__code=by.bureau)
    row = rows_.select_related("subject").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的外部发现，请从外部数据页面进入。")
    return row


def _settle(
    row: models.Sighting, to: SightingState, why: str, by: Actor, at: datetime, **fields: object
) -> None:
    was = SightingState(row.state)
    move(was, to)
    held = models.Sighting.objects.filter(pk=row.pk, state=was.value)
    done = held.update(state=to.value, decided_by=by.name, decided_at=at, why=why, **fields)
    if done != 1:
        raise Stale("这条发现刚被他人办理，请刷新页面查看。")
    audit.append(EventKind.SIGHTING_DECIDED, about=row.ref, by=by, at=at, data={"to": to.value})
