"""With its code of the year an enterprise reads its visits and writes about each of them."""

import re

import pytest

from gongchou.core.powers import system
from gongchou.core.terms import IntakeKind, RatingQuestion
from gongchou.intake import reads as letters
from gongchou.publication import actions
from gongchou.publication.gathering_firms import firm_code
from gongchou.registry import reads as registers
from gongchou.web.door_keys import door_code
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import LATER, make_house, opened
from tests.portal.test_door import send, text
from tests.publication.test_results import reviewed

HIDDEN = re.compile(r'name="code" value="([^"]+)"')


@pytest.fixture
def house(person, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    return make_house(person)


@pytest.fixture
def year_code(house) -> str:
    subject = registers.subjects(BUREAU, TODAY).rows[0].ref
    actions.issue_firm_code(subject, by=house.chen, at=LATER)
    return firm_code(BUREAU, subject, 2026)


def renewed(ref: str) -> str:
    actions.renew_slip(ref, by=system(BUREAU), at=LATER)
    subject = registers.subjects(BUREAU, TODAY).rows[0].ref
    actions.renew_firm_slip(subject, by=system(BUREAU), at=LATER)
    return ref


def code_behind(client, year_code: str) -> str:
    [code] = HIDDEN.findall(text(client.post("/open/door/", {"code": year_code})))
    return code


def test_the_code_of_the_year_leads_to_each_visit_and_its_letter_box(client, house, year_code):
    ref = renewed(reviewed(house, is_clean=False))
    code = code_behind(client, year_code)
    assert "提交说明、申诉、整改材料" in text(client.post("/open/door/", {"code": code}))
    for kind in (IntakeKind.EXPLANATION, IntakeKind.MENDING):
        assert send(client, code, kind.value).status_code == 200
    found = {row.kind for row in letters.about_visit(ref)}
    assert found == {IntakeKind.EXPLANATION, IntakeKind.MENDING}


def test_a_visit_is_rated_once_whichever_code_opened_it(client, house, year_code):
    ref = renewed(reviewed(house))
    answers = dict.fromkeys(RatingQuestion, "yes")
    by_year = code_behind(client, year_code)
    assert client.post("/open/door/rate/", {"code": by_year} | answers).status_code == 200
    again = client.post("/open/door/rate/", {"code": door_code(ref)} | answers)
    assert again.status_code == 400
    assert letters.ratings(BUREAU, "2026Q1", is_over=True).total == 1


def test_a_visit_that_has_not_been_at_the_gate_is_not_opened_by_the_year(client, house, year_code):
    renewed(opened(house))
    page = text(client.post("/open/door/", {"code": year_code}))
    assert "今年还没有来检查过" in page
    assert HIDDEN.findall(page) == []


def test_the_code_of_the_year_alone_sends_nothing(client, house, year_code):
    renewed(reviewed(house))
    assert send(client, year_code, "explanation").status_code == 404
