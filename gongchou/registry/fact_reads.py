"""The dated records of a site as the register knew them on a day."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, Q

from gongchou.core import roster, terms
from gongchou.registry import models


def valid_on(day: date) -> Q:
    """Versions in force on a day."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def known_on(day: date) -> Q:
    """Records that had been entered by a day and not yet replaced."""
    return Q(known_since__lte=day) & (Q(known_until=None) | Q(known_until__gt=day))


def approved_on(day: date) -> Q:
    """Decisions in favour that stood on a day."""
    return Q(decided_on__lte=day, state__in=["approved", "confirmed", "ended"]) & (
        Q(ended_on=None) | Q(ended_on__gt=day)
    )


def prefetches(day: date) -> list[Prefetch]:
    """Everything dated that hangs on `subject`, as known on a day, in the order of its dates."""
    known = known_on(day)
    rows: dict[str, Any] = {
        "creditrecords": models.CreditRecord.objects.filter(known).order_by("rated_on", "pk"),
        "graderecords": models.GradeRecord.objects.filter(known).order_by("since", "pk"),
        "penaltys": models.Penalty.objects.filter(known).order_by("decision_date", "pk"),
        "complaints": models.Complaint.objects.filter(known).order_by("closed_on", "pk"),
        "supervisedcases": models.SupervisedCase.objects.filter(known).order_by("since", "pk"),
        "positivelistentrys": models.PositiveListEntry.objects.filter(known).order_by(
            "since", "pk"
        ),
        "past_visits": models.PastVisit.objects.filter(known).order_by("ended_on", "pk"),
        "designations": models.ManualDesignation.objects.filter(approved_on(day)).order_by("pk"),
    }
    return [
        Prefetch(f"subject__{name}", found, to_attr=f"{name}_known") for name, found in rows.items()
    ]


def facts_of(row: Any) -> dict[str, Any]:
    """The facts of a subject loaded with `prefetches`, by the field of the value."""
    return {
        "credits": tuple(
            roster.CreditFact(
                level=terms.CreditLevel(c.level), rated_on=c.rated_on, evidence=c.evidence
            )
            for c in row.creditrecords_known
        ),
        "penalties": tuple(_penalty(p) for p in row.penaltys_known),
        "complaints": tuple(_complaint(c) for c in row.complaints_known),
        "supervised_cases": tuple(_case(c) for c in row.supervisedcases_known),
        "listings": tuple(
            roster.ListingFact(basis=e.basis, since=e.since, until=e.until)
            for e in row.positivelistentrys_known
        ),
        "designations": tuple(
            roster.DesignationFact(
                reason=d.reason, approved_by=d.decided_by_name, since=d.since, until=d.until
            )
            for d in row.designations_known
        ),
        "visited_on": tuple(
            v.ended_on
            for v in row.past_visits_known
            if v.inspection_kind == terms.InspectionKind.DAILY.value
        ),
    }


def grade_on(row: Any, day: date) -> terms.PerformanceGrade | None:
    """The latest grade that holds on a day; None where no record says one."""
    holding = [
        g.grade
        for g in row.graderecords_known
        if g.since <= day and (g.until is None or day < g.until)
    ]
    return terms.PerformanceGrade(holding[-1]) if holding else None


def _penalty(row: models.Penalty) -> roster.PenaltyFact:
    return roster.PenaltyFact(
        ref=f"P{row.pk}",
        document_number=row.document_number,
        decision_date=row.decision_date,
        revoked_on=row.revoked_on,
    )


def _complaint(row: models.Complaint) -> roster.ComplaintFact:
    return roster.ComplaintFact(
        ref=row.number,
        closed_on=row.closed_on,
        verdict=terms.ComplaintVerdict(row.verdict),
        is_violation=row.is_violation,
    )


def _case(row: models.SupervisedCase) -> roster.SupervisedFact:
    return roster.SupervisedFact(
        ref=row.number,
        supervised_by=terms.SupervisedBy(row.supervised_by),
        since=row.since,
        lifted_on=row.lifted_on,
    )
