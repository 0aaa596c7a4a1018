"""How far two records of the same visit agree: Cohen's kappa in exact fractions."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the first and the second record say to one item; `pair` names the first team."""

    visit: str
    item: str
    pair: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of `count` answers `agreed` are the same; `kappa` is None where chance alone explains all."""

    name: str
    count: int
    agreed: int
    kappa: Fraction | None


def kappa(pairs: Sequence[tuple[str, str]]) -> Fraction | None:
    """(observed − expected) ⁄ (1 − expected); None without answers, or if all say one thing."""
    if not pairs:
        return None
    n = len(pairs)
    observed = Fraction(sum(one == other for one, other in pairs), n)
    firsts, seconds = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = sum((Fraction(firsts[word] * seconds[word], n * n) for word in firsts), Fraction(0))
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _agreement(name: str, rows: Sequence[Answers]) -> Agreement:
    return Agreement(
        name=name,
        count=len(rows),
        agreed=sum(row.first == row.second for row in rows),
        kappa=kappa([(row.first, row.second) for row in rows]),
    )


def by_item(rows: Iterable[Answers]) -> tuple[Agreement, ...]:
    """Which items are understood differently, in the order of their codes."""
    return _by(rows, lambda row: row.item)


def by_pair(rows: Iterable[Answers]) -> tuple[Agreement, ...]:
    """Whose records others would not have written, in the order of the pairs' names."""
    return _by(rows, lambda row: row.pair)


def _by(rows: Iterable[Answers], key: Callable[[Answers], str]) -> tuple[Agreement, ...]:
    held: defaultdict[str, list[Answers]] = defaultdict(list)
    for row in rows:
        held[key(row)].append(row)
    return tuple(_agreement(name, held[name]) for name in sorted(held))


def over_all(rows: Sequence[Answers]) -> Agreement:
    return _agreement("合计", rows)
