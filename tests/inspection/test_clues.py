"""Clues that citizens sent: taken up once, ended once, and told of when it can do no harm."""

import pytest

from gongchou.core.powers import outsider, system
from gongchou.core.refusals import Invalid, NotAllowed, Refused, WrongState
from gongchou.core.terms import ClueState, IntakeKind, IntakeOutcome, LetterProgress
from gongchou.inspection import actions, clues
from gongchou.inspection.work import open_clue
from gongchou.intake import actions as intake
from gongchou.intake import reads as letters
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import (
    LATER,
    House,
    case_draft,
    clean_body,
    make_house,
    signed_by_all,
)


@pytest.fixture
def house(person) -> House:
    return make_house(person)


def complained(house: House, outcome: IntakeOutcome = IntakeOutcome.CLUE) -> str:
    draft = intake.LetterDraft(
        kind=IntakeKind.COMPLAINT, subject="虚构化工1", place="河边", says="夜里排放"
    )
    ref = intake.send_letter(draft, chance=bytes(15), by=outsider(BUREAU), at=AT).ref
    intake.take_letter(ref, by=house.chen, at=AT)
    intake.answer_letter(ref, outcome, "谢谢反映", by=house.chen, at=AT)
    return ref


def told(letter: str) -> list[LetterProgress]:
    return [news.what for news in letters.letter(letter, BUREAU).news]


def test_the_job_makes_one_clue_of_a_letter_however_often_it_runs(house):
    letter = complained(house)
    open_clue(letter)
    open_clue(letter)
    [clue] = clues.clues(BUREAU)
    assert (clue.letter, clue.place, clue.state) == (letter, "虚构化工1，河边", ClueState.OPEN)
    assert told(letter) == [LetterProgress.CLUE_OPENED]


def test_a_letter_that_was_settled_otherwise_is_no_clue(house):
    letter = complained(house, IntakeOutcome.ELSEWHERE)
    with pytest.raises(Refused, match="没有列为检查线索"):
        actions.open_clue(letter, by=system(BUREAU), at=AT)


def test_the_sender_learns_of_a_visit_only_when_it_has_been_made(house):
    letter = complained(house)
    open_clue(letter)
    clue = clues.clues(BUREAU)[0]
    visit = actions.visit_clue(clue.ref, case_draft(ground=clue.ground), by=house.chen, at=AT)
    assert told(letter) == [LetterProgress.CLUE_OPENED]
    assert clues.clues(BUREAU)[0].answered_by == visit
    actions.accept_visit(visit, by=house.li, at=AT)
    actions.start_visit(visit, client_id="phone-start-1", by=house.li, at=AT)
    body = signed_by_all(visit, clean_body(visit))
    actions.submit_record(visit, body, client_id="phone-submit-1", by=house.li, at=LATER)
    actions.review_record(visit, by=house.shen, at=LATER)
    assert told(letter) == [LetterProgress.CLUE_OPENED, LetterProgress.CHECKED]
    assert letters.letter(letter, BUREAU).news[-1].about == visit


def test_a_clue_ends_once_with_words_that_its_sender_reads(house, stranger):
    letter = complained(house)
    open_clue(letter)
    ref = clues.clues(BUREAU)[0].ref
    with pytest.raises(NotAllowed):
        actions.close_clue(ref, "查过台账", by=stranger, at=AT)
    with pytest.raises(Invalid, match="怎样核实"):
        actions.close_clue(ref, " ", by=house.chen, at=AT)
    actions.close_clue(ref, "调看在线数据，没有异常。", by=house.chen, at=AT)
    assert letters.letter(letter, BUREAU).news[-1].says == "调看在线数据，没有异常。"
    with pytest.raises(WrongState):
        actions.visit_clue(ref, case_draft(), by=house.chen, at=AT)
    assert clues.clues(BUREAU)[0].state is ClueState.CLOSED


def test_the_office_arranges_a_visit_from_the_list_of_clues(house, signed_in, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    open_clue(complained(house))
    clue, browser = clues.clues(BUREAU)[0], signed_in(house.chen)
    assert "核实线索" in browser.get("/").content.decode()
    assert clue.ref in browser.get("/visits/clues/").content.decode()
    subject = case_draft().subject
    address = f"/visits/case/{subject}/?clue={clue.ref}"
    assert clue.ground in browser.get(address).content.decode()
    typed = {"ground": clue.ground, "planned_on": "2026-01-05"}
    browser.post(address, typed | {"inspectors": list(case_draft().inspectors)})
    assert clues.clues(BUREAU)[0].state is ClueState.VISITED


def test_the_page_of_a_site_shows_the_clues_that_name_it_to_those_who_see_checks(house, signed_in):
    open_clue(complained(house))
    ref = registers.subjects(BUREAU, TODAY).rows[0].ref
    page = signed_in(house.chen).get(f"/register/subjects/{ref}/").text
    assert "夜里排放（待核实）" in page
    assert "夜里排放" not in signed_in(house.li).get(f"/register/subjects/{ref}/").text
