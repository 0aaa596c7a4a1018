"""Base points learned from outcomes: proposed, signed by a person, and only then used."""

from datetime import datetime, timedelta

import pytest

from gongchou.core.clue_terms import ClueState, UnconfirmedReason
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.offsite import actions, clue_reads
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
