"""How many subjects are owed and how the draw divides them: exact counts, rotation."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gongchou.core.classify import Classification
from gongchou.core.facts import BY_FACT
from gongchou.core.quota_words import decimal as decimal
from gongchou.core.quota_words import owed_text, ratio_words
from gongchou.core.quota_words import percent as percent
from gongchou.core.quota_words import ratio_text as ratio_text
from gongchou.core.refusals import NoRule
from gongchou.core.roster import Subject
from gongchou.core.rules import Clause, PolicyProfile, Quota
from gongchou.core.terms import Rotation, Stratum
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStratum:
    """What one stratum owes this quarter, and the sum behind it.

    `part` and `part_name` where the policy gives some kind of subject inside it a ratio of its own;
    `wording` is how much it asks for, as people say it.
    """

    stratum: Stratum
    part: str
    part_name: str
    base_count: int
    ratio: Fraction
    per: str
    required_count: int
    is_offsite: bool
    clause: Clause
    why: str
    wording: str

    @property
    def label(self) -> str:
        """The stratum, and the kind of subject inside it where there is one."""
        return self.stratum.label + (f"（{self.part_name}）" if self.part else "")


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


def paced(whole: int, quarter: Quarter) -> int:
    """What a yearly number owes in a quarter: by the end of the q-th, q/4 of it, rounded up."""
    until_now, before = (
        required_count(Fraction(n, 4), whole) for n in (quarter.number, quarter.number - 1)
    )
    return until_now - before


def quarter_count(
    quota: Quota, *, base: int, quarter: Quarter, inspectors: int | None = None
) -> int:
    """What a stratum of `base` subjects owes in a quarter; never more than its base.

    A yearly quota is paced, a monthly one owed three times; a yearly least raises either. Where
    nobody is drawn twice in a year, the year owes no more than the base.
    """
    whole = required_count(quota.ratio, _owed_of(quota, base, inspectors))
    if quota.rotation is not Rotation.YEAR_NO_REPEAT:
        return _owed_in(quota, whole, base, quarter)
    if quota.per == "year":
        whole = min(whole, base)
    until_now = [
        _owed_in(quota, whole, base, Quarter(quarter.year, number + 1))
        for number in range(quarter.number)
    ]
    return min(base, sum(until_now)) - min(base, sum(until_now[:-1]))


def _owed_in(quota: Quota, whole: int, base: int, quarter: Quarter) -> int:
    """What a quarter owes where `whole` is owed each period."""
    owed = {"month": 3 * whole, "quarter": whole, "year": paced(whole, quarter)}[quota.per]
    least = paced(required_count(quota.yearly_least, base), quarter)
    return min(base, max(owed, least))


def month_counts(required: int) -> tuple[int, int, int]:
    """A quarter's count over its three months, even, the earlier months first."""
    first, second = (required_count(Fraction(n, 3), required) for n in (1, 2))
    return first, second - first, required - second


def _owed_of(quota: Quota, base: int, inspectors: int | None) -> int:
    if quota.of == "base_count":
        return base
    if quota.of == "fixed":
        return 1
    if inspectors is None:
        raise NoRule(
            f"{quota.stratum.label}的应抽家数按检查人员数计算（{quota.clause.number}），"
            "请给出检查人员数。"
        )
    return inspectors


def stratum_plan(
    quota: Quota, *, base: int, quarter: Quarter, inspectors: int | None = None
) -> PlanStratum:
    """What one stratum owes, from its quota and the size of its base."""
    required = quarter_count(quota, base=base, quarter=quarter, inspectors=inspectors)
    of = _owed_of(quota, base, inspectors)
    return PlanStratum(
        stratum=quota.stratum,
        part=quota.part,
        part_name=quota.part_name,
        base_count=base,
        ratio=quota.ratio,
        per=quota.per,
        required_count=required,
        is_offsite=quota.is_offsite,
        clause=quota.clause,
        why=owed_text(quota, base=base, of=of, required=required),
        wording=ratio_words(quota),
    )


def part_members(
    classification: Classification,
    profile: PolicyProfile,
    stratum: Stratum,
    subjects: Mapping[str, Subject] | None,
) -> list[tuple[Quota, tuple[str, ...]]]:
    """The quotas of a stratum with the members each speaks for; a member belongs to one only."""
    quotas = profile.quotas_of(stratum, classification.on)
    left = list(classification.members(stratum))
    if len(quotas) > 1 and subjects is None:
        raise NoRule(f"{stratum.label}按对象种类分别规定比例，请给出名录。")
    met = _facts_met(classification, stratum)
    found = []
    for quota in quotas:
        held = [
            ref
            for ref in left
            if not quota.only or _is_of(quota, (subjects or {})[ref], met.get(ref, ()))
        ]
        taken = set(held)
        left = [ref for ref in left if ref not in taken]
        found.append((quota, tuple(held)))
    return found


def _facts_met(classification: Classification, stratum: Stratum) -> dict[str, tuple[str, ...]]:
    """The facts that put each member into its stratum."""
    return {
        row.ref: tuple(reason.fact for reason in row.reasons if reason.stratum is stratum)
        for row in classification.rows
        if row.stratum is stratum
    }


def _is_of(quota: Quota, subject: Subject, met: tuple[str, ...]) -> bool:
    """Whether a subject bears, for each tag that the quota names, one of its values."""
    return all(
        _bears(met if tag.tag == BY_FACT else getattr(subject, tag.tag), tag.values)
        for tag in quota.only
    )


def _bears(held: object, values: tuple[str, ...]) -> bool:
    """Whether one of the words held is a value, or begins as a value ending in `*` says."""
    words = [str(word) for word in (held if isinstance(held, tuple) else (held,))]
    beginnings = tuple(value[:-1] for value in values if value.endswith("*"))
    return any(word in values or word.startswith(beginnings or "*") for word in words)


def plan_strata(
    classification: Classification,
    profile: PolicyProfile,
    on: date,
    *,
    inspectors: int | None = None,
    subjects: Mapping[str, Subject] | None = None,
) -> tuple[PlanStratum, ...]:
    """What each stratum owes, in the order of precedence; the parts of a stratum apart.

    `inspectors` is asked for only where the policy counts by staff, `subjects` where it has parts.
    """
    quarter = Quarter.parse(classification.quarter)
    return tuple(
        stratum_plan(quota, base=len(members), quarter=quarter, inspectors=inspectors)
        for stratum in profile.precedence(on)
        for quota, members in part_members(classification, profile, stratum, subjects)
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
    for stratum in profile.precedence(classification.on):
        for quota, members in part_members(classification, profile, stratum, subjects):
            if quota.is_offsite or not members:
                continue
            k = quarter_count(quota, base=len(members), quarter=quarter, inspectors=inspectors)
            found += _split(quota, k, members, subjects, quarter)
    return tuple(found)


def _split(
    quota: Quota,
    k: int,
    members: tuple[str, ...],
    subjects: Mapping[str, Subject],
    quarter: Quarter,
) -> list[DrawStratum]:
    window = visited_window(quota.rotation, quarter)
    name = ".".join(filter(None, (quota.stratum.value, quota.part)))
    if window is None:
        return [DrawStratum(name=name, count=k, members=members)]
    first, last = window
    seen = {ref for ref in members if any(first <= day <= last for day in subjects[ref].visited_on)}
    visited = tuple(ref for ref in members if ref in seen)
    fresh = tuple(ref for ref in members if ref not in seen)
    if quota.rotation is Rotation.YEAR_NO_REPEAT:
        of_fresh, of_visited, visited = min(k, len(fresh)), 0, ()
    else:
        of_fresh, of_visited = rotation_counts(k, len(members), len(fresh), _reserved(quota))
    parts = (("fresh", of_fresh, fresh), ("visited", of_visited, visited))
    return [
        DrawStratum(name=f"{name}.{part}", count=count, members=refs)
        for part, count, refs in parts
        if refs
    ]


def total(strata: Iterable[DrawStratum]) -> int:
    return sum(stratum.count for stratum in strata)
