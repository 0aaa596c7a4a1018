"""A penalty decided after a visit is a dated record of the site, and the next class reads it."""

from datetime import date, timedelta

import pytest

from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.roster import PenaltyFact
from gongchou.core.terms import SubjectClass
from gongchou.inspection import actions, reads
from gongchou.inspection.drafts import CaseDraft, RevocationDraft
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.registry.models import Penalty, RegisterChange
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import LATER, submitted
from tests.inspection.test_visiting import kinds

NEXT, SECOND = date(2026, 4, 1), date(2026, 7, 1)
DECISION, DECIDED_ON = "虚罚〔1〕号", date(2026, 1, 6)
REVOKED = RevocationDraft(
    decision_number=DECISION, revoked_on=DECIDED_ON, authority="虚构市局", says="认定事实有误"
)


@pytest.fixture
def faulty(house) -> str:
    return submitted(house, is_clean=False)


def decide(ref: str, by, number: str = "虚立〔1〕号") -> None:
    draft = CaseDraft(
        number=number, filed_on=TODAY, decision_number=DECISION, decided_on=DECIDED_ON,
        amount_fen=100,
    )  # fmt: skip
    actions.file_case(ref, draft, by=by, at=LATER)


def judged(visit: str, on: date) -> tuple[SubjectClass, list[str]]:
    row = registers.subject(reads.visit(visit).subject, BUREAU, on).class_row
    assert row is not None
    return row.subject_class, [reason.evidence for reason in row.reasons]


def test_a_case_without_a_decision_changes_no_class(house, faulty):
    draft = CaseDraft(number="虚立〔1〕号", filed_on=TODAY)
    actions.file_case(faulty, draft, by=house.chen, at=LATER)
    assert judged(faulty, NEXT)[0] is SubjectClass.KEY
    assert not Penalty.objects.exists()


def test_a_decided_penalty_makes_the_site_special_in_the_next_quarter_only(house, faulty):
    decide(faulty, house.li)
    assert judged(faulty, TODAY)[0] is SubjectClass.KEY
    kind, reasons = judged(faulty, NEXT)
    assert kind is SubjectClass.SPECIAL
    assert any(DECISION in reason for reason in reasons)
    assert judged(faulty, SECOND)[0] is SubjectClass.KEY
    assert RegisterChange.objects.latest("pk").source == f"检查 {faulty} 的处罚决定"
    assert "penalty_recorded" in kinds(reads.visit(faulty).subject)


def test_a_revoked_penalty_counts_no_more_and_asks_for_a_second_person(house, faulty):
    decide(faulty, house.chen)
    actions.revoke_decision(faulty, REVOKED, by=house.chen, at=LATER + timedelta(days=1))
    assert judged(faulty, NEXT)[0] is SubjectClass.KEY
    assert judged(faulty, DECIDED_ON)[0] is SubjectClass.KEY
    assert Penalty.objects.filter(known_until=None).get().revoked_on == DECIDED_ON
    assert RegisterChange.objects.latest("pk").sensitive == 1


def test_the_same_decision_under_two_cases_is_one_record_and_a_revoked_one_stays_so(house, faulty):
    decide(faulty, house.chen)
    decide(faulty, house.chen, number="虚立〔2〕号")
    assert Penalty.objects.count() == 1
    actions.revoke_decision(faulty, REVOKED, by=house.chen, at=LATER)
    decide(faulty, house.chen, number="虚立〔3〕号")
    assert Penalty.objects.get(known_until=None).revoked_on == DECIDED_ON


def test_a_stranger_and_an_unknown_site_are_refused(house, faulty, stranger):
    fact = PenaltyFact(ref=faulty, document_number=DECISION, decision_date=DECIDED_ON)
    with pytest.raises(NotAllowed):
        registry.record_penalty(reads.visit(faulty).subject, fact, by=stranger, at=LATER)
    with pytest.raises(Refused, match="没有编号为 S-none 的检查对象"):
        registry.record_penalty("S-none", fact, by=house.chen, at=LATER)
    assert not Penalty.objects.exists()
