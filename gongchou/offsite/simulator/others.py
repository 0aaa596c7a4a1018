"""What is no telemetry against the truth: is the place seen, and is the right unit named.

Read by the rules of the product: confirmed peaks over the background, pictures that are sure
enough, outlets that are warm enough, and the sites upwind of a place or near it. A unit is named
only where it stands out; else several are candidates and none is blamed.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongchou.core.clue_terms import DroneClass
from gongchou.core.coordinates import SCALE, Point
from gongchou.core.inlets import InletRule, is_sure, is_warm_enough
from gongchou.core.monitoring.moments import instant, minute_at, minute_of
from gongchou.core.patrol import PatrolRule, Peak, Sample, peaks
from gongchou.core.plumes import (
    Candidate,
    Source,
    Wind,
    candidates,
    is_clear,
    metres,
    only_one_within,
)
from gongchou.offsite.simulator.sources import place

Truth = Mapping[str, Any]
BESIDE = 100.0


def score_others(
    folder: Path, population: Mapping[str, Any], truths: Sequence[Truth], rule: InletRule
) -> dict[str, Any]:
    sources = [
        Source(unit["ref"], unit["name"], _point(*place(unit["x"], unit["y"])))
        for unit in population["units"]
    ]
    return {
        "走航": _patrols(folder, sources, truths, rule.patrol),
        "视频": _videos(folder, sources, truths, rule),
        "无人机": _flights(folder, sources, truths, rule),
        "信访": _complaints(folder, sources, truths),
    }


def _point(longitude: str, latitude: str) -> Point:
    return int(Decimal(longitude) * SCALE), int(Decimal(latitude) * SCALE)


def _tally(rows: Sequence[tuple[Truth, Sequence[Sequence[Candidate]]]]) -> dict[str, Any]:
    """Of what was planted: seen at all, with the source among the candidates, and named alone.

    `rows` are truths with, for each place seen, its candidates.
    """
    planted = [row for row in rows if row[0]["type"] == "violation"]
    decoys = [row for row in rows if row[0]["type"] == "decoy"]
    by_strength = {
        strength: f"{sum(bool(seen) for _, seen in own)}/{len(own)}"
        for strength in ("easy", "medium", "hard")
        if (own := [row for row in planted if row[0]["strength"] == strength])
    }
    return {
        "planted": len(planted),
        "seen": by_strength,
        "source_among_candidates": sum(_has(t, seen) for t, seen in planted),
        "named": sum(t["subject"] in _named(seen) for t, seen in planted),
        "named_another": sum(bool(_named(seen) - {t["subject"]}) for t, seen in planted),
        "decoys": len(decoys),
        "decoys_named": sum(t["subject"] in _named(seen) for t, seen in decoys),
    }


def _has(truth: Truth, seen: Sequence[Sequence[Candidate]]) -> bool:
    return any(c.subject == truth["subject"] for found in seen for c in found)


def _named(seen: Sequence[Sequence[Candidate]]) -> set[str]:
    return {found[0].subject for found in seen if is_clear(found)}


def _patrols(
    folder: Path, sources: Sequence[Source], truths: Sequence[Truth], rule: PatrolRule
) -> dict[str, Any]:
    runs: dict[str, list[Sample]] = {}
    with (folder / "mobile_lab.csv").open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            runs.setdefault(row["run"], []).append(_sample(number, row))
    confirmed = [p for run in runs.values() for p in peaks(run, rule) if p.confirmed_by]
    rows = []
    for truth in truths:
        if truth["rule"] == "M01":
            within = [p for p in confirmed if _is_in(p.first.at, truth)]
            rows.append((truth, [_upwind(peak, sources) for peak in within]))
    return _tally(rows)


def _upwind(peak: Peak, sources: Sequence[Source]) -> tuple[Candidate, ...]:
    return candidates(peak.highest.place, peak.highest.wind, sources)


def _is_in(at: datetime, truth: Truth) -> bool:
    return bool(truth["since"] <= minute_at(at) < truth["until"])


def _sample(number: int, row: Mapping[str, str]) -> Sample:
    return Sample(
        row=number,
        at=_at(row["time"]),
        place=_point(row["lon"], row["lat"]),
        speed=float(row["speed_km_h"]) / 3.6,
        wind=Wind(float(row["wind_from"]), float(row["wind_m_s"])),
        values={row["species"]: float(row["value"])},
    )


def _at(digits: str) -> datetime:
    return instant(minute_of(digits)) + timedelta(seconds=int(digits[12:14]))


def _videos(
    folder: Path, sources: Sequence[Source], truths: Sequence[Truth], rule: InletRule
) -> dict[str, Any]:
    """A camera stands at one site, so what it sees there is that site's."""
    cameras = {f"CAM-{source.subject}": source for source in sources}
    found: list[tuple[datetime, Candidate]] = []
    for row in json.loads((folder / "video.json").read_text("utf-8")):
        if is_sure(row["confidence"], row["frames"], rule):
            source = cameras[row["camera"]]
            found.append((_at(row["time"]), _certain(source)))
    return _tally(
        [
            (truth, [[one] for at, one in found if _is_in(at, truth) and _is_of(one, truth)])
            for truth in truths
            if truth["rule"] == "V01"
        ]
    )


def _certain(source: Source) -> Candidate:
    return Candidate(source.subject, source.name, 0.0, 0.0, 0.0, 1.0)


def _is_of(one: Candidate, truth: Truth) -> bool:
    return bool(one.subject == truth["subject"])


def _flights(
    folder: Path, sources: Sequence[Source], truths: Sequence[Truth], rule: InletRule
) -> dict[str, Any]:
    found: list[tuple[datetime, Point, tuple[Candidate, ...]]] = []
    for row in json.loads((folder / "drone.json").read_text("utf-8")):
        if is_warm_enough(DroneClass(row["class"]), row["delta_t"], rule):
            here = _point(row["lon"], row["lat"])
            found.append((_at(row["time"]), here, _beneath(here, sources, rule)))
    places = {source.subject: source.at for source in sources}
    rows = []
    for truth in truths:
        if truth["rule"] == "D01":
            within = [row for row in found if _is_in(row[0], truth)]
            rows.append((truth, [own for _, here, own in within if _is_by(here, places, truth)]))
    return _tally(rows)


def _beneath(here: Point, sources: Sequence[Source], rule: InletRule) -> tuple[Candidate, ...]:
    """The only site within the buffer, or else all around with none blamed before it is clear."""
    only = only_one_within(here, rule.buffer_metres, sources)
    if only:
        return tuple(_certain(source) for source in sources if source.subject == only)
    return candidates(here, None, sources)


def _is_by(here: Point, places: Mapping[str, Point], truth: Truth) -> bool:
    """Two flights may see two sites in the same minute: which is which is told by the place."""
    return metres(here, places[truth["subject"]]) <= BESIDE


def _complaints(folder: Path, sources: Sequence[Source], truths: Sequence[Truth]) -> dict[str, Any]:
    winds: dict[int, Wind] = {}
    with (folder / "wind.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            wind = Wind(float(row["from_degrees"]), float(row["metres_a_second"]))
            winds[minute_of(row["time"]) // 60] = wind
    tickets = json.loads((folder / "complaints.json").read_text("utf-8"))
    rows = []
    for truth in truths:
        if truth["rule"] == "C01":
            within = [t for t in tickets if _is_in(_at(t["time"]), truth)]
            seen = [
                candidates(
                    _point(t["lon"], t["lat"]), winds.get(minute_of(t["time"]) // 60), sources
                )
                for t in within
            ]
            rows.append((truth, [found for found in seen if found]))
    return _tally(rows)
