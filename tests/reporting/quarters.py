"""A quarter with an approved plan, and visits in it made without walking each through its states.

How a visit comes to be reviewed is tested in its own room; here only what is counted matters.
"""

from datetime import UTC, date, datetime
from typing import Any

from gongchou.accounts.models import Bureau
from gongchou.core.terms import (
    ImportKind,
    InspectionKind,
    JointKind,
    Stratum,
    VisitResult,
    VisitState,
)
from gongchou.inspection.models import TeamMember, Visit
from gongchou.planning import actions as planning
from gongchou.registry import reads as registers
from gongchou.registry.models import Subject
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.conftest import LIST_HEADER, SITE_HEADER, on_list
from tests.registry.test_import import csv, line, take

QUARTER = "2026Q1"
AFTER = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


def make_registers(chen) -> None:
    """Eleven key sites, two on the positive list, thirty-four others."""
    keys = [f"{line(n, category='重点管理')}," for n in range(1, 12)]
    rest = [f"{line(n)}," for n in range(12, 48)]
    take(ImportKind.SUBJECTS, csv(*keys, *rest, header=SITE_HEADER), chen)
    take(ImportKind.POSITIVE_LIST, csv(on_list(12), on_list(13), header=LIST_HEADER), chen)


def make_plan(chen, leader, quarter: str = QUARTER, at: datetime = AT) -> str:
    ref = planning.compute_plan(quarter, by=chen, at=at)
    planning.approve_plan(ref, by=leader, at=at)
    return ref


def subject_of(number: int) -> str:
    rows = registers.snapshot(BUREAU, TODAY).subjects
    return next(row.ref for row in rows if row.name == f"虚构化工{number}")


def make_visit(number: int, **fields: Any) -> str:
    """A reviewed random visit to the n-th site by two officers of two sections."""
    site = fields.pop("site", number)
    ordinary: dict[str, Any] = {
        "ref": f"V{number}",
        "bureau": Bureau.objects.get(code=BUREAU),
        "quarter": QUARTER,
        "task": "T1",
        "subject": Subject.objects.get(ref=subject_of(site)),
        "subject_name": f"虚构化工{site}",
        "stratum": Stratum.KEY.value,
        "inspection_kind": InspectionKind.DAILY.value,
        "is_random": True,
        "is_tiered": True,
        "joint_kind": JointKind.NONE.value,
        "units": ["zd", "dq"],
        "planned_on": date(2026, 2, 2),
        "ended_on": date(2026, 2, 3),
        "visit_result": VisitResult.NO_PROBLEM.value,
        "state": VisitState.REVIEWED.value,
        "dispatched_by": "U-chen",
        "dispatched_by_name": "陈组长",
        "dispatched_at": AT,
        "reviewed_by": "U-shen",
        "reviewed_by_name": "沈审核",
        "reviewed_at": AT,
    }
    row = Visit.objects.create(**{**ordinary, **fields})
    for seat, unit in enumerate(("zd", "dq"), start=1):
        TeamMember.objects.create(
            visit=row, inspector=f"I{seat}", seat=seat, name="李执法", unit=unit
        )
    return row.ref
