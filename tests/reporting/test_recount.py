"""Every number of the table once more, by SQL of its own over the rooms' tables.

What the plan fixed lies in its frozen body, which SQL cannot read: those are taken from its bytes.
The year's column is what the quarters sum up to, what counts once a year counted over the year.
"""

import json
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.db import connection

from gongchou.core.quota_words import decimal
from gongchou.core.terms import (
    ImportKind,
    InspectionKind,
    JointKind,
    Stratum,
    VisitResult,
    VisitState,
)
from gongchou.core.workdays import Quarter
from gongchou.inspection.models import CaseFiling, CorrectionOrder, Transfer, Visit
from gongchou.planning.models import QuarterPlan
from gongchou.reporting import actions, reads
from gongchou.reporting.models import FactSet
from tests.conftest import AT, BUREAU
from tests.registry.test_import import csv, take
from tests.reporting.quarters import AFTER, QUARTER, make_plan, make_visit

Q1 = Quarter.parse(QUARTER)
LATE = date(2026, 3, 30)  # after the tasks' last day, 2026-03-24
APRIL, JULY = datetime(2026, 4, 2, 1, tzinfo=UTC), datetime(2026, 7, 1, 1, tzinfo=UTC)
ACT = {"by_ref": "U-li", "by_name": "李执法", "at": AT}
DECIDED = "v.state = 'reviewed' AND v.ended_on BETWEEN '{since}' AND '{until}'"
RANDOM = f"{DECIDED} AND v.is_random"
PLANNED_ON = "2026-01-05"
PEOPLE = (
    "SELECT COUNT(*) FROM registry_inspectorversion v"
    f" WHERE v.since <= '{PLANNED_ON}' AND (v.until IS NULL"
    f" OR v.until > '{PLANNED_ON}')"
)
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
    **{f"late.{s}": done(s, "day > '{due}'") for s in ("key", "special", "general_unlisted")},
    "done": done(),
    "late": done(when="day > '{due}'"),
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
    "people.certified": f"{PEOPLE} AND v.is_certified",
    "people.supervision": f"{PEOPLE} AND NOT v.is_certified",
    "people.auxiliary": "SELECT COUNT(*) FROM registry_assistant a JOIN registry_commission c"
    " ON c.body_id = a.body_id AND c.number = a.letter"
    f" WHERE c.is_published AND '{PLANNED_ON}' BETWEEN c.since AND c.until",
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


# The first and last day of each span, and the last day of its tasks.
SPANS = {
    QUARTER: {"{since}": "2026-01-01", "{until}": "2026-03-31", "{due}": "2026-03-24"},
    "2026Q2": {"{since}": "2026-04-01", "{until}": "2026-06-30", "{due}": "2026-06-23"},
    "2026": {"{since}": "2026-01-01", "{until}": "2026-12-31", "{due}": ""},
}


def asked(sql: str, span: str = QUARTER) -> int:
    units = "json_array_length" if connection.vendor == "sqlite" else "jsonb_array_length"
    for name, value in ({"{units}": units} | SPANS[span]).items():
        sql = sql.replace(name, value)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def planned(quarter: str = QUARTER) -> dict[str, int]:
    """What the plan fixed, from its bytes alone."""
    row = QuarterPlan.objects.get(bureau__code=BUREAU, quarter=quarter, state="approved")
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
def people(chen, bureau):
    """Two who may enforce and one who may not; of the helpers' letters one is not published."""
    head = "姓名,科室,执法证号,执法资格,有效期至"
    rows = ("甲执法,zd,虚1,是,2030-1-1", "乙执法,dq,虚2,是,2030-1-1", "丙监管,zd,,否,")
    take(ImportKind.INSPECTORS, csv(*rows, header=head), chen)
    head = "委托单位,姓名,委托书编号,委托起,委托止,协助范围,已公示"
    term = "2026-1-1,2026-12-31,采样"
    rows = tuple(
        f"虚构监测站,{name},虚构委〔{n}〕号,{term},{seen}"
        for name, n, seen in (("甲", 1, "是"), ("乙", 1, "是"), ("丙", 2, "否"))
    )
    take(ImportKind.ASSISTANTS, csv(*rows, header=head), chen)


@pytest.fixture
def quarter(people, plan):
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


# What is counted once a year, and what the newest quarter's registers say for the year.
ONCE_A_YEAR = ("cross_sessions", "cross_subjects", "problem_subjects")
NEWEST = ("subjects", "people")


def test_the_year_is_what_separate_sql_counts_over_its_quarters(quarter, chen, leader):
    second = "2026Q2"
    make_plan(chen, leader, second, APRIL)
    spring = {"quarter": second, "ended_on": date(2026, 5, 6), "planned_on": date(2026, 5, 6)}
    make_visit(11, problem_count=3, **spring)
    # The same site with a problem, and the same joint task and site, as in the first quarter.
    make_visit(12, site=1, problem_count=1, joint_kind=JointKind.JOINT_INTERNAL.value, **spring)
    make_visit(13, site=21, stratum=Stratum.GENERAL_UNLISTED.value,
               joint_kind=JointKind.JOINT_CROSS_DEPT.value, **spring)  # fmt: skip
    make_visit(14, site=3, **(spring | {"ended_on": date(2026, 6, 26)}))
    for one in (QUARTER, second):
        actions.build_facts(Quarter.parse(one), by=chen, at=JULY)
    table = reads.table(BUREAU, Quarter.parse(second))
    cells = {row.year.key: row.year for row in table}
    each = [
        {key: asked(sql, span) for key, sql in SQL.items()} | planned(span)
        for span in (QUARTER, second)
    ]
    year = {key: sum(one[key] for one in each) for key in each[0]}
    year |= {key: asked(SQL[key], "2026") for key in ONCE_A_YEAR}
    year |= {key: each[1][key] for key in year if key.partition(".")[0] in NEWEST}
    assert set(year) | set(SHARES) == set(cells)
    assert {k: (cells[k].count, n) for k, n in year.items() if cells[k].count != n} == {}
    assert (year["problem_subjects"], year["problems"], year["late"]) == (3, 8, 2)
    for key, (part, whole) in SHARES.items():
        of = year[whole]
        share = f"{decimal(Fraction(100 * year[part], of))}%" if of else "不适用"
        assert cells[key].shown == share, key


def test_facts_rebuilt_from_nothing_are_the_same(quarter, chen):
    first = actions.build_facts(Q1, by=chen, at=AFTER)
    held = reads.held(BUREAU, Q1)
    for row in FactSet.objects.all():
        row.facts.all().delete()
        row.delete()
    assert actions.build_facts(Q1, by=chen, at=AFTER) == first
    assert reads.held(BUREAU, Q1).facts == held.facts
