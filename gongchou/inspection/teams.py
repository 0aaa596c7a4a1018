"""Whether a team may go out: it is the one that the draw has now, and everybody is fit."""

from datetime import datetime

from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused
from gongchou.core.terms import VisitState
from gongchou.drawing import fitness_reads
from gongchou.inspection import reads
from gongchou.inspection.permissions import check_member
from gongchou.inspection.rows import VisitRow
from gongchou.web.clock import day_of

BEFORE_START = (VisitState.DISPATCHED, VisitState.ACCEPTED)


def check_arriving(ref: str, arrived: datetime, *, by: Actor, at: datetime) -> None:
    """Who registers an arrival at a desk is asked about the team; of an earlier day it is told."""
    found = reads.visit(ref)
    check_member(by, found, day_of(at))
    if found.state in BEFORE_START and day_of(arrived) == day_of(at):
        check_team(found, at)


def check_team(found: VisitRow, at: datetime) -> None:
    """The team is the one that the draw has now, and fit. What a phone did is never lost."""
    if reads.team_changes(found):
        raise Refused("这次检查已补派人员，检查组还没有更新。请负责科室在检查页面再派发一次。")
    held = fitness_reads.fitness(found.bureau, [(found.subject, found.uscc)], day_of(at))
    if unfit := held.unfit(sorted(found.team), found.subject):
        said = "；".join(f"{row.name}：{row.says.rstrip('。')}" for row in unfit)
        raise Refused(
            f"检查组中有人不能参加这次检查（{said}）。请负责科室在“已启封名单”为这一家"
            "申请补派人员，保管人开启后在检查页面派发，检查组即更新。"
        )
