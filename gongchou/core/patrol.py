"""What a patrol car measured: peaks over the background, without street traffic, seen twice.

Concentrations are in the unit of the file (µg/m³ for those with a floor); times are instants.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongchou.core.coordinates import Point
from gongchou.core.plumes import Wind, metres


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolRule:
    """Numbers of `law/inlets.toml`, all assumed; `floors` by species."""

    times: float
    window: timedelta
    least_samples: int
    gap: timedelta
    exhaust: timedelta
    pass_after: timedelta
    pass_metres: float
    stop_speed: float
    stop: timedelta
    floors: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One moment of a run; `wind` is the true wind, None where the car has no anemometer."""

    row: int
    at: datetime
    place: Point
    speed: float
    wind: Wind | None
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """A rise of one species; `confirmed_by` says how it was seen again, empty where it was not."""

    species: str
    first: Sample
    last: Sample
    highest: Sample
    threshold: float
    samples: int
    confirmed_by: str
    profile: Mapping[str, float]

    @property
    def value(self) -> float:
        return self.highest.values[self.species]


def percentile10(values: Sequence[float]) -> float:
    """The value below which a tenth of the samples lie."""
    return sorted(values)[len(values) // 10]


def thresholds(samples: Sequence[Sample], species: str, rule: PatrolRule) -> list[float | None]:
    """For each sample max(times × P10 of the last minutes, floor); None where not measured."""
    window: deque[tuple[datetime, float]] = deque()
    found: list[float | None] = []
    for sample in samples:
        value = sample.values.get(species)
        if value is None:
            found.append(None)
            continue
        window.append((sample.at, value))
        while window[0][0] < sample.at - rule.window:
            window.popleft()
        base = percentile10([one for _, one in window])
        found.append(max(rule.times * base, rule.floors.get(species, 0.0)))
    return found


def without_exhaust(samples: Sequence[Sample], rule: PatrolRule) -> tuple[tuple[Sample, ...], int]:
    """The samples without short peaks of CO and NOx together, and how many those were."""
    both = None
    for species in ("CO", "NOx"):
        runs = {s.row for run in _runs(samples, species, rule) for s in run if _short(run, rule)}
        both = runs if both is None else both & runs
    left = tuple(sample for sample in samples if sample.row not in (both or set()))
    return left, len(samples) - len(left)


def _short(run: Sequence[Sample], rule: PatrolRule) -> bool:
    return run[-1].at - run[0].at < rule.exhaust


def _runs(samples: Sequence[Sample], species: str, rule: PatrolRule) -> list[list[Sample]]:
    """Stretches of samples above their thresholds, broken by a lower one or by a gap."""
    runs: list[list[Sample]] = []
    before: Sample | None = None
    limits = thresholds(samples, species, rule)
    for sample, limit in zip(samples, limits, strict=True):
        is_above = limit is not None and sample.values[species] > limit
        if is_above and before is not None and sample.at - before.at <= rule.gap:
            runs[-1].append(sample)
        elif is_above:
            runs.append([sample])
        before = sample if is_above else None
    return runs


def peaks(samples: Sequence[Sample], rule: PatrolRule) -> tuple[Peak, ...]:
    """The peaks of a run in time, each with how it was seen again."""
    ordered = sorted(samples, key=lambda sample: (sample.at, sample.row))
    clean, _ = without_exhaust(ordered, rule)
    species = sorted({name for s in clean for name in s.values} - {"CO", "NOx"})
    found = []
    for name in species:
        limits = dict(zip((s.row for s in clean), thresholds(clean, name, rule), strict=True))
        runs = [r for r in _runs(clean, name, rule) if len(r) >= rule.least_samples]
        for run in runs:
            found.append(_peak(name, run, runs, limits, rule))
    return tuple(sorted(found, key=lambda peak: (peak.first.at, peak.species)))


def _peak(
    species: str,
    run: list[Sample],
    runs: list[list[Sample]],
    limits: Mapping[int, float | None],
    rule: PatrolRule,
) -> Peak:
    highest = max(run, key=lambda sample: sample.values[species])
    return Peak(
        species=species,
        first=run[0],
        last=run[-1],
        highest=highest,
        threshold=limits[highest.row] or 0.0,
        samples=len(run),
        confirmed_by=_confirmed(species, run, runs, rule),
        profile=dict(highest.values),
    )


def _confirmed(species: str, run: list[Sample], runs: list[list[Sample]], rule: PatrolRule) -> str:
    stood = [sample for sample in run if sample.speed <= rule.stop_speed]
    if stood and stood[-1].at - stood[0].at >= rule.stop:
        return "停车复测"
    here = max(run, key=lambda sample: sample.values[species])
    for other in runs:
        there = max(other, key=lambda sample: sample.values[species])
        apart = max(other[0].at - run[-1].at, run[0].at - other[-1].at)
        if apart >= rule.pass_after and metres(here.place, there.place) <= rule.pass_metres:
            return "第二遍经过"
    return ""
