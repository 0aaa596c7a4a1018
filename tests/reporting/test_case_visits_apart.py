"""A visit for a clue is told beside the random ones and enters no ratio; its outcome the class."""

from datetime import date, timedelta

import pytest

from gongchou.core.clue_terms import ClueOrigin, ClueState
from gongchou.core.terms import ImportKind, SubjectClass, VisitState
from gongchou.core.workdays import Quarter
from gongchou.desk import boards
from gongchou.inspection import actions as inspection
from gongchou.inspection.drafts import CaseDraft, OrderDraft
from gongchou.inspection.models import Visit
from gongchou.offsite import actions as offsite
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.publication import due
from gongchou.reporting import actions, reads
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import (
    LATER,
    SITES,
    House,
    case_draft,
    faulty_body,
    make_house,
    signed_by_all,
)
from tests.registry.test_import import csv, take, uscc
from tests.reporting.quarters import AFTER, QUARTER, make_plan, make_visit

Q1, ON, DECISION = Quarter.parse(QUARTER), date(2026, 1, 6), "虚罚〔1〕号"
NEXT = "2026Q2"


@pytest.fixture
def house(person) -> House:
    """Two key sites, one of them visited at random."""
    made = make_house(person)
    second = f"虚构化工2,{uscc(2)},{uscc(2)}001P,重点管理,东片,废气"
    take(ImportKind.SUBJECTS, csv(second, header=SITES), made.chen)
    make_plan(made.chen, made.lin)
    make_visit(2)
    return made


def visited_for_a_clue(house: House) -> str:
    """The other site, found at fault: an order, a case and a penalty; the clue is confirmed."""
    draft = offsite.ClueDraft(
        origin=ClueOrigin.SEEN, client_id="phone-1", says="院内有黄烟", place="河西路",
        subject=case_draft().subject, started_at=AT, ended_at=AT,
    )  # fmt: skip
    clue = offsite.take_up_clue(draft, by=house.li, at=AT)
    ref = inspection.visit_clue(clue, case_draft(), by=house.chen, at=AT)
    inspection.accept_visit(ref, by=house.li, at=AT)
    inspection.start_visit(ref, client_id="phone-start-1", by=house.li, at=AT)
    body = signed_by_all(ref, faulty_body(ref))
    inspection.submit_record(ref, body, client_id="phone-submit-1", by=house.li, at=LATER)
    punish(ref, house)
    inspection.review_record(ref, by=house.shen, at=LATER)
    inspection.conclude_visited_clue(clue, ClueState.CONFIRMED, "属实", by=house.shen, at=LATER)
    return ref


def punish(ref: str, house: House) -> None:
    order = OrderDraft(says="修复集气罩", issued_on=TODAY, due_on=TODAY + timedelta(9))
    inspection.order_correction(ref, order, by=house.li, at=LATER)
    case = CaseDraft(
        number="虚立〔1〕号", filed_on=TODAY, decision_number=DECISION, decided_on=ON,
        amount_fen=2_000_000,
    )  # fmt: skip
    inspection.file_case(ref, case, by=house.chen, at=LATER)


def cells(by) -> dict[str, str]:
    actions.build_facts(Q1, by=by, at=LATER)
    return {row.quarter.key: row.quarter.shown for row in reads.table(BUREAU, Q1)}


def stand() -> list[tuple[str, int, int, str]]:
    """Each line of the board: what is done of what is owed."""
    lines = [line.standing for line in boards.board(BUREAU, Q1, ON).lines]
    return [(one.key, one.done, one.required, one.state.value) for one in lines]


def test_a_visit_for_a_clue_moves_no_clause_and_only_its_own_cell(house):
    before, stood = cells(house.chen), stand()
    assert (before["done.key"], before["visits"], before["other_visits"]) == ("1", "1", "0")
    visited_for_a_clue(house)
    after = cells(house.chen)
    assert {key for key in after if after[key] != before[key]} == {"other_visits"}
    assert after["other_visits"] == "1"
    assert stand() == stood
    assert ("ratio.key", 1, 1, "met") in stood


def test_the_two_kinds_add_up_to_every_reviewed_visit_and_to_the_gauge(house):
    visited_for_a_clue(house)
    found = cells(house.chen)
    reviewed = Visit.objects.filter(state=VisitState.REVIEWED.value).count()
    assert int(found["visits"]) + int(found["other_visits"]) == reviewed == 2
    assert due.gauge(BUREAU, QUARTER, ON).required == reviewed
    assert found["publish_due"] == found["visits"]


def test_the_penalty_for_it_makes_the_site_special_in_the_next_plan_by_its_number(house):
    visited_for_a_clue(house)
    ref = planning.compute_plan(NEXT, by=house.chen, at=AFTER)
    rows = {row.ref: row for row in plans.classification(ref).rows}
    row = rows[case_draft().subject]
    assert row.subject_class is SubjectClass.SPECIAL
    assert any(DECISION in reason.evidence for reason in row.reasons)
    assert [r.subject_class for r in rows.values() if r is not row] == [SubjectClass.KEY]
