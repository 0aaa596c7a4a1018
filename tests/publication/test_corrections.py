"""What asks for a correction, how long it may wait, and that other words alone ask for none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gongchou.core import canon
from gongchou.core.disclosure import SECRET
from gongchou.core.refusals import Refused
from gongchou.core.workdays import add_workdays
from gongchou.inspection import actions as inspection
from gongchou.inspection import reads as visits
from gongchou.inspection.drafts import CaseDraft, RevocationDraft
from gongchou.law.load import load_calendar
from gongchou.publication import actions, due, models, office, reads
from gongchou.publication.compared import differences
from tests.conftest import BUREAU, TODAY
from tests.inspection.people import LATER, House
from tests.publication.test_results import reviewed, through

DECIDED = date(2026, 1, 6)
FIRST = CaseDraft(
    number="虚立〔1〕号", filed_on=TODAY, decision_number="虚罚〔1〕号", decided_on=DECIDED,
    amount_fen=100,
)  # fmt: skip
SECOND = replace(FIRST, number="虚立〔11〕号", decision_number="虚罚〔11〕号")
OF_PENALTY = add_workdays(DECIDED, 7, load_calendar())


@pytest.fixture
def ref(house) -> str:
    """A visit that found something, with an order to mend it."""
    return reviewed(house, is_clean=False)


def published(ref: str, house: House, gong) -> str:
    return through(actions.propose_results([ref], by=house.chen, at=LATER), house, gong)


def mended(ref: str, house: House) -> None:
    [order] = visits.aftermath(ref).orders
    seen = TODAY + timedelta(1)
    inspection.record_follow_up(
        order.ref, "已修好", on=seen, is_corrected=True, by=house.wang, at=LATER
    )


def test_a_penalty_that_is_public_gives_no_last_day_to_a_correction(house, gong, ref):
    inspection.file_case(ref, FIRST, by=house.chen, at=LATER)
    notice = published(ref, house, gong)
    mended(ref, house)
    [changed] = due.changed_results(BUREAU, TODAY)
    assert changed.deadline is None
    new = actions.correct(notice, "改正情况更新", by=house.chen, at=LATER)
    assert [(row.ref, row.deadline) for row in office.in_hand(BUREAU)] == [(new, None)]
    through(new, house, gong)
    assert due.changed_results(BUREAU, TODAY) == ()


def test_a_penalty_that_is_not_public_yet_gives_its_last_day(house, gong, ref):
    inspection.file_case(ref, SECOND, by=house.chen, at=LATER)
    notice = published(ref, house, gong)
    inspection.file_case(ref, FIRST, by=house.chen, at=LATER)
    [changed] = due.changed_results(BUREAU, TODAY)
    assert changed.deadline.on == OF_PENALTY
    new = actions.correct(notice, "又作出处罚决定", by=house.chen, at=LATER)
    assert reads.document(new).deadline.on == OF_PENALTY


def test_a_returned_correction_is_counted_against_the_public_version(house, gong, ref):
    inspection.file_case(ref, FIRST, by=house.chen, at=LATER)
    notice = published(ref, house, gong)
    mended(ref, house)
    new = actions.correct(notice, "改正情况更新", by=house.chen, at=LATER)
    actions.return_(new, "请核对", by=house.lin, at=LATER)
    actions.propose_again(new, by=house.chen, at=LATER)
    assert reads.document(new).deadline is None


def test_a_returned_first_notice_keeps_its_last_day(house, ref):
    inspection.file_case(ref, FIRST, by=house.chen, at=LATER)
    notice = actions.propose_results([ref], by=house.chen, at=LATER)
    actions.return_(notice, "请核对", by=house.lin, at=LATER)
    actions.propose_again(notice, by=house.chen, at=LATER)
    assert reads.document(notice).deadline.on == OF_PENALTY


def test_a_penalty_revoked_before_it_was_public_presses_for_nothing(house, gong, ref):
    published(ref, house, gong)
    inspection.file_case(ref, FIRST, by=house.chen, at=LATER)
    revoked = RevocationDraft(
        decision_number="虚罚〔1〕号", revoked_on=DECIDED, authority="虚构市局", says="事实有误"
    )
    inspection.revoke_decision(ref, revoked, by=house.chen, at=LATER)
    [changed] = due.changed_results(BUREAU, DECIDED)
    assert changed.deadline is None


def written_as_before(notice: str) -> bytes:
    """The notice as an older version of the product put its days: 限 2026-01-14 前改正."""
    row = models.Publication.objects.get(ref=notice)
    for name in ("original", "body"):
        text = bytes(getattr(row, name)).decode()
        assert "限2026年1月14日前" in text
        text = text.replace("限2026年1月14日前", "限 2026-01-14 前")
        text = text.replace("到2026年1月14日，", "到 2026-01-14，")
        setattr(row, name, text.encode())
    row.digest = canon.digest(canon.parse(row.body))
    row.save(update_fields=["original", "body", "digest"])
    return row.body


def test_days_written_otherwise_ask_for_no_correction_and_stay_as_published(house, gong, ref):
    notice = published(ref, house, gong)
    held = written_as_before(notice)
    assert due.changed_results(BUREAU, TODAY) == ()
    with pytest.raises(Refused, match="完全一致"):
        actions.correct(notice, "日期写法", by=house.chen, at=LATER)
    mended(ref, house)
    [changed] = due.changed_results(BUREAU, TODAY)
    assert "2026年1月14日" in changed.was
    assert bytes(models.Publication.objects.get(ref=notice).body) == held


def test_a_trade_secret_alone_asks_for_no_correction(house, gong, ref):
    notice = actions.propose_results([ref], by=house.chen, at=LATER)
    actions.withhold(notice, "rows.0.handling", by=house.chen, at=LATER)
    through(notice, house, gong)
    assert due.changed_results(BUREAU, TODAY) == ()


def marked(ref: str, house: House) -> str:
    notice = actions.propose_results([ref], by=house.chen, at=LATER)
    actions.withhold(notice, "rows.0.problems.0", by=house.chen, at=LATER)
    return notice


def told(notice: str) -> list[str]:
    return reads.document(notice).document["rows"][0]["problems"]


def test_a_returned_notice_keeps_its_trade_secrets_when_it_is_proposed_again(house, ref):
    notice = marked(ref, house)
    actions.return_(notice, "请核对证明", by=house.lin, at=LATER)
    actions.propose_again(notice, by=house.chen, at=LATER)
    assert told(notice) == [SECRET]


def test_a_correction_keeps_the_trade_secrets_of_what_it_corrects(house, gong, ref):
    notice = through(marked(ref, house), house, gong)
    with pytest.raises(Refused, match="完全一致"):
        actions.correct(notice, "没有变化", by=house.chen, at=LATER)
    mended(ref, house)
    assert told(actions.correct(notice, "改正情况更新", by=house.chen, at=LATER)) == [SECRET]


def test_a_result_withdrawn_and_proposed_anew_keeps_its_trade_secrets(house, gong, ref):
    notice = through(marked(ref, house), house, gong)
    actions.withdraw(notice, "格式有误", by=gong, at=LATER)
    assert told(actions.propose_results([ref], by=house.chen, at=LATER)) == [SECRET]


def test_a_mark_that_was_taken_back_does_not_return(house, gong, ref):
    notice = marked(ref, house)
    path = "rows.0.problems.0"
    actions.disclose_again(notice, path, "没有证明", by=house.chen, at=LATER)
    actions.return_(notice, "请重提", by=house.lin, at=LATER)
    actions.propose_again(notice, by=house.chen, at=LATER)
    assert SECRET not in told(notice)


def test_a_result_that_is_being_corrected_says_so_and_leaves_the_desk(
    house, gong, ref, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    notice, browser = published(ref, house, gong), signed_in(house.chen)
    mended(ref, house)
    assert "更正公示的结果" in browser.get("/").content.decode()
    assert "<summary>更正</summary>" in browser.get(f"/publish/{notice}/").content.decode()
    new = actions.correct(notice, "改正情况更新", by=house.chen, at=LATER)
    assert [row.correction for row in due.changed_results(BUREAU, TODAY)] == [new]
    assert "更正公示的结果" not in browser.get("/").content.decode()
    assert f'正在更正：<a href="/publish/{new}/">' in browser.get("/publish/").content.decode()
    page = browser.get(f"/publish/{notice}/").content.decode()
    assert "办完那一件之前" in page
    assert "<summary>更正</summary>" not in page


def test_the_desk_tells_by_when_a_decided_penalty_must_be_public(
    house, gong, ref, signed_in, monkeypatch
):
    monkeypatch.setattr("gongchou.web.clock.now", lambda: LATER)
    published(ref, house, gong)
    inspection.file_case(ref, SECOND, by=house.chen, at=LATER)
    page = signed_in(gong).get("/").content.decode()
    assert "1 条公示的结果有了新情况" in page
    assert f"{OF_PENALTY.year}年{OF_PENALTY.month}月{OF_PENALTY.day}日" in page


def test_the_approver_of_a_correction_sees_what_it_changes(house, gong, ref, signed_in):
    notice = published(ref, house, gong)
    mended(ref, house)
    new = actions.correct(notice, "改正情况更新", by=house.chen, at=LATER)
    [line] = differences(new, BUREAU)
    assert (line.label, line.where) == ("是否改好", "检查结果 1：虚构化工1")
    assert "复查后更新" in line.before
    assert line.now == "已改好，2026年1月6日复查确认"
    page = signed_in(house.lin).get(f"/publish/{new}/").content.decode()
    assert "1 处不同" in page
    assert line.now in page
    assert differences(notice, BUREAU) == ()
    assert differences(new, "990174") == ()
