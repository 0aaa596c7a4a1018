"""Moving the day of the demonstration: forward only, and with its trace."""

from datetime import date, datetime, time

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.chain import written
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor
from gongchou.core.refusals import Invalid
from gongchou.core.workdays import add_workdays
from gongchou.law.load import load_calendar
from gongchou.web import clock

OPENS = time(9)
FARTHEST_DAYS = 800


def next_workday(today: date) -> date:
    return add_workdays(today, 1, load_calendar())


def day_of_text(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"日期“{text}”写法不对，请写成 2026-01-05 的样子。") from None


@transaction.atomic
def move_to(day: date, *, by: Actor, at: datetime) -> None:
    """Let the demonstration stand at nine o'clock of a later day; time never runs back."""
    today = clock.day_of(at)
    if not 0 < (day - today).days <= FARTHEST_DAYS:
        raise Invalid("演示日期只能改到今天之后、两年之内。要从头再来，请清空演示数据后重新启动。")
    to = datetime.combine(day, OPENS, tzinfo=clock.SHANGHAI)
    audit.append(EventKind.CLOCK_MOVED, about="demo", by=by, at=at, data={"to": written(to)})
    clock.move_demo_clock(to)
