"""What the columns of a source mean, kept for the next file from there."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid
from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.headers import targets


@transaction.atomic
def save_mapping(
    kind: ImportKind, name: str, columns: Mapping[str, str], *, by: Actor, at: datetime
) -> None:
    """Foreign header → our column, under the name of the source; saving again replaces it."""
    check(by, Power.IMPORT_REGISTER)
    if not name.strip() or not columns:
        raise Invalid("请写明来源名称，并至少填写一行对应关系。")
    targets(columns, LAYOUTS[kind])
    models.ColumnMapping.objects.update_or_create(
        bureau=Bureau.objects.get(code=by.bureau),
        kind=kind.value,
        name=name.strip()[:80],
        defaults={"columns": dict(columns), "by_name": by.name, "at": at},
    )
    audit.append(
        EventKind.MAPPING_SAVED,
        about=name.strip()[:80],
        by=by,
        at=at,
        data={"kind": kind.value, "columns": [[theirs, ours] for theirs, ours in columns.items()]},
    )
