"""What outsiders have sent in and nobody has answered, each with whoever answers it."""

from collections.abc import Iterator

from gongchou.core.terms import IntakeKind, IntakeState
from gongchou.desk.waiting.rows import Desk, Todo, address
from gongchou.intake import reads as letters
from gongchou.intake.permissions import power_for

PAGES = {
    IntakeKind.COMPLAINT: ("办理群众举报", "offsite:letters"),
    IntakeKind.EXPLANATION: ("办理企业的情况说明", "inspection:letters"),
    IntakeKind.APPEAL: ("答复企业的申诉", "inspection:letters"),
    IntakeKind.MENDING: ("核对企业的整改材料", "inspection:letters"),
}


def todos(desk: Desk) -> Iterator[Todo]:
    for kind, (act, view) in PAGES.items():
        if not desk.may(power_for(kind)):
            continue
        rows = letters.waiting(desk.bureau, kind)
        if rows:
            fresh = sum(row.state is IntakeState.RECEIVED for row in rows)
            yield Todo(
                act=act,
                says=f"{len(rows)} 件没有答复，其中 {fresh} 件还没有人接办。",
                url=address(view),
            )
