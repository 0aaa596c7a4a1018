"""Days of one device folded once and joined again: a window need not be folded from its start.

A day's hours depend on the packets of that day and on how the minute data before it ended, and on
nothing else; both together are the `mark` under which a folded day may be kept and used again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from gongchou.core.monitoring.folding import DeviceFold, Run, changes_of
from gongchou.core.monitoring.moments import DAY, HOUR
from gongchou.core.monitoring.series import HourPoint, ParameterChange

# It must change whenever folding does, else days folded before are taken for what they are not.
FORM = "2"
DECIMAL = frozenset({"value", "total", "converted"})
Hours = dict[str, dict[int, HourPoint]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedDay:
    """What one day comes to; `ends` carries into the next. Without minute data `minutes` is 0."""

    hours: Mapping[str, Mapping[int, HourPoint]]
    has_minutes: bool
    settings: tuple[tuple[int, str, str], ...]
    clock: Mapping[int, int]
    ends: Mapping[str, Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A window of one device, as `DeviceFold` gives it."""

    hours: Hours
    changes: list[ParameterChange]
    clock: dict[int, int]


def folded_day(fold: DeviceFold, day: int) -> FoldedDay:
    """A fold that took one day's packets, and was begun with how the day before ended."""
    found = fold.hours(is_whole=False)
    recent = {name: run for name, run in fold.carried.items() if run.minute >= (day - 1) * DAY}
    return FoldedDay(
        hours=found,
        has_minutes=bool(fold.minutes),
        settings=tuple(sorted(fold.settings)),
        clock=dict(fold.clock),
        ends=recent | {name: run for name, run in fold.ends.items() if run.text},
    )


def mark_of(versions: Iterable[object], carried: Mapping[str, Run], interval: int) -> str:
    """Under which a folded day holds: what came of it, and how the day before ended."""
    content = [FORM, interval, list(versions), sorted(map(list, carried.items()))]
    return sha256(json.dumps(content, default=str).encode()).hexdigest()


def joined(days: Iterable[FoldedDay], since: int, until: int) -> Joined:
    """The minutes [since, until) of consecutive days."""
    hours: Hours = {}
    settings: list[tuple[int, str, str]] = []
    clock: dict[int, int] = {}
    known = list(days)
    is_whole = not any(day.has_minutes for day in known)
    first, last = since // HOUR, -(-until // HOUR)
    for day in known:
        for factor, points in day.hours.items():
            own = hours.setdefault(factor, {})
            for hour, point in points.items():
                if first <= hour < last:
                    own[hour] = point._replace(minutes=HOUR) if is_whole else point
        settings += [one for one in day.settings if since <= one[0] < until]
        for hour, off in day.clock.items():
            if hour not in clock or abs(off) < abs(clock[hour]):
                clock[hour] = off
    kept = {factor: own for factor, own in sorted(hours.items()) if own}
    return Joined(hours=kept, changes=changes_of(settings), clock=clock)


def written(day: FoldedDay) -> str:
    return json.dumps(
        {
            "hours": {
                factor: {str(hour): _pointed(point) for hour, point in points.items()}
                for factor, points in day.hours.items()
            },
            "has_minutes": day.has_minutes,
            "settings": day.settings,
            "clock": {str(hour): off for hour, off in day.clock.items()},
            "ends": day.ends,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read(text: str) -> FoldedDay:
    said: dict[str, Any] = json.loads(text)
    return FoldedDay(
        hours={
            factor: {int(hour): _point(words) for hour, words in points.items()}
            for factor, points in said["hours"].items()
        },
        has_minutes=said["has_minutes"],
        settings=tuple((minute, name, value) for minute, name, value in said["settings"]),
        clock={int(hour): off for hour, off in said["clock"].items()},
        ends={name: Run(*run) for name, run in said["ends"].items()},
    )


def _pointed(point: HourPoint) -> list[object]:
    """In the order of the fields; decimals as their text."""
    said = point._asdict()
    for name in DECIMAL:
        if said[name] is not None:
            said[name] = str(said[name])
    said["earlier"] = [str(value) for value in point.earlier]
    return list(said.values())


def _point(words: list[Any]) -> HourPoint:
    said = dict(zip(HourPoint._fields, words, strict=True))
    for name in DECIMAL:
        if said[name] is not None:
            said[name] = Decimal(said[name])
    said["earlier"] = tuple(map(Decimal, said["earlier"]))
    said["means"] = tuple(said["means"])
    return HourPoint(**said)
