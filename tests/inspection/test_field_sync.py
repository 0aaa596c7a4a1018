"""What a phone sends arrives once, in its order, and is never lost."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from gongchou.core.sm3 import sm3
from gongchou.core.terms import ReceiptWay, SignStatus, VisitState
from gongchou.inspection import actions, course, leases, models, reads, sealing
from gongchou.offsite import clue_reads
from gongchou.web import clock
from tests.conftest import BUREAU
from tests.inspection.people import case_draft, clean_body, signed_by_all
from tests.inspection.phone import hours_before, record_json, take_phone


def picture(colour: int = 1) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (colour % 256, colour // 256, 7)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def visit(house) -> str:
    """A case visit opened two hours ago."""
    at = clock.now() - timedelta(hours=2)
    ref = actions.open_case_visit(case_draft(planned_on=clock.day_of(at)), by=house.chen, at=at)
    actions.accept_visit(ref, by=house.li, at=at)
    return ref


@pytest.fixture
def phone(visit):
    return take_phone("li")


@pytest.fixture
def arrived(phone, visit) -> str:
    at = clock.now() - timedelta(minutes=40)
    body = {"arrived_at": at.isoformat()}
    assert phone.do("arrive", visit, body)["outcome"] == "applied"
    return visit


def whole(visit: str):
    return hours_before(clean_body(visit), clock.now())


def test_a_phone_takes_along_its_own_visits_and_no_others(phone, visit, house):
    told = phone.get("/field/api/visits").json()["visits"]
    assert [row["ref"] for row in told] == [visit]
    assert told[0]["items"]
    assert told[0]["briefing"]["sections"]
    assert take_phone("zhao").get("/field/api/visits").json()["visits"] == []


def test_a_stranger_and_a_wrong_token_get_nothing(client, phone, visit):
    assert client.get("/field/api/visits").status_code == 401
    assert client.post("/field/api/leases").status_code in (401, 403)
    phone.token += "x"
    assert phone.get("/field/api/visits").status_code == 401


def test_an_act_sent_twice_is_done_once_and_answered_the_same(phone, arrived):
    act = phone.sealed_act("save", arrived, {"record": record_json(whole(arrived)), "base": ""})
    first, second = phone.send(act, act)
    assert first == second == phone.send(act)[0]
    assert len(reads.record(arrived).revisions) == 2
    assert models.FieldOperation.objects.count() == 2


def test_another_content_under_the_same_number_is_refused(phone, arrived):
    body = {"record": record_json(whole(arrived)), "base": ""}
    act = phone.sealed_act("save", arrived, body, name="one-name-twice")
    phone.send(act)
    body["record"] |= {"opinion": "改过的意见"}
    other = phone.sealed_act("save", arrived, body, name="one-name-twice", after="")
    answer = phone.send(other)[0]
    assert answer["outcome"] == "waiting"
    assert "另一份内容" in answer["says"]
    assert reads.record(arrived).body.opinion == "记录属实。"


def test_an_act_before_its_turn_waits_and_then_goes_through(phone, arrived):
    first = phone.sealed_act("save", arrived, {"record": record_json(whole(arrived))})
    second = phone.sealed_act("clue", arrived, {"says": "隔壁厂区有黄烟", "place": "隔壁"})
    assert phone.send(second)[0]["outcome"] == "later"
    assert [r["outcome"] for r in phone.send(first, second)] == ["applied", "applied"]
    assert clue_reads.clues(BUREAU)[0].says == "隔壁厂区有黄烟"


def test_a_damaged_envelope_is_not_opened(phone, arrived):
    act = phone.sealed_act("save", arrived, {"record": record_json(whole(arrived))})
    act["sealed"] = act["sealed"][:-8] + "AAAAAAA="
    assert "打不开" in phone.send(act)[0]["says"]


def test_two_officers_who_wrote_at_once_leave_two_versions(phone, arrived, house):
    other = take_phone("wang")
    base = reads.record(arrived).digest
    mine = {"record": record_json(whole(arrived)), "base": base}
    theirs = {"record": record_json(whole(arrived)) | {"opinion": "另一份"}, "base": base}
    assert phone.do("save", arrived, mine)["outcome"] == "applied"
    answer = other.do("save", arrived, theirs)
    assert answer["outcome"] == "versioned"
    assert "李执法" in answer["says"]
    assert [r.by for r in reads.record(arrived).revisions] == ["李执法", "李执法", "王执法"]


def test_a_file_arrives_in_pieces_and_is_what_it_was(phone, arrived):
    content = picture()
    act = phone.photo(arrived, content, pieces=3)
    receipt = phone.send(act)[0]
    assert receipt["outcome"] == "applied"
    kept = reads.evidence(receipt["result"])
    assert kept.sha256
    assert kept.size == len(content)
    assert phone.send(act)[0]["result"] == receipt["result"]
    assert len(reads.evidence_refs(arrived)) == 1


def test_a_file_with_a_missing_piece_waits_and_its_places_are_told(phone, arrived):
    act = phone.photo(arrived, picture(), pieces=2)
    name = act["id"]
    path = f"/field/api/pieces/{phone.lease}/{name}"
    assert phone.get(path).json() == {"held": [0, 1]}
    longer = phone.photo(arrived, picture(2), pieces=2, pieces_told=3)
    assert longer["id"] != name
    assert phone.send(phone.sealed_act("evidence", arrived, {"pieces": 5}))[0]["outcome"] == "later"


def test_a_file_that_is_not_what_the_phone_counted_is_not_kept(phone, arrived):
    act = phone.photo(arrived, picture(), sha256="0" * 64)
    assert "摘要不一致" in phone.send(act)[0]["says"]
    assert reads.evidence_refs(arrived) == frozenset()


def test_the_second_digest_of_the_phone_is_checked_too(phone, arrived):
    content = picture(9)
    act = phone.photo(arrived, content, sm3="0" * 64)
    assert "摘要不一致" in phone.send(act)[0]["says"]
    phone.last.clear()
    act = phone.photo(arrived, picture(10), sm3=sm3(picture(10)).hex())
    receipt = phone.send(act)[0]
    assert receipt["outcome"] == "applied"
    assert reads.evidence(receipt["result"]).sm3 == sm3(picture(10)).hex()


def test_the_place_is_told_at_arrival_only_and_shown_with_the_visit(phone, visit, house, signed_in):
    place = {"latitude": "39.60000", "longitude": "118.20000", "accuracy": 20}
    phone.do("arrive", visit, {"arrived_at": clock.now().isoformat(), "place": place})
    phone.do("clue", visit, {"says": "黄烟", "place": "隔壁厂"})
    assert [bool(row.place) for row in leases.operations(visit)] == [True, False]
    page = signed_in(house.chen).get(f"/visits/{visit}/").content.decode()
    assert "手机所报位置北纬 39.60000，东经 118.20000，误差约 20 米" in page


def test_a_finding_rests_on_the_photo_by_the_phones_name(phone, arrived):
    act = phone.photo(arrived, picture())
    body = record_json(whole(arrived))
    first = body["answers"][0]
    first["result"] = "problem"
    finding = {"item": first["item"], "says": "集气罩破损", "legal_basis": ""}
    body |= {"findings": [finding | {"evidence": [act["id"]]}], "handling": "ordered_correct"}
    assert phone.send(act)[0]["outcome"] == "applied"
    assert phone.do("save", arrived, {"record": body})["outcome"] == "applied"
    assert reads.record(arrived).body.findings[0].evidence == (f"{arrived}-E001",)


def test_the_second_officer_signs_by_digits_only_that_officer_knows(phone, arrived, house):
    pins = {reads.visit(arrived).inspectors[1].ref: "482915"}
    body = {"record": record_json(whole(arrived)), "paper": "纸面"}
    act = phone.sealed_act("submit", arrived, body, pins=pins)
    assert "还没有设置签字口令" in phone.send(act)[0]["says"]
    actions.set_signing_pin("482915", by=house.wang, at=clock.now())
    wrong = phone.sealed_act("submit", arrived, body, pins=dict.fromkeys(pins, "111222"), after="")
    assert "口令不对" in phone.send(wrong)[0]["says"]
    assert models.SigningPin.objects.get().wrong_count == 1
    act = phone.sealed_act("submit", arrived, body, pins=pins, after="")
    assert phone.send(act)[0]["outcome"] == "applied"
    assert reads.visit(arrived).state is VisitState.SUBMITTED
    assert "482915" not in models.FieldOperation.objects.last().written


def test_the_digits_close_after_five_errors(phone, arrived, house):
    actions.set_signing_pin("482915", by=house.wang, at=clock.now())
    ref = reads.visit(arrived).inspectors[1].ref
    for _ in range(leases.MOST_WRONG):
        actions.note_wrong_pin(ref, by=house.li, at=clock.now())
    body = {"record": record_json(whole(arrived))}
    answer = phone.do("submit", arrived, body, pins={ref: "482915"})
    assert "连续输错" in answer["says"]


@pytest.mark.parametrize(("hours", "told"), [(26, True), (-26, True), (0, False)])
def test_the_servers_clock_is_the_law_and_the_phones_a_claim(phone, visit, hours, told):
    skew = timedelta(hours=-hours)
    claimed = clock.now() - timedelta(minutes=40) + timedelta(hours=hours)
    act = phone.sealed_act("arrive", visit, {"arrived_at": claimed.isoformat()}, made_at=claimed)
    assert phone.send(act, skew=skew)[0]["outcome"] == "applied"
    arrived = reads.visit(visit).started_at
    assert abs(arrived - (clock.now() - timedelta(minutes=40))) < timedelta(seconds=30)
    row = leases.operations(visit)[0]
    assert row.made_at == claimed
    assert (row.skew_minutes > 5) is told


def test_what_comes_after_a_colleague_submitted_is_kept_for_the_office(phone, arrived, house):
    act = phone.sealed_act("save", arrived, {"record": record_json(whole(arrived))})
    at, body = clock.now(), whole(arrived)
    signed_by_all(arrived, body)
    actions.submit_record(arrived, body, client_id="desk-submit-1", by=house.wang, at=at)
    answer = phone.send(act)[0]
    assert answer["outcome"] == "aside"
    assert "已经提交" in answer["says"]
    assert phone.send(act)[0] == answer
    assert leases.operations(arrived)[-1].written


def test_nobody_submits_without_a_signature_or_the_three_proofs(phone, arrived, house):
    actions.set_signing_pin("482915", by=house.wang, at=clock.now())
    body = record_json(whole(arrived))
    body["signatures"][-1] |= {"sign_status": SignStatus.REFUSED.value}
    pins = {reads.visit(arrived).inspectors[1].ref: "482915"}
    answer = phone.do("submit", arrived, {"record": body}, pins=pins)
    assert answer["outcome"] == "waiting"
    assert "见证人" in answer["says"]


def test_a_lease_taken_back_opens_nothing_but_the_work_still_comes_in(phone, arrived, house):
    act = phone.sealed_act("save", arrived, {"record": record_json(whole(arrived))})
    actions.revoke_lease(phone.lease, by=house.chen, at=clock.now())
    assert phone.get("/field/api/visits").status_code == 401
    again = take_phone("li", "another-phone")
    assert again.send(act)[0]["outcome"] == "applied"


def test_a_lease_is_over_after_a_day(phone, visit, monkeypatch):
    later = clock.now() + timedelta(hours=24, seconds=1)
    assert leases.lease_of_token(phone.token, later) is None
    assert leases.lease_of_token(phone.token, later - timedelta(minutes=1)) is not None


def test_nobody_sends_anothers_work(phone, arrived):
    act = phone.sealed_act("save", arrived, {"record": record_json(whole(arrived))})
    answer = take_phone("wang").send(act)[0]
    assert answer["outcome"] == "waiting"
    assert "另一位检查人员" in answer["says"]


def test_what_is_sealed_for_one_place_opens_at_no_other():
    closed = sealing.sealed(sealing.public_key("L1"), "name-one", b"plain", index=1, total=3)
    assert sealing.opened("L1", "name-one", closed, index=1, total=3) == b"plain"
    for lease, name, index in (("L2", "name-one", 1), ("L1", "name-two", 1), ("L1", "name-one", 0)):
        with pytest.raises(Exception, match="打不开"):
            sealing.opened(lease, name, closed, index=index, total=3)


def test_a_piece_that_was_damaged_on_the_disk_is_asked_for_again(phone, arrived):
    """A server that died while it wrote must not keep the phone waiting for ever."""
    content = picture(77)
    act = phone.photo(arrived, content)
    name = act["id"]
    path = default_storage.path(f"uploads/{phone.lease}/{name}/0")
    with open(path, "r+b") as file:
        file.truncate(3)
    assert phone.send(act)[0]["outcome"] == "later"
    assert phone.get(f"/field/api/pieces/{phone.lease}/{name}").json()["held"] == []
    closed = sealing.sealed(phone.public, name, content, index=0, total=1)
    path = f"/field/api/pieces/{phone.lease}/{name}/0/1"
    assert phone.post(path, closed, "application/octet-stream").status_code == 200
    assert phone.send(act)[0]["outcome"] == "applied"


def test_a_recording_comes_from_the_phone_once(phone, arrived):
    body = {"number": "GC-7", "device": "7号", "says": "亮证"}
    act = phone.sealed_act("recording", arrived, body)
    assert [phone.send(act)[0]["outcome"] for _ in range(2)] == ["applied"] * 2
    assert [(row.number, row.device) for row in course.cameras(arrived)] == [("GC-7", "7号")]


def test_the_phones_visit_list_is_a_receipt_and_has_the_way_of_the_day(phone, visit):
    row = phone.get("/field/api/visits").json()["visits"][0]
    assert (row["ref"], row["near"], row["cameras"]) == (visit, 0, [])
    mine = next(one for one in course.receipts(reads.visit(visit)) if one.at)
    assert mine.way is ReceiptWay.PHONE


def test_hours_that_came_from_here_are_not_moved_a_second_time(phone, arrived):
    """A returned record holds the server's hours; a phone that is a day ahead sends them back."""
    assert (
        phone.do("save", arrived, {"record": record_json(whole(arrived))})["outcome"] == "applied"
    )
    kept = reads.record(arrived).body
    told = record_json(replace(kept, opinion="补一句"))
    phone.send(phone.sealed_act("save", arrived, {"record": told}), skew=timedelta(hours=-26))
    now = reads.record(arrived).body
    assert (now.opinion, now.started_at) == ("补一句", kept.started_at)
    assert now.identity_shown_at == kept.identity_shown_at
