"""What a change did, field by field, in the words of the columns."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.export import cell_text
from gongchou.registry.importing.columns import LAYOUTS

SHOWN = 200
VERSIONS: dict[ImportKind, tuple[Any, str]] = {
    ImportKind.SUBJECTS: (models.SubjectVersion, "subject"),
    ImportKind.INSPECTORS: (models.InspectorVersion, "inspector"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    title: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDiff:
    """One site or person: what is new, or which fields became what."""

    ref: str
    name: str
    is_new: bool
    fields: tuple[FieldDiff, ...]


def of_change(change: models.RegisterChange, limit: int = SHOWN) -> tuple[RowDiff, ...]:
    """Changed rows first, then new ones, as many as are shown; none for dated records."""
    kind = ImportKind(change.kind)
    if kind not in VERSIONS:
        return ()
    model, owner = VERSIONS[kind]
    same = {owner: OuterRef(owner), "pk__lt": OuterRef("pk")}
    rows = model.objects.filter(change=change).annotate(had=Exists(model.objects.filter(**same)))
    found = rows.select_related(owner).order_by("-had", "pk")[:limit]
    return tuple(_row(row, owner, kind) for row in found)


def by_ref(ref: str, bureau: str) -> tuple[RowDiff, ...]:
    """The same for the page of a change."""
    change = models.RegisterChange.objects.filter(ref=ref, bureau__code=bureau).first()
    if change is None:
        raise Refused(f"本机构没有编号为 {ref} 的名录变更，请从变更记录页面进入。")
    return of_change(change)


def _row(row: Any, owner: str, kind: ImportKind) -> RowDiff:
    earlier = type(row).objects.filter(pk__lt=row.pk, **{owner: getattr(row, owner)})
    old = earlier.order_by("-pk").first()
    fields = () if old is None else between(old, row, kind)
    return RowDiff(ref=getattr(row, owner).ref, name=row.name, is_new=old is None, fields=fields)


def between(old: Any, new: Any, kind: ImportKind) -> tuple[FieldDiff, ...]:
    """The fields of two versions that differ."""
    return tuple(
        FieldDiff(
            title=column.headers[0],
            was=cell_text(column.field, getattr(old, column.field)),
            now=cell_text(column.field, getattr(new, column.field)),
        )
        for column in LAYOUTS[kind].columns
        if getattr(old, column.field) != getattr(new, column.field)
    )
