"""How many are owed: exact counts, rotation, and the shares that visits must reach."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gongchou.core.classify import Classification
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


def _why(stratum: Stratum, quota: Quota, base: int, required: int) -> str:
    if base == 0:
        return f"本季度无{stratum.label}对象，应抽 0 家，视为达标。"
    share = f"{quota.ratio.numerator}/{quota.ratio.denominator}"
    exact = quota.ratio * base
    up = "" if exact.denominator == 1 else f"{decimal(exact)}，进一为 "
    return f"基数 {base} 家 × {share} = {up}{required} 家。"


def plan_strata(
    classification: Classification, profile: PolicyProfile, on: date
) -> tuple[PlanStratum, ...]:
    """What each stratum owes, in the order of precedence."""
    bases = classification.base_counts()
    found = []
    for stratum in profile.precedence(on):
        quota, base = profile.quota(stratum, on), bases[stratum]
        required = required_count(quota.ratio, base)
        found.append(
            PlanStratum(
                stratum=stratum,
                base_count=base,
                ratio=quota.ratio,
                required_count=required,
                is_offsite=quota.is_offsite,
                clause=quota.clause,
                why=_why(stratum, quota, base, required),
            )
        )
    return tuple(found)


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
) -> tuple[DrawStratum, ...]:
    """The strata of the on-site draw, split by earlier visits where the policy rotates."""
    found: list[DrawStratum] = []
    for owed in plan_strata(classification, profile, classification.on):
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
    visited = tuple(
        ref for ref in members if any(first <= day <= last for day in subjects[ref].visited_on)
    )
    fresh = tuple(ref for ref in members if ref not in set(visited))
    of_fresh, of_visited = rotation_counts(k, len(members), len(fresh), _reserved(quota))
    parts = (("fresh", of_fresh, fresh), ("visited", of_visited, visited))
    return [
        DrawStratum(name=f"{name}.{part}", count=count, members=refs)
        for part, count, refs in parts
        if refs
    ]


def share_missing(least: Fraction, done: int, of: int) -> int:
    """How many more of `of` must count so that `done` reaches the share; 0 where it does."""
    return max(0, required_count(least, of) - done)


def untiered_allowed(least: Fraction, tiered: int) -> int:
    """How many untiered visits the tiered ones leave room for (note 19)."""
    return math.floor(tiered * (1 - least) / least)


def cap_conflict(ratio: Fraction, cap: int, *, what: str) -> str | None:
    """The sentence where a quarterly ratio cannot be met under a yearly cap (note 43)."""
    a_year = 4 * ratio
    if a_year <= cap:
        return None
    return (
        f"{what}每季度 {ratio.numerator}/{ratio.denominator}，全年平均每家 {decimal(a_year)} 次，"
        f"超过年度上限 {cap} 次，第四季度将无法完成。请登记豁免理由或调整比例。"
    )


def total(strata: Iterable[DrawStratum]) -> int:
    return sum(stratum.count for stratum in strata)
