"""What makes a reader of a record ask: it hinders nothing, but somebody answers for it.

A record can be complete and still be one that nobody believes: a visit of three seconds, on a day
for which it was not planned, by officers who had not read about the site. Each is put as a
question before the record is handed in, and stands with its answer before whoever reviews it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from gongchou.core.plain import SHANGHAI
from gongchou.core.record import RecordBody

# The product's own measure, not a plan's; a policy sets another by `visit.shortest_minutes`.
SHORTEST_STAY = timedelta(minutes=10)


def questions(
    body: RecordBody,
    *,
    planned_on: date,
    unread: Iterable[str] = (),
    shortest: timedelta = SHORTEST_STAY,
) -> tuple[str, ...]:
    """Every sentence that wants a reason; `unread` names who had not read before the arrival.

    Where no check was possible a short stay is no wonder. 工作方案二（五）: the whole process is
    kept in writing, and what departs from the plan says why.
    """
    return (
        *_other_day(body, planned_on),
        *_short_stay(body, shortest),
        *(f"{name}在到场之前没有确认检查前学习。" for name in unread),
    )


def _other_day(body: RecordBody, planned_on: date) -> list[str]:
    if body.started_at is None:
        return []
    came = body.started_at.astimezone(SHANGHAI).date()
    return [] if came == planned_on else [f"计划 {planned_on} 检查，实际 {came} 到场。"]


def _short_stay(body: RecordBody, shortest: timedelta) -> list[str]:
    if body.unvisitable is not None or body.started_at is None or body.ended_at is None:
        return []
    stay = body.ended_at - body.started_at
    if not timedelta() < stay < shortest:
        return []
    minutes, seconds = divmod(int(stay.total_seconds()), 60)
    least = int(shortest.total_seconds()) // 60
    return [f"从到场到检查结束只有 {minutes} 分 {seconds} 秒，不足 {least} 分钟。"]
