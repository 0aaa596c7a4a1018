"""Time as the devices write it: minutes since 2000-01-01 00:00 of Beijing, without summer time.

Whole numbers make an hour `minute // 60`, a day `hour // 24`, a quarter hour `minute // 15`.
"""

from datetime import UTC, datetime, timedelta

from gongchou.core.hj212.gaps import DIGITS

EPOCH = datetime(2000, 1, 1, tzinfo=UTC) - timedelta(hours=8)
HOUR, DAY, QUARTER_HOUR = 60, 1440, 15
WEEK_HOURS = 168
_DAYS_BEFORE: dict[str, int] = {}


def minute_of(digits: str) -> int:
    """The minute written in 14 digits (12 are read); ValueError where it does not exist."""
    day = _DAYS_BEFORE.get(digits[:8])
    if day is None:
        begun = datetime(int(digits[:4]), int(digits[4:6]), int(digits[6:8]), tzinfo=UTC)
        day = (begun - datetime(2000, 1, 1, tzinfo=UTC)).days * DAY
        if len(_DAYS_BEFORE) < 4000:
            _DAYS_BEFORE[digits[:8]] = day
    return day + int(digits[8:10]) * HOUR + int(digits[10:12])


def digits_of(minute: int) -> str:
    """A minute in 14 digits; what `minute_of` reads."""
    return f"{instant(minute) + timedelta(hours=8):{DIGITS}}"


def minute_at(at: datetime) -> int:
    """The minute in which an instant lies."""
    return (at - EPOCH) // timedelta(minutes=1)


def instant(minute: int) -> datetime:
    """The instant, in UTC, at which a minute begins."""
    return EPOCH + timedelta(minutes=minute)


def written(minute: int) -> str:
    """A minute for people, in Beijing time."""
    return f"{instant(minute) + timedelta(hours=8):%Y-%m-%d %H:%M}"


def weekday(day: int) -> int:
    """0 for Monday; 2000-01-01 was a Saturday."""
    return (day + 5) % 7
