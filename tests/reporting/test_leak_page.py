"""The leak test on the discipline desk: on open draws only, kept with its seed."""

from datetime import timedelta
from math import log

import pytest

from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import Role
from gongchou.reporting import actions, leak_reads
from tests.conftest import AT, BUREAU
from tests.core.test_leaks import world


@pytest.fixture
def ji(person):
    return person("ji", "纪审计", Role.AUDITOR)


def test_a_run_is_kept_with_its_seed_and_says_what_it_found(bureau, ji):
    measures = {"a21026": [world("m1", sites=60, drawn=20, leak=log(0.7))]}
    assert actions.run_leak_test("D-1", measures, "seed-1", by=ji, at=AT)
    [row] = leak_reads.tests(BUREAU)
    assert (row.draw, row.seed, row.is_alarm, row.rounds) == ("D-1", "seed-1", True, 999)
    assert row.lines[0]["name"] == "二氧化硫"
    assert row.lines[0]["shift"].startswith("-")
    later = AT + timedelta(days=1)
    actions.run_leak_test("D-1", measures, "seed-1", by=ji, at=later)
    again = leak_reads.tests(BUREAU)[0]
    assert again.digest == row.digest


def test_too_little_data_is_said_and_nothing_is_kept(bureau, ji):
    with pytest.raises(Refused, match="5 家以上"):
        actions.run_leak_test("D-1", {}, "seed", by=ji, at=AT)
    assert leak_reads.tests(BUREAU) == ()


def test_only_the_discipline_desk_runs_it(bureau, chen, ji, signed_in):
    with pytest.raises(NotAllowed):
        actions.run_leak_test("D-1", {}, "seed", by=chen, at=AT)
    assert signed_in(chen).get("/oversight/leaks/").status_code == 403
    assert "名单没有公开以前不能检验" in signed_in(ji).get("/oversight/leaks/").text


def test_a_draw_whose_list_is_not_open_is_not_tested(bureau, tmp_path):
    with pytest.raises(Refused, match="名单没有公开以前"):
        leak_reads.measures("D-1", BUREAU, tmp_path)
