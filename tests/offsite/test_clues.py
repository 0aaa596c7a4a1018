"""Clues of the desk: made once, merged, decided by people with reasons, and never forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from gongchou.core.clue_terms import ClueOrigin, ClueState, ExclusionReason, UnconfirmedReason
from gongchou.core.monitoring.events import GuardAnswer, RuleEvent, event_digest
from gongchou.core.powers import system
from gongchou.core.refusals import Invalid, NotAllowed, Refused, WrongState
from gongchou.offsite import actions, clue_reads, models
from tests.conftest import AT, BUREAU, TODAY

ROBOT = system(BUREAU)
HOUR = timedelta(hours=1)


@pytest.fixture
def site(units) -> str:
    return units["虚构化工1"]


def event(subject: str, **fields) -> RuleEvent:
    ordinary = RuleEvent(
        rule="E01",
        rule_version="1",
        subject=subject,
        outlet="一号线",
        factor="",
        started_at=datetime(2026, 1, 4, 1, 0, tzinfo=UTC),
        ended_at=datetime(2026, 1, 4, 1, 10, tzinfo=UTC),
        severity=4,
        completeness=Fraction(1),
        thresholds={"持续": "10 分钟"},
        inputs={"产污功率": "80 kW", "治污功率": "0 kW"},
        guards=(GuardAnswer("filed_stop", False, "没有停产报备"),),
        says="一号线生产 10 分钟，治污设施没有运行。",
    )
    return replace(ordinary, **fields)


def taken(subject: str, **fields) -> str:
    return actions.take_up_event(event(subject, **fields), by=ROBOT, at=AT)


def test_an_event_becomes_one_clue_screened_and_waiting_with_its_digest(site):
    ref = taken(site)
    assert taken(site) == ref
    page = clue_reads.page(ref, BUREAU, TODAY)
    assert [m.to for m in page.moves] == [
        ClueState.GENERATED,
        ClueState.SCREENED,
        ClueState.PENDING,
    ]
    assert {m.evidence for m in page.moves} == {event_digest(event(site))}
    assert "没有停产报备" in page.moves[1].why
    assert page.score.value == 40
    assert page.evidence[0].pairs[1] == ("产污功率", "80 kW")
    assert str(page.row.due_on) == "2026-01-07"


def test_an_event_near_the_last_extends_its_clue_and_a_far_one_does_not(site):
    ref = taken(site)
    start = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
    assert taken(site, started_at=start, ended_at=start + HOUR) == ref
    assert clue_reads.clue(ref, BUREAU).ended_at == start + HOUR
    assert len(clue_reads.page(ref, BUREAU, TODAY).evidence) == 2
    far = start + timedelta(hours=26)
    assert taken(site, started_at=far, ended_at=far + HOUR) != ref


def test_two_rules_on_one_site_are_one_case_with_two_channels(site):
    first = taken(site)
    second = taken(site, rule="A14", factor="a21026", outlet="")
    assert clue_reads.clue(second, BUREAU).case == first
    [case] = clue_reads.queue(BUREAU, TODAY)
    assert {row.ref for row in case.members} == {first, second}
    assert case.score.channels == 2


def test_clues_of_one_case_are_decided_together_with_reasons_that_stay(site, chen):
    first, second = taken(site), taken(site, rule="A14", factor="a21026")
    with pytest.raises(Invalid, match="理由代码"):
        actions.decide_clue(first, ClueState.EXCLUDED, "报备检修", by=chen, at=AT)
    code = ExclusionReason.EXPLAINED.value
    actions.decide_clue(first, ClueState.EXCLUDED, "报备检修", code, by=chen, at=AT)
    for ref in (first, second):
        move = clue_reads.page(ref, BUREAU, TODAY).moves[-1]
        assert (move.to, move.reason, move.by) == (ClueState.EXCLUDED, "有合理解释", "陈组长")
    assert clue_reads.queue(BUREAU, TODAY) == ()


def test_only_the_desk_decides_and_says_why(site, chen, shen):
    ref = taken(site)
    with pytest.raises(NotAllowed):
        actions.decide_clue(ref, ClueState.WATCHED, "看看", by=shen, at=AT)
    with pytest.raises(Invalid, match="理由"):
        actions.decide_clue(ref, ClueState.WATCHED, " ", by=chen, at=AT)
    with pytest.raises(Invalid, match="安排个案检查"):
        actions.decide_clue(ref, ClueState.TO_ONSITE, "去看", by=chen, at=AT)


def test_a_clue_put_away_comes_back_only_with_new_evidence(site, chen):
    ref = taken(site)
    code = ExclusionReason.DEVICE_FAULT.value
    actions.decide_clue(ref, ClueState.EXCLUDED, "电表故障", code, by=chen, at=AT)
    with pytest.raises(Refused, match="没有新的证据"):
        actions.reopen_clue(ref, "再看看", by=chen, at=AT + HOUR)
    later = AT + 2 * HOUR
    actions.add_evidence(ref, "现场照片显示电表完好", by=chen, at=later)
    assert clue_reads.page(ref, BUREAU, TODAY).has_new
    actions.reopen_clue(ref, "有新照片", by=chen, at=later)
    assert clue_reads.clue(ref, BUREAU).state is ClueState.PENDING


def test_a_light_clue_under_watch_expires_and_a_grave_one_never(site, chen):
    grave = taken(site)
    light = actions.take_up_clue(seen("x-1"), by=chen, at=AT)
    for ref in (grave, light):
        actions.decide_clue(ref, ClueState.WATCHED, "先观察", by=chen, at=AT)
    at = AT + timedelta(days=30)
    assert actions.expire_watched(by=ROBOT, at=at - HOUR) == 0
    assert actions.expire_watched(by=ROBOT, at=at) == 1
    assert clue_reads.clue(light, BUREAU).state is ClueState.EXCLUDED
    assert clue_reads.clue(grave, BUREAU).state is ClueState.WATCHED


def test_a_new_event_brings_a_watched_clue_back_to_the_desk(site, chen):
    ref = taken(site)
    actions.decide_clue(ref, ClueState.WATCHED, "先观察", by=chen, at=AT)
    start = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
    taken(site, started_at=start, ended_at=start + HOUR)
    assert clue_reads.clue(ref, BUREAU).state is ClueState.PENDING


def seen(client_id: str, **fields) -> actions.ClueDraft:
    ordinary = actions.ClueDraft(
        origin=ClueOrigin.SEEN,
        client_id=client_id,
        says="隔壁院内有黄烟",
        place="河西路 2 号",
        started_at=AT,
        ended_at=AT,
    )
    return replace(ordinary, **fields)


def test_what_is_seen_twice_by_one_phone_act_is_one_clue(chen, bureau):
    refs = {actions.take_up_clue(seen("phone-1"), by=chen, at=AT) for _ in range(2)}
    assert len(refs) == 1


def test_off_site_verification_is_concluded_by_somebody_else(site, chen, shen):
    ref = taken(site)
    actions.decide_clue(ref, ClueState.TO_OFFSITE, "调看视频", by=chen, at=AT)
    with pytest.raises(WrongState):
        actions.conclude_clue(ref, ClueState.CONFIRMED, "属实", by=shen, at=AT)
    actions.begin_offsite(ref, "调看当日录像", by=chen, at=AT)
    with pytest.raises(Invalid, match="未查实不等于误报"):
        actions.conclude_clue(ref, ClueState.UNCONFIRMED, "未见异常", by=shen, at=AT)
    reason = UnconfirmedReason.STOPPED.value
    actions.conclude_clue(ref, ClueState.UNCONFIRMED, "停产", reason=reason, by=shen, at=AT)
    actions.archive_clue(ref, by=chen, at=AT)
    with pytest.raises(WrongState):
        actions.decide_clue(ref, ClueState.WATCHED, "再看", by=chen, at=AT)


def test_found_true_on_the_positive_list_a_leader_is_asked_whether_it_should_stay(
    site, chen, shen, leader
):
    ref = taken(site)
    actions.decide_clue(ref, ClueState.TO_OFFSITE, "调看视频", by=chen, at=AT)
    actions.begin_offsite(ref, "调看当日录像", by=chen, at=AT)
    actions.conclude_clue(ref, ClueState.CONFIRMED, "录像属实", by=shen, at=AT)
    [proposal] = models.DelistingProposal.objects.all()
    assert proposal.subject_name == "虚构化工1"
    with pytest.raises(NotAllowed):
        actions.decide_delisting(proposal.pk, True, "同意", by=chen, at=AT)
    actions.decide_delisting(proposal.pk, True, "同意", by=leader, at=AT)
    with pytest.raises(Refused, match="已经决定"):
        actions.decide_delisting(proposal.pk, False, "不同意", by=leader, at=AT)


def test_another_bureau_sees_nothing(site, chen):
    ref = taken(site)
    with pytest.raises(Refused):
        clue_reads.clue(ref, "990999")
    stranger = replace(chen, bureau="990999")
    with pytest.raises(Refused):
        actions.decide_clue(ref, ClueState.WATCHED, "看", by=stranger, at=AT)
