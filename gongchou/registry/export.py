"""Registers as workbooks, in the columns that import reads."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from types import SimpleNamespace
from typing import Any

import xlsxwriter

from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    CoordinateSystem,
    DutyStatus,
    ImportKind,
    ItemTier,
    PermitCategory,
    Term,
)
from gongchou.registry import models
from gongchou.registry.fact_reads import known_on, valid_on
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.importing.rows import FORMULA
from gongchou.registry.item_reads import GROUP_FIELDS, ITEM_FIELDS, ItemListRow
from gongchou.registry.tags import MANY, WORDS
from gongchou.web.sheets import on_a4

LETTER = ("since", "until", "scope", "qualification", "is_published")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = (ImportKind.SUBJECTS, ImportKind.INSPECTORS, ImportKind.ASSISTANTS, ImportKind.ITEMS)
TERMS: dict[str, type[Term]] = {
    **WORDS,
    **MANY,
    "expertise": MANY["pollutant_types"],
    "duty_status": DutyStatus,
    "coordinate_system": CoordinateSystem,
    "tier": ItemTier,
    "permit_categories": PermitCategory,
}


def workbook(kind: ImportKind, bureau: str, on: date) -> tuple[bytes, int]:
    """The register of a day as xlsx, and its number of rows."""
    rows = _rows(kind, bureau, on)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(kind.label)
        columns = LAYOUTS[kind].columns
        bold = book.add_format({"bold": True})
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.headers[0], bold)
        sheet.freeze_panes(1, 0)
        on_a4(sheet, heads=0)
        count = _fill(sheet.write_string, rows, columns)
        sheet.autofilter(0, 0, count, len(columns) - 1)
    return buffer.getvalue(), count


def _rows(kind: ImportKind, bureau: str, on: date) -> Iterable[Any]:
    if kind is ImportKind.ITEMS:
        return _items(bureau, on)
    if kind is ImportKind.ASSISTANTS:
        return _assistants(bureau, on)
    return _versions(kind, bureau, on)


def _versions(kind: ImportKind, bureau: str, on: date) -> Iterable[Any]:
    model: Any = models.SubjectVersion if kind is ImportKind.SUBJECTS else models.InspectorVersion
    rows = model.objects.filter(valid_on(on), bureau__code=bureau).order_by("pk")
    return iter(rows.iterator(chunk_size=2000))


def _items(bureau: str, on: date) -> Iterator[Any]:
    """The rows of the list in force, group and item in one as the columns have them."""
    lists = models.ItemList.objects.filter(bureau__code=bureau, approved_on__lte=on)
    found = lists.order_by("-version").first()
    groups = found.groups.order_by("code").prefetch_related("items") if found else ()
    for group in groups:
        for item in sorted(group.items.all(), key=lambda row: row.pk):
            yield SimpleNamespace(
                group_code=group.code,
                group_name=group.name,
                **{name: getattr(group, name) for name in GROUP_FIELDS},
                **{name: getattr(item, name) for name in ("name", *ITEM_FIELDS)},
            )


def _assistants(bureau: str, on: date) -> Iterator[Any]:
    """Each person with the body that sends them and the letter that lets them come."""
    letters = {
        (letter.body_id, letter.number): letter
        for letter in models.Commission.objects.filter(known_on(on), body__bureau__code=bureau)
    }
    people = models.Assistant.objects.filter(known_on(on), body__bureau__code=bureau)
    for person in people.select_related("body").order_by("body__ref", "ref"):
        letter = letters[person.body_id, person.letter]
        yield SimpleNamespace(
            body=person.body.name,
            name=person.name,
            expertise=person.expertise,
            **{name: getattr(letter, name) for name in ("number", *LETTER)},
        )


def item_texts(code: str, found: ItemListRow) -> dict[str, str]:
    """One item of a list, field by field, the way import reads it."""
    item = next((row for row in found.items if row.code == code), None)
    if item is None:
        raise Refused(f"第 {found.version} 版清单中没有编号为 {code} 的事项，请从清单页面进入。")
    group = next(row for row in found.groups if row.code == item.item_group)
    given: dict[str, Any] = {
        **{name: getattr(group, name) for name in GROUP_FIELDS},
        **{name: getattr(item, name) for name in ("name", *ITEM_FIELDS) if name != "content"},
        "group_code": group.code,
        "group_name": group.name,
        "content": item.point if item.point != item.name else "",
    }
    columns = LAYOUTS[ImportKind.ITEMS].columns
    return {column.field: cell_text(column.field, given[column.field]) for column in columns}


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
    if isinstance(value, list | tuple):
        return "、".join(cell_text(field, item) for item in value)
    if isinstance(value, date):
        return value.isoformat()
    return _label(field, value)


def _label(field: str, value: str) -> str:
    """The label of a word of the glossary; an assistant's expertise is written freely."""
    term = TERMS.get(field)
    return term(value).label if term and value in {m.value for m in term} else str(value)
