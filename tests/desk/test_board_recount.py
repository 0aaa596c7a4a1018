"""The whole board once more over three hundred visits, by SQL that knows nothing of the product.

What the plan fixed is read from its bytes, the last days stand here as literals: 2026-06-23 for
the task, 07-01 for the table, 07-09 for the forms (five working days before the quarter's last,
first and seventh after it).
"""

import json
from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from gongchou.accounts import actions as accounts
from gongchou.core.powers import console
from gongchou.core.terms import BureauLevel, Role
from gongchou.core.workdays import Quarter
from gongchou.desk import boards, crowds
from gongchou.planning.models import QuarterPlan
from gongchou.registry import actions as registry
from tests.conftest import AT, BUREAU
from tests.desk.crowded_year import ON_SITE, make_half_year, strata_of

Q2 = Quarter(2026, 2)
FIRST, LAST, TASK_DAY = date(2026, 4, 1), date(2026, 6, 30), date(2026, 6, 23)
TABLE_DAY, FORMS_DAY = date(2026, 7, 1), date(2026, 7, 9)
DAYS = (date(2026, 5, 6), date(2026, 6, 24), LAST, date(2026, 7, 20))
SESSIONS, SUBJECTS = 5, 30
ELSEWHERE = "990199"


@pytest.fixture
def half_year(db, chen, person, bureau):
    leader = person("lin", "林局长", Role.LEADER)
    accounts.create_bureau(
        ELSEWHERE, "邻区分局（虚构）", level=BureauLevel.DISTRICT, by=console(BUREAU, "root"), at=AT
    )
    for key, value in (
        ("joint.cross_dept.sessions", SESSIONS), ("joint.cross_dept.subjects", SUBJECTS),
        ("cap.day", 1), ("cap.week", 2), ("cap.month", 3), ("cap.clean_visits", 1),
    ):  # fmt: skip
        registry.record_ruling(
            registry.Answer(
                key=key, value=str(value), reading="年度任务", decided_by="领导小组（虚构）",
                document="虚构〔2026〕9号", on=date(2026, 1, 5),
            ),
            by=leader, at=AT,
        )  # fmt: skip
    make_half_year(chen, leader, person("shen", "沈审核", Role.REVIEWER), ELSEWHERE)


def asked(sql: str, *values: object) -> list[tuple]:
    units = "json_array_length" if connection.vendor == "sqlite" else "jsonb_array_length"
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{units}", units), values)
        return cursor.fetchall()


def midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 16, tzinfo=UTC)


FROM = (
    " FROM inspection_visit v JOIN accounts_bureau b ON v.bureau_id = b.id"
    f" WHERE b.code = '{BUREAU}' AND v.state = 'reviewed' AND v.is_random"
    " AND v.ended_on BETWEEN %s AND %s AND v.reviewed_at < %s AND "
)
JOINT = (
    "(v.joint_kind = 'joint_internal'"
    " OR (v.joint_kind = 'joint_cross_dept' AND {units}(v.units) > 1))"
)
OWN = "(v.joint_kind <> 'joint_cross_dept' OR {units}(v.units) > 1)"
SHOWN = (
    "EXISTS (SELECT 1 FROM publication_resultline l JOIN publication_publication p"
    " ON l.publication_id = p.id WHERE l.visit = v.ref AND p.published_at < %s"
    " AND (l.withdrawn_at IS NULL OR l.withdrawn_at >= %s))"
)


def count(what: str, on: date, more: str = "1 = 1", *values: object, first: date = FIRST) -> int:
    return asked(f"SELECT {what}{FROM}{more}", first, LAST, midnight(on), *values)[0][0]


def owed() -> dict[str, int]:
    body = json.loads(bytes(QuarterPlan.objects.get(quarter="2026Q2", state="approved").body))
    return {row["stratum"]: row["required_count"] for row in body["strata"]}


def part(percent: int, whole: int) -> int:
    return -(-percent * whole // 100)


def in_time(stratum: str, on: date) -> int:
    """Sites of a stratum that were first done by the task's last day."""
    inner = f"SELECT v.subject_id, MIN(v.ended_on) AS day{FROM}v.stratum = %s GROUP BY v.subject_id"
    sql = f"SELECT COUNT(*) FROM ({inner}) AS f WHERE f.day <= %s"
    return asked(sql, FIRST, LAST, midnight(on), stratum, TASK_DAY)[0][0]


def covered(on: date) -> int:
    """Listed sites with a valid check, or a case visit, by the day."""
    sql = (
        "SELECT s.ref FROM offsite_offsitecheck c JOIN registry_subject s ON c.subject_id = s.id"
        " WHERE c.conclusion NOT IN ('', 'insufficient_data') AND c.concluded_on BETWEEN %s AND %s"
        " AND EXISTS (SELECT 1 FROM offsite_offsitesource o WHERE o.check_of_id = c.id"
        " AND 4 * o.read >= 3 * o.expected)"
        " UNION SELECT s.ref FROM inspection_visit v JOIN registry_subject s ON v.subject_id = s.id"
        " JOIN accounts_bureau b ON v.bureau_id = b.id"
        f" WHERE b.code = '{BUREAU}' AND v.inspection_kind = 'case' AND v.state = 'reviewed'"
        " AND v.ended_on BETWEEN %s AND %s AND v.reviewed_at < %s"
    )
    found = {ref for (ref,) in asked(sql, FIRST, min(on, LAST), FIRST, LAST, midnight(on))}
    listed = {ref for ref, stratum in strata_of("2026Q2").items() if stratum == "general_listed"}
    return len(found & listed)


def by_sql(on: date) -> dict[str, tuple[int, int]]:
    """Done and required of every line."""
    due, year = owed(), {"first": date(2026, 1, 1)}
    cross, sites = "v.joint_kind = 'joint_cross_dept'", "COUNT(DISTINCT v.subject_id)"
    visits, all_year = count("COUNT(*)", on), count("COUNT(*)", on, **year)
    own = count("COUNT(*)", on, OWN)
    shown = count("COUNT(*)", on, SHOWN, midnight(on), midnight(on))
    return {
        **{f"ratio.{s}": (count(sites, on, "v.stratum = %s", s), due[s]) for s in ON_SITE},
        "coverage": (covered(on), due["general_listed"]),
        "joint.internal": (count("COUNT(*)", on, JOINT), part(35, own)),
        "cross_sessions": (count("COUNT(DISTINCT v.task)", on, cross, **year), part(50, SESSIONS)),
        "cross_subjects": (count(sites, on, cross, **year), part(50, SUBJECTS)),
        "tiered": (count("COUNT(*)", on, "v.is_tiered", **year), part(85, all_year)),
        "task": (sum(min(in_time(s, on), due[s]) for s in ON_SITE), sum(due[s] for s in ON_SITE)),
        "forms": (count("COUNT(*)", on, "v.paper_received_on <= %s", on), visits),
        "statistics": (0, 1),
        "publication": (shown, visits),
    }


def test_the_half_year_has_visits_of_every_kind(half_year):
    assert asked("SELECT COUNT(*) FROM inspection_visit")[0][0] == 300
    sql = "SELECT {}, COUNT(*) FROM inspection_visit v GROUP BY 1 ORDER BY 1"
    for column, least in (("inspection_kind", 3), ("joint_kind", 3), ("state", 2), ("task", 5)):
        found = asked(sql.replace("{}", f"v.{column}"))
        assert len(found) >= least
        assert all(number >= 5 for _, number in found), (column, found)
    assert count("COUNT(*)", DAYS[-1], "v.ended_on > %s", TASK_DAY) >= 5
    assert count("COUNT(*)", DAYS[-1], "v.visit_result = 'closed_or_moved'") >= 5
    assert count("COUNT(*)", DAYS[-1], "v.quarter = '2026Q1'") >= 3


def test_done_required_and_missing_of_every_line(half_year):
    for on in DAYS:
        lines = [line.standing for line in boards.board(BUREAU, Q2, on, is_past=True).lines]
        again = by_sql(on)
        assert {line.key: (line.done, line.required) for line in lines} == again
        for line in lines:
            done, required = again[line.key]
            assert line.missing == max(0, required - done), line.key


LAST_DAYS = {"task": TASK_DAY, "forms": FORMS_DAY, "statistics": TABLE_DAY}


def test_the_state_of_every_line(half_year):
    for on in DAYS:
        again = by_sql(on)
        for line in (one.standing for one in boards.board(BUREAU, Q2, on, is_past=True).lines):
            done, required = again[line.key]
            is_past = on > LAST_DAYS.get(line.key, LAST)
            wanted = "met" if done >= required else "short" if is_past else "not_yet"
            if line.key != "publication":  # each result has a last day of its own
                assert (line.key, line.state.value) == (line.key, wanted)
            assert line.state.value in ("met", "short", "not_yet")


def test_the_four_numbers_on_top(half_year):
    for on in DAYS:
        found = {
            cell.key: cell.count for cell in boards.board(BUREAU, Q2, on, is_past=True).numbers
        }
        case = (
            "EXISTS (SELECT 1 FROM inspection_casefiling c WHERE c.visit_id = v.id AND c.at < %s)"
        )
        assert found == {
            "visits": count("COUNT(*)", on),
            "problem_subjects": count("COUNT(DISTINCT v.subject_id)", on, "v.problem_count > 0"),
            "cases": count("COUNT(*)", on, case, midnight(on)),
            "published": count("COUNT(*)", on, SHOWN, midnight(on), midnight(on)),
        }


def remembered(on: date) -> list[tuple[str, date]]:
    sql = (
        "SELECT s.ref, p.ended_on FROM registry_pastvisit p JOIN registry_subject s"
        " ON p.subject_id = s.id WHERE p.known_since <= %s AND p.ended_on <= %s"
    )
    return [(ref, date.fromisoformat(str(day))) for ref, day in asked(sql, on, min(on, LAST))]


def span_of(key: str, day: date) -> object:
    return {"cap.day": day, "cap.week": day.isocalendar()[:2], "cap.month": (day.year, day.month)}[
        key
    ]


def test_the_sites_over_each_short_cap(half_year):
    for on in DAYS:
        for one in crowds.short_caps(BUREAU, Q2, on)[:3]:
            held: defaultdict[tuple, list[date]] = defaultdict(list)
            for ref, day in remembered(on):
                held[ref, span_of(one.key, day)].append(day)
            over = [
                ref
                for (ref, _), days in held.items()
                if len(days) > one.limit and max(days) >= FIRST
            ]
            assert (one.sites, len(one.rows)) == (len(set(over)), len(over))
            assert one.clause is not None


def clean_pairs_over(on: date) -> int:
    """Times somebody came again in the quarter after a visit of the year that found nothing."""
    sql = (
        "SELECT s.ref, p.ended_on, p.visit_ref, p.inspectors, p.is_clean, p.inspection_kind"
        " FROM registry_pastvisit p JOIN registry_subject s ON p.subject_id = s.id"
        " WHERE p.known_since <= %s AND p.ended_on <= %s ORDER BY p.ended_on, p.visit_ref"
    )
    clean, over = set[tuple[str, str]](), 0
    for ref, day, _, people, is_clean, kind in asked(sql, on, min(on, LAST)):
        for person in json.loads(people) if isinstance(people, str) else people:
            again = (ref, person) in clean and kind != "case"
            over += again and date.fromisoformat(str(day)) >= FIRST
            clean |= {(ref, person)} if is_clean else set()
    return over


def test_who_came_again_after_finding_nothing(half_year):
    for on in DAYS:
        one = crowds.short_caps(BUREAU, Q2, on)[3]
        assert len(one.rows) == clean_pairs_over(on)
    assert one.rows
    assert all(row.inspector for row in one.rows)
