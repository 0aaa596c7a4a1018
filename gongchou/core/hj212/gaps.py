"""Which history is missing between two readings of one device, so that it can be called for."""

from datetime import datetime, timedelta
from functools import lru_cache

DIGITS = "%Y%m%d%H%M%S"
# A device out for longer is a matter for people; what it still has is fetched by hand.
FURTHEST = timedelta(days=7)


def gap(last: str, new: str, interval: timedelta) -> tuple[str, str] | None:
    """The span [from, until) of 14 digits that is missing between two moments; None if nothing.

    Readings come every `interval`; a moment that does not exist, or one before the last, opens
    no gap, and neither does a clock more than a week ahead.
    """
    try:
        before, after = _moment(last), _moment(new)
    except ValueError:
        return None
    since = before + interval
    if not since < after <= before + FURTHEST:
        return None
    return f"{since:{DIGITS}}", f"{after:{DIGITS}}"


@lru_cache(maxsize=8192)
def _moment(digits: str) -> datetime:
    # Both moments are the device's own: their distance needs no zone. Many stations share one.
    return datetime.strptime(digits, DIGITS)  # noqa: DTZ007
