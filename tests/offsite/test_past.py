"""A past day is counted by the plan and the checks of that day, whatever came after."""

from datetime import UTC, date, datetime

import pytest

from gongchou.core.workdays import Quarter
from gongchou.offsite import actions, past_reads, reads
from gongchou.planning import actions as planning
from gongchou.reporting import gathering
from tests.conftest import BUREAU
from tests.offsite.conftest import QUARTER
from tests.offsite.test_checks import conclude, given, record

DAY, LATER = date(2026, 3, 2), datetime(2026, 3, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def covered(units, chen, shen) -> str:
    """One unit covered on 2 March."""
    ref = record(units["虚构化工1"], chen)
    conclude(ref, shen)
    return ref


def counted(on: date) -> list[str]:
    return [row.by for row in gathering.records(BUREAU, Quarter.parse(QUARTER), on).covers]


def test_a_plan_voided_later_still_stands_on_the_day_before(plan, covered, leader):
    planning.void_plan(plan, "名录有误（虚构）", by=leader, at=LATER)
    assert reads.coverage(BUREAU, QUARTER) is None  # today nothing is owed
    assert counted(DAY) == counted(date(2026, 3, 19)) == [covered]
    assert counted(date(2026, 3, 20)) == []


def test_a_check_replaced_later_still_covers_on_the_day_before(plan, covered, chen):
    new = actions.replace_check(covered, "补数据", given(), chance=b"1", by=chen, at=LATER)
    assert counted(DAY) == [covered]
    assert counted(date(2026, 3, 20)) == []
    told = {c.ref: c.concluded_on for c in past_reads.checks_on(BUREAU, QUARTER, DAY)}
    assert told == {covered: DAY}
    later = past_reads.checks_on(BUREAU, QUARTER, date(2026, 3, 20))
    assert [(c.ref, c.concluded_on) for c in later] == [(new, None)]


def test_nothing_is_covered_before_the_conclusion_and_before_the_plan(plan, covered):
    assert counted(date(2026, 3, 1)) == []
    assert counted(date(2025, 12, 31)) == []
