"""Weights of the score, learned or set by hand: proposed, signed by another, only then used."""

from datetime import datetime, timedelta

import pytest

from gongchou.audit import reads as audit
from gongchou.core.clue_terms import ClueState, UnconfirmedReason
from gongchou.core.clue_weights import numbers_of
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.law.load import load_clue_rules
from gongchou.offsite import actions, clue_reads, weight_reads
from tests.conftest import AT, BUREAU, TODAY
from tests.offsite.test_clues import ROBOT, event

START = datetime.fromisoformat("2026-01-04T01:00:00+00:00")
LATER = AT + timedelta(hours=1)


def taken(subject: str, number: int) -> str:
    """A clue of its own, ten days from the next."""
    since = START + timedelta(days=10 * number)
    made = event(subject, started_at=since, ended_at=since + timedelta(minutes=10))
    return actions.take_up_event(made, by=ROBOT, at=AT)


def concluded(subject: str, number: int, chen, shen, *, is_true: bool) -> None:
    ref = taken(subject, number)
    actions.decide_clue(ref, ClueState.TO_OFFSITE, "调看视频。", by=chen, at=AT)
    actions.begin_offsite(ref, "调看视频。", by=chen, at=AT)
    state = ClueState.CONFIRMED if is_true else ClueState.UNCONFIRMED
    reason = "" if is_true else UnconfirmedReason.NOT_FOUND.value
    actions.conclude_clue(ref, state, "视频所见。", reason=reason, by=shen, at=LATER)


@pytest.fixture
def outcomes(units, chen, shen) -> str:
    """Ten verified clues of E01 at one site, eight of them true; returns another site."""
    first, second, *_ = units.values()
    for number in range(10):
        concluded(first, number, chen, shen, is_true=number < 8)
    return second


def score(ref: str):
    return clue_reads.page(ref, BUREAU, TODAY).score


def test_learned_points_hold_from_the_signature_and_not_before(outcomes, chen, leader):
    ref = taken(outcomes, 0)
    before = score(ref)
    proposal = actions.propose_weights(by=chen, at=LATER)
    assert score(ref) == before
    with pytest.raises(NotAllowed):
        actions.sign_weights(proposal, "同意。", by=chen, at=LATER)
    with pytest.raises(Invalid, match="签署意见"):
        actions.sign_weights(proposal, " ", by=leader, at=LATER)
    assert score(ref) == before
    actions.sign_weights(proposal, "核对过十个结果，同意。", by=leader, at=LATER)
    # Beta(2 + 8, 8 + 2) has the mean 1/2, 5/2 times the 1/5 it had before anything was known.
    assert score(ref).terms[0].value == before.terms[0].value * 5 / 2
    with pytest.raises(Stale, match="已经签署"):
        actions.sign_weights(proposal, "再签一次。", by=leader, at=LATER)


def test_nine_outcomes_teach_nothing(units, chen, shen):
    site = next(iter(units.values()))
    for number in range(9):
        concluded(site, number, chen, shen, is_true=True)
    with pytest.raises(Refused, match="满 10 个"):
        actions.propose_weights(by=chen, at=LATER)


# --- numbers set by hand


def numbers(**changed: int) -> dict[str, int]:
    return {**numbers_of(load_clue_rules().score), **changed}


def test_numbers_hold_from_the_signature_of_another_and_say_what_they_moved(
    units, chen, leader, bureau
):
    ref = taken(next(iter(units.values())), 0)
    before = score(ref)
    proposal = actions.propose_numbers(numbers(base_4=80), "上季度核实结果", by=chen, at=AT)
    assert score(ref) == before
    with pytest.raises(NotAllowed):
        actions.sign_weights(proposal, "同意。", by=chen, at=AT)
    assert weight_reads.sensitivity(bureau, TODAY, proposal).colours == 1
    actions.sign_weights(proposal, "同意。", by=leader, at=LATER)
    assert score(ref).terms[0].value == before.terms[0].value * 2
    event = audit.events(bureau)[0].event
    assert (event.kind, event.data["cases"], event.data["colours"]) == ("clue_weights_signed", 1, 1)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"base_2": 30}, "3 级基础分不能低于 2 级"),
        ({"red": 30}, "依次降低"),
        ({"unconfirmed_twice": 5}, "应在 -50 至 0 之间"),
        ({}, "与现行的相同"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(units, chen, changed, says):
    with pytest.raises(Refused, match=says):
        actions.propose_numbers(numbers(**changed), "试一试", by=chen, at=AT)


def test_a_proposal_says_why(units, chen, shen):
    with pytest.raises(Invalid, match="为什么改"):
        actions.propose_numbers(numbers(key_unit=6), " ", by=chen, at=AT)
    with pytest.raises(NotAllowed):
        actions.propose_numbers(numbers(key_unit=6), "依据", by=shen, at=AT)


def test_an_older_proposal_is_not_signed_after_a_newer_one(units, chen, leader):
    older = actions.propose_numbers(numbers(key_unit=6), "甲", by=chen, at=AT)
    newer = actions.propose_numbers(numbers(key_unit=7), "乙", by=chen, at=AT)
    actions.sign_weights(newer, "同意。", by=leader, at=LATER)
    with pytest.raises(Stale, match="已经签署了"):
        actions.sign_weights(older, "同意。", by=leader, at=LATER)


def test_learned_factors_stay_when_numbers_change_and_the_other_way(outcomes, chen, leader, bureau):
    learned = actions.propose_weights(by=chen, at=LATER)
    actions.sign_weights(learned, "同意。", by=leader, at=LATER)
    edited = actions.propose_numbers(numbers(key_unit=6), "依据", by=chen, at=LATER)
    actions.sign_weights(edited, "同意。", by=leader, at=LATER + timedelta(hours=1))
    page = weight_reads.page(bureau, TODAY)
    assert page.factors == (("E01", "2.5"),)
    again = actions.propose_weights(by=chen, at=LATER)
    actions.sign_weights(again, "同意。", by=leader, at=LATER + timedelta(hours=2))
    assert weight_reads.page(bureau, TODAY).numbers["key_unit"] == 6


def test_the_page_tries_without_writing_proposes_and_is_signed(units, chen, leader, signed_in):
    taken(next(iter(units.values())), 0)
    browser, address = signed_in(chen), "/offsite/clues/weights/"
    assert "产品默认值" in browser.get(address).text
    tried = browser.post(address, {**numbers(base_4=80), "act": "try"}).text
    assert "1 案的颜色有变" in tried
    assert "只是试算，没有保存" in tried
    assert not weight_reads.page(BUREAU, TODAY).waiting
    wrong = browser.post(address, {**numbers(red=30), "act": "propose", "why": "试"}).text
    assert "依次降低" in wrong
    typed = {**numbers(base_4=80), "act": "propose", "why": "上季度结果"}
    assert "等待签署" in browser.post(address, typed, follow=True).text
    ref = weight_reads.page(BUREAU, TODAY).waiting[0][0].ref
    signing = signed_in(leader)
    assert "4 级基础分：40 改为 80" in signing.get(address).text
    signed = signing.post(f"{address}{ref}/sign/", {"why": "同意"}, follow=True).text
    assert f"现行权重是 {ref}" in signed


def test_a_reviewer_reads_the_weights_and_changes_none(units, shen, signed_in):
    browser = signed_in(shen)
    page = browser.get("/offsite/clues/weights/").text
    assert "降低五分之一" in page
    assert "提出新的权重" not in page
    answer = browser.post("/offsite/clues/weights/", {**numbers(key_unit=6), "act": "try"})
    assert answer.status_code == 403
