"""Finding a draw of the own bureau and moving it along its states."""

from typing import Any

from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused, Stale
from gongchou.core.states import move
from gongchou.core.terms import DrawMode, DrawState
from gongchou.drawing import models
from gongchou.drawing.frozen import thawed
from gongchou.jobs import queue
from gongchou.jobs.registry import table

TELL = "publish_announcement"


def found(ref: str, by: Actor) -> models.Draw:
    rows = models.Draw.objects.select_related("bureau", "task", "key")
    row = rows.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的抽取，请从抽取页面进入。")
    return row


def by_seed(row: models.Draw) -> None:
    """Refused where the draw is one by numbered balls, which has no promises and no seed."""
    if row.mode != DrawMode.SYSTEM.value:
        raise Refused("本次抽取是人工摇号，没有随机贡献和收口值，请按摇号的步骤办理。")


def in_state(row: models.Draw, wanted: DrawState, what: str) -> None:
    """Refused with the step that comes now, unless the draw stands where `what` is done."""
    now = DrawState(row.state)
    if now is not wanted:
        raise Stale(
            f"本次抽取现在是“{now.label}”，{what}只能在“{wanted.label}”之后、下一步之前办理。"
            "请刷新页面查看当前步骤。"
        )


def is_answered_for(row: models.Draw) -> None:
    """Refused while nobody has accepted that teams are only tried, not proved."""
    if row.accepted_at is None and thawed(bytes(row.frozen_body)).is_unproved:
        raise Refused(
            "这份底册没有证明每次抽取都能组成检查组，须由批准领导知悉并认可之后才能公告。"
            "请批准领导在本页办理，或者作废后补充人员、重新冻结。"
        )


def hold(row: models.Draw) -> None:
    """Keep the row for this transaction: who acts on the same draw at once stands in line."""
    if models.Draw.objects.filter(pk=row.pk, state=row.state).update(state=row.state) != 1:
        raise Stale("这一步刚被他人办理，请刷新页面查看最新情况。")


def move_on(row: models.Draw, to: DrawState, **fields: Any) -> None:
    was = DrawState(row.state)
    state = move(was, to).value
    rows = models.Draw.objects.filter(pk=row.pk, state=was.value)
    if rows.update(state=state, **fields) != 1:
        raise Stale("这一步刚被他人办理，请刷新页面查看最新情况。")
    row.state = state
    for name, value in fields.items():
        setattr(row, name, value)


def tell(ref: str) -> None:
    """Put the announcement before the public in the same transaction, where a job does that."""
    if TELL in table():
        queue.enqueue(TELL, ref)
