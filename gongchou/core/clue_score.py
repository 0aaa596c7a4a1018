"""The score of a case of clues, 0 to 100, as terms that can be added up by hand.

    S = max(0, min(100, Σ over channels of max (B·D·Q) + n·(channels − 1) + H + C))

All exact. The root in D is taken to the nearest thousandth, so that it is a fraction like the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import isqrt

from gongchou.core.clue_terms import Channel, PollutantFamily, ScoreColour
from gongchou.core.clues import ScoreRule, goes_with
from gongchou.core.quota_words import decimal

THOUSAND = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of evidence as the score sees it.

    `threshold` is the rule's own time, None where it has none; `completeness` and `grade` (of the
    location) are shares from 0 to 1; `outlet` may be empty where it is not known.
    """

    ref: str
    channel: Channel
    rule: str
    family: PollutantFamily
    outlet: str
    severity: int
    started_at: datetime
    ended_at: datetime
    threshold: timedelta | None
    completeness: Fraction
    grade: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of the subject; `weights` are signed factors of B by rule, 1 where absent."""

    was_confirmed: bool = False
    twice_unconfirmed: bool = False
    is_sensitive: bool = False
    is_key_unit: bool = False
    weights: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTerm:
    """One line of the sum: what it is, how it was reckoned, and what it adds."""

    name: str
    how: str
    value: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    terms: tuple[ScoreTerm, ...]
    value: Fraction
    colour: ScoreColour
    channels: int

    @property
    def text(self) -> str:
        return decimal(self.value)


def signed_text(value: Fraction) -> str:
    """A term as it is printed: its sign, and two places cut off."""
    return f"−{decimal(-value)}" if value < 0 else f"+{decimal(value)}"


def root(value: Fraction) -> Fraction:
    """The square root to the nearest thousandth, half up."""
    scaled = value * THOUSAND * THOUSAND * 4
    return Fraction((isqrt(int(scaled)) + 1) // 2, THOUSAND)


def duration_factor(item: Item, rule: ScoreRule) -> Fraction:
    """D; 1 where the rule has no time of its own."""
    if item.threshold is None or item.threshold <= timedelta():
        return Fraction(1)
    lasted = Fraction(int((item.ended_at - item.started_at).total_seconds()))
    ratio = lasted / int(item.threshold.total_seconds())
    return root(min(rule.longest, max(ratio, Fraction(0))))


def quality(item: Item, rule: ScoreRule) -> Fraction:
    """Q, between the least quality and 1."""
    return min(Fraction(1), max(rule.least_quality, item.completeness * item.grade))


def base(item: Item, rule: ScoreRule, standing: Standing) -> Fraction:
    """B: by severity, times the factor that was learned for the rule and signed."""
    return rule.base[item.severity] * standing.weights.get(item.rule, Fraction(1))


def joined(items: Sequence[Item], before: timedelta, after: timedelta) -> tuple[Item, ...]:
    """The items that bear on one matter with the gravest: family, outlet if known, time window.

    Of several as grave, the one that most channels speak for, and then the first.
    """
    gravest = max((item.severity for item in items), default=0)
    groups = [
        tuple(item for item in items if _bears_on(item, anchor, before, after))
        for anchor in items
        if anchor.severity == gravest
    ]
    return max(groups, key=lambda group: len({item.channel for item in group}), default=())


def _bears_on(item: Item, anchor: Item, before: timedelta, after: timedelta) -> bool:
    if item is anchor:
        return True
    outlets = {item.outlet, anchor.outlet} - {""}
    begins_late = item.started_at > anchor.ended_at + after
    ends_early = item.ended_at < anchor.started_at - before
    near = not begins_late and not ends_early
    return goes_with(item.family, anchor.family) and len(outlets) <= 1 and near


def score(items: Sequence[Item], standing: Standing, rule: ScoreRule) -> Score:
    """The score of joined items, term by term in the order in which it is printed."""
    best: dict[Channel, ScoreTerm] = {}
    for item in items:
        term = _term(item, standing, rule)
        if item.channel not in best or term.value > best[item.channel].value:
            best[item.channel] = term
    terms = [best[channel] for channel in Channel if channel in best]
    if len(best) > 1:
        extra = Fraction(rule.per_channel * (len(best) - 1))
        how = f"{rule.per_channel} ×（{len(best)} − 1）"
        terms.append(ScoreTerm(name="独立渠道互证", how=how, value=extra))
    terms += _history(standing, rule)
    value = max(Fraction(0), min(Fraction(100), sum((t.value for t in terms), Fraction(0))))
    return Score(terms=tuple(terms), value=value, colour=colour_of(value, rule), channels=len(best))


def _term(item: Item, standing: Standing, rule: ScoreRule) -> ScoreTerm:
    b, d, q = base(item, rule, standing), duration_factor(item, rule), quality(item, rule)
    name = f"{item.channel.label}{f'（{item.rule}）' if item.rule else ''}"
    how = f"基础分 {decimal(b)} × 持续 {decimal(d, 3)} × 质量 {decimal(q, 3)}"
    return ScoreTerm(name=name, how=how, value=b * d * q)


def _history(standing: Standing, rule: ScoreRule) -> list[ScoreTerm]:
    known = (
        (standing.was_confirmed, "查实记录", "近四个季度有查实的线索", rule.confirmed_before),
        (
            standing.twice_unconfirmed,
            "未查实记录",
            "同一规则最近两条都未查实",
            rule.unconfirmed_twice,
        ),
        (standing.is_sensitive, "后果", "临近敏感区或者饮用水源", rule.sensitive_place),
        (standing.is_key_unit, "后果", "重点排污单位", rule.key_unit),
    )
    return [
        ScoreTerm(name=name, how=how, value=Fraction(value))
        for holds, name, how, value in known
        if holds
    ]


def colour_of(value: Fraction, rule: ScoreRule) -> ScoreColour:
    limits = (
        (rule.red, ScoreColour.RED),
        (rule.orange, ScoreColour.ORANGE),
        (rule.yellow, ScoreColour.YELLOW),
    )
    return next((colour for limit, colour in limits if value >= limit), ScoreColour.GREY)
