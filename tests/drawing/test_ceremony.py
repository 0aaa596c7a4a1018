"""Promises, announcement, closing value, reveals, witnesses: each step and who may not take it."""

import pytest
from django.db import IntegrityError, transaction
from django_q.models import OrmQ

from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.core.terms import DrawState
from gongchou.drawing import actions, models, reads
from gongchou.jobs.registry import Job
from tests.conftest import AT
from tests.drawing import ceremony
from tests.drawing.ceremony import RULE, THROWS, text_of

# -- promises


def test_a_promise_shows_its_commitment_and_stores_no_word_of_the_text(stage):
    draw = ceremony.frozen_draw(stage)
    assert actions.commit_contribution(draw, text_of("zhou"), by=stage.zhou, at=AT) == "现场监督"
    row = models.Contribution.objects.get()
    secret = text_of("zhou").encode()
    stored = [bytes(row.locked_nonce), bytes(row.escrow), bytes(row.held)]
    assert not any(secret in blob for blob in stored)
    assert len(row.commitment) == 64


def test_every_party_has_a_name_of_its_own(stage):
    draw = ceremony.frozen_draw(stage)
    names = [
        actions.commit_contribution(draw, text_of(login), by=stage.cast[login], at=AT)
        for login in ("zhou", "bao", "wu", "mi")
    ]
    assert names == ["现场监督", "保密领导小组", "现场监督2", "保密领导小组2"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("太短", "太短"),
        ("1234561234561234561234561", "至少投 50 次"),
        ("31415926535897932384", "至少 39 位"),
        ("啊啊啊啊啊啊啊啊啊啊", "几乎都是同一个字"),
        ("有换行的\n一段足够长的文字", "不能使用的字符"),
    ],
)
def test_a_text_with_too_little_chance_is_refused(stage, text, why):
    draw = ceremony.frozen_draw(stage)
    with pytest.raises(Refused, match=why):
        actions.commit_contribution(draw, text, by=stage.zhou, at=AT)


def test_dice_and_digits_of_enough_length_are_taken(stage):
    draw = ceremony.frozen_draw(stage)
    actions.commit_contribution(draw, "123456" * 9, by=stage.zhou, at=AT)
    actions.commit_contribution(draw, "0123456789" * 4, by=stage.bao, at=AT)
    assert len(reads.draw(draw).contributions) == 2


def test_the_office_and_strangers_promise_nothing_and_nobody_twice(stage, stranger):
    draw = ceremony.frozen_draw(stage)
    for actor in (stage.chen, stranger):
        with pytest.raises(NotAllowed, match="提交随机贡献"):
            actions.commit_contribution(draw, text_of("x"), by=actor, at=AT)
    actions.commit_contribution(draw, text_of("zhou"), by=stage.zhou, at=AT)
    with pytest.raises(Stale, match="已经提交过"):
        actions.commit_contribution(draw, text_of("zhou"), by=stage.zhou, at=AT)


def test_after_the_announcement_no_promise_comes_in(stage):
    draw = ceremony.announced_draw(stage)
    with pytest.raises(Stale, match="现在是“已公告”"):
        actions.commit_contribution(draw, text_of("wu"), by=stage.wu, at=AT)


# -- announcement


def test_the_announcement_binds_lists_rules_and_promises(stage):
    draw = ceremony.announced_draw(stage)
    plain, row = reads.announcement(draw), reads.draw(draw)
    assert [role for role, _ in plain["commits"]] == ["现场监督", "保密领导小组", "系统"]
    assert plain["commits"] == [[c.role, c.commitment] for c in row.contributions]
    assert plain["roster"] == list(row.roster)
    assert (plain["seq"], plain["closing_rule"], plain["draw"]) == (1, RULE, draw)
    assert plain["announced"] == "2026-01-05T09:00:00+08:00"


def test_without_witness_or_secrecy_group_there_is_no_announcement(stage):
    draw = ceremony.frozen_draw(stage)
    actions.commit_contribution(draw, text_of("zhou"), by=stage.zhou, at=AT)
    with pytest.raises(Refused, match="还缺保密领导小组"):
        actions.announce_draw(draw, RULE, by=stage.chen, at=AT)


def test_a_closing_rule_of_another_form_and_other_people_are_refused(stage):
    draw = ceremony.promised_draw(stage)
    for rule in ("掷骰子", "d6:24", "lottery:0"):
        with pytest.raises(Refused, match="收口规则写法不对"):
            actions.announce_draw(draw, rule, by=stage.chen, at=AT)
    with pytest.raises(NotAllowed, match="发布抽取公告"):
        actions.announce_draw(draw, RULE, by=stage.zhou, at=AT)


def test_the_second_click_on_announce_is_late(stage):
    draw = ceremony.announced_draw(stage)
    with pytest.raises(Stale):
        actions.announce_draw(draw, RULE, by=stage.chen, at=AT)


def test_the_announcement_is_handed_to_publication_in_the_same_act(stage, settings):
    settings.JOBS = (Job(name="publish_announcement", function="gongchou.audit.reads.bureaus"),)
    draw = ceremony.announced_draw(stage)
    jobs = [row.task["args"] for row in OrmQ.objects.all()]
    assert jobs.count(("publish_announcement", draw)) == 1


# -- closing


def test_a_closing_value_of_another_form_is_refused_in_the_words_of_the_rule(stage):
    draw = ceremony.announced_draw(stage)
    with pytest.raises(Refused, match="现场投掷骰子 25 次") as caught:
        actions.enter_closing(draw, "12345", by=stage.chen, at=AT)
    assert "d6" not in str(caught.value)


def test_two_people_must_type_the_same(stage):
    draw = ceremony.announced_draw(stage)
    actions.enter_closing(draw, THROWS, by=stage.chen, at=AT)
    with pytest.raises(NotAllowed, match="不能复核同一个收口值"):
        actions.confirm_closing(draw, THROWS, by=stage.chen, at=AT)
    with pytest.raises(Refused, match="两次录入不一致"):
        actions.confirm_closing(draw, THROWS[::-1], by=stage.zhou, at=AT)
    assert reads.draw(draw).closing == ""
    actions.confirm_closing(draw, " ".join(THROWS), by=stage.zhou, at=AT)
    assert (reads.draw(draw).state, reads.draw(draw).closing) == (DrawState.CLOSED, THROWS)


def test_a_slip_of_the_first_can_be_typed_anew_by_the_other(stage):
    draw = ceremony.announced_draw(stage)
    actions.enter_closing(draw, THROWS[::-1], by=stage.chen, at=AT)
    actions.enter_closing(draw, THROWS, by=stage.zhou, at=AT)
    actions.confirm_closing(draw, THROWS, by=stage.chen, at=AT)
    assert reads.draw(draw).state is DrawState.CLOSED


def test_a_value_of_another_form_too_early_or_by_others_is_refused(stage):
    draw = ceremony.promised_draw(stage)
    with pytest.raises(Stale, match="现在是“已冻结”"):
        actions.enter_closing(draw, THROWS, by=stage.chen, at=AT)
    actions.announce_draw(draw, RULE, by=stage.chen, at=AT)
    with pytest.raises(Refused, match="还没有第一次录入"):
        actions.confirm_closing(draw, THROWS, by=stage.zhou, at=AT)
    with pytest.raises(Refused, match="有 24 个字符"):
        actions.enter_closing(draw, THROWS[1:], by=stage.chen, at=AT)
    with pytest.raises(NotAllowed, match="录入收口值"):
        actions.enter_closing(draw, THROWS, by=stage.bao, at=AT)


def test_the_database_refuses_one_person_typing_twice(stage):
    draw = ceremony.closed_draw(stage)
    rows = models.Draw.objects.filter(ref=draw)
    for fields in ({"closed_by_ref": stage.chen.ref}, {"closed_by_ref": ""}, {"void_reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**fields)


# -- reveal and draw


def test_the_last_reveal_makes_the_draw_and_erases_what_was_held(stage):
    draw = ceremony.closed_draw(stage)
    assert actions.reveal(draw, text_of("zhou"), by=stage.zhou, at=AT) is False
    assert reads.draw(draw).state is DrawState.CLOSED
    assert actions.reveal(draw, text_of("bao"), by=stage.bao, at=AT) is True
    row = reads.draw(draw)
    assert (row.state, row.visit_count, len(row.sealed_root)) == (DrawState.DRAWN, 3, 64)
    assert all(bytes(c.held) == b"" for c in models.Contribution.objects.all())


def test_joint_checks_reach_their_share(stage):
    row = reads.draw(ceremony.sealed_draw(stage))
    assert row.joint_count == 2  # ⌈35 % of 3⌉


def test_another_text_is_not_the_promised_one(stage):
    draw = ceremony.closed_draw(stage)
    with pytest.raises(Refused, match="与您承诺时的不一致"):
        actions.reveal(draw, text_of("zhou") + "。", by=stage.zhou, at=AT)
    with pytest.raises(NotAllowed, match="没有为本次抽取提交"):
        actions.reveal(draw, text_of("wu"), by=stage.wu, at=AT)
    actions.reveal(draw, text_of("zhou"), by=stage.zhou, at=AT)
    with pytest.raises(Stale, match="已经揭示"):
        actions.reveal(draw, text_of("zhou"), by=stage.zhou, at=AT)


def test_nothing_is_revealed_before_the_closing(stage, stranger):
    draw = ceremony.announced_draw(stage)
    with pytest.raises(Stale, match="现在是“已公告”"):
        actions.reveal(draw, text_of("zhou"), by=stage.zhou, at=AT)
    with pytest.raises(NotAllowed):
        actions.reveal(draw, text_of("zhou"), by=stranger, at=AT)


def test_visits_are_spread_over_the_working_days_to_the_deadline(stage):
    draw = ceremony.sealed_draw(stage)
    days = [row.planned_on for row in reads.schedule(draw)]
    assert days == sorted(days)
    assert days[0].isoformat() == "2026-01-06"
    assert days[-1].isoformat() <= "2026-03-24"
    assert len(set(days)) == 3


# -- witnesses


def test_two_witnesses_seal_the_list(stage, stranger):
    draw = ceremony.drawn_draw(stage)
    assert actions.confirm_draw(draw, by=stage.zhou, at=AT) is False
    with pytest.raises(Stale, match="已经确认过"):
        actions.confirm_draw(draw, by=stage.zhou, at=AT)
    for actor in (stage.chen, stage.bao, stranger):
        with pytest.raises(NotAllowed, match="现场监督确认"):
            actions.confirm_draw(draw, by=actor, at=AT)
    assert actions.confirm_draw(draw, by=stage.wu, at=AT) is True
    found = reads.draw(draw)
    assert (found.state, [c.name for c in found.confirmations]) == (
        DrawState.SEALED,
        ["周监督", "吴监督"],
    )


def test_a_drawn_list_is_never_made_void(stage):
    draw = ceremony.drawn_draw(stage)
    with pytest.raises(Refused, match="名单已经抽出，不能作废"):
        actions.void_draw(draw, "结果不合适", by=stage.lin, at=AT)


def test_the_tickets_ascend_and_carry_no_ids(stage):
    draw = ceremony.sealed_draw(stage)
    found = reads.tickets(draw)
    assert sum(len(tickets) for _, tickets in found) == 3
    for _, tickets in found:
        assert list(tickets) == sorted(tickets)
