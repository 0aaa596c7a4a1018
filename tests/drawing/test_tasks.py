"""Which tasks are drawn: approved ones, by their own counts and item groups."""

import pytest

from gongchou.core.refusals import Refused
from gongchou.core.terms import Stratum
from gongchou.desk import waiting
from gongchou.drawing import actions, models, reads
from gongchou.drawing.frozen import base_stratum, thawed
from gongchou.planning import actions as planning
from tests.conftest import AT, TODAY
from tests.drawing import ceremony


def directed(stage, **fields) -> str:
    given = {
        "name": "入河排口专项", "initiating_unit": "zd", "reason": "上级部署",
        "counts": {Stratum.KEY: 3},
    }  # fmt: skip
    draft = planning.TaskDraft(**{**given, **fields})
    return planning.create_task(stage.plan, draft, by=stage.ding, at=AT)


def frozen(task: str, stage) -> str:
    return actions.freeze_draw(task, by=stage.chen, at=AT)


def test_a_task_that_is_not_approved_is_not_drawn(stage):
    task = directed(stage)
    with pytest.raises(Refused, match="入河排口专项”还没有批准"):
        frozen(task, stage)


def test_a_directed_task_draws_its_own_count_from_its_own_stratum(stage):
    task = directed(stage)
    planning.approve_task(task, by=stage.lin, at=AT)
    [stratum] = reads.draw(frozen(task, stage)).strata
    assert (stratum.name, stratum.base_count, stratum.drawn_count) == ("key", 8, 3)
    assert stratum.label == "重点"


def test_a_task_of_one_item_group_draws_for_its_unit_alone(stage):
    task = directed(stage, item_groups=("PERMIT",))
    planning.approve_task(task, by=stage.lin, at=AT)
    body = thawed(bytes(models.Draw.objects.get(ref=frozen(task, stage)).frozen_body))
    assert {row.items for row in body.rosters.subjects} == {("zd",)}


def test_a_directed_task_goes_through_to_its_visits(stage):
    task = directed(stage)
    planning.approve_task(task, by=stage.lin, at=AT)
    stage = ceremony.Stage(task=task, plan=stage.plan, quarter=stage.quarter, cast=stage.cast)
    visits = ceremony.released_visits(stage, ceremony.sealed_draw(stage))
    assert len(visits) == 3
    assert {visit.stratum for visit in visits} == {Stratum.KEY}


def test_the_desk_asks_only_for_tasks_that_can_be_drawn(stage):
    frozen(stage.task, stage)
    task = directed(stage)
    assert "冻结抽取底册" not in [todo.act for todo in waiting.todos(stage.chen, TODAY)]
    planning.approve_task(task, by=stage.lin, at=AT)
    assert "冻结抽取底册" in [todo.act for todo in waiting.todos(stage.chen, TODAY)]


@pytest.mark.parametrize("name", ["key", "key.fresh", "general_unlisted.river.fresh"])
def test_the_base_of_a_stratum_stands_before_its_first_dot(name):
    assert base_stratum(name).value == name.partition(".")[0]
    assert reads.stratum_label(name).startswith(base_stratum(name).label)
