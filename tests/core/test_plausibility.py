"""What a reader would ask of a record: nothing of one that is as planned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gongchou.core.plausibility import SHORTEST_STAY, questions
from gongchou.core.record import RecordBody
from gongchou.core.terms import VisitResult

START = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)
DAY = START.date()
BODY = RecordBody(started_at=START, ended_at=START + timedelta(hours=1))


def test_a_visit_as_planned_raises_no_question():
    assert questions(BODY, planned_on=DAY) == questions(RecordBody(), planned_on=DAY) == ()


@pytest.mark.parametrize(("less", "asked"), [(0, False), (1, True)])
def test_a_stay_is_short_below_the_measure_and_not_at_it(less, asked):
    body = replace(BODY, ended_at=START + SHORTEST_STAY - timedelta(seconds=less))
    assert bool(questions(body, planned_on=DAY)) is asked


def test_three_seconds_are_named():
    body = replace(BODY, ended_at=START + timedelta(seconds=3))
    assert "只有 0 分 3 秒，不足 10 分钟" in questions(body, planned_on=DAY)[0]
    shut = replace(body, unvisitable=VisitResult.CLOSED_OR_MOVED)
    assert questions(shut, planned_on=DAY) == ()


def test_another_day_and_an_unread_briefing_are_named():
    says = questions(BODY, planned_on=DAY + timedelta(days=1), unread=["王执法"])
    assert "计划 2026-01-13 检查，实际 2026-01-12 到场" in says[0]
    assert "王执法" in says[1]
