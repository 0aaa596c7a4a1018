"""The default item list as data: groups with their conditions, items and check points."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from gongchou.core.refusals import Invalid
from gongchou.core.roster import InspectionItem, ItemGroup
from gongchou.core.terms import ItemTier, MonitoringType, PermitCategory, PollutantType, Term

Word = TypeVar("Word", bound=Term)
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPoint:
    """One row of a checklist: what is looked at, and where the duty stands (may be empty)."""

    code: str
    item_group: str
    point: str
    legal_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultItems:
    """What a new bureau starts from. `unit` of a group is the usual section's name, not a code.

    `enabled` lists the codes of the groups switched on at the start.
    """

    groups: tuple[ItemGroup, ...]
    items: tuple[InspectionItem, ...]
    points: tuple[CheckPoint, ...]
    enabled: tuple[str, ...]


def read_items(table: Table) -> DefaultItems:
    """The default items written in a table; Invalid where a code stands twice."""
    entries = table["item_group"]
    points = tuple(point for entry in entries for point in _points(entry))
    codes = [entry["code"] for entry in entries]
    for code in codes:
        if codes.count(code) > 1:
            raise Invalid(f"检查项目组“{code}”写了两次，请只留一个。")
    return DefaultItems(
        groups=tuple(_group(entry) for entry in entries),
        items=tuple(_item(entry) for entry in entries),
        points=points,
        enabled=tuple(entry["code"] for entry in entries if entry["is_enabled"]),
    )


def _group(entry: Table) -> ItemGroup:
    return ItemGroup(
        code=entry["code"],
        name=entry["name"],
        unit=entry["unit"],
        pollutant_types=_words(entry, "pollutant_types", PollutantType),
        permit_categories=_words(entry, "permit_categories", PermitCategory),
        monitoring_types=_words(entry, "monitoring_types", MonitoringType),
    )


def _item(entry: Table) -> InspectionItem:
    return InspectionItem(
        code=f"{entry['code']}-1",
        name=entry["item"],
        item_group=entry["code"],
        item_tier=ItemTier(entry["item_tier"]),
        legal_basis=entry["legal_basis"],
    )


def _points(entry: Table) -> list[CheckPoint]:
    return [
        CheckPoint(
            code=f"{entry['code']}-{number:02}",
            item_group=entry["code"],
            point=row["point"],
            legal_basis=row.get("legal_basis", ""),
        )
        for number, row in enumerate(entry["check_point"], start=1)
    ]


def _words(entry: Table, name: str, words: type[Word]) -> tuple[Word, ...]:
    try:
        return tuple(words(value) for value in entry.get(name, ()))
    except ValueError as error:
        raise Invalid(
            f"检查项目组“{entry['code']}”的 {name} 有未知的值，请改正：{error}"
        ) from error
