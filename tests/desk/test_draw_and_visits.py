"""The desk along a whole draw: each step waits on exactly the desks of those who may take it."""

from gongchou.desk import waiting
from gongchou.drawing import actions, reads
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of
from tests.conftest import AT, BUREAU, TODAY
from tests.drawing import ceremony
from tests.drawing.conftest import stage as stage


def acts(actor, today=TODAY) -> set[str]:
    return {todo.act for todo in waiting.todos(actor, today)}


def test_an_approved_plan_waits_on_the_desk_of_the_office_alone(stage):
    assert "冻结抽取底册" in acts(stage.chen)
    assert acts(stage.zhou) == acts(stage.lin) == acts(stage.bao) == set()


def test_each_step_of_the_ceremony_waits_on_the_right_desks(stage):
    ref = ceremony.frozen_draw(stage)
    assert acts(stage.zhou) == acts(stage.bao) == {"提交随机贡献"}
    for login in ("zhou", "bao"):
        text = ceremony.text_of(login)
        actions.commit_contribution(ref, text, by=stage.cast[login], at=AT)
    assert "发布抽取公告" in acts(stage.chen)
    assert acts(stage.wu) == acts(stage.mi) == set()
    actions.announce_draw(ref, ceremony.RULE, by=stage.chen, at=AT)
    actions.enter_closing(ref, ceremony.THROWS, by=stage.chen, at=AT)
    assert acts(stage.zhou) == {"复核收口值"}
    actions.confirm_closing(ref, ceremony.THROWS, by=stage.zhou, at=AT)
    assert acts(stage.zhou) == acts(stage.bao) == {"揭示随机贡献"}


def test_a_step_of_a_draw_is_told_with_the_name_of_its_task(stage):
    ref = ceremony.frozen_draw(stage)
    says = next(todo.says for todo in waiting.todos(stage.zhou, TODAY))
    assert says.startswith(f"“日常双随机抽查”（{reads.draw(ref).draw_id}）：底册已经冻结")


def test_a_drawn_list_waits_for_two_witnesses(stage):
    ref = ceremony.drawn_draw(stage)
    assert acts(stage.zhou) == acts(stage.wu) == {"确认抽取"}
    actions.confirm_draw(ref, by=stage.zhou, at=AT)
    assert acts(stage.zhou) == set()
    assert acts(stage.wu) == {"确认抽取"}


def test_a_sealed_list_waits_for_its_days_then_for_two_custodians(stage):
    ref = ceremony.sealed_draw(stage)
    last = ceremony.last_day(ref)
    found = {todo.act: todo for todo in waiting.todos(stage.chen, day_of(last))}
    assert found["申请启封"].is_late
    numbers = [row.number for row in reads.schedule(ref)]
    opening = actions.request_release(ref, numbers=numbers, by=stage.chen, at=last)
    assert "开启名单" in acts(stage.bao, day_of(last))
    ceremony.opened(stage, opening, at=last)
    assert "开启名单" not in acts(stage.bao, day_of(last))
    assert "派发检查" in acts(stage.chen, day_of(last))


def test_nothing_on_a_desk_names_a_drawn_site_before_its_release(stage):
    ref = ceremony.sealed_draw(stage)
    today = day_of(ceremony.last_day(ref))
    said = "".join(t.says for who in stage.cast.values() for t in waiting.todos(who, today))
    names = [site.name for site in registers.snapshot(BUREAU, TODAY).subjects]
    assert "申请启封" in acts(stage.chen, today)
    assert not [name for name in names if name in said]
