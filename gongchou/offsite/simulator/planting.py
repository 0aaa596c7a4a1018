"""Where and when something is planted: free stretches of running plant, one thing at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from gongchou.core.monitoring.series import Filing
from gongchou.core.monitoring.words import FilingKind
from gongchou.offsite.simulator.chance import Chance
from gongchou.offsite.simulator.population import World
from gongchou.offsite.simulator.process import OutletSignal, UnitSignal
from gongchou.offsite.simulator.truth import EASY, HARD, MEDIUM, Planted

Place = TypeVar("Place")
TRIES, FIRST_DAY, MARGIN = 60, 15, 1800
STRENGTHS = (EASY, EASY, MEDIUM, MEDIUM, HARD)


def by(strength: str, easy: float, medium: float, hard: float) -> float:
    return {EASY: easy, MEDIUM: medium, HARD: hard}[strength]


@dataclass(slots=True)
class Planter:
    """Plants into signals; a place that is busy, with a margin, takes nothing else."""

    chance: Chance
    world: World
    signals: dict[str, UnitSignal]
    planted: list[Planted] = field(default_factory=list)
    busy: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)

    @property
    def first_day(self) -> int:
        """Nothing is planted before there is something to learn from, in a long enough run."""
        return FIRST_DAY if self.world.days > 2 * FIRST_DAY else 2

    def number(self, kind: str) -> int:
        self.begun[kind] = self.begun.get(kind, 0) + 1
        return self.begun[kind]

    def room(
        self,
        tag: str,
        where: str,
        minutes: int,
        fits: Callable[[int, int], bool] = lambda since, until: True,
        *,
        first_day: int = 0,
        margin: int = MARGIN,
    ) -> int | None:
        """A start, on the hour, of so many free minutes at a place that fit; None if none."""
        day = max(first_day, self.first_day)
        low, high = day * 24, self.world.days * 24 - minutes // 60 - 6
        if high <= low:
            return None
        for number in range(TRIES):
            since = self.world.start + 60 * self.chance.whole(f"{tag}/{number}", low, high)
            until = since + minutes
            if self.is_free(where, since - margin, until + margin) and fits(since, until):
                return since
        return None

    def is_free(self, where: str, since: int, until: int) -> bool:
        return all(until <= a or b <= since for a, b in self.busy.get(where, []))

    def take(self, where: str, since: int, until: int) -> None:
        self.busy.setdefault(where, []).append((since, until))

    def note(
        self,
        kind: str,
        rule: str,
        unit: UnitSignal,
        where: str,
        factor: str,
        since: int,
        until: int,
        strength: str,
        *,
        is_decoy: bool = False,
        also: Sequence[str] = (),
        mirrors: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.take(where, since, until)
        self.planted.append(
            Planted(
                id=f"{kind}-{self.number('id/' + kind)}",
                kind=kind,
                rule=rule,
                subject=unit.unit.ref,
                where=where,
                factor=factor,
                since=since,
                until=until,
                strength=strength,
                is_decoy=is_decoy,
                also=tuple(also),
                mirrors=tuple(mirrors),
            )
        )

    def file(self, unit: UnitSignal, kind: FilingKind, since: int, until: int, of: str) -> None:
        unit.filings.append(Filing(kind=kind, since=since, until=until, of=of, filed=since - 60))

    def spread(
        self, tag: str, targets: Sequence[Place], count: int, act: Callable[[str, str, Place], bool]
    ) -> None:
        """So many of a kind over the targets in turn; `act` is told a tag, a strength, a target."""
        order = self.chance.shuffled(f"targets/{tag.rpartition('/')[2]}", targets)
        done = number = 0
        while order and done < count and number < 6 * count:
            strength = STRENGTHS[(done + number // (2 * count)) % len(STRENGTHS)]
            done += act(f"{tag}/{number}", strength, order[number % len(order)])
            number += 1

    def slots(self, made: OutletSignal, since: int, until: int) -> range:
        step = made.outlet.interval
        return range((since - self.world.start) // step, (until - self.world.start) // step)

    def quarters(self, since: int, until: int) -> range:
        return range((since - self.world.start) // 15, (until - self.world.start) // 15)

    def is_running(self, made: OutletSignal) -> Callable[[int, int], bool]:
        """Runs from an hour before to an hour after, unmarked but for calibrations."""

        def fits(since: int, until: int) -> bool:
            slots = self.slots(made, since - 60, until + 60)
            if slots.start < 0 or slots.stop > len(made.flags):
                return False
            odd = sum(made.flags[slot] in "MDF" for slot in slots)
            is_heard = all(
                (b + 2) * 60 + self.world.start <= since or until <= self.world.start + (a - 1) * 60
                for a, b in made.held
            )
            return odd == 0 and all(made.running[slot] for slot in slots) and is_heard

        return fits

    def is_never_off(self, made: OutletSignal) -> Callable[[int, int], bool]:
        """Runs all the time, whatever is marked for upkeep."""

        def fits(since: int, until: int) -> bool:
            slots = self.slots(made, since - 60, until + 60)
            inside = slots.start >= 0 and slots.stop <= len(made.flags)
            return inside and all(made.running[slot] for slot in slots)

        return fits

    def is_on(self, unit: UnitSignal, place: int) -> Callable[[int, int], bool]:
        def fits(since: int, until: int) -> bool:
            slots = self.quarters(since - 60, until + 60)
            on = unit.on[place]
            return slots.start >= 0 and slots.stop <= len(on) and all(on[slot] for slot in slots)

        return fits
