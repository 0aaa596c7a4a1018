"""Whose results differ from those of others at like sites; an order to look in, never a verdict."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One visit as it is compared: the team, the kind of site, what was found, and how fast."""

    visit: str
    team: frozenset[str]
    stratum: str
    has_problem: bool
    is_short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One person: what others would have found in the same visits, and what was found.

    `score` is the sum of the squared distances in standard deviations, exact; only too few
    problems and too many short visits count.
    """

    person: str
    visits: int
    problems: int
    problems_expected: Fraction
    shorts: int
    shorts_expected: Fraction
    score: Fraction


def deviations(results: Iterable[Result]) -> tuple[Deviation, ...]:
    """Everybody, the furthest from the others first, of equals by ref."""
    rows = tuple(results)
    problems = _rates(rows, lambda row: row.has_problem)
    shorts = _rates(rows, lambda row: row.is_short)
    held: defaultdict[str, list[Result]] = defaultdict(list)
    for row in rows:
        for person in row.team:
            held[person].append(row)
    found = [_deviation(person, own, problems, shorts) for person, own in held.items()]
    return tuple(sorted(found, key=lambda one: (-one.score, one.person)))


def _rates(rows: Sequence[Result], is_one: Callable[[Result], bool]) -> dict[str, Fraction]:
    sizes = Counter(row.stratum for row in rows)
    ones = Counter(row.stratum for row in rows if is_one(row))
    return {stratum: Fraction(ones[stratum], size) for stratum, size in sizes.items()}


def _deviation(
    person: str, own: Sequence[Result], problems: dict[str, Fraction], shorts: dict[str, Fraction]
) -> Deviation:
    found, short = sum(row.has_problem for row in own), sum(row.is_short for row in own)
    expected, spread = _expected(own, problems)
    short_expected, short_spread = _expected(own, shorts)
    return Deviation(
        person=person,
        visits=len(own),
        problems=found,
        problems_expected=expected,
        shorts=short,
        shorts_expected=short_expected,
        score=_squared(expected - found, spread) + _squared(short - short_expected, short_spread),
    )


def _expected(own: Sequence[Result], rates: dict[str, Fraction]) -> tuple[Fraction, Fraction]:
    """Mean and variance of the count, were each visit like others of its stratum."""
    counts = Counter(row.stratum for row in own)
    mean = sum((n * rates[stratum] for stratum, n in counts.items()), Fraction(0))
    spread = sum(
        (n * rates[stratum] * (1 - rates[stratum]) for stratum, n in counts.items()), Fraction(0)
    )
    return mean, spread


def _squared(distance: Fraction, spread: Fraction) -> Fraction:
    return distance * distance / spread if distance > 0 and spread else Fraction(0)
