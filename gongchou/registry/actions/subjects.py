"""One subject entered or edited by hand: dated, reasoned, and kept beside what stood before."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.codes import contact_problem
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, InvalidFields, Refused
from gongchou.core.terms import ImportKind, RowOutcome
from gongchou.registry import models
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.rows import read_cells
from gongchou.registry.writers.changes import UNCHANGED, open_change
from gongchou.registry.writers.subjects import SubjectBook


@transaction.atomic
def add_subject(
    entries: Mapping[str, str], *, reason: str, on: date, by: Actor, at: datetime
) -> str:
    """A site that is not in the register yet, typed field by field; returns its ref."""
    check(by, Power.EDIT_REGISTER)
    if not reason.strip():
        raise Invalid("请写明新增理由，例如新领的排污许可证或现场核实的情况。")
    layout = LAYOUTS[ImportKind.SUBJECTS]
    values = read_cells({"name": "", "permit_category": "", **entries}, layout)
    _check_contact(values.get("contact") or "")
    change = open_change(
        ImportKind.SUBJECTS, "人工新增", on=on, by=by, at=at, reason=reason.strip()[:200]
    )
    written = SubjectBook(change).write([values])[0]
    if written.says:
        raise Invalid(f"{written.says}。")
    if written.outcome is not RowOutcome.ACCEPTED:
        raise Refused("名录中已有这一家，请在名录中查到它，用“变更”修改。")
    ref = models.SubjectVersion.objects.get(change=change).subject.ref
    audit.append(EventKind.SUBJECT_ADDED, about=ref, by=by, at=at, data={"on": str(on)})
    return ref


@transaction.atomic
def change_subject(
    ref: str, changes: Mapping[str, str], *, reason: str, on: date, by: Actor, at: datetime
) -> None:
    """New texts of some fields, read as an import reads its cells; valid from `on`.

    Every problem is told at once. The earlier values stay for earlier days.
    """
    check(by, Power.EDIT_REGISTER)
    if not reason.strip():
        raise Invalid("请写明变更理由，例如依据的文书或核实的情况。")
    values = read_cells(changes, LAYOUTS[ImportKind.SUBJECTS])
    old = models.SubjectVersion.objects.filter(
        subject__ref=ref, bureau__code=by.bureau, until=None
    ).first()
    if old is None:
        raise Refused(f"本机构名录中没有编号为 {ref} 的检查对象，请从名录列表进入。")
    _check_site_code(old, values.get("site_code", ""))
    if values.get("contact", old.contact) != old.contact:
        _check_contact(values["contact"])
    change = open_change(
        ImportKind.SUBJECTS, "人工变更", on=on, by=by, at=at, reason=reason.strip()[:200]
    )
    book = SubjectBook(change)
    if book.change_one(old, values) is UNCHANGED:
        raise Refused("填写的内容与名录一致，没有需要变更的，请核对后再提交。")
    models.RegisterChange.objects.filter(pk=change.pk).update(sensitive=book.sensitive)
    names = sorted(name for name, value in values.items() if getattr(old, name) != value)
    audit.append(
        EventKind.SUBJECT_CHANGED, about=ref, by=by, at=at, data={"fields": names, "on": str(on)}
    )


def _check_contact(contact: str) -> None:
    """A file may bring what it has; who types a number can look at it again."""
    problem = contact_problem(contact) if contact else None
    if problem:
        raise InvalidFields({"contact": problem})


def _check_site_code(old: models.SubjectVersion, code: str) -> None:
    others = models.SubjectVersion.objects.filter(bureau=old.bureau, until=None, site_code=code)
    taken = others.exclude(pk=old.pk).first() if code else None
    if taken:
        says = f"固定污染源编码 {code} 已登记在“{taken.name}”名下，请核对后改正。"
        raise InvalidFields({"site_code": says})
