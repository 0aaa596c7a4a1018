"""Rows of an item list into the draft; a list that is in force is copied, never changed."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max, Model

from gongchou.core.refusals import Refused
from gongchou.core.terms import ItemListState, ItemTier, RowOutcome
from gongchou.registry import models

Values = Mapping[str, Any]
GROUP_FIELDS = ("unit", "pollutant_types", "permit_categories", "monitoring_types")
ITEM_FIELDS = ("tier", "legal_basis", "method", "content", "note")


def check_lengths(model: type[Model], values: Values) -> None:
    """Refused where a text does not fit its field; SQLite would keep it, PostgreSQL would not."""
    for name, value in values.items():
        field: Any = model._meta.get_field(name)
        if isinstance(value, str) and field.max_length and len(value) > field.max_length:
            raise Refused(f"“{field.verbose_name}”超过 {field.max_length} 个字，请缩短")


class ItemDraft:
    """The latest list of a bureau; a draft is made of it at the first row that differs."""

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        self._list = (
            models.ItemList.objects.filter(bureau=change.bureau).order_by("-version").first()
        )
        self._given: dict[str, dict[str, Any]] = {}

    def write(self, values: Values) -> RowOutcome:
        """Store one row; Refused where it contradicts an earlier row of its group."""
        self._check_group(values)
        group = self._find_group(values["group_name"])
        item = group.items.filter(name=values["name"]).first() if group else None
        fields = {name: values[name] for name in ITEM_FIELDS if name in values}
        fields["tier"] = fields.get("tier") or ItemTier.ORDINARY.value
        wanted = self._given[values["group_name"]]
        if group and item and _holds(group, wanted) and _holds(item, fields):
            return RowOutcome.UNCHANGED
        check_lengths(models.InspectionItem, {**fields, "name": values["name"]})
        group = self._write_group(values, wanted)
        models.InspectionItem.objects.update_or_create(
            group=group, name=values["name"], defaults=fields
        )
        return RowOutcome.UPDATED if item else RowOutcome.ACCEPTED

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


def _holds(row: Model, fields: Values) -> bool:
    return all(getattr(row, name) == value for name, value in fields.items())


def _copy(old: models.ItemList, new: models.ItemList) -> None:
    for group in old.groups.prefetch_related("items"):
        items = list(group.items.all())
        group.pk, group.item_list, group._state.adding = None, new, True
        group.save(force_insert=True)
        for item in items:
            item.pk, item.group, item._state.adding = None, group, True
        models.InspectionItem.objects.bulk_create(items)
