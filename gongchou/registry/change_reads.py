"""Changes of the registers, designations, saved mappings: as frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.refusals import Refused
from gongchou.core.terms import DesignationState, ImportKind
from gongchou.registry import models


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One import or edit: what, why, by whom, who confirmed it, what became of it."""

    ref: str
    kind: ImportKind
    source: str
    reason: str
    on: date
    at: datetime
    by_name: str
    by_ref: str
    counts: dict[str, int]
    sensitive: int
    confirmed_by: str
    confirmed_at: datetime | None
    undoes: str
    undone_by: str

    @property
    def is_waiting(self) -> bool:
        """Whether a second person still has to see it."""
        done = self.confirmed_at or self.undoes or self.undone_by
        return self.sensitive > 0 and not done


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignationRow:
    """One manual designation as special."""

    ref: str
    subject: str
    name: str
    reason: str
    since: date
    until: date
    state: DesignationState
    by_name: str
    by_ref: str
    at: datetime
    decided_by: str
    decided_on: date | None
    decision: str
    ended_by: str
    ended_on: date | None
    ended_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """The columns of a source, by the header they have there."""

    kind: ImportKind
    name: str
    columns: dict[str, str]
    by_name: str
    at: datetime


def _change(row: models.RegisterChange) -> ChangeRow:
    undone = models.RegisterChange.objects.filter(undoes=row).first()
    return ChangeRow(
        ref=row.ref,
        kind=ImportKind(row.kind),
        source=row.source,
        reason=row.reason,
        on=row.on,
        at=row.at,
        by_name=row.by_name,
        by_ref=row.by_ref,
        counts=row.counts,
        sensitive=row.sensitive,
        confirmed_by=row.confirmed_by_name,
        confirmed_at=row.confirmed_at,
        undoes=row.undoes.ref if row.undoes else "",
        undone_by=undone.ref if undone else "",
    )


def changes(bureau: str, limit: int = 50) -> tuple[ChangeRow, ...]:
    """The newest first."""
    rows = models.RegisterChange.objects.filter(bureau__code=bureau).select_related("undoes")
    return tuple(_change(row) for row in rows.order_by("-pk")[:limit])


def change(ref: str, bureau: str) -> ChangeRow:
    row = models.RegisterChange.objects.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的名录变更，请从变更记录页面进入。")
    return _change(row)


def waiting_changes(bureau: str, first: date, last: date) -> tuple[ChangeRow, ...]:
    """What removed or re-classed sites between two days and only one person has seen."""
    rows = models.RegisterChange.objects.filter(
        bureau__code=bureau,
        on__range=(first, last),
        sensitive__gt=0,
        confirmed_at=None,
        undoes=None,
        undone_by=None,
    )
    return tuple(_change(row) for row in rows.order_by("pk"))


def designations(bureau: str, *, subject: str = "") -> tuple[DesignationRow, ...]:
    """Those waiting first, then the newest."""
    rows = models.ManualDesignation.objects.filter(bureau__code=bureau)
    if subject:
        rows = rows.filter(subject__ref=subject)
    found = list(rows.select_related("subject").order_by("-pk"))
    names = dict(
        models.SubjectVersion.objects.filter(subject__in=[row.subject_id for row in found])
        .order_by("pk")
        .values_list("subject_id", "name")
    )
    found.sort(key=lambda row: row.state != DesignationState.PROPOSED.value)
    return tuple(_designation(row, names[row.subject_id]) for row in found)


def _designation(row: models.ManualDesignation, name: str) -> DesignationRow:
    return DesignationRow(
        ref=row.ref,
        subject=row.subject.ref,
        name=name,
        reason=row.reason,
        since=row.since,
        until=row.until,
        state=DesignationState(row.state),
        by_name=row.by_name,
        by_ref=row.by_ref,
        at=row.at,
        decided_by=row.decided_by_name,
        decided_on=row.decided_on,
        decision=row.decision,
        ended_by=row.ended_by_name,
        ended_on=row.ended_on,
        ended_reason=row.ended_reason,
    )


def mappings(bureau: str, kind: ImportKind | None = None) -> tuple[MappingRow, ...]:
    """Saved mappings by kind and name."""
    rows = models.ColumnMapping.objects.filter(bureau__code=bureau)
    rows = rows.filter(kind=kind.value) if kind else rows
    return tuple(
        MappingRow(
            kind=ImportKind(row.kind),
            name=row.name,
            columns=row.columns,
            by_name=row.by_name,
            at=row.at,
        )
        for row in rows.order_by("kind", "name")
    )
