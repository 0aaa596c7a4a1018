"""One inspector entered or edited by hand: leave, secondment, a new card; dated, reasoned."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import ImportKind, RowOutcome
from gongchou.registry import models
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.rows import read_cells
from gongchou.registry.writers.changes import UNCHANGED, open_change
from gongchou.registry.writers.people import InspectorBook


@transaction.atomic
def add_inspector(
    entries: Mapping[str, str], *, reason: str, on: date, by: Actor, at: datetime
) -> str:
    """A person who is not in the register yet; returns the ref."""
    check(by, Power.EDIT_REGISTER)
    if not reason.strip():
        raise Invalid("请写明新增理由，例如调入文件或新领执法证的日期。")
    layout = LAYOUTS[ImportKind.INSPECTORS]
    values = read_cells({"name": "", "unit": "", **entries}, layout)
    change = open_change(
        ImportKind.INSPECTORS, "人工新增", on=on, by=by, at=at, reason=reason.strip()[:200]
    )
    written = InspectorBook(change).write([values])[0]
    if written.says:
        raise Invalid(f"{written.says}。")
    if written.outcome is not RowOutcome.ACCEPTED:
        raise Refused("名录中已有这一位，请在名录中查到，用“变更”修改。")
    ref = models.InspectorVersion.objects.get(change=change).inspector.ref
    audit.append(EventKind.INSPECTOR_ADDED, about=ref, by=by, at=at, data={"on": str(on)})
    return ref


@transaction.atomic
def change_inspector(
    ref: str, changes: Mapping[str, str], *, reason: str, on: date, by: Actor, at: datetime
) -> None:
    """New texts of some fields, read as an import reads its cells; valid from `on`."""
    check(by, Power.EDIT_REGISTER)
    if not reason.strip():
        raise Invalid("请写明变更理由，例如请假审批单号、借调文件或换证日期。")
    values = read_cells(changes, LAYOUTS[ImportKind.INSPECTORS])
    old = models.InspectorVersion.objects.filter(
        inspector__ref=ref, bureau__code=by.bureau, until=None
    ).first()
    if old is None:
        raise Refused(f"本机构名录中没有编号为 {ref} 的检查人员，请从名录列表进入。")
    change = open_change(
        ImportKind.INSPECTORS, "人工变更", on=on, by=by, at=at, reason=reason.strip()[:200]
    )
    if InspectorBook(change).put(old, values) is UNCHANGED:
        raise Refused("填写的内容与名录一致，没有需要变更的，请核对后再提交。")
    names = sorted(name for name, value in values.items() if getattr(old, name) != value)
    audit.append(
        EventKind.INSPECTOR_CHANGED, about=ref, by=by, at=at, data={"fields": names, "on": str(on)}
    )
