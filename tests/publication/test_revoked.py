"""A penalty that was revoked goes from the public side within days, and leaves its reason."""

from datetime import date, timedelta

import pytest

from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.workdays import add_workdays
from gongchou.inspection import actions as inspection
from gongchou.inspection.drafts import CaseDraft, RevocationDraft
from gongchou.law.load import load_calendar
from gongchou.publication import actions, due, reads
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import LATER
from tests.publication.test_results import reviewed, through

DECISION, REVOKED_ON = "虚罚〔1〕号", date(2026, 1, 6)
LAST = add_workdays(REVOKED_ON, 3, load_calendar())


@pytest.fixture
def punished(house, gong) -> tuple[str, str]:
    """A visit whose notice tells of a decided penalty: the visit and the notice."""
    ref = reviewed(house, is_clean=False)
    decided = CaseDraft(
        number="虚立〔1〕号", filed_on=TODAY, decision_number=DECISION,
        decided_on=date(2026, 1, 6), amount_fen=100,
    )  # fmt: skip
    inspection.file_case(ref, decided, by=house.chen, at=LATER)
    return ref, through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)


def revocation(**fields) -> RevocationDraft:
    ordinary = {
        "decision_number": DECISION, "revoked_on": REVOKED_ON,
        "authority": "虚构市生态环境局", "says": "认定事实有误",
    }  # fmt: skip
    return RevocationDraft(**{**ordinary, **fields})


def test_a_revoked_penalty_is_counted_down_from_its_day(house, punished):
    ref, notice = punished
    assert due.revoked_results(BUREAU, REVOKED_ON) == ()
    inspection.revoke_decision(ref, revocation(), by=house.chen, at=LATER)
    [row] = due.revoked_results(BUREAU, REVOKED_ON)
    assert (row.publication, row.deadline.on, row.is_late) == (notice, LAST, False)
    assert row.says == "今天撤销，当天撤下"
    assert due.revoked_results(BUREAU, LAST)[0].says == "未撤下，第 3／3 个工作日"
    assert not due.revoked_results(BUREAU, LAST)[0].is_late
    assert due.revoked_results(BUREAU, LAST + timedelta(1))[0].is_late


def test_withdrawn_it_leaves_its_reason_and_asks_for_the_result_without_it(house, gong, punished):
    ref, notice = punished
    inspection.revoke_decision(ref, revocation(), by=house.chen, at=LATER)
    [row] = due.revoked_results(BUREAU, REVOKED_ON)
    actions.withdraw_result(notice, row.number, row.reason, by=gong, at=LATER)
    assert due.revoked_results(BUREAU, LAST + timedelta(9)) == ()
    [hidden] = reads.hidden_lines(REVOKED_ON, ref=notice)
    assert "认定事实有误" in hidden.reason
    [waiting] = due.result_due(BUREAU, REVOKED_ON)
    assert waiting.deadline.on == add_workdays(REVOKED_ON, 20, load_calendar())
    assert waiting.says == "未公示，第 0／20 个工作日"
    again = actions.propose_results([ref], by=house.chen, at=LATER)
    [shown] = reads.document(again).document["rows"]
    assert DECISION not in shown["handling"]
    assert "原处罚决定已撤销" in shown["handling"]


def test_the_list_says_from_which_day_the_term_runs_anew(
    house, gong, punished, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    ref, notice = punished
    inspection.revoke_decision(ref, revocation(), by=house.chen, at=LATER)
    assert "重新计算" not in signed_in(gong).get("/publish/").content.decode()
    actions.withdraw_result(notice, 1, "决定已撤销", by=gong, at=LATER)
    page = signed_in(gong).get("/publish/").content.decode()
    assert "期限从2026年1月6日（周二）起重新计算" in page


def test_a_correction_does_not_hide_the_older_version_that_still_tells_of_it(house, gong, punished):
    ref, notice = punished
    inspection.revoke_decision(ref, revocation(), by=house.chen, at=LATER)
    through(actions.correct(notice, "决定已撤销", by=house.chen, at=LATER), house, gong)
    [row] = due.revoked_results(BUREAU, REVOKED_ON)
    assert row.publication == notice
    actions.withdraw_result(notice, row.number, row.reason, by=gong, at=LATER)
    assert due.revoked_results(BUREAU, REVOKED_ON) == ()
    assert reads.search(REVOKED_ON).total == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"decision_number": "没有的号"}, "没有文号为"),
        ({"revoked_on": date(2026, 1, 5)}, "在决定之后"),
        ({"revoked_on": date(2026, 1, 7)}, "不晚于今天"),
        ({"says": " "}, "撤销理由"),
    ],
)
def test_a_revocation_needs_a_decision_a_day_and_a_reason(house, punished, fields, says):
    with pytest.raises((Refused, Invalid), match=says):
        inspection.revoke_decision(punished[0], revocation(**fields), by=house.chen, at=LATER)


def test_strangers_register_no_revocation_and_none_is_registered_twice(house, punished, stranger):
    with pytest.raises(NotAllowed):
        inspection.revoke_decision(punished[0], revocation(), by=stranger, at=LATER)
    inspection.revoke_decision(punished[0], revocation(), by=house.chen, at=LATER)
    with pytest.raises(Refused, match="没有重复登记"):
        inspection.revoke_decision(punished[0], revocation(), by=house.chen, at=LATER)


def test_a_public_reason_names_nobody_s_phone(house, gong, punished):
    with pytest.raises(Refused, match="像是有电话"):
        actions.withdraw_result(punished[1], 1, "请打 13800000000", by=gong, at=LATER)
    with pytest.raises(Refused, match="像是有电话"):
        actions.correct(punished[1], "请打 13800000000", by=house.chen, at=LATER)


def test_the_publisher_takes_it_down_from_the_page_where_it_waits(
    house, gong, punished, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    ref, notice = punished
    browser = signed_in(house.chen)
    typed = {
        "revocation-decision_number": DECISION, "revocation-revoked_on": "2026-01-06",
        "revocation-authority": "虚构市生态环境局", "revocation-says": "认定事实有误",
    }  # fmt: skip
    assert "决定被撤销" in browser.get(f"/visits/{ref}/after/").content.decode()
    browser.post(f"/visits/{ref}/after/revoke/", typed)
    browser = signed_in(gong)
    assert "撤下已撤销的处罚" in browser.get("/").content.decode()
    page = browser.get("/publish/").content.decode()
    assert "今天撤销，当天撤下" in page
    assert "认定事实有误" in page
    browser.post(f"/publish/{notice}/withdraw/", {"number": "1", "reason": "决定已撤销"})
    assert "今天撤销，当天撤下" not in browser.get("/publish/").content.decode()
