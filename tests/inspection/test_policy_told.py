"""Policy told during a visit is tied to the visit and counts as service in the summary."""

import pytest

from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import TrainingKind
from gongchou.core.workdays import Quarter
from gongchou.inspection import actions
from gongchou.inspection.actions.policy_told import ToldDraft
from gongchou.reporting.summary_numbers import counted
from gongchou.training import reads as training
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, House, make_house, opened, started

TOLD = ToldDraft(
    title="危险废物标识", audience="企业负责人和环保人员", audience_count=2, says="怎样贴标识",
    laws="固体废物污染环境防治法第七十七条",
)  # fmt: skip


@pytest.fixture
def house(person, monkeypatch) -> House:
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    return make_house(person)


def text(answer) -> str:
    return answer.content.decode()


def test_what_the_team_told_counts_in_the_numbers_of_the_summary(house):
    ref = started(house)
    actions.record_told(ref, TOLD, by=house.li, at=LATER)
    [row] = training.events_of_visit(BUREAU, ref)
    assert (row.kind, row.held_on, row.visit) == (TrainingKind.SERVICE, TODAY, ref)
    numbers = counted(BUREAU, Quarter.of(TODAY), TODAY).numbers
    assert numbers["training:service.times"].shown == "1"
    assert numbers["training:service.people"].shown == "2"


def test_only_the_team_and_the_office_tell_and_only_where_somebody_came(house):
    with pytest.raises(Refused, match="登记到场以后"):
        actions.record_told(opened(house), TOLD, by=house.chen, at=AT)
    ref = started(house)
    for other in (house.zhao, house.shen):
        with pytest.raises(NotAllowed):
            actions.record_told(ref, TOLD, by=other, at=LATER)
    actions.record_told(ref, TOLD, by=house.chen, at=LATER)
    assert len(training.events_of_visit(BUREAU, ref)) == 1


def test_the_form_of_the_visit_keeps_what_was_typed_and_leads_back(house, signed_in):
    ref = started(house)
    browser = signed_in(house.li)
    assert "登记宣讲政策" in text(browser.get(f"/visits/{ref}/"))
    sent = {"title": "危险废物标识", "audience": "负责人", "says": "怎样贴标识", "laws": ""}
    page = text(browser.post(f"/visits/{ref}/told/", sent | {"audience_count": ""}))
    assert "怎样贴标识" in page
    page = text(browser.post(f"/visits/{ref}/told/", sent | {"audience_count": "2"}, follow=True))
    assert "计入本季度的帮扶指导" in page
    assert "负责人，2 人" in page
    [row] = training.events_of_visit(BUREAU, ref)
    assert f'href="/visits/{ref}/"' in text(browser.get(f"/training/{row.ref}/"))
