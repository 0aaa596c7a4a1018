"""A policy may have another stratum than the positive list checked off site, or a share of it."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from gongchou.core.refusals import Refused
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.desk.needed import needed
from gongchou.offsite import reads
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.registry import actions as registry
from gongchou.reporting import actions as reporting
from gongchou.reporting import reads as reports
from gongchou.reporting.subjects_book import subjects_book
from tests.conftest import AT, BUREAU
from tests.offsite.conftest import QUARTER
from tests.offsite.test_checks import conclude, record
from tests.reporting.quarters import AFTER

Q1 = Quarter.parse(QUARTER)
OWN = """id = "linxi_2026"
title = "临溪区实施方案（虚构）"
document_number = "临环发〔2026〕1号"
since = 2026-01-01
lays_over = "tangshan_gaoxin_2024"

[[quota]]
stratum = "general_unlisted"
ratio = "50/100"
is_offsite = true
since = 2026-01-01
clause = "三"
says = "清单外一般对象每季度以非现场方式检查一半"
"""


@pytest.fixture
def plan(roster, chen, leader) -> str:
    """Three units on the list, one off it, and both checked off site."""
    registry.adopt_policy(since=AT.date(), document="临环发〔2026〕1号", text=OWN, by=leader, at=AT)
    ref = planning.compute_plan(QUARTER, by=chen, at=AT)
    planning.approve_plan(ref, by=leader, at=AT)
    return ref


def standing_of(key: str):
    quarter, on = Quarter.parse(QUARTER), date(2026, 3, 20)
    counted = reports.held_on(BUREAU, quarter, on)
    rows = [row.standing for row in reports.board(BUREAU, quarter, on, counted)]
    return next(row for row in rows if row.key == key)


def test_a_stratum_off_site_is_owed_covered_and_counted(plan, units, chen, shen):
    assert set(plans.offsite_members(plan).values()) == {
        Stratum.GENERAL_LISTED, Stratum.GENERAL_UNLISTED,
    }  # fmt: skip
    before = reads.coverage(BUREAU, QUARTER)
    assert (before.required_count, len(before.missing)) == (4, 4)
    assert standing_of("coverage.general_unlisted").missing == 1
    conclude(record(units["虚构化工4"], chen), shen)
    after = reads.coverage(BUREAU, QUARTER)
    assert (after.covered_count, after.lacking_count) == (1, 3)
    found = standing_of("coverage.general_unlisted")
    assert (found.done, found.required, found.missing) == (1, 1, 0)
    assert standing_of("coverage").done == 0


def test_the_list_of_subjects_names_the_stratum_each_was_checked_in(plan, units, chen, shen):
    for name in ("虚构化工3", "虚构化工4"):
        conclude(record(units[name], chen), shen)
    table = reporting.make_statistics(Q1, by=chen, at=AFTER)
    _, content = subjects_book(reports.version(table, BUREAU))
    rows = load_workbook(io.BytesIO(content)).active.iter_rows(min_row=4, values_only=True)
    assert {row[1]: row[3] for row in rows} == {
        "虚构化工3": Stratum.GENERAL_LISTED.label, "虚构化工4": Stratum.GENERAL_UNLISTED.label,
    }  # fmt: skip


def test_a_stratum_that_is_visited_is_not_checked_off_site(roster, chen, leader, bureau):
    ref = planning.compute_plan(QUARTER, by=chen, at=AT)
    planning.approve_plan(ref, by=leader, at=AT)
    [other] = plans.classification(ref).members(Stratum.GENERAL_UNLISTED)
    with pytest.raises(Refused, match="方案规定以非现场方式检查的其他对象"):
        record(other, chen)


def test_the_clause_names_the_sites_of_its_own_stratum_that_are_not_covered(
    plan, units, chen, shen
):
    listed, other = "coverage", "coverage.general_unlisted"
    before = {key: [row.name for row in needed(Q1, key, by=chen)] for key in (listed, other)}
    assert len(before[listed]) == 3
    assert before[other] == ["虚构化工4"]
    found = needed(Q1, other, by=chen)[0]
    assert found.url == f"/offsite/{QUARTER}/new/{units['虚构化工4']}/"
    assert needed(Q1, other, by=shen)[0].url == ""
    conclude(record(units["虚构化工4"], chen), shen)
    assert needed(Q1, other, by=chen) == ()
    assert [row.name for row in needed(Q1, listed, by=chen)] == before[listed]
