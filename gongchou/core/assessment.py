"""Assessment of people and sections: shares of recorded facts, weighed, in exact fractions.

四（三） asks for an assessment and gives no weights: they are equal, or as the bureau has set them
where a Ruling says so (note 39).
Nobody is compared with anybody here, and no opinion enters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.oversight import Limits
from gongchou.core.oversight_terms import AssessmentPoint, OversightKey

WEIGHTS: Mapping[AssessmentPoint, OversightKey] = {
    AssessmentPoint.ON_TIME: OversightKey.WEIGHT_ON_TIME,
    AssessmentPoint.FORMS: OversightKey.WEIGHT_FORMS,
    AssessmentPoint.WHOLE: OversightKey.WEIGHT_WHOLE,
    AssessmentPoint.FOLLOWED: OversightKey.WEIGHT_FOLLOWED,
    AssessmentPoint.AGREED: OversightKey.WEIGHT_AGREED,
}
# The readings of the policy's key `assessment.weights`.
EQUAL, AS_SET = "equal", "as_set"
Excluded = frozenset[tuple[AssessmentPoint, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One record under one point: `good` of `of` parts; most records have one part."""

    point: AssessmentPoint
    record: str
    good: int
    of: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A point with its sum, its weight, and the records that fell short."""

    point: AssessmentPoint
    good: int
    of: int
    weight: int
    short: tuple[str, ...]

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.good, self.of) if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """All points; `score` between 0 and 1, None where nothing with a weight was counted."""

    points: tuple[Counted, ...]
    score: Fraction | None


def by_reading(limits: Limits, reading: str) -> Limits:
    """The limits with the weights that the policy's reading gives (note 39)."""
    return limits if reading == AS_SET else {**limits, **dict.fromkeys(WEIGHTS.values(), 1)}


def assessed(marks: Iterable[Marked], limits: Limits, excluded: Excluded) -> Assessed:
    """Count the marks of one person or section, without those an upheld appeal took out."""
    rows = [mark for mark in marks if (mark.point, mark.record) not in excluded]
    points = tuple(_counted(point, rows, limits[WEIGHTS[point]]) for point in AssessmentPoint)
    weighed = [(point.weight, point.share) for point in points if point.share is not None]
    whole = sum(weight for weight, _ in weighed)
    total = sum((weight * share for weight, share in weighed), Fraction(0))
    return Assessed(points=points, score=total / whole if whole else None)


def _counted(point: AssessmentPoint, rows: Iterable[Marked], weight: int) -> Counted:
    own = [mark for mark in rows if mark.point is point]
    return Counted(
        point=point,
        good=sum(mark.good for mark in own),
        of=sum(mark.of for mark in own),
        weight=weight,
        short=tuple(sorted(mark.record for mark in own if mark.good < mark.of)),
    )
