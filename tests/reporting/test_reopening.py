"""After a quarter was sent, a record is opened again as a correction only, and counts as one."""

from datetime import datetime

import pytest

from gongchou.core.plain import SHANGHAI
from gongchou.core.refusals import Refused
from gongchou.core.terms import Role, StatisticsVersion, VisitState
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.models import Visit
from gongchou.reporting import actions, objections, package_reads, reads
from tests.conftest import BUREAU
from tests.reporting.quarters import QUARTER
from tests.reporting.test_facts import ended
from tests.reporting.test_packages import NOW, fill, made, page, send  # noqa: F401
from tests.reporting.test_packages import _own_storage as _own_storage
from tests.reporting.test_summaries import Q1, draft, table  # noqa: F401

WHY = "漏记一个问题"


@pytest.fixture
def shen(person):
    return person("shen", "沈审核", Role.REVIEWER)


@pytest.fixture
def visit(made) -> str:  # noqa: F811
    ref = Visit.objects.filter(state="reviewed", is_random=True).first().ref
    ended(ref, datetime(2026, 3, 2, 10, tzinfo=SHANGHAI))
    return ref


@pytest.fixture
def sent(made, visit, chen) -> str:  # noqa: F811
    fill(made, chen)
    send(made, chen)
    return made


def test_before_the_sending_nothing_has_to_be_stated(visit, shen):
    assert objections.to_reopen_in_time(visit) == ""
    inspection.reopen_record(visit, WHY, is_late=True, by=shen, at=NOW)
    assert not visits.reopenings(visit)[0].is_late


def test_after_the_sending_it_must_be_stated_as_a_correction(sent, visit, shen):
    with pytest.raises(Refused, match=r"2026年第一季度的报送材料.*已于 2026-04-01 报出"):
        inspection.reopen_record(visit, WHY, by=shen, at=NOW)
    inspection.reopen_record(visit, WHY, is_late=True, by=shen, at=NOW)
    assert visits.reopenings(visit)[0].says == f"{WHY}（报送后的更正）"


def test_what_the_second_approval_changes_is_a_correction_of_what_was_sent(sent, visit, shen, chen):
    inspection.reopen_record(visit, WHY, is_late=True, by=shen, at=NOW)
    actions.build_facts(Q1, by=chen, at=NOW)
    assert package_reads.changed_since(page(sent), BUREAU) == ()
    again = {"reviewed_by": "U-shen", "reviewed_by_name": "沈审核", "reviewed_at": NOW}
    Visit.objects.filter(ref=visit).update(
        state=VisitState.REVIEWED.value, problem_count=7, **again
    )
    actions.build_facts(Q1, by=chen, at=NOW)
    assert package_reads.changed_since(page(sent), BUREAU) != ()
    ref = actions.make_statistics(Q1, reason="记录更正", by=chen, at=NOW)
    assert reads.version(ref, BUREAU).version is StatisticsVersion.CORRECTED
    assert len(package_reads.packages(BUREAU, QUARTER)) == 1
