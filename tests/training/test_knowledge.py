"""Laws behind the items and practices that were taken up can be looked up; refused ones cannot."""

import pytest

from gongchou.core.terms import ImportKind, Role
from gongchou.registry import actions as registry
from gongchou.registry import reads as registers
from gongchou.training import actions, knowledge
from tests.conftest import AT, BUREAU, TODAY
from tests.registry.test_import import csv, take
from tests.registry.test_items import AIR, HEAD, WATER


@pytest.fixture
def leader(person):
    return person("lin", "林局长", Role.LEADER)


def offer(title: str, by, leader, *, is_taken_up: bool) -> None:
    ref = actions.offer_practice(title, "先看台账再看现场", "省时", "执法大队", by=by, at=AT)
    actions.decide_practice(ref, "同意", is_taken_up=is_taken_up, by=leader, at=AT)


def test_only_practices_that_were_taken_up_are_found(chen, leader):
    offer("台账对照现场", chen, leader, is_taken_up=True)
    offer("台账不看现场", chen, leader, is_taken_up=False)
    found = knowledge.look_up(BUREAU, "台账", TODAY)
    assert [(row.kind, row.title) for row in found] == [(knowledge.PRACTICE, "台账对照现场")]


def test_the_page_is_for_those_who_see_training_and_says_when_nothing_is_there(
    chen, leader, stranger, signed_in
):
    offer("台账对照现场", chen, leader, is_taken_up=True)
    browser = signed_in(chen)
    assert "台账对照现场" in browser.get("/training/knowledge/?q=台账").content.decode()
    assert "没有找到“风力”" in browser.get("/training/knowledge/?q=风力").content.decode()
    assert signed_in(stranger).get("/training/knowledge/").status_code == 403


def test_the_law_behind_an_item_is_found_by_its_clause(chen, leader, bureau):
    take(ImportKind.ITEMS, csv(AIR, WATER, header=HEAD), chen)
    assert knowledge.look_up(BUREAU, "虚构条例第二条", TODAY) == ()
    draft = registers.item_lists(bureau)[0].ref
    registry.approve_item_list(draft, on=TODAY, by=leader, at=AT)
    found = knowledge.look_up(BUREAU, "虚构条例第二条", TODAY)
    assert found[0].kind == knowledge.LAW
    assert "排污口规范" in found[0].title
