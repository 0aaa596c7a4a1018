"""Rows of an item list into the draft; a list that is in force is copied, never changed."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max

from gongchou.core.refusals import Refused
from gongchou.core.terms import ItemListState, ItemTier
from gongchou.registry import models
from gongchou.registry.item_reads import GROUP_FIELDS, ITEM_FIELDS
from gongchou.registry.writers.changes import (
    ACCEPTED,
    UNCHANGED,
    UPDATED,
    Values,
    Written,
    check_lengths,
    holds,
    rejected,
    settled,
)

STOPS = "；。，、：;,."


class ItemDraft:
    """The latest list of a bureau; a draft is made of it at the first row that differs."""

    sensitive = 0

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        kept = models.ItemList.objects.filter(bureau=change.bureau)
        self._list = kept.exclude(state=ItemListState.VOID.value).order_by("-version").first()
        self._given: dict[str, dict[str, Any]] = {}

    def write(self, rows: Sequence[Values]) -> list[Written]:
        return [self._one(settled(_on_one_line(values))) for values in rows]

    def drop(self, group_name: str, name: str) -> bool:
        """Leave an item out of the draft, and its group with the last one; whether it was there."""
        group = self._draft().groups.filter(name=group_name).first()
        if group is None or not group.items.filter(name=name).delete()[0]:
            return False
        if not group.items.exists():
            group.delete()
        return True

    def _one(self, values: Values) -> Written:
        """Store one row; turned away where it contradicts an earlier row of its group."""
        try:
            return self._put(values)
        except Refused as refusal:
            return rejected(str(refusal))

    def _put(self, values: Values) -> Written:
        self._check_group(values)
        group = self._find_group(values["group_name"])
        item = group.items.filter(name=values["name"]).first() if group else None
        fields = {name: values[name] for name in ITEM_FIELDS if name in values}
        fields["tier"] = fields.get("tier") or ItemTier.ORDINARY.value
        wanted = self._given[values["group_name"]]
        if group and item and holds(group, wanted) and holds(item, fields):
            return UNCHANGED
        check_lengths(models.InspectionItem, {**fields, "name": values["name"]})
        group = self._write_group(values, wanted)
        models.InspectionItem.objects.update_or_create(
            group=group, name=values["name"], defaults=fields
        )
        return UPDATED if item else ACCEPTED

    def _check_group(self, values: Values) -> None:
        wanted = {name: values[name] for name in GROUP_FIELDS if name in values}
        if values.get("group_code"):
            wanted["code"] = values["group_code"]
        before = self._given.setdefault(values["group_name"], wanted)
        if before != wanted:
            raise Refused(
                f"抽查类别“{values['group_name']}”的编码、责任科室或适用范围与前面的行不一致，"
                "请改为一致"
            )

    def _find_group(self, name: str) -> models.ItemGroup | None:
        return self._list.groups.filter(name=name).first() if self._list else None

    def _write_group(self, values: Values, wanted: dict[str, Any]) -> models.ItemGroup:
        draft, name = self._draft(), values["group_name"]
        known = draft.groups.filter(name=name).first()
        code = wanted.get("code") or (known.code if known else f"G{draft.groups.count() + 1:02}")
        check_lengths(models.ItemGroup, {**wanted, "code": code, "name": name})
        if draft.groups.filter(code=code).exclude(name=name).exists():
            raise Refused(f"抽查类别编码“{code}”已用于另一类别，请改用其他编码")
        group, _ = models.ItemGroup.objects.update_or_create(
            item_list=draft, name=name, defaults={**wanted, "code": code}
        )
        return group

    def _draft(self) -> models.ItemList:
        old = self._list
        if old is not None and old.state == ItemListState.DRAFT.value:
            rows = models.ItemList.objects.filter(pk=old.pk, state=ItemListState.DRAFT.value)
            if rows.update(change=self.change, drafted_by_ref=self.change.by_ref) != 1:
                raise Refused("清单草案刚被批准，请重新导入")
            return old
        owner = self.change.bureau
        latest = models.ItemList.objects.filter(bureau=owner).aggregate(top=Max("version"))["top"]
        version = (latest or 0) + 1
        self._list = models.ItemList.objects.create(
            ref=f"L{owner.code}-{version:03}",
            bureau=owner,
            change=self.change,
            version=version,
            state=ItemListState.DRAFT.value,
            drafted_by_ref=self.change.by_ref,
        )
        if old is not None:
            _copy(old, self._list)
        return self._list


def _on_one_line(values: Values) -> dict[str, Any]:
    """Points written one a line become one text: what is frozen and made public has no breaks."""
    return {
        name: _joined(value) if isinstance(value, str) else value for name, value in values.items()
    }


def _joined(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    ended = [line if line[-1] in STOPS else f"{line}；" for line in lines[:-1]]
    return "".join([*ended, *lines[-1:]])


def _copy(old: models.ItemList, new: models.ItemList) -> None:
    for group in old.groups.prefetch_related("items"):
        items = list(group.items.all())
        group.pk, group.item_list, group._state.adding = None, new, True
        group.save(force_insert=True)
        for item in items:
            item.pk, item.group, item._state.adding = None, group, True
        models.InspectionItem.objects.bulk_create(items)
