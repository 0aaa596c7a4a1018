"""From rows of a file to sightings: what is worth a look, and which sites it may come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from gongchou.core import inlets as rows
from gongchou.core.clue_terms import PollutantFamily
from gongchou.core.coordinates import Point
from gongchou.core.inlets import InletRule
from gongchou.core.patrol import Peak, Sample, peaks
from gongchou.core.plumes import (
    Candidate,
    Source,
    Wind,
    between,
    candidates,
    is_clear,
    likeness,
    metres,
    only_one_within,
)
from gongchou.offsite import models
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

HOUR = timedelta(hours=1)
SHOWN = 8
DUSTY = ("PM10", "PM2.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One sighting before it is kept; `subject` only where one candidate stands out."""

    row: int
    family: PollutantFamily
    started_at: datetime
    ended_at: datetime
    says: str
    at: Point | None = None
    subject: str = ""
    body: dict[str, Any] = field(default_factory=dict)


class Ground:
    """The sites of a bureau's register with their places, and the wind on record."""

    def __init__(self, bureau: str, on: date, rule: InletRule) -> None:
        self.bureau, self.rule = bureau, rule
        self.spots = registers.spots(bureau, on, {}).rows
        trades = registers.subjects_named(bureau, on, [spot.ref for spot in self.spots])
        self.trades = {ref: site.industry_code for ref, site in trades.items()}

    def sources(self, profile: dict[str, float]) -> list[Source]:
        return [
            Source(spot.ref, spot.name, spot.at, self._alike(spot.ref, profile))
            for spot in self.spots
        ]

    def _alike(self, ref: str, profile: dict[str, float]) -> float:
        trade = self.trades.get(ref, "")
        for start, print_ in self.rule.fingerprints.items():
            # Industry codes may carry the letter of their section: C2110.
            if trade.lstrip("ABCDEFGHIJKLMNOPQRST").startswith(start) and profile:
                return likeness(profile, dict(print_))
        return 1.0

    def wind_at(self, place: Point, at: datetime) -> Wind | None:
        """From the nearest station within reach, between the readings before and after."""
        near = models.WindReading.objects.filter(
            bureau__code=self.bureau, at__gte=at - HOUR, at__lte=at + HOUR
        )
        found = [w for w in near if metres(place, _at(w)) <= self.rule.nearest_wind]
        if not found:
            return None
        nearest = min(found, key=lambda w: (metres(place, _at(w)), w.station)).station
        own = sorted((w for w in found if w.station == nearest), key=lambda w: w.at)
        before = next((w for w in reversed(own) if w.at <= at), None)
        after = next((w for w in own if w.at >= at), None)
        if before and after and before.at < after.at:
            share = (at - before.at) / (after.at - before.at)
            return between(_wind(before), _wind(after), share)
        only = before or after
        return _wind(only) if only else None


def _at(row: models.WindReading) -> Point:
    return row.longitude, row.latitude


def _wind(row: models.WindReading) -> Wind:
    return Wind(row.direction / 10, row.speed / 10, row.station)


def wind_body(wind: Wind | None) -> dict[str, str] | None:
    if wind is None:
        return None
    text = f"{wind.station}：风从 {wind.direction:.0f}° 来，{wind.speed:.1f} 米/秒"
    text += "，静风，取周围 300 米" if wind.is_calm else ""
    return {"from": f"{wind.direction:.1f}", "speed": f"{wind.speed:.1f}", "text": text}


def candidate_body(found: Sequence[Candidate]) -> list[dict[str, str]]:
    return [
        {
            "subject": c.subject,
            "name": c.name,
            "metres": f"{c.metres:.0f}",
            "bearing": f"{c.bearing:.0f}",
            "weight": f"{c.weight:.3f}",
        }
        for c in found[:SHOWN]
    ]


def _placed(
    ground: Ground, place: Point, wind: Wind | None, profile: dict[str, float]
) -> tuple[str, dict[str, Any]]:
    found = candidates(place, wind, ground.sources(profile))
    body: dict[str, Any] = {"candidates": candidate_body(found)}
    if told := wind_body(wind):
        body["wind"] = told
    return (found[0].subject if is_clear(found) else ""), body


def of_patrol(samples: Sequence[Sample], ground: Ground) -> list[Seen]:
    """Each peak with the sites upwind of its highest moment."""
    return [_peak(peak, ground) for peak in peaks(samples, ground.rule.patrol)]


def _peak(peak: Peak, ground: Ground) -> Seen:
    here, moment = peak.highest.place, peak.highest.at
    wind = peak.highest.wind or ground.wind_at(here, moment)
    profile = {k: v for k, v in peak.profile.items() if k not in ("CO", "NOx")}
    subject, body = _placed(ground, here, wind, profile)
    again = peak.confirmed_by or "只测到一遍"
    body |= {
        "confirmed_by": peak.confirmed_by,
        "inputs": [
            ["峰值", f"{peak.value:g}"],
            ["判定阈值", f"{peak.threshold:g}"],
            ["高于阈值的样本", str(peak.samples)],
            ["复测", again],
        ],
    }
    dusty = peak.species in DUSTY
    return Seen(
        row=peak.highest.row,
        family=PollutantFamily.DUST if dusty else PollutantFamily.ODOUR,
        started_at=peak.first.at,
        ended_at=peak.last.at,
        says=f"走航测得{peak.species}峰值 {peak.value:g}，阈值 {peak.threshold:g}，{again}。",
        at=here,
        subject=subject,
        body=body,
    )


def of_drone(found: Iterable[rows.DroneRow], ground: Ground) -> list[Seen]:
    """What the picture shows, at the site whose point is within the buffer, if only one is."""
    return [_drone(one, ground) for one in found if rows.is_worth_looking(one, ground.rule)]


def _drone(one: rows.DroneRow, ground: Ground) -> Seen:
    subject, body = _placed(ground, one.target, None, {})
    here = only_one_within(one.target, ground.rule.buffer_metres, ground.sources({}))
    body["inputs"] = [["航次", one.flight], ["操作执照", one.licence], ["影像摘要", one.image]]
    if one.warmer_by is not None:
        body["inputs"].append(["温差", f"{one.warmer_by:g} ℃"])
    return Seen(
        row=one.row,
        family=rows.DRONE_FAMILY[one.kind],
        started_at=one.at,
        ended_at=one.at,
        says=f"无人机航次 {one.flight} 发现{one.kind.label}。",
        at=one.target,
        subject=here or subject,
        body=body,
    )


def of_video(found: Iterable[rows.VideoRow], ground: Ground) -> list[Seen]:
    """Confident detections of cameras that are in the table; the others are left out."""
    known = cameras(ground.bureau)
    rule = ground.rule
    return [
        _video(one, known[one.camera])
        for one in found
        if rows.is_sure(one.confidence, one.frames, rule) and one.camera in known
    ]


def cameras(bureau: str) -> dict[str, str]:
    """Which site each camera looks at, by the newest file."""
    listed = models.Camera.objects.filter(bureau__code=bureau).order_by("pk")
    return dict(listed.values_list("code", "subject__ref"))


def _video(one: rows.VideoRow, subject: str) -> Seen:
    return Seen(
        row=one.row,
        family=PollutantFamily.WORKING,
        started_at=one.at,
        ended_at=one.at,
        says=f"摄像头 {one.camera} 识别到{one.kind}，置信度 {one.confidence:.2f}。",
        subject=subject,
        body={"inputs": [["连续帧数", str(one.frames)], ["片段摘要", one.clip]]},
    )


def of_complaints(found: Iterable[rows.ComplaintRow], ground: Ground) -> list[Seen]:
    """Tickets about pollution; a unit named by its code is the subject, a place has candidates."""
    return [_complaint(one, ground) for one in found]


def _complaint(one: rows.ComplaintRow, ground: Ground) -> Seen:
    subject = _named(one, ground)
    body: dict[str, Any] = {}
    if not subject and one.place:
        wind = ground.wind_at(one.place, one.at)
        subject, body = _placed(ground, one.place, wind, {})
    body["inputs"] = [["工单号", one.ticket], ["渠道", one.channel], ["地点", one.where]]
    if one.group:
        body["inputs"].append(["重复件组", one.group])
    return Seen(
        row=one.row,
        family=rows.FAMILY[one.kind],
        started_at=one.at,
        ended_at=one.at,
        says=f"{one.channel} {one.ticket}：{one.says}",
        at=one.place,
        subject=subject,
        body=body,
    )


def _named(one: rows.ComplaintRow, ground: Ground) -> str:
    if not one.uscc and not one.unit:
        return ""
    page = registers.subjects(ground.bureau, day_of(one.at), search=one.uscc or one.unit)
    same = [s for s in page.rows if s.uscc == one.uscc or s.name == one.unit]
    return same[0].ref if len(same) == 1 else ""
