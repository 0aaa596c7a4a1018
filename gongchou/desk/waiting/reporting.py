"""The table of the quarter that has ended: to be made before its last day."""

from collections.abc import Iterator

from gongchou.core.powers import Power
from gongchou.core.terms import PlanState
from gongchou.desk.waiting.rows import Desk, Todo, address, is_past
from gongchou.planning import reads as plans
from gongchou.reporting import reads as tables


def todos(desk: Desk) -> Iterator[Todo]:
    ended = desk.this.previous()
    if not desk.may(Power.MAKE_STATISTICS) or tables.has_table(desk.bureau, str(ended)):
        return
    if plans.state_of(desk.bureau, str(ended)) is not PlanState.APPROVED:
        return
    last = plans.deadlines(desk.bureau, str(ended)).statistics.on
    yield Todo(
        act="生成季度统计表",
        says=f"{ended.label}已经结束，核对数字后生成统计表并报送。",
        url=address("reporting:home", quarter=ended),
        due=last,
        is_late=is_past(last, desk.today),
    )
