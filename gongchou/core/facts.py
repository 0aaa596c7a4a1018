"""The typed facts that a class rule may ask about a subject; never a particular bureau's rule.

Each fact is a function of subject, question and instant of asking, and answers with evidence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongchou.core.roster import CreditFact, Subject
from gongchou.core.rules import ClassRule
from gongchou.core.terms import (
    ComplaintVerdict,
    ConstructionStage,
    CreditLevel,
    KeyUnitType,
    MonitoringType,
    PerformanceGrade,
    PermitCategory,
    PollutantType,
    RiskLevel,
    Scale,
    SupervisedBy,
    Term,
)
from gongchou.core.workdays import Quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found: in words, and the date of the fact (None for a lasting tag)."""

    says: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A rule asked on the snapshot's day for the quarter to be drawn."""

    rule: ClassRule
    on: date
    quarter: Quarter

    def in_window(self, day: date) -> bool:
        """Whether a dated fact counts, known by the snapshot's day."""
        first, last = WINDOWS[self.rule.window](self)
        return first <= day <= min(last, self.on)


def _previous_quarter(asked: Asked) -> tuple[date, date]:
    before = asked.quarter.previous()
    return before.first, before.last


def _previous_year(asked: Asked) -> tuple[date, date]:
    year = asked.quarter.year - 1
    return date(year, 1, 1), date(year, 12, 31)


def _so_far(asked: Asked) -> tuple[date, date]:
    return date.min, asked.on


WINDOWS: Mapping[str, Callable[[Asked], tuple[date, date]]] = {
    "on_day": _so_far,
    "previous_calendar_quarter": _previous_quarter,
    "previous_calendar_year": _previous_year,
}


def credit_on(subject: Subject, on: date) -> CreditFact | None:
    """The rating valid on a day: the latest made by then."""
    return max(
        (c for c in subject.credits if c.rated_on <= on), key=lambda c: c.rated_on, default=None
    )


def _permit_category(subject: Subject, asked: Asked) -> Evidence | None:
    held = subject.permit_category
    return Evidence(says=f"排污许可{held.label}") if held in asked.rule.values else None


def _key_unit_types(subject: Subject, asked: Asked) -> Evidence | None:
    held = [kind.label for kind in subject.key_unit_types if kind in asked.rule.values]
    return Evidence(says="列入" + "、".join(held)) if held else None


def _credit_level(subject: Subject, asked: Asked) -> Evidence | None:
    credit = credit_on(subject, asked.on)
    if not credit or credit.level is CreditLevel.UNRATED or credit.level not in asked.rule.values:
        return None
    return Evidence(says=f"信用评价{credit.level.label}（{credit.evidence}）", on=credit.rated_on)


def _penalties(subject: Subject, asked: Asked) -> Evidence | None:
    stand = [
        penalty
        for penalty in subject.penalties
        if asked.in_window(penalty.decision_date)
        and (penalty.revoked_on is None or penalty.revoked_on > asked.on)
    ]
    last = max(stand, key=lambda penalty: penalty.decision_date, default=None)
    if last is None:
        return None
    return Evidence(says=f"行政处罚{last.document_number}", on=last.decision_date)


def _complaints(subject: Subject, asked: Asked) -> Evidence | None:
    stand = [
        complaint
        for complaint in subject.complaints
        if complaint.is_violation
        and complaint.verdict in asked.rule.values
        and asked.in_window(complaint.closed_on)
    ]
    last = max(stand, key=lambda complaint: complaint.closed_on, default=None)
    if last is None:
        return None
    return Evidence(says=f"举报{last.ref}查处{last.verdict.label}", on=last.closed_on)


def _supervised(subject: Subject, asked: Asked) -> Evidence | None:
    for case in subject.supervised_cases:
        lifted = case.lifted_on is not None and case.lifted_on <= asked.on
        if case.supervised_by in asked.rule.values and case.since <= asked.on and not lifted:
            return Evidence(says=f"{case.supervised_by.label}挂牌督办{case.ref}", on=case.since)
    return None


def _on_positive_list(subject: Subject, asked: Asked) -> Evidence | None:
    for listing in subject.listings:
        if listing.since <= asked.on and (listing.until is None or asked.on < listing.until):
            return Evidence(says=f"列入正面清单（{listing.basis}）", on=listing.since)
    return None


def _designated(subject: Subject, asked: Asked) -> Evidence | None:
    for order in subject.designations:
        if order.since <= asked.on < order.until:
            says = f"人工指定：{order.reason}（{order.approved_by}批准，至 {order.until}）"
            return Evidence(says=says, on=order.since)
    return None


FACTS: Mapping[str, Callable[[Subject, Asked], Evidence | None]] = {
    "permit_category": _permit_category,
    "key_unit_types": _key_unit_types,
    "credit_level": _credit_level,
    "penalty_decided": _penalties,
    "complaint_verified": _complaints,
    "supervised_by": _supervised,
    "on_positive_list": _on_positive_list,
    "designated": _designated,
}


# The words a rule may list as its values; the other facts take none.
VOCABULARIES: Mapping[str, type[Term]] = {
    "permit_category": PermitCategory,
    "key_unit_types": KeyUnitType,
    "credit_level": CreditLevel,
    "complaint_verified": ComplaintVerdict,
    "supervised_by": SupervisedBy,
}


# What a quota may single out a kind of subject by: the fact that put it into its stratum, or a tag.
# None where any text may stand.
BY_FACT = "fact"
TAGS: Mapping[str, Iterable[str] | None] = {
    BY_FACT: tuple(FACTS),
    "pollutant_types": PollutantType,
    "monitoring_types": MonitoringType,
    "key_unit_types": KeyUnitType,
    "permit_category": PermitCategory,
    "construction_stage": ConstructionStage,
    "scale": Scale,
    "performance_grade": PerformanceGrade,
    "risk_level": RiskLevel,
    "industry_code": None,
    "grid": None,
}


def found(
    subject: Subject, rules: Iterable[ClassRule], on: date, quarter: Quarter
) -> list[tuple[ClassRule, Evidence]]:
    """Every rule that a subject meets, with the evidence."""
    pairs = ((rule, FACTS[rule.fact](subject, Asked(rule=rule, on=on, quarter=quarter)))
             for rule in rules)  # fmt: skip
    return [(rule, evidence) for rule, evidence in pairs if evidence is not None]
