"""What the letter box and the desk of reports refuse, and how each refusal says to mend it."""

from datetime import timedelta

import pytest

from gongchou.core.oversight_terms import ReportState
from gongchou.core.powers import outsider
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.terms import IntakeKind, IntakeOutcome, IntakeState, Role
from gongchou.intake import actions, conduct_reads, reads
from gongchou.intake.actions import conduct, letters
from gongchou.intake.files import MOST_FILES, clean
from tests.conftest import AT, BUREAU, TODAY
from tests.intake import test_conduct
from tests.intake.test_letters import CHANCE, draft, photo, sent

pytestmark = pytest.mark.database


@pytest.fixture
def ji(person):
    return person("ji", "纪审计", Role.AUDITOR)


@pytest.mark.parametrize(
    ("field", "most"), [("subject", 200), ("place", 200), ("sender", 40), ("contact", 80)]
)
def test_a_line_has_its_length_and_not_one_sign_more(bureau, field, most):
    sent(**{field: "字" * most})
    with pytest.raises(Invalid, match=f"不得超过 {most} 字"):
        sent(bytes(range(1, 16)), **{field: "字" * (most + 1)})


def test_five_files_are_taken_and_a_sixth_is_not(bureau):
    files = [clean("照片.jpg", photo())] * (MOST_FILES + 1)
    send = {"chance": CHANCE, "by": outsider(BUREAU), "at": AT}
    with pytest.raises(Invalid, match=f"最多提交 {MOST_FILES} 个"):
        actions.send_letter(draft(), files, **send)
    assert reads.letters(BUREAU, IntakeKind.COMPLAINT) == ()
    ref = actions.send_letter(draft(), files[1:], **send).ref
    assert len(reads.letter(ref, BUREAU).files) == MOST_FILES


@pytest.mark.parametrize(("says", "why"), [(" ", "请写明答复"), ("长" * 1001, "不得超过 1000 字")])
def test_an_answer_says_something_and_not_too_much(chen, says, why):
    ref = sent().ref
    actions.take_letter(ref, by=chen, at=AT)
    with pytest.raises(Invalid, match=why):
        actions.answer_letter(ref, IntakeOutcome.CLUE, says, by=chen, at=AT)
    assert reads.letter(ref, BUREAU).state is IntakeState.TAKEN


def test_of_two_who_take_a_letter_at_once_the_second_is_told(chen):
    seen = reads.letter(sent().ref, BUREAU)
    letters._step(seen, IntakeState.TAKEN, by=chen, at=AT)
    with pytest.raises(Stale, match="刚被他人办理"):
        letters._step(seen, IntakeState.TAKEN, by=chen, at=AT)


def test_of_two_who_accept_a_report_at_once_the_second_is_told(ji):
    seen = conduct_reads.report(test_conduct.sent().ref, BUREAU)
    conduct._step(seen, ReportState.ACCEPTED, "受理", ji, AT, told="已受理")
    with pytest.raises(Stale, match="刚被他人办理"):
        conduct._step(seen, ReportState.ACCEPTED, "受理", ji, AT, told="已受理")


def test_a_number_that_no_letter_and_no_report_has_is_told(ji):
    for ask in (reads.letter, conduct_reads.report):
        with pytest.raises(Refused, match="没有这个编号"):
            ask("L990173-NONE", BUREAU)
    with pytest.raises(Refused, match="没有这个编号"):
        reads.bureau_of("L990173-NONE")


@pytest.mark.parametrize(("since", "until"), [(-1, 5), (0, 0), (3, 2)])
def test_a_suspension_begins_today_or_later_and_ends_after_it_began(ji, since, until):
    with pytest.raises(Refused, match="止日应在起日以后"):
        actions.suspend(
            ("P1", "李执法"), "核查期间", since=TODAY + timedelta(since),
            until=TODAY + timedelta(until), by=ji, at=AT,
        )  # fmt: skip


def test_a_complaint_is_not_handled_on_the_page_of_firms_letters(chen, signed_in):
    ref, browser = sent().ref, signed_in(chen)
    assert "不在这里办理" in browser.get(f"/visits/letters/{ref}/").content.decode()


def test_an_answer_without_an_outcome_is_asked_for_one(chen, signed_in):
    ref, browser = sent().ref, signed_in(chen)
    path = f"/offsite/complaints/{ref}/act/"
    browser.post(path, {"act": "take"})
    for outcome in ("", "clean"):
        page = browser.post(path, {"outcome": outcome, "says": "好"}, follow=True)
        assert "请从列表中选择办理结果" in page.content.decode()
    assert reads.letter(ref, BUREAU).state is IntakeState.TAKEN


FORMS = [
    ("declare/", {}, "请选择登记什么"),
    ("declare/", {"kind": "pledge", "on": "去年", "says": "x"}, "2026-01-05 的样子"),
    ("report/", {"about": "", "says": ""}, "请写明反映的是谁"),
    ("reports/{ref}/act/", {}, "请选择受理、不予受理或者办结"),
    ("reports/{ref}/act/", {"act": "burn"}, "请选择受理、不予受理或者办结"),
    ("reports/{ref}/act/", {"act": "conclude", "says": "查"}, "请从列表中选择办理结果"),
]


@pytest.mark.parametrize(("path", "given", "says"), FORMS)
def test_each_form_of_conduct_says_what_it_lacks(ji, signed_in, path, given, says):
    ref = test_conduct.sent().ref
    answer = signed_in(ji).post(f"/discipline/{path.format(ref=ref)}", given, follow=True)
    assert says in answer.content.decode()
    assert conduct_reads.report(ref, BUREAU).state is ReportState.RECEIVED
    assert conduct_reads.integrity(BUREAU) == ()
