"""A small quarter: eleven key subjects, three special, thirty-four general, two listed."""

from datetime import date, timedelta
from typing import Any

from gongchou.core.counting import CheckRecord, CoverRecord, DrawRecord, PlanRecord, QuarterRecords
from gongchou.core.counting import VisitRecord as Visit
from gongchou.core.quota import PlanStratum, stratum_plan
from gongchou.core.terms import OffsiteConclusion, PersonGroup, RecordKind, Stratum, VisitResult
from gongchou.core.workdays import Quarter
from gongchou.law.load import load_profile

PROFILE = load_profile("tangshan_gaoxin_2024")
Q1, DEADLINE = Quarter(2026, 1), date(2026, 3, 24)
BASES = {
    Stratum.KEY: 11,
    Stratum.SPECIAL: 3,
    Stratum.GENERAL_UNLISTED: 34,
    Stratum.GENERAL_LISTED: 2,
}


def plan_strata(bases: dict[Stratum, int] = BASES) -> tuple[PlanStratum, ...]:
    return tuple(
        stratum_plan(PROFILE.quota(stratum, Q1.first), base=base, quarter=Q1)
        for stratum, base in bases.items()
    )


def make_plan(bases: dict[Stratum, int] = BASES) -> PlanRecord:
    return PlanRecord(
        ref="P1",
        snapshot_ref="N1",
        on=date(2026, 1, 5),
        approved_on=date(2026, 1, 6),
        strata=tuple((s.stratum, s.base_count + 1, s.base_count, s.required_count)
                     for s in plan_strata(bases)),
        people=((PersonGroup.CERTIFIED, 8), (PersonGroup.SUPERVISION, 2)),
    )  # fmt: skip


def visit(ref: str, subject: str = "", **fields: Any) -> Visit:
    ended_on = fields.pop("ended_on", date(2026, 2, 3))
    ordinary: dict[str, Any] = {
        "subject": subject or f"S{ref}",
        "ended_on": ended_on,
        "visit_result": VisitResult.NO_PROBLEM,
        "task": "T1",
        "stratum": Stratum.KEY,
        "person_units": ("zd", "dq"),
        "publish_by": ended_on + timedelta(days=28),
    }
    return Visit(ref=ref, **{**ordinary, **fields})


def make_records(**fields: Any) -> QuarterRecords:
    ordinary: dict[str, Any] = {
        "quarter": Q1,
        "deadline": DEADLINE,
        "unvisitable_counts": True,
        "both_count_internal": True,
        "plan": make_plan(),
    }
    return QuarterRecords(**{**ordinary, **fields})


def drawn(stratum: Stratum, count: int) -> DrawRecord:
    return DrawRecord(ref="D1", on=date(2026, 1, 12), stratum=stratum, count=count)


def concluded(ref: str, conclusion: OffsiteConclusion = OffsiteConclusion.NORMAL) -> CheckRecord:
    return CheckRecord(ref=ref, concluded_on=date(2026, 2, 9), conclusion=conclusion)


def covered(subject: str, by: str, on: date = date(2026, 2, 9)) -> CoverRecord:
    return CoverRecord(subject=subject, by=by, kind=RecordKind.OFFSITE_CHECK, on=on)
