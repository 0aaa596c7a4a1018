"""The enterprise of a drawn visit reads why it was drawn; who was not drawn can prove that too."""

from html import unescape

import pytest

from gongchou.core.powers import system
from gongchou.drawing import reads as draws
from gongchou.inspection import actions as inspection
from gongchou.publication import actions
from gongchou.publication.gathering_firms import firm_code
from gongchou.registry import reads as registers
from gongchou.web.door_keys import door_code
from tests.conftest import BUREAU, TODAY
from tests.drawing import ceremony

PROVED = "证明与公告一致"


@pytest.fixture
def stage(db) -> ceremony.Stage:
    return ceremony.prepared(sites=12)


@pytest.fixture
def draw(stage, monkeypatch) -> str:
    """A draw whose list is sealed, on the last day of its visits."""
    ref = ceremony.sealed_draw(stage)
    when = ceremony.last_day(ref)
    monkeypatch.setattr("gongchou.web.clock.now", lambda: when)
    return ref


def announced(draw: str) -> None:
    actions.publish_announcement(draw, by=system(BUREAU), at=ceremony.last_day(draw))


def sent_out(stage: ceremony.Stage, draw: str) -> str:
    """The first visit of the list, released and sent to its team."""
    ceremony.released_visits(stage, draw, [0])
    return inspection.dispatch_visit(draw, 0, by=stage.chen, at=ceremony.last_day(draw))


def door_of(client, visit: str, draw: str) -> str:
    actions.renew_slip(visit, by=system(BUREAU), at=ceremony.last_day(draw))
    return client.post("/open/door/", {"code": door_code(visit)}).content.decode()


def year_of(client, stage: ceremony.Stage, draw: str, subject: str) -> str:
    when = ceremony.last_day(draw)
    actions.issue_firm_code(subject, by=stage.chen, at=when)
    code = firm_code(BUREAU, subject, when.year)
    return client.post("/open/door/", {"code": code}).content.decode()


def test_a_drawn_visit_says_its_chance_its_clause_and_that_the_list_held_it(client, stage, draw):
    announced(draw)
    visit, drawn = sent_out(stage, draw), draws.released_visit(draw, 0)
    page = door_of(client, visit, draw)
    [stratum] = [s for s in draws.draw(draw).strata if s.name == drawn.draw_stratum]
    assert f"均为 {stratum.drawn_count}／{stratum.base_count}（" in page
    assert "在抽取当场就写入了密封名单（第 1 号），不是后来选的" in page
    assert drawn.leaf in unescape(page)
    assert PROVED in page


def test_the_slip_of_one_names_no_other_and_no_seat_in_the_sealed_list(client, stage, draw):
    announced(draw)
    page = door_of(client, sent_out(stage, draw), draw)
    own = draws.released_visit(draw, 0).subject_name
    names = {row.name for row in registers.subjects(BUREAU, TODAY).rows}
    assert {name for name in names if name in page} == {own}


def test_a_proof_waits_for_the_announcement_to_be_public(client, stage, draw):
    page = door_of(client, sent_out(stage, draw), draw)
    assert "公告公开后可以核对" in page
    assert PROVED not in page


def test_while_the_list_is_sealed_a_firm_learns_its_place_in_the_roster_alone(client, stage, draw):
    announced(draw)
    pages = [
        year_of(client, stage, draw, row.ref) for row in registers.subjects(BUREAU, TODAY).rows
    ]
    assert all("名单密封中" in page for page in pages if PROVED in page)
    assert not [page for page in pages if "没有抽中" in page or "</strong>抽中" in page]
    assert any(PROVED in page for page in pages)


def test_once_the_record_is_public_each_firm_reads_whether_it_was_drawn(client, stage, draw):
    announced(draw)
    ceremony.published_draw(stage, draw)
    drawn = {row.subject for row in draws.released(draw)}
    for row in registers.subjects(BUREAU, TODAY).rows:
        page = year_of(client, stage, draw, row.ref)
        assert ("</strong>抽中" in page) is (row.ref in drawn), row.name
        assert ("没有抽中" in page) is (row.ref not in drawn and PROVED in page), row.name
