"""How many subjects have problems, worked out from those a random draw let us check (N7).

Each stratum was drawn without choice, so every possible list had the same chance and the number of
problems found follows from the number there are (hypergeometric). The interval holds all numbers
that would not make what was found a rarity; it is exact, so it holds the truth at least 95 times
in 100, however few were checked. Clue-directed checks have no known chance and stay out.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from gongchou.core.quota import decimal

MISSES = Fraction(5, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """One stratum as drawn: its size, how many were checked, in how many a problem was found."""

    name: str
    size: int
    checked: int
    problems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Of `size` subjects: the best estimate of those with problems, and the interval around it."""

    size: int
    checked: int
    problems: int
    estimate: Fraction
    low: int
    high: int

    @property
    def shown_rate(self) -> str:
        """The rate alone, in per cent; a size of at least one subject."""
        return f"{decimal(100 * self.estimate / self.size)}%"

    @property
    def shown_interval(self) -> str:
        """The interval of the rate, in per cent; a size of at least one subject."""
        low, high = (decimal(100 * Fraction(part, self.size)) for part in (self.low, self.high))
        return f"{low}% 至 {high}%"

    @property
    def says(self) -> str:
        """The sentence under the number."""
        if self.size == 0:
            return "本季度无此类对象，不适用。"
        if self.checked == 0:
            return "还没有已审核的随机检查，不能推算。"
        rate, low, high = (
            decimal(100 * Fraction(part) / self.size)
            for part in (self.estimate, self.low, self.high)
        )
        return (
            f"随机抽查 {self.checked} 家，{self.problems} 家发现问题；按抽中机会推算，"
            f"{self.size} 家中约有 {decimal(self.estimate, 1)} 家（{rate}%）存在问题，"
            f"95% 区间为 {self.low} 至 {self.high} 家（{low}% 至 {high}%）。"
        )


def estimate(strata: Iterable[Sampled]) -> Estimate:
    """Strata put together: each weighs as many subjects as it has, not as were checked.

    The misses allowed are shared out over the strata, so that the sum of the bounds still holds.
    """
    held = [stratum for stratum in strata if stratum.size]
    misses = MISSES / max(1, len(held))
    bounds = [bounds_of(stratum, misses) for stratum in held]
    return Estimate(
        size=sum(s.size for s in held),
        checked=sum(s.checked for s in held),
        problems=sum(s.problems for s in held),
        estimate=sum((_expanded(s) for s in held), Fraction(0)),
        low=sum(low for low, _ in bounds),
        high=sum(high for _, high in bounds),
    )


def _expanded(stratum: Sampled) -> Fraction:
    """Each problem found stands for size ÷ checked subjects: the inverse of its chance."""
    if stratum.checked == 0:
        return Fraction(0)
    return Fraction(stratum.size * stratum.problems, stratum.checked)


def bounds_of(stratum: Sampled, misses: Fraction) -> tuple[int, int]:
    """The least and the greatest number of problems that what was found does not rule out."""
    least, most = stratum.problems, stratum.size - (stratum.checked - stratum.problems)
    half = misses / 2
    low = _first(least, most, lambda there: _at_least(stratum, there) > half)
    beyond = _first(low, most + 1, lambda there: there > most or _at_most(stratum, there) <= half)
    return low, max(low, beyond - 1)


def _first(start: int, end: int, holds: Callable[[int], bool]) -> int:
    """The first number from `start` to `end` for which something holds, once true always true."""
    while start < end:
        middle = (start + end) // 2
        if holds(middle):
            end = middle
        else:
            start = middle + 1
    return start


def _share(stratum: Sampled, there: int, found: Iterable[int]) -> Fraction:
    rest, n = stratum.size - there, stratum.checked
    ways = sum(comb(there, x) * comb(rest, n - x) for x in found if n - x >= 0)
    return Fraction(ways, comb(stratum.size, n))


def _at_least(stratum: Sampled, there: int) -> Fraction:
    """The chance to find so many problems or more, where `there` are."""
    return _share(stratum, there, range(stratum.problems, stratum.checked + 1))


def _at_most(stratum: Sampled, there: int) -> Fraction:
    """The chance to find so many problems or fewer, where `there` are."""
    return _share(stratum, there, range(stratum.problems + 1))
