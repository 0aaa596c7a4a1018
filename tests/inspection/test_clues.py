"""Clues that citizens sent: taken up once, looked into once, told of when it can do no harm."""

import pytest

from gongchou.core.clue_terms import ClueState, UnconfirmedReason
from gongchou.core.powers import outsider, system
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import IntakeKind, IntakeOutcome, LetterProgress
from gongchou.inspection import actions, reads
from gongchou.intake import actions as intake
from gongchou.intake import reads as letters
from gongchou.offsite import actions as offsite
from gongchou.offsite import clue_reads as clues
from gongchou.offsite.work import open_clue
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
        kind=IntakeKind.COMPLAINT,
        subject="虚构化工1",
        place="河边",
        says="夜里排放",
        sender="路人甲",
        contact="13900000000",
    )
    ref = intake.send_letter(draft, chance=bytes(15), by=outsider(BUREAU), at=AT).ref
    intake.take_letter(ref, by=house.chen, at=AT)
    intake.answer_letter(ref, outcome, "谢谢反映", by=house.chen, at=AT)
    return ref


def told(letter: str) -> list[LetterProgress]:
    return [news.what for news in letters.letter(letter, BUREAU).news]


def reviewed(house: House, visit: str) -> None:
    actions.accept_visit(visit, by=house.li, at=AT)
    actions.start_visit(visit, client_id="phone-start-1", by=house.li, at=AT)
    body = signed_by_all(visit, clean_body(visit))
    actions.submit_record(visit, body, client_id="phone-submit-1", by=house.li, at=LATER)
    actions.review_record(visit, by=house.shen, at=LATER)


def test_the_job_makes_one_clue_of_a_letter_however_often_it_runs(house):
    letter = complained(house)
    open_clue(letter)
    open_clue(letter)
    [clue] = clues.clues(BUREAU)
    assert (clue.letter, clue.place, clue.state) == (letter, "虚构化工1，河边", ClueState.PENDING)
    assert told(letter) == [LetterProgress.CLUE_OPENED]


def test_who_complained_stays_in_the_letter(house, signed_in):
    open_clue(complained(house))
    [clue] = clues.clues(BUREAU)
    page = signed_in(house.chen).get(f"/offsite/clues/{clue.ref}/").text
    assert "夜里排放" in page
    assert "路人甲" not in page
    assert "13900000000" not in page


def test_a_letter_that_was_settled_otherwise_is_no_clue(house):
    letter = complained(house, IntakeOutcome.ELSEWHERE)
    with pytest.raises(Refused, match="没有列为检查线索"):
        offsite.open_clue(letter, by=system(BUREAU), at=AT)


def test_the_sender_learns_of_a_visit_only_when_it_has_been_made(house):
    letter = complained(house)
    open_clue(letter)
    clue = clues.clues(BUREAU)[0]
    visit = actions.visit_clue(clue.ref, case_draft(ground=clue.ground), by=house.chen, at=AT)
    assert told(letter) == [LetterProgress.CLUE_OPENED]
    found = clues.clue(clue.ref, BUREAU)
    assert (found.visit, found.state) == (visit, ClueState.VERIFYING)
    assert found.subject_name == "虚构化工1"
    reviewed(house, visit)
    assert told(letter) == [LetterProgress.CLUE_OPENED, LetterProgress.CHECKED]
    assert letters.letter(letter, BUREAU).news[-1].about == visit


def test_what_the_visit_found_comes_back_to_the_clue_after_the_review(house):
    open_clue(complained(house))
    ref = clues.clues(BUREAU)[0].ref
    visit = actions.visit_clue(ref, case_draft(), by=house.chen, at=AT)
    why = "现场未见异常，治理设施正常运行。"
    answer = (ref, ClueState.UNCONFIRMED, why, UnconfirmedReason.MENDED.value)
    with pytest.raises(Refused, match="审核以后"):
        actions.conclude_visited_clue(*answer, by=house.shen, at=LATER)
    reviewed(house, visit)
    with pytest.raises(NotAllowed):
        actions.conclude_visited_clue(*answer, by=house.chen, at=LATER)
    actions.conclude_visited_clue(*answer, by=house.shen, at=LATER)
    move = clues.page(ref, BUREAU, TODAY).moves[-1]
    assert (move.to, move.reason, move.by) == (ClueState.UNCONFIRMED, "已整改", "沈审核")
    assert move.evidence == reads.record(visit).digest


def test_a_visit_that_fell_through_gives_its_clue_back(house):
    open_clue(complained(house))
    ref = clues.clues(BUREAU)[0].ref
    visit = actions.visit_clue(ref, case_draft(), by=house.chen, at=AT)
    actions.void_visit(visit, "检查人员请假", by=house.chen, at=LATER)
    found = clues.clue(ref, BUREAU)
    assert (found.state, found.visit) == (ClueState.PENDING, "")
    actions.visit_clue(ref, case_draft(), by=house.chen, at=AT)
    assert clues.clue(ref, BUREAU).state is ClueState.VERIFYING


def test_the_office_arranges_a_visit_from_the_desk(house, signed_in, monkeypatch):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    open_clue(complained(house))
    clue, browser = clues.clues(BUREAU)[0], signed_in(house.chen)
    assert "研判线索" in browser.get("/").content.decode()
    assert clue.ref in browser.get("/offsite/clues/").content.decode()
    subject = case_draft().subject
    address = f"/visits/case/{subject}/?clue={clue.ref}"
    assert clue.ground in browser.get(address).content.decode()
    typed = {"ground": clue.ground, "planned_on": "2026-01-05"}
    browser.post(address, typed | {"inspectors": list(case_draft().inspectors)})
    assert clues.clues(BUREAU)[0].state is ClueState.VERIFYING


def test_the_page_of_a_site_shows_the_clues_that_name_it_to_those_who_see_checks(house, signed_in):
    open_clue(complained(house))
    ref = registers.subjects(BUREAU, TODAY).rows[0].ref
    page = signed_in(house.chen).get(f"/register/subjects/{ref}/").text
    assert "夜里排放（待研判）" in page
    assert "夜里排放" not in signed_in(house.li).get(f"/register/subjects/{ref}/").text
