"""The clock of a request or command: real time, shifted only in a demonstration.

Views and commands ask once and hand the instant on; nothing further inside reads a clock.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _shift() -> timedelta:
    if not settings.DEMO or not settings.DEMO_CLOCK.exists():
        return timedelta()
    return timedelta(seconds=json.loads(settings.DEMO_CLOCK.read_text())["shift_seconds"])


def now() -> datetime:
    """The instant, in UTC, to the second."""
    return (datetime.now(UTC) + _shift()).replace(microsecond=0)


def shown(by_library: datetime) -> datetime:
    """An instant that a library wrote by the real clock, as the clock of this house has it."""
    return by_library + _shift()


def real(at: datetime) -> datetime:
    """The other way: an instant of this house as a library compares it."""
    return at - _shift()


def day_of(at: datetime) -> date:
    """The calendar day in Asia/Shanghai, on which deadlines are counted."""
    return at.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first instant of a calendar day in Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)


def move_demo_clock(to: datetime) -> None:
    """Let the demonstration stand at `to`; refused outside demo mode."""
    if not settings.DEMO:
        raise RuntimeError("the clock can be moved in a demonstration only")
    shift = int((to - datetime.now(UTC)).total_seconds())
    # A page that reads while we write must find the old instant or the new one, never half a file.
    fresh = settings.DEMO_CLOCK.with_suffix(".new")
    fresh.write_text(json.dumps({"shift_seconds": shift}))
    fresh.replace(settings.DEMO_CLOCK)
