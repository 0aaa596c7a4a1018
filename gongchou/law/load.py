"""From the TOML of the law to core's types: the only file of core and law that reads disk."""

import tomllib
from pathlib import Path
from typing import Any

from gongchou.core.refusals import Invalid
from gongchou.core.roster import ItemGroup
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import MonitoringType, PermitCategory, PollutantType
from gongchou.core.workdays import Calendar
from gongchou.law.reading import read_profile

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


def profile_ids() -> list[str]:
    """The policies that the product ships."""
    return sorted(path.parent.name for path in FOLDER.glob("*/profile.toml"))


def load_profile(id_or_path: str) -> PolicyProfile:
    """A shipped policy by id, or a bureau's own by path of its file or folder."""
    place = FOLDER / id_or_path if id_or_path in profile_ids() else Path(id_or_path)
    paths = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    if not paths or not paths[0].is_file():
        known = "、".join(profile_ids())
        raise Invalid(f"没有实施方案“{id_or_path}”，请写文件路径或随产品提供的编号（{known}）。")
    try:
        return read_profile({path.name: read_toml(path) for path in paths})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"实施方案文件不是正确的 TOML：{error}") from error


def load_default_items() -> tuple[ItemGroup, ...]:
    """The item groups from which a new bureau starts, by code."""
    groups = read_toml(FOLDER / "items_default.toml")["item_group"]
    return tuple(
        ItemGroup(
            code=group["code"],
            name=group["name"],
            unit=group["unit"],
            pollutant_types=tuple(map(PollutantType, group.get("pollutant_types", ()))),
            permit_categories=tuple(map(PermitCategory, group.get("permit_categories", ()))),
            monitoring_types=tuple(map(MonitoringType, group.get("monitoring_types", ()))),
        )
        for group in groups
    )
