"""The targeted list stays within free days and approval, and touches no ratio and no draw."""

from datetime import timedelta

import pytest

from gongchou.core.clue_terms import ClueOrigin, ClueState, TargetedListState
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import InspectionKind
from gongchou.inspection import actions, reads, targeting
from gongchou.offsite import actions as offsite
from gongchou.offsite import clue_reads
from gongchou.registry import reads as registers
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, House, case_draft, make_house
from tests.inspection.test_clues import reviewed

UNTIL = TODAY + timedelta(days=4)
WHY = "须现场查看治理设施，无法书面核查"


@pytest.fixture
def house(person) -> House:
    return make_house(person)


@pytest.fixture
def clue(house) -> str:
    return seen(house, "phone-1", case_draft().subject)


def seen(house: House, client_id: str, subject: str = "") -> str:
    draft = offsite.ClueDraft(
        origin=ClueOrigin.SEEN,
        client_id=client_id,
        says="院内有黄烟",
        place="河西路",
        subject=subject,
        started_at=AT,
        ended_at=AT,
    )
    return offsite.take_up_clue(draft, by=house.li, at=AT)


def proposed(house: House, **fields) -> str:
    given = {"since": TODAY, "until": UNTIL, "reserved": 0, "why_on_site": WHY, **fields}
    return actions.propose_targeted(**given, by=house.chen, at=AT)


def test_a_list_has_reasons_and_points_for_each_case_and_is_approved_by_another(house, clue):
    row = targeting.targeted_list(proposed(house), BUREAU)
    [(entry, _)] = row.lines
    assert entry["clue"] == clue
    assert "院内有黄烟" in entry["reasons"]
    assert entry["points"]
    with pytest.raises(NotAllowed):
        actions.decide_targeted(row.ref, True, "", by=house.chen, at=AT)
    actions.decide_targeted(row.ref, True, "同意", by=house.lin, at=AT)
    found = targeting.targeted_list(row.ref, BUREAU)
    assert (found.state, found.decided_by) == (TargetedListState.APPROVED, "林局长")


def test_a_clue_without_a_site_and_one_already_decided_are_not_on_the_list(house, clue):
    seen(house, "phone-2")
    offsite.decide_clue(clue, ClueState.WATCHED, "先观察", by=house.chen, at=AT)
    with pytest.raises(Refused, match="没有可以列入的线索"):
        proposed(house)


def test_there_is_no_list_without_free_days_or_without_a_reason(house, clue):
    room = targeting.room(BUREAU, TODAY, UNTIL, 0)
    assert (room.officers, room.workdays) == (3, 5)
    with pytest.raises(Refused, match="空余 0 人日"):
        proposed(house, reserved=15)
    with pytest.raises(Invalid, match="书面核查"):
        proposed(house, why_on_site=" ")
    with pytest.raises(Invalid, match="起止日期"):
        proposed(house, since=TODAY - timedelta(days=1))


def test_visits_that_are_out_already_take_their_days(house, clue):
    before = targeting.room(BUREAU, TODAY, UNTIL, 0).free
    actions.open_case_visit(case_draft(), by=house.chen, at=AT)
    assert targeting.room(BUREAU, TODAY, UNTIL, 0).free == before - 1  # two officers, half a day


def test_neither_the_registers_nor_any_ratio_know_of_a_targeted_visit(house, clue):
    snapshot = registers.snapshot(BUREAU, TODAY)
    counts = reads.random_counts(BUREAU, "2026Q1")
    ref = proposed(house)
    actions.decide_targeted(ref, True, "同意", by=house.lin, at=AT)
    visit = actions.visit_clue(clue, case_draft(), by=house.chen, at=AT)
    reviewed(house, visit)
    actions.conclude_visited_clue(clue, ClueState.CONFIRMED, "属实", by=house.shen, at=LATER)
    assert reads.visit(visit).inspection_kind is InspectionKind.CASE
    assert not reads.visit(visit).is_random
    assert registers.snapshot(BUREAU, TODAY) == snapshot
    assert reads.random_counts(BUREAU, "2026Q1") == counts
    assert registers.snapshot(BUREAU, LATER.date()).subjects == snapshot.subjects


def test_the_office_proposes_the_leader_approves_and_the_office_arranges(
    house, clue, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: AT)
    typed = {"since": str(TODAY), "until": str(UNTIL), "reserved": 0, "why_on_site": WHY}
    browser = signed_in(house.chen)
    assert "可用检查人员 3 名" in browser.get("/visits/targeted/").text
    page = browser.post("/visits/targeted/", typed, follow=True).text
    assert "已提出清单" in page
    [row] = targeting.lists(BUREAU)
    signed_in(house.lin).post(f"/visits/targeted/{row.ref}/decide/", {"answer": "yes"})
    page = signed_in(house.chen).get(f"/visits/targeted/{row.ref}/").text
    assert f"?clue={clue}" in page
    assert clue_reads.clue(clue, BUREAU).state is ClueState.PENDING


def test_a_leader_who_proposes_nothing_cannot_send_the_form(house, clue, signed_in):
    answer = signed_in(house.lin).post("/visits/targeted/", {"reserved": 0})
    assert answer.status_code == 403
