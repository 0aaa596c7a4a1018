"""How next quarter's visits would be shared out so that the problem rate is known best (N7).

Every class keeps the floor that the plan owes it. Each visit beyond the floors goes where it takes
most off the variance of the estimated number of subjects with problems: with N subjects, n visits
and the variance s² of a single finding, one more visit takes N²s² / (n (n + 1)) off. The sum is
convex, so visit by visit gives the best whole numbers there are; nothing is rounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.quota import decimal
from gongchou.core.terms import Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a class: its size, visits at random and problems found, the floor owed."""

    stratum: Stratum
    size: int
    checked: int
    problems: int
    floor: int

    @property
    def spread(self) -> Fraction:
        """Variance of one finding. One problem and one clean visit are added: few visits that
        found nothing do not show that there is nothing."""
        rate = Fraction(self.problems + 1, self.checked + 2)
        return rate * (1 - rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many visits a class would get, and why."""

    known: Known
    count: int

    @property
    def extra(self) -> int:
        return self.count - min(self.known.floor, self.known.size)

    @property
    def why(self) -> str:
        """The sentence beside the number."""
        known = self.known
        if known.size == 0:
            return "没有此类对象，不适用。"
        rate = decimal(100 * Fraction(known.problems + 1, known.checked + 2))
        return (
            f"按计划比例应抽 {known.floor} 家；以往随机抽查 {known.checked} 家、"
            f"{known.problems} 家有问题，按 {rate}% 估计，再多查一家能少 "
            f"{decimal(gain(known, max(self.count, 1)), 1)} 的方差。"
        )


def gain(known: Known, count: int) -> Fraction:
    """What one more visit takes off the variance, at `count` visits (at least 1)."""
    return known.size**2 * known.spread / (count * (count + 1))


def variance(shares: Iterable[Share]) -> Fraction:
    """Of the estimated number of subjects with problems; every class needs a visit."""
    return sum(
        (
            s.known.size**2 * s.known.spread * (Fraction(1, s.count) - Fraction(1, s.known.size))
            for s in shares
            if s.known.size
        ),
        Fraction(0),
    )


def allocate(classes: Iterable[Known], total: int) -> tuple[Share, ...]:
    """Share out `total` visits, floors first; never more than a class has subjects."""
    known = tuple(classes)
    counts = [min(one.floor, one.size) for one in known]
    for _ in range(total - sum(counts)):
        open_ones = [n for n, one in enumerate(known) if counts[n] < one.size]
        if not open_ones:
            break
        best = max(open_ones, key=lambda n: (counts[n] == 0, _gain_at(known[n], counts[n]), -n))
        counts[best] += 1
    return tuple(Share(known=one, count=n) for one, n in zip(known, counts, strict=True))


def _gain_at(known: Known, count: int) -> Fraction:
    return gain(known, count) if count else known.size**2 * known.spread
