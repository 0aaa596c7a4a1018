"""Who decided, who drew, who confirmed and who publishes are four persons in each draw."""

from datetime import timedelta

import pytest

from gongchou.accounts import actions as accounts
from gongchou.accounts import reads as people
from gongchou.core.oversight_terms import DrawDuty
from gongchou.core.powers import console
from gongchou.core.refusals import NotAllowed
from gongchou.core.terms import Role
from gongchou.drawing import actions, separation
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony

NEXT = AT + timedelta(days=1)


def changed_post(stage, login: str, left: Role, taken: Role):
    """The person has another role from tomorrow on, as after a change of posts."""
    root, ref = console(BUREAU, "root"), stage.cast[login].ref
    tomorrow = TODAY + timedelta(days=1)
    accounts.revoke_role(ref, left, on=tomorrow, by=root, at=AT)
    accounts.grant_role(ref, taken, since=tomorrow, by=root, at=AT)
    return people.actor_of(ref, tomorrow)


def test_who_computed_the_plan_does_not_freeze_its_draw(stage):
    with pytest.raises(NotAllowed, match="丁测算已承担这次抽取的“确定比例”"):
        actions.freeze_draw(stage.task, by=stage.ding, at=AT)
    assert ceremony.frozen_draw(stage)


def test_nor_does_who_approved_it_and_then_changed_to_the_office(stage):
    lin = changed_post(stage, "lin", Role.LEADER, Role.OFFICE)
    with pytest.raises(NotAllowed, match="不能再承担“组织抽取”"):
        actions.freeze_draw(stage.task, by=lin, at=NEXT)


def test_the_planner_does_not_announce_either(stage):
    draw = ceremony.promised_draw(stage)
    with pytest.raises(NotAllowed, match="组织抽取"):
        actions.announce_draw(draw, ceremony.RULE, by=stage.ding, at=AT)


def test_who_approved_the_plan_and_became_a_witness_does_not_confirm(stage):
    draw = ceremony.drawn_draw(stage)
    lin = changed_post(stage, "lin", Role.LEADER, Role.WITNESS)
    with pytest.raises(NotAllowed, match="不能再承担“现场确认”"):
        actions.confirm_draw(draw, by=lin, at=NEXT)


def test_a_small_bureau_may_and_the_draw_says_who(stage, signed_in):
    root = console(BUREAU, "root")
    accounts.set_small_bureau("临高函〔2026〕1号", "全局只有六人", by=root, at=AT)
    draw = actions.freeze_draw(stage.task, by=stage.ding, at=AT)
    [found] = separation.overlaps_of(draw)
    assert (found.ref, found.duties) == (stage.ding.ref, (DrawDuty.SETS, DrawDuty.DRAWS))
    page = signed_in(stage.chen).get(f"/draw/{draw}/").content.decode()
    assert "丁测算兼任“确定比例”“组织抽取”" in page


def test_a_draw_that_was_kept_apart_names_each_duty_and_no_overlap(stage, signed_in):
    draw = ceremony.sealed_draw(stage)
    assert separation.overlaps_of(draw) == ()
    names = dict(separation.by_duty(draw))
    assert names[DrawDuty.SETS] == ["丁测算", "林局长"]
    assert names[DrawDuty.DRAWS] == ["陈组长"]
    assert names[DrawDuty.CONFIRMS] == ["周监督", "吴监督"]
    assert "四项工作由不同的人办理" in signed_in(stage.chen).get(f"/draw/{draw}/").content.decode()
