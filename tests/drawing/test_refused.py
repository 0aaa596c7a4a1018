"""What the room of the draw refuses, with the sentence that says what, where and how to mend."""

import pytest

from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import ExcuseReason, Role, VoidGround
from gongchou.drawing import actions, proofs, reads
from gongchou.drawing.ballot_pages import typed_numbers
from tests.conftest import AT, BUREAU
from tests.drawing import ceremony
from tests.drawing.ceremony import passphrase
from tests.drawing.test_key_change import agreed, asked, refs
from tests.registry.test_import import uscc


@pytest.fixture
def draw(stage) -> str:
    return ceremony.sealed_draw(stage)


@pytest.fixture
def newcomer(stage):
    """新保密 has enrolled, and holds no share yet."""
    person = ceremony.actor("xin", "新保密", Role.SECRECY)
    actions.enrol_custodian(passphrase("xin"), by=person, at=AT)
    return person


# -- custodians and their key


def test_who_holds_no_share_declares_none_lost(stage, newcomer):
    for act in (
        lambda: actions.declare_lost("搬家时遗失", by=newcomer, at=AT),
        lambda: actions.take_back_lost(passphrase("xin"), by=newcomer, at=AT),
    ):
        with pytest.raises(Refused, match="没有现在这一次分发的份额"):
            act()


def test_a_loss_that_was_not_declared_is_not_taken_back(stage):
    with pytest.raises(Stale, match="没有声明过口令遗失"):
        actions.take_back_lost(passphrase("bao"), by=stage.bao, at=AT)


def test_whoever_lost_the_words_changes_no_custodians(stage, newcomer):
    actions.declare_lost("搬家时遗失", by=stage.bao, at=AT)
    with pytest.raises(Refused, match="请先撤回声明"):
        asked(stage, "mi", "xin")


@pytest.mark.parametrize("says", [" ", "长" * 201])
def test_a_change_of_custodians_has_a_reason_that_fits(stage, newcomer, says):
    with pytest.raises(Refused, match="变更保管人须写明理由"):
        actions.request_key_change(refs("mi", "xin"), threshold=2, says=says, by=stage.bao, at=AT)


def test_without_a_key_there_are_no_custodians_to_change(db):
    stage = ceremony.prepared(has_key=False)
    with pytest.raises(Refused, match="保密密钥还没有建立"):
        actions.request_key_change([], threshold=2, says="调离", by=stage.bao, at=AT)


def test_a_change_is_agreed_once_by_each_and_only_where_it_is(stage, newcomer):
    with pytest.raises(Refused, match="没有编号为 G-9 的变更申请"):
        agreed(stage, "G-9", "bao")
    change = asked(stage, "mi", "xin")
    agreed(stage, change, "bao")
    with pytest.raises(Stale, match="您已经同意过"):
        agreed(stage, change, "bao")


def test_a_second_custodian_waits_with_new_words_while_something_is_open(stage, draw):
    at = ceremony.last_day(draw)
    actions.request_release(draw, numbers=[0], by=stage.chen, at=at)
    with pytest.raises(Refused, match="申请没有办结"):
        actions.enrol_again("另一个更长的保管口令", by=stage.bao, at=at)


def test_an_opening_that_is_not_there_is_agreed_by_nobody(stage, draw):
    with pytest.raises(Refused, match="没有编号为 O-9 的开启申请"):
        actions.agree("O-9", passphrase("bao"), by=stage.bao, at=AT)
    with pytest.raises(Refused, match="没有编号为 O-9 的开启申请"):
        reads.opening("O-9")


# -- the sealed list


@pytest.mark.parametrize("says", [" ", "长" * 151])
def test_a_substitution_says_what_was_found(stage, draw, says):
    with pytest.raises(Refused, match="补抽须写明查明的情况"):
        actions.request_substitution(
            draw, 0, reason=ExcuseReason.CLOSED, says=says, by=stage.chen, at=AT
        )


def test_a_visit_is_not_moved_to_the_day_it_has(stage, draw):
    first = reads.schedule(draw)[0]
    with pytest.raises(Refused, match="已经排在"):
        actions.move_visit(draw, first.number, first.planned_on, "路远", by=stage.chen, at=AT)


def test_the_record_is_not_public_before_all_is_opened(stage, draw):
    with pytest.raises(Refused, match="家检查没有启封"):
        actions.request_publication(draw, by=stage.chen, at=ceremony.last_day(draw))


@pytest.mark.parametrize("says", [" ", "长" * 201])
def test_a_void_after_the_closing_has_a_reason_that_fits(stage, says):
    draw = ceremony.closed_draw(stage)
    with pytest.raises(Refused, match="须写明理由，不超过 200 字"):
        actions.request_void(draw, VoidGround.NO_TEAM, says, by=stage.chen, at=AT)


def test_a_void_that_nobody_asked_for_is_agreed_by_nobody(stage):
    with pytest.raises(Refused, match="没有编号为 V-9 的作废申请"):
        actions.agree_void("V-9", by=stage.zhou, at=AT)


# -- what is asked of a draw


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda draw: reads.draw("D-9"), "没有编号为 D-9 的抽取"),
        (lambda draw: proofs.membership("D-9", uscc(1), bureau=BUREAU), "没有编号为 D-9 的抽取"),
        (lambda draw: proofs.membership(draw, "S-9", bureau=BUREAU), "不在本次抽取的底册里"),
        (lambda draw: proofs.why_me(draw, 0, bureau=BUREAU, on=AT.date()), "没有启封，不能查看"),
        (lambda draw: typed_numbers("1 2 123456789012", "第一层"), "第一层里有太长的号码"),
    ],
)
def test_what_is_not_there_is_said(stage, draw, ask, says):
    with pytest.raises(Refused, match=says):
        ask(draw)


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        ("move/", {"number": "", "to": "2026-02-02", "says": "路远"}, "选择要改期的检查"),
        ("move/", {"number": "0", "to": "明天", "says": "路远"}, "日期写法不对"),
        ("released/0/substitute/", {"reason": "luck", "says": "没空"}, "选择补抽理由"),
        ("void/ask/", {"ground": "luck", "says": "没空"}, "选择作废的事由"),
    ],
)
def test_pages_say_which_choice_is_missing(stage, draw, signed_in, path, fields, says):
    answer = signed_in(stage.chen).post(f"/draw/{draw}/{path}", fields)
    assert (answer.status_code, says in answer.content.decode()) == (409, True)
