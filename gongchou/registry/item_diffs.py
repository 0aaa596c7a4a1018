"""What two versions of the item list say differently."""

from dataclasses import dataclass

from gongchou.core import roster
from gongchou.core.terms import Term
from gongchou.registry.diffs import FieldDiff
from gongchou.registry.item_reads import ItemListRow, ItemRow

ITEM_TITLES = {
    "tier": "事项类别",
    "legal_basis": "检查依据",
    "law_text": "依据条文",
    "method": "检查方式",
    "point": "检查要点",
    "evidence_required": "应取证据",
    "asked_when": "填写前提",
    "note": "备注",
}
GROUP_TITLES = {
    "unit": "责任科室",
    "pollutant_types": "适用污染物类型",
    "permit_categories": "适用许可管理类别",
    "monitoring_types": "适用监控类型",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDiff:
    """One item or group that came, went or reads differently; `what` says which of the three."""

    what: str
    group: str
    name: str
    fields: tuple[FieldDiff, ...]


def compared_items(old: ItemListRow | None, new: ItemListRow) -> tuple[ItemDiff, ...]:
    """From the older version to the newer; the number of an item may move freely."""
    return (*_groups(old, new), *_items(old, new))


def _groups(old: ItemListRow | None, new: ItemListRow) -> list[ItemDiff]:
    before = {group.name: group for group in old.groups} if old else {}
    return [
        ItemDiff(what="修改", group=group.name, name="", fields=fields)
        for group in new.groups
        if group.name in before and (fields := _between(before[group.name], group, GROUP_TITLES))
    ]


def _items(old: ItemListRow | None, new: ItemListRow) -> list[ItemDiff]:
    before, now = _by_key(old), _by_key(new)
    found = [_whole("新增", key) for key in now if key not in before]
    found += [_whole("取消", key) for key in before if key not in now]
    for key, item in now.items():
        fields = _between(before[key], item, ITEM_TITLES) if key in before else ()
        if fields:
            found.append(ItemDiff(what="修改", group=key[0], name=key[1], fields=fields))
    return found


def _by_key(found: ItemListRow | None) -> dict[tuple[str, str], ItemRow]:
    return {(item.group_name, item.name): item for item in found.items} if found else {}


def _whole(what: str, key: tuple[str, str]) -> ItemDiff:
    return ItemDiff(what=what, group=key[0], name=key[1], fields=())


def _between(
    old: ItemRow | roster.ItemGroup, new: ItemRow | roster.ItemGroup, titles: dict[str, str]
) -> tuple[FieldDiff, ...]:
    return tuple(
        FieldDiff(title=title, was=_text(getattr(old, name)), now=_text(getattr(new, name)))
        for name, title in titles.items()
        if getattr(old, name) != getattr(new, name)
    )


def _text(value: object) -> str:
    if isinstance(value, Term):
        return value.label
    if isinstance(value, tuple):
        return "、".join(_text(one) for one in value)
    return str(value)
