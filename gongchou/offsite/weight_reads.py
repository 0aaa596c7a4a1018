"""The weights of the score: those in force, every version, and what other numbers would move."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from gongchou.core.clue_weights import (
    SCORE_NUMBERS,
    Case,
    Comparison,
    Numbers,
    Swing,
    Weighing,
    compared,
    numbers_of,
    swings,
    with_numbers,
)
from gongchou.core.quota_words import decimal
from gongchou.core.refusals import Refused
from gongchou.offsite import models
from gongchou.offsite.clue_reads import open_cases
from gongchou.offsite.clue_scores import weighed
from gongchou.offsite.clue_settings import clue_rules, factors_of, weights_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One number: as it is, or before and after."""

    label: str
    was: int
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version of the weights, and who signed it; `is_late` where a later one was signed."""

    ref: str
    quarter: str
    changed: tuple[NumberRow, ...]
    factors: tuple[dict[str, str], ...]
    reason: str
    by: str
    at: datetime
    signed_by: str
    signed_at: datetime | None
    why: str
    is_in_force: bool
    is_late: bool

    @property
    def is_waiting(self) -> bool:
        return not self.signed_by and not self.is_late


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsPage:
    """What the page of weights shows; `cases` are the open ones."""

    numbers: dict[str, int]
    factors: tuple[tuple[str, str], ...]
    in_force: VersionRow | None
    versions: tuple[VersionRow, ...]
    waiting: tuple[tuple[VersionRow, Comparison], ...]
    cases: int
    swings: tuple[Swing, ...]


def page(bureau: str, today: date) -> WeightsPage:
    cases, now = _open(bureau, today)
    versions = _versions(bureau)
    rows = {row.ref: row for row in models.ClueWeights.objects.filter(bureau__code=bureau)}
    return WeightsPage(
        numbers=numbers_of(now.rule),
        factors=tuple((rule, decimal(factor)) for rule, factor in sorted(now.factors.items())),
        in_force=next((one for one in versions if one.is_in_force), None),
        versions=tuple(one for one in versions if not one.is_waiting),
        waiting=tuple(
            (one, compared(cases, now, _weighing(rows[one.ref], now)))
            for one in versions
            if one.is_waiting
        ),
        cases=len(cases),
        swings=swings(cases, now),
    )


def trial(bureau: str, today: date, numbers: Numbers) -> Comparison:
    """What other numbers would move, with nothing written."""
    cases, now = _open(bureau, today)
    rule = with_numbers(now.rule, numbers)
    return compared(cases, now, Weighing(rule=rule, factors=now.factors))


def sensitivity(bureau: str, today: date, ref: str) -> Comparison:
    """What a version would move, if it were signed now."""
    row = models.ClueWeights.objects.filter(bureau__code=bureau, ref=ref).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的线索权重，请从线索权重页面进入。")
    cases, now = _open(bureau, today)
    return compared(cases, now, _weighing(row, now))


def _open(bureau: str, today: date) -> tuple[tuple[Case, ...], Weighing]:
    rules = clue_rules(bureau, today)
    factors = factors_of(weights_in_force(bureau))
    cases = weighed(open_cases(bureau), bureau, today, rules)
    return cases, Weighing(rule=rules.score, factors=factors)


def _weighing(row: models.ClueWeights, now: Weighing) -> Weighing:
    """As a version weighs; the first versions had factors only."""
    numbers = row.body.get("numbers")
    rule = with_numbers(now.rule, numbers) if numbers else now.rule
    return Weighing(rule=rule, factors=factors_of(row))


def _versions(bureau: str) -> tuple[VersionRow, ...]:
    """Every version, the newest first."""
    rows = models.ClueWeights.objects.filter(bureau__code=bureau).select_related("signature")
    held = weights_in_force(bureau)
    return tuple(_version(row, held) for row in rows.order_by("-pk"))


def _version(row: models.ClueWeights, held: models.ClueWeights | None) -> VersionRow:
    signature = getattr(row, "signature", None)
    before, after = row.body.get("before", {}), row.body.get("numbers", {})
    return VersionRow(
        ref=row.ref,
        quarter=row.quarter,
        changed=tuple(
            NumberRow(label=one.label, was=before[one.key], now=after[one.key])
            for one in SCORE_NUMBERS
            if before.get(one.key) != after.get(one.key)
        ),
        factors=tuple(
            {
                "rule": entry["rule"],
                "confirmed": str(entry["confirmed"]),
                "unconfirmed": str(entry["unconfirmed"]),
                "factor": decimal(Fraction(entry["factor"])),
            }
            for entry in row.body["weights"]
        ),
        reason=row.body.get("why", "按核实结果推算。"),
        by=row.by_name,
        at=row.at,
        signed_by=signature.by_name if signature else "",
        signed_at=signature.at if signature else None,
        why=signature.why if signature else "",
        is_in_force=held is not None and held.pk == row.pk,
        is_late=signature is None and held is not None and held.pk > row.pk,
    )
