"""The statistics table as a workbook: the table, what a correction changed, the facts behind.

Text is always written as text: a name that begins with =, +, - or @ is never a formula.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from gongchou.core.statistics import Cell, Difference, Fact, Row
from gongchou.core.workdays import Quarter
from gongchou.reporting.body import frozen
from gongchou.reporting.reads import VersionPage, in_words
from gongchou.reporting.sealed import SHEET, chunks, sealed_text
from gongchou.web.sheets import on_a4

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = "“双随机、一公开”监管统计表"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What goes into the workbook: lines under the title, the table, its ground.

    Each fact comes with its kind or section in words.
    """

    quarter: str
    bureau_name: str
    lines: tuple[str, ...]
    rows: tuple[Row, ...]
    facts: tuple[tuple[Fact, str], ...]
    differences: tuple[Difference, ...] = ()
    sealed: str = ""


def sheet_of(found: VersionPage) -> Sheet:
    """The sheet of a frozen table, with what another installation checks it by."""
    body = found.body
    lines = [
        f"{found.version.label}，第 {found.number} 版，{body.on} 由{found.made_by}生成",
        f"统计表编号 {found.ref}，摘要 {found.digest}",
        f"依据：计划 {body.plan}，统计事实摘要 {found.made_from}",
    ]
    if found.reason:
        lines.append(f"替代 {found.replaces}，更正理由：{found.reason}")
    return Sheet(
        quarter=body.quarter,
        bureau_name=body.bureau_name,
        lines=tuple(lines),
        rows=body.rows,
        facts=in_words(found.bureau, Quarter.parse(body.quarter), body.facts).lines,
        differences=body.differences,
        sealed=sealed_text(found, frozen(body)),
    )


def workbook(sheet: Sheet) -> bytes:
    """The xlsx file; the same table gives the same content."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        _table(book, sheet)
        if sheet.differences:
            _differences(book, sheet.differences)
        _facts(book, sheet.facts)
        if sheet.sealed:
            _sealed(book, sheet.sealed)
    return buffer.getvalue()


def _table(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet("统计表")
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 24)
    page.set_column(2, 4, 12)
    page.set_column(5, 5, 60)
    title = book.add_format({"bold": True, "font_size": 16})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E4F0F4"})
    wrapped = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    number = book.add_format({"border": 1, "align": "right", "valign": "top"})
    heading = f"{sheet.bureau_name}{Quarter.parse(sheet.quarter).label}{TITLE}"
    page.write_string(0, 0, heading, title)
    for place, line in enumerate(sheet.lines, start=1):
        page.write_string(place, 0, line)
    top = len(sheet.lines) + 2
    for column, name in enumerate(("项目组", "项目", "单位", "本季度", "年度累计", "怎样得出")):
        page.write_string(top, column, name, head)
    page.freeze_panes(top + 1, 2)
    on_a4(page, heads=top)
    for place, row in enumerate(sheet.rows, start=top + 1):
        cell = row.quarter
        for column, text in ((0, cell.group), (1, cell.label), (2, cell.unit), (5, cell.why)):
            page.write_string(place, column, text, wrapped)
        _number(page, place, 3, cell, number)
        _number(page, place, 4, row.year, number)


def _number(page: Any, place: int, column: int, cell: Cell, form: Any) -> None:
    """Counts are numbers that can be summed; shares and money stay exactly as shown."""
    if cell.shown == str(cell.count) and not cell.of:
        page.write_number(place, column, cell.count, form)
    else:
        page.write_string(place, column, cell.shown, form)


def _differences(book: Any, rows: Iterable[Difference]) -> None:
    page = book.add_worksheet("更正对照")
    on_a4(page, heads=0, is_upright=True)
    page.set_column(0, 0, 50)
    head = book.add_format({"bold": True})
    for column, name in enumerate(("项目", "原数", "现数")):
        page.write_string(0, column, name, head)
    for place, row in enumerate(rows, start=1):
        for column, text in enumerate((row.label, row.was, row.now)):
            page.write_string(place, column, text)


def _sealed(book: Any, text: str) -> None:
    """Hidden: the table's bytes and digest, for the bureau that adds up its districts."""
    page = book.add_worksheet(SHEET)
    page.hide()
    for place, part in enumerate(chunks(text)):
        page.write_string(place, 0, part)


def _facts(book: Any, facts: Iterable[tuple[Fact, str]]) -> None:
    page = book.add_worksheet("统计事实")
    on_a4(page, heads=0)
    page.set_column(0, 5, 18)
    page.set_column(6, 6, 60)
    head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    names = ("季度", "日期", "统计项目", "层", "种类或科室", "数量", "记录")
    for column, name in enumerate(names):
        page.write_string(0, column, name, head)
    for place, (fact, kind) in enumerate(facts, start=1):
        texts = (
            fact.quarter,
            fact.day.isoformat(),
            fact.measure.label,
            fact.stratum.label if fact.stratum else "",
            kind,
        )
        for column, text in enumerate(texts):
            page.write_string(place, column, text)
        page.write_number(place, 5, fact.count)
        records = "；".join(f"{record.kind.label} {record.ref}" for record in fact.records)
        page.write_string(place, 6, records[:32000], wrapped)
    page.freeze_panes(1, 0)
