"""Whole files into the registers: at once, or previewed first and confirmed."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Problem, Refused, Stale
from gongchou.core.terms import ImportKind, RowOutcome
from gongchou.registry import models
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.report import ImportReport
from gongchou.registry.importing.rows import Row, rows_of
from gongchou.registry.importing.sheets import read_grid
from gongchou.registry.numbering import take
from gongchou.registry.writers import Register, open_change


def _bureau(code: str) -> Bureau:
    return Bureau.objects.get(code=code)


def _parsed(kind: ImportKind, content: bytes, filename: str) -> list[Row]:
    if kind not in LAYOUTS:
        known = "、".join(kind.label for kind in LAYOUTS)
        raise Refused(f"“{kind.label}”暂不能从文件导入，可导入的有{known}。")
    return rows_of(read_grid(content, filename), LAYOUTS[kind])


@transaction.atomic
def import_file(
    kind: ImportKind,
    content: bytes,
    filename: str,
    *,
    on: date,
    by: Actor,
    at: datetime,
    is_strict: bool = False,
    is_dry_run: bool = False,
) -> ImportReport:
    """A whole file into the register, in one transaction.

    Good rows go in and bad ones are reported; strict, one bad row keeps the whole file out. A dry
    run does the same and takes everything back.
    """
    check(by, Power.EDIT_ITEMS if kind is ImportKind.ITEMS else Power.IMPORT_REGISTER)
    rows = _parsed(kind, content, filename)
    sha256 = hashlib.sha256(content).hexdigest()
    before = transaction.savepoint()
    change = open_change(kind, filename, on=on, by=by, at=at, sha256=sha256)
    report = _write_all(Register(change), kind, rows)
    if is_dry_run or (is_strict and report.rejected):
        transaction.savepoint_rollback(before)
        return report
    models.RegisterChange.objects.filter(pk=change.pk).update(counts=_counts(report))
    audit.append(
        EventKind.REGISTER_IMPORTED,
        about=change.ref,
        by=by,
        at=at,
        data={"kind": kind.value, "sha256": sha256, **_counts(report)},
    )
    return report


def _counts(report: ImportReport) -> dict[str, int]:
    return {name: n for name, n in report.plain().items() if isinstance(n, int)}


def _write_all(register: Register, kind: ImportKind, rows: list[Row]) -> ImportReport:
    report = ImportReport()
    for row in rows:
        if row.is_duplicate:
            report.add(RowOutcome.DUPLICATE, row.problems)
        elif row.problems:
            report.add(RowOutcome.REJECTED, row.problems)
        else:
            report.add(*_written(register, kind, row))
    return report


def _written(register: Register, kind: ImportKind, row: Row) -> tuple[RowOutcome, list[Problem]]:
    try:
        return register.write(kind, row.values), []
    except Refused as refusal:
        says = f"第 {row.number} 行：{refusal}。"
        return RowOutcome.REJECTED, [Problem(row=row.number, column="", value="", says=says)]


@transaction.atomic
def stage_import(
    kind: ImportKind, content: bytes, filename: str, *, on: date, by: Actor, at: datetime
) -> str:
    """Keep an uploaded file with its preview until the clerk decides; returns the batch's ref."""
    report = import_file(kind, content, filename, on=on, by=by, at=at, is_dry_run=True)
    owner = _bureau(by.bureau)
    number = take(owner, "B", models.ImportBatch)
    batch = models.ImportBatch.objects.create(
        ref=f"B{by.bureau}-{number:06}",
        bureau=owner,
        kind=kind.value,
        filename=filename[:200],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        report=report.plain(),
        by_ref=by.ref,
        at=at,
    )
    audit.append(
        EventKind.IMPORT_STAGED, about=batch.ref, by=by, at=at, data={"sha256": batch.sha256}
    )
    return batch.ref


@transaction.atomic
def commit_import(ref: str, *, on: date, by: Actor, at: datetime) -> ImportReport:
    """Import the file that was previewed; a second click is refused."""
    rows = models.ImportBatch.objects.filter(ref=ref, bureau__code=by.bureau, committed_at=None)
    batch = rows.first()
    if batch is None or rows.update(committed_at=at) != 1:
        raise Stale("这份文件已经导入或不存在，请在名录中核对。")
    return import_file(
        ImportKind(batch.kind), bytes(batch.content), batch.filename, on=on, by=by, at=at
    )
