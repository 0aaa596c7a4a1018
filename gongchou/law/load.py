"""From the TOML of the law to core's types: the only file of core and law that reads disk."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from gongchou.core.clues import ClueRules
from gongchou.core.inlets import InletRule
from gongchou.core.monitoring.rulebook import MonitorRule
from gongchou.core.oversight import Setting
from gongchou.core.oversight_terms import OversightKey
from gongchou.core.refusals import Invalid
from gongchou.core.reminding import ReminderRule
from gongchou.core.roster import ItemGroup
from gongchou.core.rules import PolicyProfile, overlaid
from gongchou.core.terms import CardLevel, VisitWait
from gongchou.core.toml_text import toml_table
from gongchou.core.workdays import Calendar, CalendarYear, calendar_of
from gongchou.law.cases import Case, read_cases
from gongchou.law.clues import read_clue_rules, read_inlet_rule
from gongchou.law.contradictions import check_whole
from gongchou.law.items import DefaultItems, read_items
from gongchou.law.monitoring_rules import read_rules
from gongchou.law.reading import LAYS_OVER, read_profile
from gongchou.law.row import Collected

FOLDER = Path(__file__).parent


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


class _Own:
    """Where this installation keeps the years that its bureau has entered; set once, at start."""

    folder: Path | None = None


def keep_own_years_in(folder: Path | None) -> None:
    """Years written there (`2027.toml`) take the place of the shipped ones."""
    _Own.folder = folder


def own_years_folder() -> Path | None:
    """The folder of the bureau's own years."""
    return _Own.folder


def calendar_year(text: str, name: str) -> CalendarYear:
    """A year as its TOML says; Invalid, naming the place, where it does not."""
    found = toml_table(name, text)
    try:
        return CalendarYear(
            year=int(found["year"]),
            published=bool(found["published"]),
            source=str(found.get("source", "")),
            days_off=tuple(sorted(_days(found["days_off"]))),
            makeup=tuple(sorted(_days(found["makeup"]))),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid(
            f"“{name}”应有 year、source、published、days_off、makeup 五项，日期写成 2027-01-01，"
            "不加引号。请对照随产品提供的年份改正。"
        ) from error


def _days(found: Any) -> list[date]:
    if not isinstance(found, list) or not all(type(day) is date for day in found):
        raise TypeError("not a list of days")
    return found


@cache
def shipped_years() -> tuple[CalendarYear, ...]:
    """The years of working days that come with the product."""
    paths = sorted((FOLDER / "calendar").glob("*.toml"))
    return tuple(calendar_year(path.read_text("utf-8"), path.name) for path in paths)


def _own_files() -> tuple[tuple[Path, int], ...]:
    folder = _Own.folder
    if folder is None or not folder.is_dir():
        return ()
    return tuple((path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.toml")))


def load_calendar() -> Calendar:
    """All years known: the shipped ones, and over them what the bureau has entered."""
    return _calendar(_own_files())


@lru_cache(maxsize=8)
def _calendar(own: tuple[tuple[Path, int], ...]) -> Calendar:
    entered = [calendar_year(path.read_text("utf-8"), path.name) for path, _ in own]
    return calendar_of((*shipped_years(), *entered))


@cache
def profile_ids() -> tuple[str, ...]:
    """The policies that the product ships."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/profile.toml")))


def _place(id_or_path: str) -> Path:
    place = FOLDER / id_or_path if id_or_path in profile_ids() else Path(id_or_path)
    if not place.exists():
        known = "、".join(profile_ids())
        raise Invalid(f"没有实施方案“{id_or_path}”，请写文件路径或随产品提供的编号（{known}）。")
    return place


def _texts(place: Path, name: str) -> dict[str, str]:
    """The files of a policy as they stand on disk, by name."""
    paths = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    try:
        return {path.name: path.read_text("utf-8") for path in paths}
    except UnicodeDecodeError as error:
        raise Invalid(
            f"“{name}”不是 UTF-8 编码的 TOML 文本，请用文本编辑器另存为 UTF-8 后再读。"
        ) from error
    except OSError as error:
        raise Invalid(f"“{name}”读不出来，请核对路径和权限：{error.strerror}。") from error


def _parsed(texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    faults = Collected()
    found = {name: faults.tried(toml_table, name, text) for name, text in texts.items()}
    faults.refuse()
    return found


def policy_layers(files: Mapping[str, str]) -> tuple[dict[str, str], ...]:
    """The texts a policy consists of, what it is laid over first; Invalid where that is unknown."""
    head = _head_of(files)
    under = head.get(LAYS_OVER, "")
    if not under:
        return (dict(files),)
    if under == head.get("id"):
        raise Invalid(f"实施方案“{under}”的 lays_over 写了它自己，请写所沿用方案的编号。")
    if under not in profile_ids():
        raise Invalid(f"lays_over 写的“{under}”不是随产品提供的方案编号，请改正。")
    below = policy_layers(_texts(FOLDER / under, under))
    if any(head["id"] == _head_of(layer).get("id") for layer in below):
        raise Invalid(
            f"“{under}”本身叠加在“{head['id']}”之上，lays_over 成了循环；请为本方案另取 id。"
        )
    return (*below, dict(files))


def _head_of(files: Mapping[str, str]) -> Mapping[str, Any]:
    """The tables of the file that says whose policy it is."""
    return next((t for t in _parsed(files).values() if "id" in t), {})


def profile_of_layers(layers: Sequence[Mapping[str, str]]) -> PolicyProfile:
    """The policy written in its texts; each layer lies over those before it.

    Invalid where a table is faulty; NoRule where the whole leaves something open.
    """
    found: PolicyProfile | None = None
    for files in layers:
        profile, _ = read_profile(_parsed(files), files, found)
        found = overlaid(found, profile) if found else profile
        check_whole(found)
    if found is None:
        raise Invalid("实施方案没有任何文件，请重新上传。")
    return found


def layers_of(id_or_path: str) -> tuple[dict[str, str], ...]:
    """The texts of a shipped policy by id, or of a bureau's own by path."""
    return policy_layers(_texts(_place(id_or_path), id_or_path))


def load_profile(id_or_path: str) -> PolicyProfile:
    """A shipped policy by id, or a bureau's own by path of its file or folder.

    A policy that names another in `lays_over` comes laid over that one, under its own id.
    Invalid where a table is faulty; NoRule where the whole leaves something open.
    """
    if id_or_path in profile_ids():
        return _shipped(id_or_path)
    return profile_of_layers(_own_layers(_texts(_place(id_or_path), id_or_path)))


def _own_layers(texts: dict[str, str]) -> tuple[dict[str, str], ...]:
    """The layers of a bureau's own files; where they cannot be told, all that is wrong besides."""
    faults = Collected()
    layers: tuple[dict[str, str], ...] = faults.tried(policy_layers, texts) or ()
    if not layers:
        faults.tried(lambda: read_profile(_parsed(texts), texts))
    faults.refuse()
    return layers


@cache
def _shipped(id_: str) -> PolicyProfile:
    """A shipped policy does not change under a running program; a bureau's own file may."""
    return profile_of_layers(layers_of(id_))


def load_cases(id_or_path: str) -> list[Case]:
    """The cases beside a policy: what each expects below, on and above its limits."""
    folder = _place(id_or_path) / "cases"
    return read_cases(_parsed(_texts(folder, id_or_path))) if folder.is_dir() else []


def load_default_list() -> DefaultItems:
    """The item groups, items and check points that a new bureau may start from."""
    return read_items(read_toml(FOLDER / "items_default.toml"))


@cache
def load_clue_rules() -> ClueRules:
    """The product's own settings of clues, each with its certainty."""
    names = {rule.id: rule.name for rule in load_monitor_rules()}
    return read_clue_rules(read_toml(FOLDER / "clues.toml"), names)


@cache
def load_inlet_rule() -> InletRule:
    """What files of patrol cars, drones, cameras and hotlines are judged by."""
    return read_inlet_rule(read_toml(FOLDER / "inlets.toml"))


def load_default_items() -> tuple[ItemGroup, ...]:
    """The item groups switched on at the start, by code."""
    found = load_default_list()
    return tuple(group for group in found.groups if group.code in found.enabled)


@cache
def load_oversight() -> tuple[Setting, ...]:
    """The settings of oversight that hold where a bureau has set no other."""
    found = read_toml(FOLDER / "oversight.toml")
    return tuple(
        Setting(key=OversightKey(key), value=value, since=found["since"], source=found["source"])
        for key, value in found["values"].items()
    )


@cache
def load_monitor_rules() -> tuple[MonitorRule, ...]:
    """Every shipped version of the rules of monitoring."""
    return read_rules(_parsed(_texts(FOLDER / "monitoring", "monitoring")))


@cache
def load_reminders() -> tuple[ReminderRule, ...]:
    """After how many hours a visit that stands still is called to mind, in the file's order."""
    found = read_toml(FOLDER / "reminders.toml")
    return tuple(
        ReminderRule(
            key=row["key"],
            waits_for=VisitWait(row["waits_for"]),
            hours=row["hours"],
            level=CardLevel(row["level"]),
            says=row["says"],
        )
        for row in found["rule"]
    )
