"""The numbers of the score as people may set them, and what other numbers would change.

numbers = numbers_of(rule)          # 5, 12, 25, 40 for the four grades, 8 a channel, …
compared(cases, now, proposed)      # which open cases would change their place or colour
swings(cases, now)                  # each number a fifth lower and a fifth higher, alone
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gongchou.core.clue_score import Item, Score, Standing, score
from gongchou.core.clues import ScoreRule
from gongchou.core.refusals import InvalidFields

Numbers = Mapping[str, int]
FIFTH = Fraction(1, 5)
GRADES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreNumber:
    """One number that people may set, between two ends."""

    key: str
    label: str
    least: int
    most: int


SCORE_NUMBERS = (
    *(
        ScoreNumber(key=f"base_{grade}", label=f"{grade} 级基础分", least=0, most=100)
        for grade in GRADES
    ),
    ScoreNumber(key="per_channel", label="每多一个独立渠道", least=0, most=50),
    ScoreNumber(key="confirmed_before", label="近四个季度有查实", least=0, most=50),
    ScoreNumber(key="unconfirmed_twice", label="最近两条都未查实", least=-50, most=0),
    ScoreNumber(key="sensitive_place", label="临近敏感区或者饮用水源", least=0, most=50),
    ScoreNumber(key="key_unit", label="重点排污单位", least=0, most=50),
    ScoreNumber(key="red", label="红色从几分起", least=1, most=100),
    ScoreNumber(key="orange", label="橙色从几分起", least=1, most=100),
    ScoreNumber(key="yellow", label="黄色从几分起", least=1, most=100),
)


def numbers_of(rule: ScoreRule) -> dict[str, int]:
    """The numbers that people may set, by key, in the order of the page."""
    found = {f"base_{grade}": rule.base[grade] for grade in GRADES}
    for number in SCORE_NUMBERS:
        if number.key not in found:
            found[number.key] = getattr(rule, number.key)
    return found


def with_numbers(rule: ScoreRule, numbers: Numbers) -> ScoreRule:
    """The rule with other numbers; InvalidFields where they contradict each other."""
    if wrong := problems(numbers):
        raise InvalidFields(wrong)
    return _set(rule, numbers)


def _set(rule: ScoreRule, numbers: Numbers) -> ScoreRule:
    others: dict[str, Any] = {k: v for k, v in numbers.items() if not k.startswith("base_")}
    return replace(rule, base={grade: numbers[f"base_{grade}"] for grade in GRADES}, **others)


def problems(numbers: Numbers) -> dict[str, str]:
    """What is wrong with each number, by key: out of its ends, or in the wrong order."""
    found = {
        one.key: f"“{one.label}”应在 {one.least} 至 {one.most} 之间，实为 {numbers[one.key]}。"
        for one in SCORE_NUMBERS
        if not one.least <= numbers[one.key] <= one.most
    }
    for grade in GRADES[1:]:
        if numbers[f"base_{grade}"] < numbers[f"base_{grade - 1}"]:
            found.setdefault(f"base_{grade}", f"{grade} 级基础分不能低于 {grade - 1} 级的。")
    if not numbers["red"] > numbers["orange"] > numbers["yellow"]:
        found.setdefault("red", "红、橙、黄三个界限应依次降低，请改正。")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An open case as the score sees it; `standing` without learned factors."""

    ref: str
    name: str
    items: tuple[Item, ...]
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """A way to weigh: the numbers, and the learned factors of base points by rule."""

    rule: ScoreRule
    factors: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a case stands on the desk, 1 the first."""

    rank: int
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    ref: str
    name: str
    before: Place
    after: Place

    @property
    def is_other_colour(self) -> bool:
        return self.before.score.colour is not self.after.score.colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two ways to weigh make of the same open cases; `moved` in their new order."""

    cases: int
    ranks: int
    colours: int
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One number alone, a fifth lower and a fifth higher, and what each would move."""

    key: str
    label: str
    value: int
    lower: int
    higher: int
    by_lower: Comparison
    by_higher: Comparison


def places(cases: Sequence[Case], weighing: Weighing) -> dict[str, Place]:
    """Rank and score of each case, as the desk orders them."""
    scored = {
        case.ref: score(case.items, replace(case.standing, weights=weighing.factors), weighing.rule)
        for case in cases
    }
    order = sorted(scored, key=lambda ref: (-scored[ref].value, ref))
    return {ref: Place(rank=rank, score=scored[ref]) for rank, ref in enumerate(order, 1)}


def compared(cases: Sequence[Case], now: Weighing, proposed: Weighing) -> Comparison:
    """Which cases would stand elsewhere or change their colour."""
    return _between(cases, places(cases, now), places(cases, proposed))


def _between(
    cases: Sequence[Case], was: Mapping[str, Place], now: Mapping[str, Place]
) -> Comparison:
    found = [Moved(ref=c.ref, name=c.name, before=was[c.ref], after=now[c.ref]) for c in cases]
    moved = [one for one in found if one.before.rank != one.after.rank or one.is_other_colour]
    return Comparison(
        cases=len(cases),
        ranks=sum(one.before.rank != one.after.rank for one in moved),
        colours=sum(one.is_other_colour for one in moved),
        moved=tuple(sorted(moved, key=lambda one: one.after.rank)),
    )


def swings(cases: Sequence[Case], now: Weighing) -> tuple[Swing, ...]:
    """How much hangs on each number: a fifth down and up, at least by one, the others as set."""
    numbers, was = numbers_of(now.rule), places(cases, now)

    def by(key: str, value: int) -> Comparison:
        # Neighbours may be passed here: what one number does alone is asked, not what may be set.
        rule = _set(now.rule, {**numbers, key: value})
        return _between(cases, was, places(cases, replace(now, rule=rule)))

    found = []
    for one in SCORE_NUMBERS:
        value = numbers[one.key]
        step = max(1, round(abs(value) * FIFTH))
        lower, higher = value - step, value + step
        found.append(
            Swing(
                key=one.key,
                label=one.label,
                value=value,
                lower=lower,
                higher=higher,
                by_lower=by(one.key, lower),
                by_higher=by(one.key, higher),
            )
        )
    return tuple(found)
