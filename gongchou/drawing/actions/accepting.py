"""Lists whose teams are not proved for every selection: somebody answers for drawing from them."""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import DrawState
from gongchou.drawing import models
from gongchou.drawing.actions._draws import found, in_state
from gongchou.drawing.actions._log import enter
from gongchou.drawing.frozen import thawed


@transaction.atomic
def accept_unproved(ref: str, why: str, *, by: Actor, at: datetime) -> None:
    """A leader knows that a selection without teams is possible, and lets the draw go on."""
    check(by, Power.VOID_DRAW)
    row, says = found(ref, by), why.strip()
    in_state(row, DrawState.FROZEN, "认可没有证明能组成检查组的底册")
    frozen = thawed(bytes(row.frozen_body))
    if not frozen.is_unproved:
        raise Refused("这份底册已经证明每次抽取都能组成检查组，不用认可。")
    if not says or len(says) > 200:
        raise Refused("请写明为什么现在不能改善人手、仍要抽取，不超过 200 字。")
    rows = models.Draw.objects.filter(pk=row.pk, state=row.state, accepted_at=None)
    fields = {"accepted_by_ref": by.ref, "accepted_by_name": by.name, "accepted_at": at}
    if rows.update(**fields, accepted_why=says) != 1:
        raise Stale("已有人认可这份底册，不用重复办理。请刷新页面。")
    data = {"reason": says, "short": frozen.made_from.get("short", "")}
    enter(row, "accept_teams", by=by, at=at, data=data)
    audit.append(EventKind.DRAW_TEAMS_ACCEPTED, about=ref, by=by, at=at, data=data)
