"""A change looked at again: confirmed by a second person, taken back, two entries made one."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, NotAllowed, Refused, Stale
from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.writers.changes import open_change
from gongchou.registry.writers.merging import merge, part
from gongchou.registry.writers.undoing import undo


def _change(ref: str, by: Actor) -> models.RegisterChange:
    row = models.RegisterChange.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的名录变更，请从变更记录页面进入。")
    return row


@transaction.atomic
def confirm_change(ref: str, *, by: Actor, at: datetime) -> None:
    """A second person has seen which sites a change removed or re-classed."""
    check(by, Power.APPROVE_REGISTER)
    row = _change(ref, by)
    if row.by_ref == by.ref:
        raise NotAllowed("办理变更的人不能复核同一项变更，请由另一位批准领导复核。")
    rows = models.RegisterChange.objects.filter(pk=row.pk, confirmed_at=None)
    if rows.update(confirmed_by_ref=by.ref, confirmed_by_name=by.name, confirmed_at=at) != 1:
        raise Stale("这项变更已经复核过，请刷新页面查看。")
    audit.append(
        EventKind.REGISTER_CHANGE_CONFIRMED,
        about=ref,
        by=by,
        at=at,
        data={"sensitive": row.sensitive, "changed_by": row.by_ref},
    )


@transaction.atomic
def undo_change(ref: str, reason: str, *, on: date, by: Actor, at: datetime) -> str:
    """A whole change taken back from `on` by a new one; the days between keep what they had."""
    check(by, Power.IMPORT_REGISTER)
    row = _change(ref, by)
    if not reason.strip():
        raise Invalid("请写明撤销的理由。")
    if row.kind == ImportKind.ITEMS.value:
        raise Refused("抽查事项清单是草稿，另经批准才生效；要改的，请改正文件后重新导入。")
    if row.undoes_id or models.SubjectMerger.objects.filter(Q(change=row) | Q(undone=row)).exists():
        raise Refused("撤销不能再整份撤销，请改正后重新导入；合并请在保留的那一家的页面上撤销。")
    if models.RegisterChange.objects.filter(undoes=row).exists():
        raise Stale("这项变更已经撤销过，请刷新页面查看。")
    new = open_change(
        ImportKind(row.kind),
        f"撤销 {row.ref}（{row.source}）",
        on=on,
        by=by,
        at=at,
        reason=reason.strip()[:200],
        undoes=row,
        sensitive=row.sensitive,
    )
    count = undo(row, new)
    models.RegisterChange.objects.filter(pk=new.pk).update(counts={"rows": count})
    audit.append(
        EventKind.REGISTER_CHANGE_UNDONE,
        about=ref,
        by=by,
        at=at,
        data={"new": new.ref, "rows": count, "reason": reason.strip()[:200]},
    )
    return new.ref


def _open_version(ref: str, by: Actor) -> models.SubjectVersion:
    versions = models.SubjectVersion.objects.filter(bureau__code=by.bureau, until=None)
    found = versions.filter(subject__ref=ref).select_related("subject").first()
    if found is None:
        raise Refused(f"本机构现行名录中没有编号为 {ref} 的检查对象，请核对编号。")
    return found


@transaction.atomic
def merge_subjects(
    kept: str, merged: str, reason: str, *, on: date, by: Actor, at: datetime
) -> None:
    """Two entries of one site: the kept one goes on with the records and visits of both."""
    check(by, Power.EDIT_REGISTER)
    if kept == merged:
        raise Invalid("要合并的是同一个编号，请填写另一个检查对象的编号。")
    if not reason.strip():
        raise Invalid("请写明合并的理由，例如核实为同一场所的经过。")
    owner, other = _open_version(kept, by), _open_version(merged, by)
    change = open_change(
        ImportKind.SUBJECTS, f"合并 {merged} 入 {kept}", on=on, by=by, at=at, reason=reason.strip()
    )
    count = merge(owner.subject, other, change)
    audit.append(
        EventKind.SUBJECTS_MERGED,
        about=kept,
        by=by,
        at=at,
        data={"merged": merged, "records": count, "reason": reason.strip()[:200]},
    )


@transaction.atomic
def undo_merger(kept: str, merged: str, reason: str, *, on: date, by: Actor, at: datetime) -> None:
    """Two entries that are two sites after all: parted by a new change, both histories stay."""
    check(by, Power.EDIT_REGISTER)
    if not reason.strip():
        raise Invalid("请写明撤销合并的理由，例如核实为两处场所的经过。")
    _open_version(kept, by)
    rows = models.SubjectMerger.objects.filter(
        kept__ref=kept, merged__ref=merged, kept__bureau__code=by.bureau, undone=None
    )
    merger = rows.select_related("change", "merged", "kept").first()
    if merger is None:
        raise Stale(f"没有 {merged} 并入 {kept} 的合并，或者已经撤销，请刷新页面查看。")
    source, why = f"撤销合并 {merged} 与 {kept}", reason.strip()[:200]
    change = open_change(ImportKind.SUBJECTS, source, on=on, by=by, at=at, reason=why)
    count = part(merger, change)
    if rows.update(undone=change) != 1:
        raise Stale("这次合并刚被他人撤销，请刷新页面查看。")
    audit.append(
        EventKind.MERGER_UNDONE,
        about=kept,
        by=by,
        at=at,
        data={"merged": merged, "records": count, "reason": why},
    )
