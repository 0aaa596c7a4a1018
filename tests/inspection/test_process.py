"""Receipts, reminders, consent with its grounds, recordings elsewhere."""

from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.powers import system
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import CardLevel, ReceiptWay, VisitState
from gongchou.desk import waiting
from gongchou.inspection import actions, course, reads, story, work
from gongchou.inspection.drafts import ApprovalDraft, CameraDraft, SafetyDraft
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import LATER, opened, refs, started, submitted
from tests.inspection.test_asked import accepted, start, strict  # noqa: F401
from tests.inspection.test_visiting import kinds

HOUR = timedelta(hours=1)


def remind(hours: float) -> int:
    return actions.remind(by=system(BUREAU), at=AT + hours * HOUR)


def rules(ref: str) -> list[tuple[str, bool]]:
    return [(card.rule, card.is_over) for card in course.cards(reads.visit(ref))]


def test_each_officer_has_the_own_receipt_and_only_the_first_sight_counts(house):
    ref = opened(house)
    actions.note_receipt(ref, ReceiptWay.PHONE, by=house.li, at=AT + HOUR)
    actions.note_receipt(ref, ReceiptWay.PAGE, by=house.li, at=AT + 2 * HOUR)
    li, wang = course.receipts(reads.visit(ref))
    assert (li.way, li.at, wang.at) == (ReceiptWay.PHONE, AT + HOUR, None)
    assert kinds(ref).count("dispatch_received") == 1


def test_who_is_not_of_the_team_receives_nothing(house, stranger):
    for who in (house.zhao, house.chen, stranger):
        with pytest.raises((NotAllowed, Refused)):
            actions.note_receipt(opened(house), ReceiptWay.PAGE, by=who, at=AT)


def test_four_hours_without_a_receipt_make_a_card_and_the_receipts_end_it(house):
    ref = opened(house)
    assert remind(3.9) == 0
    assert remind(4) == 2
    assert rules(ref) == [("receipt", False), ("acceptance", False)]
    for who in (house.li, house.wang):
        actions.note_receipt(ref, ReceiptWay.PAGE, by=who, at=AT + 5 * HOUR)
    assert rules(ref) == [("receipt", True), ("acceptance", False)]
    assert course.cards(reads.visit(ref))[0].ended_at == AT + 5 * HOUR
    actions.accept_visit(ref, by=house.li, at=AT + 6 * HOUR)
    assert rules(ref) == [("receipt", True), ("acceptance", True)]
    assert kinds(ref).count("visit_reminded") == 2


def test_a_card_is_given_once_and_grows_red(house):
    ref = opened(house)
    assert [remind(4), remind(4), remind(5), remind(24), remind(25)] == [2, 0, 0, 1, 0]
    assert course.cards(reads.visit(ref))[-1].level is CardLevel.RED


def test_the_planned_day_and_the_hours_on_site_are_watched_too(house):
    ref = opened(house)
    actions.accept_visit(ref, by=house.li, at=AT)
    assert remind(14.9) == 0
    assert remind(15) == 1
    actions.start_visit(ref, client_id="phone-start-1", by=house.li, at=AT + 16 * HOUR)
    assert rules(ref) == [("arrival", True)]
    assert remind(16 + 24) == 1
    assert rules(ref)[-1] == ("submission", False)


def test_a_void_visit_waits_for_nothing(house):
    ref = opened(house)
    remind(4)
    actions.void_visit(ref, "派错", by=house.chen, at=AT + 5 * HOUR)
    assert all(is_over for _, is_over in rules(ref))
    assert remind(99) == 0


def test_only_the_house_itself_gives_cards(house):
    with pytest.raises(NotAllowed):
        actions.remind(by=house.li, at=AT)


def test_the_scheduled_job_reminds_every_bureau(house):
    opened(house)
    work.remind()
    assert rules(f"V{BUREAU}-2026-0001")


def acts(who, at) -> list[str]:
    return [todo.act for todo in waiting.todos(who, day_of(at))]


def test_yellow_lies_with_the_office_red_with_the_leader_too(house):
    opened(house)
    remind(4)
    assert "催办检查" in acts(house.chen, AT)
    assert "督办检查" not in acts(house.lin, AT)
    remind(24)
    assert "督办检查" in acts(house.lin, AT)
    says = " ".join(todo.says for todo in waiting.todos(house.li, TODAY))
    assert "红牌督办" in says


def test_the_page_of_the_visit_is_a_receipt_and_shows_the_cards(house, signed_in):
    ref = opened(house)
    remind(4)
    page = signed_in(house.li).get(f"/visits/{ref}/").content.decode()
    assert course.receipts(reads.visit(ref))[0].way is ReceiptWay.PAGE
    assert "黄牌提醒" in page
    assert "派发 4 小时后还没有接收" in page
    signed_in(house.chen).get(f"/visits/{ref}/")
    assert course.receipts(reads.visit(ref))[1].at is None


# -- consent


def test_a_ground_against_a_notice_takes_its_place(strict):  # noqa: F811
    ref = accepted(strict)
    draft = ApprovalDraft(unannounced_ground="虚构办法第九条", assistants=2, reason="同意")
    actions.authorise_visit(ref, draft, by=strict.lin, at=AT)
    start(ref, strict, entry_code="入企〔1〕号")
    held = course.approval(ref)
    assert (held.assistants, held.reason, held.by) == (2, "同意", "林局长")
    assert reads.visit(ref).state is VisitState.STARTED


def test_consent_without_the_ground_still_wants_the_notice(strict):  # noqa: F811
    ref = accepted(strict)
    actions.authorise_visit(ref, by=strict.lin, at=AT)
    with pytest.raises(Refused, match="登记通知书文号"):
        start(ref, strict, entry_code="入企〔1〕号")


def timeline(ref):
    return {step.name: step for step in story.timeline(reads.visit(ref), reads.record(ref))}


@pytest.mark.parametrize(
    ("why", "says"), [("", "没有写明紧急情况"), ("夜间偷排", "紧急情况，事后补办：夜间偷排")]
)
def test_consent_after_the_arrival_is_told_and_wants_its_emergency(strict, why, says):  # noqa: F811
    ref = accepted(strict)
    draft = ApprovalDraft(emergency_reason=why, unannounced_ground="虚构办法第九条")
    actions.authorise_visit(ref, draft, by=strict.lin, at=AT + 2 * HOUR)
    actions.start_visit(
        ref, client_id="phone-start-1", arrived_at=AT + HOUR, entry_code="入1", by=strict.li,
        at=AT + 3 * HOUR,
    )  # fmt: skip
    assert says in timeline(ref)["批准"].gap


def test_an_impossible_number_of_assistants_is_refused(house):
    with pytest.raises(Invalid, match="协助检查人员数"):
        actions.authorise_visit(opened(house), ApprovalDraft(assistants=21), by=house.lin, at=AT)


def test_where_consent_is_asked_the_leader_finds_it_on_the_desk(strict):  # noqa: F811
    accepted(strict)
    assert "批准检查" in acts(strict.lin, AT)


def test_the_leader_consents_on_the_page(strict, signed_in):  # noqa: F811
    ref = accepted(strict)
    typed = {"reason": "同意", "assistants": "1", "unannounced_ground": "", "emergency_reason": ""}
    signed_in(strict.lin).post(f"/visits/{ref}/authorise/", typed)
    page = signed_in(strict.lin).get(f"/visits/{ref}/").content.decode()
    assert "林局长" in page
    assert "协助 1 人" in page


# -- recordings of body cameras


def note(ref, by, *, number="GC-20260105-0007", at=LATER, **more):
    draft = CameraDraft(number=number, device="7号", says="现场勘查", **more)
    actions.note_recording(ref, draft, client_id="page-recording", by=by, at=at)


def test_a_recording_has_its_number_once_even_after_the_submission(house):
    ref = submitted(house)
    note(ref, house.li)
    note(ref, house.wang)
    assert [(row.number, row.by) for row in course.cameras(ref)] == [("GC-20260105-0007", "李执法")]
    assert kinds(ref).count("recording_noted") == 1


def test_before_arrival_there_is_no_recording_and_a_number_must_be_told(house):
    with pytest.raises(Refused, match="到场以后才有录像"):
        note(opened(house), house.li, at=AT)
    with pytest.raises(Invalid, match="请填写录像文件的编号"):
        note(started(house), house.li, number=" ")
    with pytest.raises(Invalid, match="晚于现在"):
        note(started(house), house.li, began_at=LATER + HOUR)


def test_who_was_not_there_notes_no_recording(house, stranger):
    ref = submitted(house)
    for who in (house.zhao, house.chen, stranger):
        with pytest.raises(NotAllowed):
            note(ref, who)


def test_the_chain_of_events_holds_after_all_that(house):
    ref = submitted(house)
    note(ref, house.li)
    actions.note_receipt(ref, ReceiptWay.PAGE, by=house.wang, at=LATER)
    assert audit.first_break_of(BUREAU) is None
    assert refs("李执法")


# -- what the site asks of visitors


def test_the_sites_safety_rules_stand_in_every_later_briefing(house, signed_in):
    ref = opened(house)
    draft = SafetyDraft(rules="进厂登记，禁带火种", gear="安全帽、防毒口罩", source="门卫")
    actions.note_safety(ref, draft, by=house.li, at=AT)
    actions.note_safety(ref, SafetyDraft(gear="防静电服"), by=house.chen, at=AT + HOUR)
    held = course.safety(reads.visit(opened(house)).subject, BUREAU)
    assert (held.gear, held.by) == ("防静电服", "陈组长")
    page = signed_in(house.wang).get(f"/visits/{ref}/briefing/").content.decode()
    assert "防静电服" in page
    assert kinds(ref).count("site_safety_noted") == 2


def test_safety_rules_say_something_and_come_from_who_was_there_or_the_office(house, stranger):
    ref = opened(house)
    with pytest.raises(Invalid, match="至少一项"):
        actions.note_safety(ref, SafetyDraft(source="门卫"), by=house.li, at=AT)
    for who in (house.zhao, house.shen, stranger):
        with pytest.raises(NotAllowed):
            actions.note_safety(ref, SafetyDraft(gear="帽"), by=who, at=AT)


def test_safety_rules_are_noted_on_the_briefing_page(house, signed_in):
    ref = opened(house)
    typed = {"rules": "限速", "gear": "安全帽", "source": ""}
    signed_in(house.li).post(f"/visits/{ref}/safety/", typed)
    assert course.safety(reads.visit(ref).subject, BUREAU).rules == "限速"
