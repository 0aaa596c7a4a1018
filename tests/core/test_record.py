"""What a record needs before it counts, and what comes out of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.record import (
    HANDLINGS,
    UNVISITABLE,
    CheckAnswer,
    FindingValue,
    RecordBody,
    RecordItem,
    Signature,
    flags,
    missing,
    said,
    visit_result,
)
from gongchou.core.refusals import Invalid
from gongchou.core.terms import ItemResult, SignerRole, SignStatus, VisitResult

START = datetime(2026, 1, 12, 1, 0, tzinfo=UTC)
ITEMS = (RecordItem(code="AIR-01", name="废气治理"), RecordItem(code="HAZ-01", name="危废贮存"))
TEAM = ("I1", "I2")


def officer(ref: str) -> Signature:
    return Signature(
        name=f"检查员{ref}", role=SignerRole.INSPECTOR, ref=ref, sign_status=SignStatus.SIGNED
    )


MANAGER = Signature(
    name="钱厂长", role=SignerRole.LEGAL_REPRESENTATIVE, sign_status=SignStatus.SIGNED
)
REFUSED = Signature(name="钱厂长", role=SignerRole.SITE_MANAGER, sign_status=SignStatus.REFUSED)


def answers(*results: ItemResult | None) -> tuple[CheckAnswer, ...]:
    return tuple(
        CheckAnswer(item=item.code, result=result)
        for item, result in zip(ITEMS, results, strict=True)
    )


CLEAN = RecordBody(
    started_at=START,
    identity_shown_at=START + timedelta(minutes=2),
    notice_given_at=START + timedelta(minutes=3),
    ended_at=START + timedelta(hours=1),
    answers=answers(ItemResult.NO_PROBLEM, ItemResult.NA),
    is_read_back=True,
    signatures=(officer("I1"), officer("I2"), MANAGER),
)
FOUND = replace(
    CLEAN,
    answers=answers(ItemResult.PROBLEM, ItemResult.NO_PROBLEM),
    findings=(FindingValue(item="AIR-01", says="治理设施未开启"),),
    handling=VisitResult.ORDERED_CORRECT,
)


def lacks(body: RecordBody) -> str:
    return "".join(missing(body, ITEMS, team=TEAM))


def test_a_fresh_record_is_empty_and_nothing_stands_for_no_problem():
    fresh = RecordBody()
    assert fresh.answers == fresh.findings == fresh.signatures == ()
    assert (fresh.handling, fresh.unvisitable, visit_result(fresh)) == (None, None, None)
    assert CheckAnswer(item="AIR-01").result is None
    assert Signature(name="某人", role=SignerRole.INSPECTOR).sign_status is None
    assert "“废气治理”还没有选择检查结果。" in lacks(fresh)


def test_a_clean_record_is_complete_and_its_result_is_derived():
    assert missing(CLEAN, ITEMS, team=TEAM) == ()
    assert visit_result(CLEAN) is VisitResult.NO_PROBLEM


def test_a_problem_needs_its_words_and_a_handling():
    bare = replace(FOUND, findings=(), handling=None)
    assert "“废气治理”选择了“发现问题”，请写明问题。" in lacks(bare)
    assert "请选择怎样处理" in lacks(bare)
    assert visit_result(bare) is None
    assert missing(FOUND, ITEMS, team=TEAM) == ()
    assert visit_result(FOUND) is VisitResult.ORDERED_CORRECT


def test_a_problem_described_where_none_was_chosen_is_asked_about():
    odd = replace(CLEAN, findings=(FindingValue(item="HAZ-01", says="标识脱落"),))
    assert "写了问题，但没有选择“发现问题”" in lacks(odd)
    assert "不应选择处理方式" in lacks(replace(CLEAN, handling=VisitResult.CASE_FILED))


def test_an_answer_to_a_question_that_was_not_asked_is_refused():
    strange = (*CLEAN.answers, CheckAnswer(item="X-09", result=ItemResult.NA))
    assert "没有编号为“X-09”的项目" in lacks(replace(CLEAN, answers=strange))


@pytest.mark.parametrize(
    ("signatures", "says"),
    [
        ((officer("I1"), MANAGER), "现有 1 名"),
        ((officer("I1"), officer("I1"), MANAGER), "现有 1 名"),
        ((officer("I1"), officer("I9"), MANAGER), "现有 1 名"),
        ((officer("I1"), officer("I2")), "还没有登记被检查单位签字或盖章"),
    ],
)
def test_two_different_officers_of_the_team_and_the_enterprise_sign(signatures, says):
    assert says in lacks(replace(CLEAN, signatures=signatures))


def test_without_signature_and_stamp_there_are_a_reason_a_witness_and_a_recording():
    bare = replace(CLEAN, signatures=(officer("I1"), officer("I2"), REFUSED), is_read_back=False)
    assert len(missing(bare, ITEMS, team=TEAM)) == 3
    whole = replace(REFUSED, reason="对结果有异议", witness="村委会孙某", recording="执法仪 0007")
    fixed = replace(bare, signatures=(officer("I1"), officer("I2"), whole))
    assert missing(fixed, ITEMS, team=TEAM) == ()


def test_a_site_manager_signs_with_an_authorisation_after_reading():
    manager = replace(MANAGER, role=SignerRole.SITE_MANAGER)
    bare = replace(CLEAN, signatures=(officer("I1"), officer("I2"), manager), is_read_back=False)
    assert "请写明授权情况" in lacks(bare)
    assert "签字前请把记录交被检查单位核对" in lacks(bare)


def test_the_hours_of_a_visit_stand_in_their_order():
    assert "检查结束时间应晚于到场时间" in lacks(replace(CLEAN, ended_at=START))
    early = replace(CLEAN, identity_shown_at=START - timedelta(minutes=1))
    assert "亮证时间应在到场之后" in lacks(early)
    late = replace(CLEAN, notice_given_at=START + timedelta(hours=2))
    assert "告知时间应在到场之后、检查结束之前" in lacks(late)
    assert len(missing(replace(CLEAN, identity_shown_at=None), ITEMS, team=TEAM)) == 1


@pytest.mark.parametrize("kind", UNVISITABLE)
def test_where_no_check_was_possible_the_reason_stands_for_the_checklist(kind):
    body = replace(CLEAN, answers=(), unvisitable=kind)
    assert missing(body, ITEMS, team=TEAM) == (
        f"选择了“{kind.label}”，请写明现场看到的情况和理由。",
    )
    done = replace(body, unvisitable_reason="大门紧锁，无人生产")
    assert missing(done, ITEMS, team=TEAM) == ()
    assert visit_result(done) is kind


def test_where_the_enterprise_is_gone_nobody_is_shown_a_card_and_nobody_signs():
    gone = RecordBody(
        started_at=START,
        ended_at=START + timedelta(minutes=20),
        unvisitable=VisitResult.CLOSED_OR_MOVED,
        unvisitable_reason="厂房已拆除",
        signatures=(officer("I1"), officer("I2")),
    )
    assert missing(gone, ITEMS, team=TEAM) == ()
    idle = replace(gone, unvisitable=VisitResult.NOT_OPERATING)
    assert "亮证时间" in lacks(idle)


def test_a_record_begun_after_the_visit_day_is_flagged_in_local_days():
    assert flags(CLEAN, begun_at=START) == ()
    assert flags(RecordBody(), begun_at=START) == ()
    late = flags(CLEAN, begun_at=START + timedelta(hours=16))
    assert "2026-01-13 才开始填写，晚于检查结束之日 2026-01-12" in late[0]


def test_typed_text_is_one_composed_line():
    assert said("  第一行\r\n第二行\x00 ") == "第一行　第二行"
    assert said("e\u0301") == "é"


def test_the_text_of_a_body_is_read_back_as_it_was_and_no_other_way():
    assert RecordBody.thawed(FOUND.frozen()) == FOUND
    assert '"started_at":"2026-01-12T09:00:00+08:00"' in FOUND.frozen()
    with pytest.raises(Invalid):
        RecordBody.thawed(FOUND.frozen().replace("T09:00:00+08:00", "T01:00:00+00:00"))


RESULTS = st.sampled_from([None, *ItemResult])
BODIES = st.builds(
    lambda one, two, handling, unvisitable, says: replace(
        CLEAN,
        answers=answers(one, two),
        handling=handling,
        unvisitable=unvisitable,
        unvisitable_reason=says,
        findings=(FindingValue(item="AIR-01", says=says),) if says else (),
    ),
    RESULTS,
    RESULTS,
    st.sampled_from([None, *VisitResult]),
    st.sampled_from([None, *VisitResult]),
    st.sampled_from(["", "情况"]),
)


@given(BODIES)
def test_a_complete_record_has_a_result_and_no_problem_hides_behind_none(body):
    result = visit_result(body)
    if missing(body, ITEMS, team=TEAM) == ():
        assert result is not None
        assert bool(body.problem_items) == (result in HANDLINGS)
        assert (result in UNVISITABLE) == (body.unvisitable is not None)
    if result is VisitResult.NO_PROBLEM and body.unvisitable is None:
        assert {a.result for a in body.answers} <= {ItemResult.NO_PROBLEM, ItemResult.NA}


@given(BODIES)
def test_one_body_has_one_text_and_one_digest(body):
    again = RecordBody.thawed(body.frozen())
    assert (again, again.digest()) == (body, body.digest())
