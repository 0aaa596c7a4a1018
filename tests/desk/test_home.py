"""The first page: what waits for whom, and nothing that waits for others."""

from dataclasses import replace
from datetime import date

import pytest

from gongchou.core.terms import Role
from gongchou.desk import reads as desk
from gongchou.desk import waiting
from gongchou.planning import actions as planning
from tests.conftest import AT, BUREAU, TODAY
from tests.planning.test_pages import leader as leader
from tests.planning.test_pages import roster as roster


def acts(actor, today: date = TODAY) -> list[str]:
    return [todo.act for todo in waiting.todos(actor, today)]


def test_an_empty_register_is_the_first_thing_to_fill(chen):
    assert acts(chen) == ["测算本季度计划", "导入名录"]


def test_a_plan_is_computed_by_one_and_then_waits_for_another(chen, leader, roster):
    assert "测算本季度计划" in acts(chen)
    assert acts(leader) == []
    planning.compute_plan("2026Q1", by=chen, at=AT)
    assert "测算本季度计划" not in acts(chen)
    assert acts(leader) == ["批准本季度计划"]


def test_an_approved_plan_waits_for_its_draw_by_another_than_its_planner(
    chen, leader, roster, person
):
    ding = person("ding", "丁测算", Role.OFFICE)
    ref = planning.compute_plan("2026Q1", by=ding, at=AT)
    planning.approve_plan(ref, by=leader, at=AT)
    assert acts(leader) == []
    assert "冻结抽取底册" in acts(chen)
    assert "冻结抽取底册" not in acts(ding)


def test_what_is_late_stands_on_top_and_says_so_in_words(signed_in, chen, roster):
    found = waiting.todos(chen, date(2026, 3, 31))
    assert found[0].act == "测算本季度计划"
    assert found[0].is_late


def test_late_things_are_counted_on_the_page(signed_in, chen, settings):
    page = signed_in(chen).get("/").content.decode()
    assert "我的待办（2 项" in page
    assert "期限按工作日" in page


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.SUPERIOR, Role.INSPECTOR])
def test_who_has_nothing_to_do_is_told_so(signed_in, person, role):
    page = signed_in(person("p", "某人", role)).get("/").content.decode()
    assert "现在没有等您办理的事项" in page


def test_who_has_no_role_is_told_whom_to_ask(signed_in, stranger):
    assert "请联系安全管理员授予角色" in signed_in(stranger).get("/").content.decode()


def test_another_bureau_waits_for_its_own_people(chen, leader, roster):
    planning.compute_plan("2026Q1", by=chen, at=AT)
    assert acts(replace(leader, bureau="990999")) == []


def test_note_33_the_reminder_inside_the_house_stands_with_the_dates(bureau):
    rows = {row.what: row.deadline.on for row in desk.dates(BUREAU, date(2026, 6, 30))}
    assert "检查任务内部提醒（较严读法）" not in rows  # the last day is a working day
    rows = {row.what: row.deadline.on for row in desk.dates(BUREAU, date(2024, 3, 20))}
    assert rows["检查任务内部提醒（较严读法）"] == date(2024, 3, 22)


@pytest.mark.parametrize(
    "role", [Role.OFFICE, Role.LEADER, Role.INSPECTOR, Role.REVIEWER, Role.PUBLISHER, Role.WITNESS]
)
def test_everybody_who_works_towards_a_deadline_counts_down_to_it(role, person, signed_in):
    page = signed_in(person("p", "某人", role)).get("/").content.decode()
    assert "期限按工作日" in page
    assert "统计表报送" in page
