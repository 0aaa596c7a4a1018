"""Drafts are appended, a submission locks, sending twice changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.record import RecordBody, Signature
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import RevisionKind, SignerRole, SignStatus, VisitResult, VisitState
from gongchou.inspection import actions, models, reads
from tests.conftest import AT, BUREAU, TODAY
from tests.inspection.people import (
    LATER,
    clean_body,
    faulty_body,
    signed_by_all,
    started,
    submitted,
)
from tests.inspection.test_visiting import kinds


def save(ref, body, by, client_id="phone-save-1", **more):
    return actions.save_record(ref, body, client_id=client_id, by=by, at=LATER, **more)


def submit(ref, body, by, client_id="phone-submit-1", **more):
    signed_by_all(ref, body)
    return actions.submit_record(ref, body, client_id=client_id, by=by, at=LATER, **more)


def test_each_draft_is_a_new_version_made_from_the_one_before(house):
    ref = started(house)
    first = reads.record(ref).digest
    digest = save(ref, RecordBody(started_at=AT, opinion="在写"), house.wang)
    newest = reads.record(ref).newest
    assert (newest.number, newest.kind, newest.by) == (2, RevisionKind.DRAFT, "王执法")
    assert (newest.digest, newest.made_from) == (digest, first)
    assert reads.revision_body(ref, 1).opinion == ""
    assert kinds(ref)[-1] == "record_saved"


def test_sending_a_draft_twice_stores_it_once(house):
    ref = started(house)
    body = RecordBody(opinion="一次")
    assert save(ref, body, house.li) == save(ref, body, house.li)
    assert len(reads.record(ref).revisions) == 2
    with pytest.raises(Refused, match="已用于另一份内容"):
        save(ref, RecordBody(opinion="另一份"), house.li)
    with pytest.raises(Invalid, match="操作编号不合规范"):
        save(ref, body, house.li, client_id="短")


def test_two_phones_do_not_write_over_each_other(house):
    ref = started(house)
    base = reads.record(ref).digest
    save(ref, RecordBody(opinion="李写的"), house.li, client_id="phone-li-1", base=base)
    with pytest.raises(Stale, match="李执法刚保存了第 2 版"):
        save(ref, RecordBody(opinion="王写的"), house.wang, client_id="phone-wang-1", base=base)
    assert reads.record(ref).body.opinion == "李写的"


def test_a_time_in_the_future_and_a_foreign_signature_are_refused(house):
    ref = started(house)
    with pytest.raises(Invalid, match="晚于现在"):
        save(ref, RecordBody(ended_at=LATER + timedelta(seconds=1)), house.li)
    ghost = Signature(
        name="假冒", role=SignerRole.INSPECTOR, ref="I-ghost", sign_status=SignStatus.SIGNED
    )
    with pytest.raises(Invalid, match="“假冒”不是检查组成员"):
        save(ref, RecordBody(signatures=(ghost,)), house.li)


def test_a_finding_rests_on_files_of_this_visit_only(house):
    ref = started(house)
    body = faulty_body(ref)
    foreign = replace(body.findings[0], evidence=("V990173-2026-0099-E001",))
    with pytest.raises(Invalid, match="不属于这次检查"):
        save(ref, replace(body, findings=(foreign,)), house.li)


def test_officers_bear_the_names_of_the_register(house):
    ref = started(house)
    body = clean_body(ref)
    renamed = tuple(replace(s, name="化名") if s.ref else s for s in body.signatures)
    save(ref, replace(body, signatures=renamed), house.li)
    assert [s.name for s in reads.record(ref).body.officers] == ["李执法", "王执法"]


def test_an_incomplete_record_is_refused_with_all_that_it_lacks(house):
    ref = started(house)
    with pytest.raises(Refused) as refusal:
        submit(ref, RecordBody(started_at=AT), house.li)
    for words in ("亮证时间", "“持证排污”", "“废气治理设施”", "2 名以上检查人员", "签字或盖章"):
        assert words in str(refusal.value)
    assert reads.visit(ref).state is VisitState.STARTED


def test_a_submission_locks_and_a_second_one_changes_nothing(house):
    ref = submitted(house)
    visit, before = reads.visit(ref), reads.record(ref)
    assert (visit.state, visit.submitted_by) == (VisitState.SUBMITTED, "李执法")
    assert (visit.visit_result, visit.problem_count) == (VisitResult.NO_PROBLEM, 0)
    assert visit.ended_on == TODAY
    submit(ref, clean_body(ref), house.li)
    assert reads.record(ref) == before
    assert kinds(ref)[-2:] == ["record_signed", "record_submitted"]
    with pytest.raises(Refused, match="已经提交这份记录，内容已锁定"):
        submit(ref, clean_body(ref), house.wang, client_id="phone-wang-9")
    with pytest.raises(Refused, match="内容已锁定"):
        save(ref, clean_body(ref), house.li)


def test_the_result_is_derived_from_what_was_found(house):
    visit = reads.visit(submitted(house, is_clean=False))
    assert (visit.visit_result, visit.problem_count) == (VisitResult.ORDERED_CORRECT, 1)
    event = audit.events(BUREAU, about=visit.ref)[0].event
    assert (event.data["result"], event.data["problems"]) == ("ordered_correct", 1)


def test_a_shut_gate_is_a_result_with_its_reason(house):
    ref = started(house)
    body = clean_body(
        ref,
        answers=(),
        unvisitable=VisitResult.NOT_OPERATING,
        unvisitable_reason="全厂停产检修，无人作业",
    )
    submit(ref, body, house.li)
    assert reads.visit(ref).visit_result is VisitResult.NOT_OPERATING


def test_a_returned_record_is_supplemented_and_the_first_one_stays(house):
    ref = submitted(house)
    original = reads.record(ref)
    actions.return_record(ref, "危废台账未核对", by=house.shen, at=LATER)
    with pytest.raises(Refused, match="请写明补正理由"):
        submit(ref, faulty_body(ref), house.li, client_id="phone-li-7")
    with pytest.raises(Invalid, match="须写明理由"):
        supplement(ref, faulty_body(ref), "", house.li)
    supplement(ref, faulty_body(ref), "补充核对情况", house.wang)
    now = reads.record(ref)
    assert now.revisions[: len(original.revisions)] == original.revisions
    assert (now.newest.kind, now.newest.reason) == (RevisionKind.SUPPLEMENT, "补充核对情况")
    assert reads.revision_body(ref, original.newest.number) == original.body
    assert reads.visit(ref).visit_result is VisitResult.ORDERED_CORRECT
    assert kinds(ref)[-1] == "record_supplemented"


def supplement(ref, body, reason, by):
    signed_by_all(ref, body)
    return actions.supplement_record(
        ref, body, reason=reason, client_id="phone-more-1", by=by, at=LATER
    )


def test_what_was_not_returned_is_not_supplemented(house):
    ref = submitted(house)
    with pytest.raises(Refused, match="只有被退回的记录才能补正"):
        supplement(ref, faulty_body(ref), "想改", house.li)


def test_a_record_made_on_a_later_day_is_flagged(house):
    ref = started(house)
    models.Visit.objects.filter(ref=ref).update(begun_at=LATER)
    submit(ref, clean_body(ref), house.li)
    assert "不是现场制作" in reads.record(ref).flags[0]


def test_a_stranger_does_not_submit(house, stranger):
    ref = started(house)
    for who in (stranger, house.shen, house.chen):
        with pytest.raises(NotAllowed):
            submit(ref, clean_body(ref), who)


def test_note_40_the_number_of_the_provincial_record_is_kept_with_ours(house, signed_in):
    ref = started(house)
    save(ref, RecordBody(external_record_no="省执法-虚构-0001"), house.li)
    submit(ref, replace(clean_body(ref), external_record_no="省执法-虚构-0001"), house.li)
    assert reads.record(ref).body.external_record_no == "省执法-虚构-0001"
    page = signed_in(house.shen).get(f"/visits/{ref}/review/").content.decode()
    assert "省执法-虚构-0001" in page
