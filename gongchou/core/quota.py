"""How many subjects are owed and how the draw divides them: exact counts, rotation."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gongchou.core.classify import Classification
from gongchou.core.refusals import NoRule
from gongchou.core.roster import Subject
from gongchou.core.rules import Clause, PolicyProfile, Quota
from gongchou.core.terms import Rotation, Stratum
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStratum:
    """What one stratum owes this quarter, and the sum behind it."""

    stratum: Stratum
    base_count: int
    ratio: Fraction
    per: str
    required_count: int
    is_offsite: bool
    clause: Clause
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawStratum:
    """A stratum as drawn: `count` of its members, each with the same chance."""

    name: str
    count: int
    members: tuple[str, ...]


def required_count(ratio: Fraction, base_count: int) -> int:
    """The smallest whole number of subjects that is not below the ratio (note 12)."""
    return math.ceil(ratio * base_count)


def rotation_counts(k: int, n: int, fresh: int, reserved: Fraction) -> tuple[int, int]:
    """How many of `k` fall on the `fresh` not yet visited, and on the other n − fresh (note 17).

    `reserved` of the k are theirs, the rest falls on everybody left in proportion.
    """
    if k == 0 or n == 0:
        return 0, 0
    r = min(fresh, math.ceil(k * reserved))
    in_proportion = 0 if n == r else math.ceil(Fraction((k - r) * (fresh - r), n - r))
    of_fresh = min(fresh, max(k - (n - fresh), r + in_proportion))
    return of_fresh, k - of_fresh


def decimal(value: Fraction, places: int = 2) -> str:
    """A fraction as people write it, cut (never rounded up) after so many places."""
    scaled = math.floor(value * 10**places)
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}}".rstrip("0").rstrip(".")


def ratio_text(ratio: Fraction) -> str:
    """A ratio as the policies write it: in hundredths where that is exact, `25/100`, `1/3`."""
    hundredths = ratio * 100
    if hundredths.denominator == 1:
        return f"{hundredths.numerator}/100"
    return f"{ratio.numerator}/{ratio.denominator}"


def percent(ratio: Fraction) -> str:
    """A ratio as people read it: `25%`, `5` above one, `1/3` where no decimal is exact."""
    if ratio > 1:
        return decimal(ratio) if (ratio * 100).denominator == 1 else ratio_text(ratio)
    return f"{decimal(ratio * 100)}%" if (ratio * 10000).denominator == 1 else ratio_text(ratio)


def quarter_count(
    quota: Quota, *, base: int, quarter: Quarter, inspectors: int | None = None
) -> int:
    """What a stratum of `base` subjects owes in a quarter; never more than its base.

    A yearly quota is paced: by the end of the q-th quarter q/4 of it is owed, rounded up.
    """
    of = _owed_of(quota, base, inspectors)
    if quota.per == "quarter":
        return min(base, required_count(quota.ratio, of))
    until_now, before = (
        required_count(Fraction(n, 4), required_count(quota.ratio, of))
        for n in (quarter.number, quarter.number - 1)
    )
    return min(base, until_now - before)


def _owed_of(quota: Quota, base: int, inspectors: int | None) -> int:
    if quota.of == "base_count":
        return base
    if inspectors is None:
        raise NoRule(
            f"{quota.stratum.label}的应抽家数按检查人员数计算（{quota.clause.number}），"
            "请给出检查人员数。"
        )
    return inspectors


def _why(quota: Quota, *, base: int, of: int, required: int) -> str:
    """The sum behind a number, worked out for a reader."""
    if base == 0:
        return "本季度无此类对象，应抽 0 家，不适用比例，视为达标。"
    share = percent(quota.ratio)
    exact = quota.ratio * of
    whole = required_count(quota.ratio, of)
    up = "" if exact.denominator == 1 else f"{decimal(exact)}，进一为 "
    what = f"基数 {base} 家" if quota.of == "base_count" else f"检查人员 {of} 人"
    sentence = f"{what} × {share} = {up}{whole} 家"
    if quota.per == "year":
        sentence = f"全年{sentence}，按季度均摊本季度 {required} 家"
    elif required < whole:
        sentence += f"，以基数 {base} 家为限"
    return sentence + "。"


def stratum_plan(
    quota: Quota, *, base: int, quarter: Quarter, inspectors: int | None = None
) -> PlanStratum:
    """What one stratum owes, from its quota and the size of its base."""
    required = quarter_count(quota, base=base, quarter=quarter, inspectors=inspectors)
    of = _owed_of(quota, base, inspectors)
    return PlanStratum(
        stratum=quota.stratum,
        base_count=base,
        ratio=quota.ratio,
        per=quota.per,
        required_count=required,
        is_offsite=quota.is_offsite,
        clause=quota.clause,
        why=_why(quota, base=base, of=of, required=required),
    )


def plan_strata(
    classification: Classification,
    profile: PolicyProfile,
    on: date,
    *,
    inspectors: int | None = None,
) -> tuple[PlanStratum, ...]:
    """What each stratum owes, in the order of precedence.

    `inspectors` is asked for only where the policy counts by staff.
    """
    bases, quarter = classification.base_counts(), Quarter.parse(classification.quarter)
    return tuple(
        stratum_plan(
            profile.quota(stratum, on), base=bases[stratum], quarter=quarter, inspectors=inspectors
        )
        for stratum in profile.precedence(on)
    )


def visited_window(rotation: Rotation, quarter: Quarter) -> tuple[date, date] | None:
    """The days whose visits count against a subject's freshness; None without rotation."""
    if rotation is Rotation.NONE:
        return None
    if rotation is Rotation.TWO_QUARTERS_FRESH_FIRST:
        return quarter.previous().first, quarter.last
    return date(quarter.year, 1, 1), quarter.last


def _reserved(quota: Quota) -> Fraction:
    return quota.reserved if quota.rotation is Rotation.YEAR_RESERVE else Fraction(1)


def draw_strata(
    classification: Classification,
    subjects: Mapping[str, Subject],
    profile: PolicyProfile,
    quarter: Quarter,
    *,
    inspectors: int | None = None,
) -> tuple[DrawStratum, ...]:
    """The strata of the on-site draw, split by earlier visits where the policy rotates.

    A visit counts for its subject, whatever class that had on the day (note 18).
    """
    found: list[DrawStratum] = []
    for owed in plan_strata(classification, profile, classification.on, inspectors=inspectors):
        if owed.is_offsite or owed.base_count == 0:
            continue
        quota = profile.quota(owed.stratum, classification.on)
        members = classification.members(owed.stratum)
        found += _split(owed, quota, members, subjects, quarter)
    return tuple(found)


def _split(
    owed: PlanStratum,
    quota: Quota,
    members: tuple[str, ...],
    subjects: Mapping[str, Subject],
    quarter: Quarter,
) -> list[DrawStratum]:
    window = visited_window(quota.rotation, quarter)
    name, k = owed.stratum.value, owed.required_count
    if window is None:
        return [DrawStratum(name=name, count=k, members=members)]
    first, last = window
    seen = {ref for ref in members if any(first <= day <= last for day in subjects[ref].visited_on)}
    visited = tuple(ref for ref in members if ref in seen)
    fresh = tuple(ref for ref in members if ref not in seen)
    of_fresh, of_visited = rotation_counts(k, len(members), len(fresh), _reserved(quota))
    parts = (("fresh", of_fresh, fresh), ("visited", of_visited, visited))
    return [
        DrawStratum(name=f"{name}.{part}", count=count, members=refs)
        for part, count, refs in parts
        if refs
    ]


def total(strata: Iterable[DrawStratum]) -> int:
    return sum(stratum.count for stratum in strata)
