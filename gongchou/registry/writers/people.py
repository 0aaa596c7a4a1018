"""Rows about inspectors: there are few, so all open versions are at hand."""

from collections.abc import Sequence
from typing import Any

from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import DutyStatus
from gongchou.registry import models
from gongchou.registry.numbering import take
from gongchou.registry.writers.changes import (
    ACCEPTED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    Values,
    Written,
    check_lengths,
    check_order,
    holds,
    rejected,
    settled,
)
from gongchou.registry.writers.subjects import BOOKKEEPING


class InspectorBook:
    """The inspectors of one bureau under one change."""

    sensitive = 0

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        rows = models.InspectorVersion.objects.filter(bureau=change.bureau, until=None)
        self._people = {
            key: version for version in rows.select_related("inspector") for key in _keys(version)
        }

    def write(self, rows: Sequence[Values]) -> list[Written]:
        return [self._one(settled(values)) for values in rows]

    def _one(self, values: Values) -> Written:
        try:
            keys = _keys(models.InspectorVersion(**values))
            old = next((self._people[key] for key in keys if key in self._people), None)
            status = values.get("duty_status") or DutyStatus.ON_DUTY.value
            if old is not None and old.change_id == self.change.pk:
                return DUPLICATE
            return self.put(old, {**values, "duty_status": status})
        except Refused as refusal:
            return rejected(str(refusal))

    def put(self, old: models.InspectorVersion | None, fields: Values) -> Written:
        """A new person, or a new version of a known one; fields not given stay."""
        fields = settled(fields)
        _check(old, fields)
        if old is None:
            owner = self.change.bureau
            number = take(owner, "I", models.Inspector)
            person = models.Inspector.objects.create(ref=f"I{owner.code}-{number:04}", bureau=owner)
            self._open(person, fields)
            return ACCEPTED
        if holds(old, fields):
            return UNCHANGED
        check_order(old.since, self.change)
        kept: dict[str, Any] = {
            f.name: getattr(old, f.name) for f in old._meta.fields if f.name not in BOOKKEEPING
        }
        rows = models.InspectorVersion.objects.filter(pk=old.pk, until=None)
        if rows.update(until=self.change.on) != 1:
            raise Stale("该人员刚被他人修改，请重新办理。")
        self._open(old.inspector, {**kept, **fields})
        return UPDATED

    def _open(self, person: models.Inspector, fields: Values) -> None:
        check_lengths(models.InspectorVersion, fields)
        others = models.InspectorVersion.objects.filter(bureau=self.change.bureau, until=None)
        for name, label in (("login", "登录名"), ("enforcement_card_no", "执法证号")):
            value = fields.get(name)
            if value and others.filter(**{name: value}).exclude(inspector=person).exists():
                raise Refused(f"{label}“{value}”已登记在名录中的另一人名下，请核对")
        version = models.InspectorVersion.objects.create(
            inspector=person,
            bureau=self.change.bureau,
            change=self.change,
            since=self.change.on,
            **fields,
        )
        self._people |= dict.fromkeys(_keys(version), version)


def _check(old: models.InspectorVersion | None, fields: Values) -> None:
    def given(name: str) -> Any:
        return fields[name] if name in fields else getattr(old, name, None)

    if given("is_certified") and not given("card_valid_until"):
        raise Refused("具有执法资格的，应填写执法证有效期")
    since, until = given("away_since"), given("away_until")
    if since and until and until < since:
        raise Refused("离岗止早于离岗起，请核对")


def _keys(version: models.InspectorVersion) -> list[tuple[str, ...]]:
    keys = [("card", version.enforcement_card_no), ("work", version.work_card_no)]
    return [key for key in keys if key[1]] + [("name", version.name, version.unit)]
