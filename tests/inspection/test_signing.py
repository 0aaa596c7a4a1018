"""Each officer signs for himself, and what was signed is what is handed in."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import SigningWay, VisitState
from gongchou.inspection import actions, models, reads, story
from gongchou.inspection.doubts import doubts_of
from gongchou.web import clock
from tests.conftest import AT, BUREAU
from tests.inspection.people import LATER, clean_body, opened, refs, started
from tests.inspection.phone import take_phone
from tests.inspection.test_field_sync import arrived, phone, record_json, visit, whole  # noqa: F401


def submit(ref, body, by, client_id="phone-submit-1"):
    return actions.submit_record(ref, body, client_id=client_id, by=by, at=LATER)


def test_nobody_signs_for_a_colleague(house):
    ref = started(house)
    with pytest.raises(Refused, match="王执法还没有在这一版记录上签字"):
        submit(ref, clean_body(ref), house.li)
    assert reads.visit(ref).state is VisitState.STARTED
    actions.sign_record(ref, clean_body(ref), by=house.wang, at=LATER)
    submit(ref, clean_body(ref), house.li)
    signed = story.signed_by(ref, reads.record(ref).body)
    assert {row.name: row.way for row in signed.values()} == {
        "王执法": SigningWay.LOGIN,
        "李执法": SigningWay.LOGIN,
    }
    events = [row.event.kind for row in audit.events(BUREAU, about=ref)]
    assert events.count("officer_signed") == 2


def test_a_change_after_the_signature_makes_it_void(house):
    ref = started(house)
    actions.sign_record(ref, clean_body(ref), by=house.wang, at=LATER)
    changed = clean_body(ref, opinion="另有说明")
    with pytest.raises(Refused, match="记录改动以后须重新签字"):
        submit(ref, changed, house.li)
    actions.sign_record(ref, changed, by=house.wang, at=LATER)
    submit(ref, changed, house.li)
    assert reads.visit(ref).state is VisitState.SUBMITTED
    # What was signed before stays on record beside the new one.
    assert models.OfficerSignature.objects.filter(visit__ref=ref).count() == 3


def test_what_the_enterprise_signs_later_leaves_the_officers_signatures_standing(house):
    ref = started(house)
    body = clean_body(ref)
    actions.sign_record(ref, replace(body, signatures=()), by=house.wang, at=LATER)
    submit(ref, body, house.li)
    assert reads.visit(ref).state is VisitState.SUBMITTED


def test_a_signature_is_stored_once_and_asks_for_the_team(house, stranger):
    ref = started(house)
    for _ in range(2):
        actions.sign_record(ref, clean_body(ref), by=house.wang, at=LATER)
    assert models.OfficerSignature.objects.count() == 1
    for who in (stranger, house.zhao, house.shen):
        with pytest.raises(NotAllowed):
            actions.sign_record(ref, clean_body(ref), by=who, at=LATER)
    with pytest.raises(Refused, match="不能签字"):
        actions.sign_record(opened(house), clean_body(ref), by=house.li, at=LATER)


def test_everybody_of_a_larger_team_can_sign_on_the_page_before_one_submits(house, signed_in):
    ref = opened(house, inspectors=refs("李执法", "王执法", "赵执法"))
    actions.accept_visit(ref, by=house.li, at=AT)
    actions.start_visit(ref, client_id="phone-start-1", by=house.li, at=AT + timedelta(hours=1))
    actions.save_record(ref, clean_body(ref), client_id="page-save-1", by=house.li, at=LATER)
    sent = {"base": reads.record(ref).digest}
    for officer in (house.wang, house.zhao, house.li):
        browser = signed_in(officer)
        assert "我已核对，签字</button>" in browser.get(f"/visits/{ref}/submit/").content.decode()
        browser.post(f"/visits/{ref}/sign/", sent)
    assert {row.name for row in story.signed_by(ref, reads.record(ref).body).values()} == {
        "李执法",
        "王执法",
        "赵执法",
    }


def test_a_colleague_signs_by_digits_on_the_page(house, signed_in):
    ref = started(house)
    actions.save_record(ref, clean_body(ref), client_id="page-save-1", by=house.li, at=LATER)
    actions.set_signing_pin("482915", by=house.wang, at=LATER)
    wang = reads.visit(ref).inspectors[1].ref
    browser, address = signed_in(house.li), f"/visits/{ref}/sign/"
    sent = {"base": reads.record(ref).digest, "inspector": wang}
    page = browser.post(address, {**sent, "pin": "111222"}, follow=True).content.decode()
    assert "口令不对" in page
    assert models.SigningPin.objects.get().wrong_count == 1
    assert (
        "记录在您打开以后又有改动"
        in browser.post(
            address, {**sent, "base": "old", "pin": "482915"}, follow=True
        ).content.decode()
    )
    browser.post(address, {**sent, "pin": "482915"})
    row = models.OfficerSignature.objects.get()
    assert (row.inspector, row.way) == (wang, "pin")


def test_the_second_officer_signs_on_the_own_phone_and_the_submission_goes_through(
    phone,  # noqa: F811
    arrived,  # noqa: F811
    house,
):
    body = {"record": record_json(whole(arrived))}
    saved = phone.do("save", arrived, body)
    assert saved["outcome"] == "applied"
    act = phone.sealed_act("submit", arrived, body)
    assert "王执法还没有在这一版记录上签字" in phone.send(act)[0]["says"]
    other = take_phone("wang", "another-device")
    shown = other.get("/field/api/visits").json()["visits"][0]["record"]
    assert other.do("sign", arrived, {"record": shown})["outcome"] == "applied"
    assert phone.send(act)[0]["outcome"] == "applied"
    assert reads.visit(arrived).state is VisitState.SUBMITTED


def test_a_signature_on_what_has_changed_says_so(phone, arrived, house):  # noqa: F811
    other = take_phone("wang", "another-device")
    shown = record_json(whole(arrived))
    phone.do("save", arrived, {"record": shown | {"opinion": "改过"}})
    answer = other.do("sign", arrived, {"record": shown})
    assert answer["outcome"] == "versioned"
    assert "再签一次" in answer["says"]


def test_a_short_unread_visit_on_another_day_asks_and_marks_but_never_refuses(house):
    ref = started(house)
    body = clean_body(ref)
    quick = replace(
        body,
        identity_shown_at=body.started_at + timedelta(seconds=1),
        notice_given_at=body.started_at + timedelta(seconds=2),
        ended_at=body.started_at + timedelta(seconds=3),
    )
    says = "".join(doubts_of(reads.visit(ref), quick))
    assert "0 分 3 秒" in says
    assert "李执法在到场之前没有确认" in says
    actions.sign_record(ref, quick, by=house.wang, at=LATER)
    submit(ref, quick, house.li)
    assert reads.visit(ref).state is VisitState.SUBMITTED


def test_the_page_wants_a_reason_and_review_shows_it(house, signed_in):
    ref = started(house)
    actions.save_record(ref, clean_body(ref), client_id="page-save-1", by=house.li, at=LATER)
    actions.sign_record(ref, reads.record(ref).body, by=house.wang, at=LATER)
    browser, digest = signed_in(house.li), reads.record(ref).digest
    sent = {"client_id": "page-submit-1", "base": digest}
    assert "以上情况的原因" in browser.get(f"/visits/{ref}/submit/").content.decode()
    assert (
        "写明原因后再提交"
        in browser.post(f"/visits/{ref}/submit/", sent, follow=True).content.decode()
    )
    browser.post(f"/visits/{ref}/submit/", {**sent, "reason": "紧急出动，途中学习"})
    assert reads.record(ref).newest.reason == "紧急出动，途中学习"
    page = signed_in(house.shen).get(f"/visits/{ref}/review/").content.decode()
    assert "没有确认检查前学习" in page
    assert "紧急出动，途中学习" in page


def test_a_briefing_read_without_network_counts_from_when_it_was_read(phone, visit, house):  # noqa: F811
    read = clock.now() - timedelta(minutes=50)
    came = clock.now() - timedelta(minutes=40)
    phone.send(
        phone.sealed_act("briefing", visit, made_at=read),
        phone.sealed_act("arrive", visit, {"arrived_at": came.isoformat()}),
    )
    says = doubts_of(reads.visit(visit), reads.record(visit).body)
    assert [one for one in says if "李执法" in one] == []
    assert [one for one in says if "王执法" in one] != []
    assert AT is not None
