"""From the TOML of the law to core's types: the only file of core and law that reads disk."""

import tomllib
from pathlib import Path
from typing import Any

from gongchou.core.workdays import Calendar

FOLDER = Path(__file__).parent


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def load_calendar() -> Calendar:
    """All years of working days that the product knows."""
    years = [read_toml(path) for path in sorted((FOLDER / "calendar").glob("*.toml"))]
    return Calendar(
        days_off=frozenset(day for year in years for day in year["days_off"]),
        makeup=frozenset(day for year in years for day in year["makeup"]),
        published=frozenset(year["year"] for year in years if year["published"]),
    )
