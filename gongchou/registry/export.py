"""Registers as workbooks, in the columns that import reads."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any

import xlsxwriter

from gongchou.core.refusals import Refused
from gongchou.core.terms import CoordinateSystem, DutyStatus, ImportKind, Term
from gongchou.registry import models
from gongchou.registry.fact_reads import valid_on
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.rows import FORMULA
from gongchou.registry.tags import MANY, WORDS

KINDS = (ImportKind.SUBJECTS, ImportKind.INSPECTORS)
TERMS: dict[str, type[Term]] = {
    **WORDS,
    **MANY,
    "expertise": MANY["pollutant_types"],
    "duty_status": DutyStatus,
    "coordinate_system": CoordinateSystem,
}


def workbook(kind: ImportKind, bureau: str, on: date) -> tuple[bytes, int]:
    """The register of a day as xlsx, and its number of rows."""
    model: Any = models.SubjectVersion if kind is ImportKind.SUBJECTS else models.InspectorVersion
    rows = model.objects.filter(valid_on(on), bureau__code=bureau).order_by("pk")
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(kind.label)
        columns = LAYOUTS[kind].columns
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, [column.headers[0] for column in columns], bold)
        sheet.freeze_panes(1, 0)
        count = _fill(sheet.write_string, rows.iterator(chunk_size=2000), columns)
        sheet.autofilter(0, 0, count, len(columns) - 1)
    return buffer.getvalue(), count


def texts(ref: str, bureau: str) -> dict[str, str]:
    """The open version of one subject, field by field, the way import reads it."""
    row = models.SubjectVersion.objects.get(subject__ref=ref, bureau__code=bureau, until=None)
    columns = LAYOUTS[ImportKind.SUBJECTS].columns
    return {c.field: cell_text(c.field, getattr(row, c.field)) for c in columns}


def person_texts(ref: str, bureau: str) -> dict[str, str]:
    """The open version of one inspector, field by field."""
    row = models.InspectorVersion.objects.filter(
        inspector__ref=ref, bureau__code=bureau, until=None
    ).first()
    if row is None:
        raise Refused(f"本机构名录中没有编号为 {ref} 的检查人员，请从名录列表进入。")
    columns = LAYOUTS[ImportKind.INSPECTORS].columns
    return {c.field: cell_text(c.field, getattr(row, c.field)) for c in columns}


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """A table for a spreadsheet, line by line; a text that looks like a formula stays a text."""
    yield b"\xef\xbb\xbf"
    line = io.StringIO()
    writer = csv.writer(line)
    for row in chain([head], rows):
        writer.writerow([harmless(str(cell)) for cell in row])
        yield line.getvalue().encode("utf-8", "replace")
        line.seek(0)
        line.truncate()


def harmless(cell: str) -> str:
    """Quoted where a spreadsheet would take it for the beginning of a formula."""
    return f"'{cell}" if cell.startswith((*FORMULA, "\t", "\r")) else cell


def _fill(write: Callable[..., Any], rows: Iterable[Any], columns: Iterable[Any]) -> int:
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            write(count, place, cell_text(column.field, getattr(row, column.field)))
    return count


def cell_text(field: str, value: Any) -> str:
    """A value the way import reads it: labels, 是／否, dates as 2024-03-28."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(cell_text(field, item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    return _label(field, value)


def _label(field: str, value: str) -> str:
    term = TERMS.get(field)
    return term(value).label if term else str(value)
