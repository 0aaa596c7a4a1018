"""Another day for a place of the sealed list; nobody knows whose place it is."""

from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import DrawState
from gongchou.drawing import models
from gongchou.drawing.actions._draws import found, hold, in_state
from gongchou.drawing.actions._log import enter
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.web.clock import day_of


@transaction.atomic
def move_visit(ref: str, number: int, to: date, says: str, *, by: Actor, at: datetime) -> None:
    """A sealed place that nobody has asked to open is visited on another working day in time."""
    check(by, Power.DISPATCH_VISIT)
    row, why = found(ref, by), says.strip()
    in_state(row, DrawState.SEALED, "改检查日")
    hold(row)
    if not why or len(why) > 150:
        raise Refused("改检查日须写明理由，不超过 150 字。请补充后再提交。")
    visit = row.sealed_visits.filter(number=number).first()
    if visit is None:
        raise Refused(f"名单中没有第 {number + 1} 号检查，请从日程中选择。")
    _check_day(row, to, day_of(at))
    was = visit.planned_on
    if was == to:
        raise Refused(f"第 {number + 1} 号检查已经排在 {to}，请选择另外一天。")
    rows = models.SealedVisit.objects.filter(pk=visit.pk, planned_on=was, opening=None)
    if rows.update(planned_on=to) != 1:
        raise Stale(f"第 {number + 1} 号检查已申请启封或已启封，不能再改检查日。请刷新页面。")
    data: dict[str, Canonical] = {
        "number": number, "from": was.isoformat(), "to": to.isoformat(), "reason": why,
    }  # fmt: skip
    enter(row, "move", by=by, at=at, data=data)
    audit.append(EventKind.VISIT_MOVED, about=ref, by=by, at=at, data=data)


def _check_day(row: models.Draw, to: date, today: date) -> None:
    if to < today:
        raise Refused(f"新的检查日不能早于今天（{today}），请重新选择。")
    if not load_calendar().is_workday(to):
        raise Refused(f"{to} 不是工作日，请改选工作日。")
    last = plans.deadlines(row.bureau.code, row.quarter).task.on
    if to > last:
        raise Refused(f"这项任务应在 {last} 以前完成，新的检查日不能晚于这一天。")
