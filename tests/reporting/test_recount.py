"""Every number of the table once more, by SQL of its own over the rooms' tables.

What the plan fixed lies in its frozen body, which SQL cannot read: those are taken from its bytes.
"""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.db import connection

from gongchou.core.quota_words import decimal
from gongchou.core.terms import InspectionKind, JointKind, Stratum, VisitResult, VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection.models import CaseFiling, CorrectionOrder, Transfer, Visit
from gongchou.planning.models import QuarterPlan
from gongchou.reporting import actions, reads
from gongchou.reporting.models import FactSet
from tests.conftest import AT, BUREAU
from tests.reporting.quarters import AFTER, QUARTER, make_visit

Q1 = Quarter.parse(QUARTER)
LATE = date(2026, 3, 30)  # after the tasks' last day, 2026-03-24
ACT = {"by_ref": "U-li", "by_name": "李执法", "at": AT}
DECIDED = "v.state = 'reviewed' AND v.ended_on BETWEEN '2026-01-01' AND '2026-03-31'"
RANDOM = f"{DECIDED} AND v.is_random"
FIRST = (
    f"(SELECT v.stratum, v.subject_id, MIN(v.ended_on) AS day FROM inspection_visit v "
    f"WHERE {RANDOM} AND v.stratum <> '' GROUP BY v.stratum, v.subject_id) AS first"
)


def count(what: str = "COUNT(*)", where: str = "1 = 1") -> str:
    return f"SELECT {what} FROM inspection_visit v WHERE {RANDOM} AND {where}"


def with_act(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM inspection_{table} a WHERE a.visit_id = v.id)"


def done(stratum: str = "", when: str = "1 = 1") -> str:
    of = f"stratum = '{stratum}'" if stratum else "stratum <> 'general_listed'"
    return f"SELECT COUNT(*) FROM {FIRST} WHERE {of} AND {when}"


SQL = {
    **{f"done.{s}": done(s) for s in ("key", "special", "general_unlisted")},
    **{
        f"late.{s}": done(s, f"day > '{date(2026, 3, 24)}'")
        for s in ("key", "special", "general_unlisted")
    },
    "done": done(),
    "late": done(when="day > '2026-03-24'"),
    **{
        f"drawn.{s}": "SELECT COUNT(*) FROM drawing_draw"
        for s in ("key", "special", "general_unlisted")
    },
    "drawn": "SELECT COUNT(*) FROM drawing_draw",
    "offsite_checks": "SELECT COUNT(*) FROM offsite_offsitecheck WHERE state = 'concluded'"
    " AND conclusion <> 'insufficient_data'",
    "offsite_short": "SELECT COUNT(*) FROM offsite_offsitecheck"
    " WHERE conclusion = 'insufficient_data'",
    "covered": f"SELECT COUNT(DISTINCT v.subject_id) FROM inspection_visit v WHERE {DECIDED}"
    " AND v.stratum = 'general_listed' AND v.inspection_kind = 'case'",
    "own_visits": count(where="(v.joint_kind <> 'joint_cross_dept' OR {units}(v.units) > 1)"),
    "joint_internal": count(
        where="(v.joint_kind = 'joint_internal'"
        " OR (v.joint_kind = 'joint_cross_dept' AND {units}(v.units) > 1))"
    ),
    "cross_sessions": count("COUNT(DISTINCT v.task)", "v.joint_kind = 'joint_cross_dept'"),
    "cross_subjects": count("COUNT(DISTINCT v.subject_id)", "v.joint_kind = 'joint_cross_dept'"),
    "visits": count(),
    "tiered": count(where="v.is_tiered"),
    "person_times": "SELECT COUNT(*) FROM inspection_teammember m JOIN inspection_visit v"
    f" ON m.visit_id = v.id WHERE {RANDOM}",
    "problem_subjects": count("COUNT(DISTINCT v.subject_id)", "v.problem_count > 0"),
    "problems": count("COALESCE(SUM(v.problem_count), 0)"),
    "ordered": count(where=with_act("correctionorder")),
    "cases": count(where=with_act("casefiling")),
    "penalty": "SELECT COALESCE(SUM(c.amount_fen), 0) FROM inspection_casefiling c"
    f" JOIN inspection_visit v ON c.visit_id = v.id WHERE {RANDOM}",
    "transferred": count(where=with_act("transfer")),
    "forms_in": count(where="v.paper_received_on IS NOT NULL"),
    # The register of this quarter holds no inspectors: both are the count of an empty table.
    "people.certified": "SELECT COUNT(*) FROM registry_inspector",
    "people.supervision": "SELECT COUNT(*) FROM registry_inspector",
    "other_visits": f"SELECT COUNT(*) FROM inspection_visit v WHERE {DECIDED} AND NOT v.is_random",
    "publish_due": count(),
    "published": "SELECT COUNT(DISTINCT l.visit) FROM publication_resultline l WHERE l.is_public",
    "published_late": "SELECT COUNT(DISTINCT l.visit) FROM publication_resultline l"
    " JOIN publication_publication p ON l.publication_id = p.id"
    " WHERE l.is_public AND CAST(p.published_at AS date) > l.deadline_on",
}
SHARES = {
    **{f"ratio.{s}": (f"done.{s}", f"base.{s}") for s in ("key", "special", "general_unlisted")},
    "coverage": ("covered", "owed.general_listed"),
    "joint_rate": ("joint_internal", "own_visits"),
    "tiered_rate": ("tiered", "visits"),
    "publication_rate": ("published", "publish_due"),
}


def asked(sql: str) -> int:
    units = "json_array_length" if connection.vendor == "sqlite" else "jsonb_array_length"
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{units}", units))
        return int(cursor.fetchone()[0])


def planned() -> dict[str, int]:
    """What the plan fixed, from its bytes alone."""
    row = QuarterPlan.objects.get(bureau__code=BUREAU, quarter=QUARTER, state="approved")
    strata = json.loads(bytes(row.body))["strata"]
    classes = json.loads(bytes(row.classification_body))["rows"]
    found = {"subjects": len(classes)}
    for stratum in Stratum:
        found[f"subjects.{stratum}"] = sum(one["stratum"] == stratum for one in classes)
    for one in strata:
        if not one["is_offsite"]:
            found[f"base.{one['stratum']}"] = one["base_count"]
        found[f"owed.{one['stratum']}"] = one["required_count"]
    found["owed"] = sum(one["required_count"] for one in strata if not one["is_offsite"])
    return found


@pytest.fixture
def quarter(plan):
    """Visits of every kind: late, twice to one site, joint, punished, not random, not reviewed."""
    make_visit(1, problem_count=2, joint_kind=JointKind.JOINT_INTERNAL.value)
    make_visit(2, problem_count=1, visit_result=VisitResult.CASE_FILED.value)
    make_visit(3, ended_on=LATE, is_tiered=False)
    make_visit(
        4, site=1, problem_count=1, paper_received_on=date(2026, 3, 1), paper_received_by="U-chen"
    )
    make_visit(5, site=20, stratum=Stratum.GENERAL_UNLISTED.value,
               joint_kind=JointKind.JOINT_CROSS_DEPT.value)  # fmt: skip
    make_visit(6, site=21, units=["zd"], stratum=Stratum.GENERAL_UNLISTED.value,
               joint_kind=JointKind.JOINT_CROSS_DEPT.value)  # fmt: skip
    make_visit(7, is_random=False, inspection_kind=InspectionKind.CASE.value)
    make_visit(8, state=VisitState.SUBMITTED.value)
    visit = Visit.objects.get(ref="V2")
    CorrectionOrder.objects.create(
        visit=visit, ref="O1", document_number="改〔2026〕1号", says="改正",
        issued_on=date(2026, 2, 3), due_on=date(2026, 3, 3), state="open", **ACT,
    )  # fmt: skip
    CaseFiling.objects.create(
        visit=visit, number="立〔2026〕1号", filed_on=date(2026, 2, 4), says="立案", **ACT
    )
    CaseFiling.objects.create(
        visit=visit, number="立〔2026〕1号", filed_on=date(2026, 2, 4), says="立案",
        decision_number="罚〔2026〕1号", decided_on=date(2026, 3, 1), amount_fen=2_000_000, **ACT,
    )  # fmt: skip
    Transfer.objects.create(
        visit=visit, number="移〔2026〕1号", to_whom="公安机关", moved_on=date(2026, 3, 2),
        says="移送", **ACT,
    )  # fmt: skip


def test_every_cell_is_what_separate_sql_counts(quarter, chen):
    actions.build_facts(Q1, by=chen, at=AFTER)
    cells = {row.quarter.key: row.quarter for row in reads.table(BUREAU, Q1)}
    recounted = {key: asked(sql) for key, sql in SQL.items()} | planned()
    assert set(recounted) | set(SHARES) == set(cells)
    wrong = {k: (cells[k].count, n) for k, n in recounted.items() if cells[k].count != n}
    assert wrong == {}
    for key, (part, whole) in SHARES.items():
        of = recounted[whole]
        share = f"{decimal(Fraction(100 * recounted[part], of))}%" if of else "不适用"
        assert cells[key].shown == share, key
    assert recounted["penalty"] == 2_000_000
    assert cells["penalty"].shown == "2"


def test_facts_rebuilt_from_nothing_are_the_same(quarter, chen):
    first = actions.build_facts(Q1, by=chen, at=AFTER)
    held = reads.held(BUREAU, Q1)
    for row in FactSet.objects.all():
        row.facts.all().delete()
        row.delete()
    assert actions.build_facts(Q1, by=chen, at=AFTER) == first
    assert reads.held(BUREAU, Q1).facts == held.facts
