"""Did drawn sites know that somebody would come? A permutation test (泄密自检).

The draw gave every site of a layer the same chance, so drawn sites that nobody has visited yet
are a true experiment: without a leak their data between draw and visit behave like the others'.
The test re-deals the drawn places, with their days, among the sites of each layer; its p-value
holds whatever the data are distributed like. A low value is a reason to look, not a finding.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import log

MASK = (1 << 64) - 1
FEWEST = 5
LEVEL = Fraction(1, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer of a draw for one measure: changes of every site for every visit's day.

    `changes[site][day]` is the log of the mean between draw and that day over the mean before the
    draw; `drawn` pairs each drawn site with the day it was to be visited.
    """

    name: str
    changes: Mapping[str, Mapping[date, float]]
    drawn: tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakResult:
    """The outcome for one measure; `shift` is the mean change of drawn sites against the rest."""

    measure: str
    drawn: int
    others: int
    shift: float
    p: Fraction
    adjusted: Fraction
    is_alarm: bool


class Dice:
    """Whole numbers from a seed handed in: the same seed, the same numbers (SplitMix64)."""

    def __init__(self, seed: str) -> None:
        self.state = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")

    def next(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, limit: int) -> int:
        """A number from 0 to limit − 1, each as likely as the other."""
        least = (1 << 64) % limit
        while (found := self.next()) < least:
            pass
        return found % limit

    def dealt(self, count: int, places: int) -> list[int]:
        """So many different numbers below `count`, in chance order."""
        cards = list(range(count))
        for n in range(places):
            other = n + self.below(count - n)
            cards[n], cards[other] = cards[other], cards[n]
        return cards[:places]


def change(before: Sequence[float], between: Sequence[float]) -> float | None:
    """The log of the mean after the draw over the mean before; None where either is missing."""
    if not before or not between:
        return None
    one, other = _mean(before), _mean(between)
    return log(other / one) if one > 0 and other > 0 else None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


class _Table:
    """A layer's changes less the mean of each day, so that a re-dealing is a sum of cells."""

    def __init__(self, layer: Layer) -> None:
        self.sites = sorted(layer.changes)
        self.days = [day for _, day in layer.drawn]
        self.rows = []
        for day in self.days:
            values = [layer.changes[site][day] for site in self.sites]
            mean = _mean(values)
            self.rows.append([value - mean for value in values])
        place = {site: n for n, site in enumerate(self.sites)}
        self.real = [place[site] for site, _ in layer.drawn]

    def total(self, chosen: Sequence[int]) -> float:
        return sum(row[n] for row, n in zip(self.rows, chosen, strict=True))


def p_value(layers: Sequence[Layer], seed: str, rounds: int) -> tuple[Fraction, float]:
    """The two-sided permutation p-value, exact for the seed, and the mean shift of drawn sites."""
    tables, dice = [_Table(layer) for layer in layers], Dice(seed)
    count = sum(len(table.days) for table in tables)
    real = sum(table.total(table.real) for table in tables)
    beyond = 0
    for _ in range(rounds):
        dealt = sum(t.total(dice.dealt(len(t.sites), len(t.days))) for t in tables)
        beyond += abs(dealt) >= abs(real) - 1e-12
    return Fraction(beyond + 1, rounds + 1), real / count


def holm(values: Sequence[Fraction]) -> list[Fraction]:
    """Each p-value as it stands when all are asked at once (Holm), in the order given."""
    order = sorted(range(len(values)), key=lambda n: values[n])
    found, highest = [Fraction(1)] * len(values), Fraction(0)
    for place, n in enumerate(order):
        highest = max(highest, min(Fraction(1), values[n] * (len(values) - place)))
        found[n] = highest
    return found


def is_enough(layers: Sequence[Layer]) -> bool:
    """Whether there are drawn sites and others enough to tell anything."""
    drawn = sum(len(layer.drawn) for layer in layers)
    sites = sum(len(layer.changes) for layer in layers)
    return drawn >= FEWEST and sites - drawn >= FEWEST


def leak_test(
    measures: Mapping[str, Sequence[Layer]], seed: str, rounds: int
) -> tuple[LeakResult, ...]:
    """One result a measure that has data enough, corrected for how many were asked."""
    asked = [(name, layers) for name, layers in measures.items() if is_enough(layers)]
    found = [(*p_value(layers, f"{seed}/{name}", rounds), name, layers) for name, layers in asked]
    adjusted = holm([p for p, _, _, _ in found])
    return tuple(
        LeakResult(
            measure=name,
            drawn=sum(len(layer.drawn) for layer in layers),
            others=sum(len(layer.changes) - len(layer.drawn) for layer in layers),
            shift=shift,
            p=p,
            adjusted=corrected,
            is_alarm=corrected < LEVEL,
        )
        for (p, shift, name, layers), corrected in zip(found, adjusted, strict=True)
    )


def layers_of(
    name: str,
    series: Mapping[str, Mapping[date, float]],
    drawn: Sequence[tuple[str, date]],
    drawn_on: date,
    before: int,
) -> Layer | None:
    """A layer from daily means: only sites with data for every visit's day; None where none is.

    The days before the draw are the `before` ones; the day of the draw and that of the visit are
    in neither mean.
    """
    days = sorted({day for _, day in drawn if (day - drawn_on).days > 1})
    changes: dict[str, dict[date, float]] = {}
    for site, values in series.items():
        own = dict(_changes(values, days, drawn_on, before))
        if len(own) == len(days):
            changes[site] = own
    kept = tuple((site, day) for site, day in drawn if site in changes and day in days)
    if not kept:
        return None
    return Layer(name=name, changes=changes, drawn=kept)


def _changes(
    values: Mapping[date, float], days: Sequence[date], drawn_on: date, before: int
) -> Iterator[tuple[date, float]]:
    past = [v for day, v in values.items() if 0 < (drawn_on - day).days <= before]
    for until in days:
        between = [v for day, v in values.items() if drawn_on < day < until]
        found = change(past, between)
        if found is not None:
            yield until, found
