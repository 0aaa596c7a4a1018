"""What the page of a clue shows beside the clue: curves around the event, and the ground."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from gongchou.core.clue_terms import (
    ClueState,
    ExclusionReason,
    ScoreColour,
    UnconfirmedReason,
)
from gongchou.core.clues import ClueRules
from gongchou.core.coordinates import Point, written
from gongchou.core.powers import Actor, Power, may
from gongchou.offsite import clue_reads, inlet_reads, monitor_reads, received, watch_pages
from gongchou.offsite.clue_maps import ClueMap, clue_map
from gongchou.offsite.curves import Curve
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of

AROUND = timedelta(hours=24)
LONGEST = timedelta(days=7)
STATIONS = 3


def curves_of(
    page: clue_reads.CluePage, bureau: str, folder: Path
) -> list[tuple[str, str, list[Curve]]]:
    """The curves around the clue: ref of the monitor, its outlet, curves of hours.

    What is about meters shows their power instead, under no monitor.
    """
    row = page.row
    if not row.subject:
        return []
    until = min(row.ended_at, row.started_at + LONGEST) + AROUND
    span, event = (row.started_at - AROUND, until), (row.started_at, row.ended_at)
    stations = _stations(row.subject, bureau, row.outlet)
    if not any(row.outlet in (m.outlet, m.mn) for m in stations):
        power = watch_pages.power_curves(folder, bureau, row.subject, row.outlet, span, event)
        if power:
            return [("", row.outlet, power)]
    found = []
    for station in stations:
        curves = received.hourly_curves(folder, station.mn, *span, event)
        if curves:
            found.append((station.ref, station.outlet, curves))
    return found[:STATIONS]


def _stations(subject: str, bureau: str, outlet: str) -> list[monitor_reads.MonitorRow]:
    """The monitor of the outlet itself, if it is known; else all of the site."""
    own = [m for m in monitor_reads.monitors(bureau) if m.subject == subject and not m.until]
    same = [m for m in own if outlet in (m.outlet, m.mn)]
    return same or own


def map_of(page: clue_reads.CluePage, bureau: str, on: date) -> ClueMap | None:
    """Around the clue's place, or the site's; None where neither is known."""
    spots = registers.spots(bureau, on, {}).rows
    at = _place_of(page.row, bureau, on)
    if at is None:
        return None
    named = next((e for e in page.evidence if e.candidates or e.wind), None)
    candidates = [str(c["subject"]) for c in named.candidates] if named else []
    wind = (float(named.wind["from"]), float(named.wind["speed"])) if named and named.wind else None
    return clue_map(at, wind, registers.area(bureau, on), spots, candidates)


def around(row: clue_reads.ClueRow, bureau: str, on: date) -> str:
    """The query of the map of clues that shows the ground of this clue, a day around it.

    The centre is a place wherever one is known: two sites may have one name.
    """
    at = _place_of(row, bureau, on)
    near = "，".join(written(part) for part in at) if at else row.subject_name
    first, last = day_of(row.started_at - AROUND), day_of(row.ended_at + AROUND)
    last = min(last, first + LONGEST)
    return urlencode({"since": str(first), "until": str(last), "near": near})


def _place_of(row: clue_reads.ClueRow, bureau: str, on: date) -> Point | None:
    """The clue's own place, or its site's."""
    return row.point or registers.places_of(bureau, on, [row.subject]).get(row.subject)


def buttons(page: clue_reads.CluePage, by: Actor) -> dict[str, object]:
    """Which moves this person may make now, and the words to choose from."""
    state, desk = page.row.state, may(by, Power.TRIAGE_CLUE)
    reviews = may(by, Power.REVIEW_RECORD) if page.row.visit else may(by, Power.CONCLUDE_OFFSITE)
    return {
        "decides": desk and state is ClueState.PENDING,
        "sends": may(by, Power.DISPATCH_VISIT) and state is ClueState.PENDING,
        "returns": desk and state in (ClueState.WATCHED, ClueState.EXPLAINING),
        "reopens": desk and state is ClueState.EXCLUDED and page.has_new,
        "begins": may(by, Power.RECORD_OFFSITE) and state is ClueState.TO_OFFSITE,
        "concludes": reviews and state is ClueState.VERIFYING,
        "archives": desk
        and state in (ClueState.CONFIRMED, ClueState.UNCONFIRMED, ClueState.UNVERIFIABLE),
        "adds": desk and state is not ClueState.ARCHIVED,
        "exclusions": [r for r in ExclusionReason if r is not ExclusionReason.EXPIRED],
        "reasons": list(UnconfirmedReason),
    }


def colour_counts(cases: tuple[clue_reads.CaseRow, ...]) -> list[tuple[ScoreColour, int]]:
    return [(c, sum(case.score.colour is c for case in cases)) for c in ScoreColour]


def limits(rules: ClueRules) -> dict[str, int]:
    """The scores at which the colours begin."""
    return {"red": rules.score.red, "orange": rules.score.orange, "yellow": rules.score.yellow}


def file_digest(file: IO[bytes] | None) -> str:
    """The SHA-256 of an attachment; the file itself is kept by whoever handed it in."""
    return hashlib.sha256(file.read()).hexdigest() if file else ""


def map_of_sighting(row: inlet_reads.SightingRow, bureau: str, on: date) -> ClueMap | None:
    """The ground around a sighting that has a place."""
    if row.point is None:
        return None
    wind = (float(row.wind["from"]), float(row.wind["speed"])) if row.wind else None
    spots, area = registers.spots(bureau, on, {}).rows, registers.area(bureau, on)
    return clue_map(row.point, wind, area, spots, [str(c["subject"]) for c in row.candidates])
