"""A year of working days as the TOML text that `load.calendar_year` reads."""

import json
from collections.abc import Iterable
from datetime import date

from gongchou.core.workdays import CalendarYear


def toml_of(found: CalendarYear) -> str:
    """The one text of a year."""
    return (
        f"year = {found.year}\n"
        f"source = {json.dumps(found.source, ensure_ascii=False)}\n"
        f"published = {'true' if found.published else 'false'}\n"
        f"days_off = [{_days(found.days_off)}]\n"
        f"makeup = [{_days(found.makeup)}]\n"
    )


def _days(days: Iterable[date]) -> str:
    return ", ".join(day.isoformat() for day in sorted(days))
