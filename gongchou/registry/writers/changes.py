"""The dated, named change to which everything written belongs; what a row came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Model

from gongchou.accounts.models import Bureau
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind, RowOutcome
from gongchou.registry import models
from gongchou.registry.numbering import take

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of one row; `says` where it was turned away, `warns` where it was not."""

    outcome: RowOutcome
    says: str = ""
    warns: str = ""


ACCEPTED = Written(outcome=RowOutcome.ACCEPTED)
UPDATED = Written(outcome=RowOutcome.UPDATED)
UNCHANGED = Written(outcome=RowOutcome.UNCHANGED)
DUPLICATE = Written(outcome=RowOutcome.DUPLICATE, says="与本文件中前面的一行是同一对象，已略过")


def rejected(says: str) -> Written:
    return Written(outcome=RowOutcome.REJECTED, says=says)


def open_change(
    kind: ImportKind, source: str, *, on: date, by: Actor, at: datetime, **more: Any
) -> models.RegisterChange:
    """The change to write under, numbered within the bureau."""
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "C", models.RegisterChange)
    return models.RegisterChange.objects.create(
        ref=f"C{by.bureau}-{number:06}",
        bureau=owner,
        kind=kind.value,
        source=source[:200],
        on=on,
        at=at,
        by_ref=by.ref,
        by_name=by.name,
        **more,
    )


def check_lengths(model: type[Model], values: Values) -> None:
    """Refused where a text does not fit its field; SQLite would keep it, PostgreSQL would not."""
    for name, longest, label in _limits(model):
        value = values.get(name)
        if value.__class__ is str and len(value) > longest:
            raise Refused(f"“{label}”超过 {longest} 个字，请缩短")


@cache
def _limits(model: type[Model]) -> tuple[tuple[str, int, str], ...]:
    """What is chosen from a list fits by itself."""
    fields = [f for f in model._meta.concrete_fields if f.max_length and not f.choices]
    return tuple((field.name, field.max_length or 0, str(field.verbose_name)) for field in fields)


def check_order(since: date, change: models.RegisterChange) -> None:
    """What holds from a later day is not overwritten by a change of an earlier one."""
    if since > change.on:
        raise Refused(f"名录中已有 {since} 起的较新内容，不能再写入 {change.on} 的变更")


def holds(row: Any, fields: Values) -> bool:
    return all(getattr(row, name) == value for name, value in fields.items())
