"""Systems that are told of nothing any more, for whoever looks after them."""

from collections.abc import Iterator

from gongchou.core.powers import Power
from gongchou.desk.waiting.rows import Desk, Todo, address
from gongchou.webhooks import reads


def todos(desk: Desk) -> Iterator[Todo]:
    if not desk.may(Power.MANAGE_WEBHOOKS):
        return
    for row in reads.stopped(desk.bureau):
        says = f"“{row.name}”已停用：{row.stopped_why}"
        yield Todo(act="恢复事件通知", says=says, url=address("webhooks:webhook", row.ref))
