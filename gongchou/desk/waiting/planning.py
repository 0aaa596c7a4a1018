"""The quarter plan: to be computed, then approved by another."""

from collections.abc import Iterator
from datetime import date

from gongchou.core.powers import Power
from gongchou.core.terms import PlanState
from gongchou.desk.waiting.rows import Desk, Todo, address, is_past
from gongchou.planning import reads as plans


def task_day(desk: Desk) -> date:
    """The last day of this quarter's task."""
    return plans.deadlines(desk.bureau, str(desk.this)).task.on


def todos(desk: Desk) -> Iterator[Todo]:
    state = plans.state_of(desk.bureau, str(desk.this))
    url = address("planning:quarter", quarter=desk.this)
    if state is None and desk.may(Power.MAKE_PLAN):
        due = task_day(desk)
        says = f"{desk.this.label}还没有计划：固定名录、逐家分类、算出各层应抽家数。"
        late = is_past(due, desk.today)
        yield Todo(act="测算本季度计划", says=says, url=url, due=due, is_late=late)
    if state is PlanState.FROZEN and desk.may(Power.APPROVE_PLAN):
        says = f"{desk.this.label}的计划已经测算，批准后才能抽取。"
        yield Todo(act="批准本季度计划", says=says, url=url)
