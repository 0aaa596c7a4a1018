"""Patrols and complaints against the truth: is the place seen, and is the right unit named.

Read by the rules of the product: confirmed peaks over the background, and the sites upwind of a
place. A unit is named only where it stands out; else several are candidates and none is blamed.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from gongchou.core.coordinates import SCALE, Point
from gongchou.core.monitoring.moments import instant, minute_at, minute_of
from gongchou.core.patrol import PatrolRule, Peak, Sample, peaks
from gongchou.core.plumes import Candidate, Source, Wind, candidates, is_clear
from gongchou.offsite.simulator.sources import place

Truth = Mapping[str, Any]


def score_others(
    folder: Path, population: Mapping[str, Any], truths: Sequence[Truth], rule: PatrolRule
) -> dict[str, Any]:
    sources = [
        Source(unit["ref"], unit["name"], _point(*place(unit["x"], unit["y"])))
        for unit in population["units"]
    ]
    return {
        "走航": _patrols(folder, sources, truths, rule),
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
