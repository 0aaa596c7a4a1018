"""Whole files into the registers: at once, or previewed first and confirmed."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind, RowOutcome
from gongchou.registry import diffs, models
from gongchou.registry.importing.books import rows_of_source
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.line import Row
from gongchou.registry.importing.report import ImportReport
from gongchou.registry.importing.rows import batched
from gongchou.registry.importing.sheets import Source
from gongchou.registry.writers import Book, book_of, open_change
from gongchou.registry.writers.changes import Written

LOT = 2500


def _rows(kind: ImportKind, source: Source, mapping: Mapping[str, str]) -> Iterator[Row]:
    if kind not in LAYOUTS:
        known = "、".join(kind.label for kind in LAYOUTS)
        raise Refused(f"“{kind.label}”暂不能从文件导入，可导入的有{known}。")
    return rows_of_source(source, LAYOUTS[kind], mapping)


@transaction.atomic
def import_file(
    kind: ImportKind,
    content: bytes | Path,
    filename: str,
    *,
    on: date,
    by: Actor,
    at: datetime,
    mapping: Mapping[str, str] | None = None,
    is_strict: bool = False,
    is_dry_run: bool = False,
) -> ImportReport:
    """A whole file into the register, in one transaction.

    Good rows go in and bad ones are reported; strict, one bad row keeps the whole file out. A dry
    run does the same and takes everything back.
    """
    check(by, Power.EDIT_ITEMS if kind is ImportKind.ITEMS else Power.IMPORT_REGISTER)
    source = Source(name=filename, content=content)
    rows, sha256 = _rows(kind, source, mapping or {}), source.sha256()
    before = transaction.savepoint()
    change = open_change(kind, filename, on=on, by=by, at=at, sha256=sha256)
    report = _write_all(book_of(kind, change), rows)
    if is_dry_run or (is_strict and report.rejected):
        report.diff = diffs.of_change(change)
        transaction.savepoint_rollback(before)
        return report
    models.RegisterChange.objects.filter(pk=change.pk).update(
        counts=report.counts(), sensitive=report.sensitive
    )
    audit.append(
        EventKind.REGISTER_IMPORTED,
        about=change.ref,
        by=by,
        at=at,
        data={
            "kind": kind.value,
            "sha256": sha256,
            **report.counts(),
            "sensitive": report.sensitive,
        },
    )
    return report


def _write_all(book: Book, rows: Iterable[Row]) -> ImportReport:
    """Lot by lot: as many rows are in memory as make one lot."""
    report = ImportReport()
    with _without_looking_for_cycles():
        for lot in batched(rows, LOT):
            good = iter(book.write([row.values for row in lot if row.is_good]))
            for row in lot:
                if row.is_good:
                    _count(report, row, next(good))
                else:
                    _tell(report, row)
    report.sensitive = book.sensitive
    return report


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """A row is a dozen small objects that go as they came; looking through them costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tell(report: ImportReport, row: Row) -> None:
    """A row that was not good enough to be written, or none."""
    if row.is_aside:
        report.warn(row.warnings)
        return
    outcome = RowOutcome.DUPLICATE if row.is_duplicate else RowOutcome.REJECTED
    report.add(outcome, row.problems, row.warnings)


def _count(report: ImportReport, row: Row, written: Written) -> None:
    if written.says:
        row.fault("", "", written.says)
    if written.warns:
        row.doubt("", "", written.warns)
    report.add(written.outcome, row.problems, row.warnings)
