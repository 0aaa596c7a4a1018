"""检查对象汇总表: every subject checked in the quarter with its result, as an annex in xlsx."""

import io
from collections.abc import Iterator

import xlsxwriter

from gongchou.core.terms import RecordKind
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.offsite import reads as offsite
from gongchou.publication import reads as publication
from gongchou.reporting.reads import VersionPage
from gongchou.web.sheets import on_a4

HEAD = (
    "序号", "单位名称", "统一社会信用代码", "层", "方式", "检查类别", "检查日期", "结果",
    "问题数", "公示日期", "记录编号",
)  # fmt: skip
WIDTHS = (6, 32, 22, 18, 8, 10, 12, 18, 8, 12, 24)


def subjects_book(table: VersionPage) -> tuple[str, bytes]:
    """The workbook over the records that the frozen table was counted from, and its name."""
    quarter = Quarter.parse(table.quarter)
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": table.made_at.replace(tzinfo=None)})
        page = book.add_worksheet("检查对象汇总表")
        on_a4(page, heads=2)
        name = f"{quarter.label}检查对象汇总表"
        bold, lined = book.add_format({"bold": True}), book.add_format({"border": 1})
        page.write_string(0, 0, f"{table.body.bureau_name}{name}（依据统计表 {table.ref}）", bold)
        for column, (text, width) in enumerate(zip(HEAD, WIDTHS, strict=True)):
            page.set_column(column, column, width)
            page.write_string(2, column, text, lined)
        for number, cells in enumerate((*_visits(table), *_checks(table)), start=1):
            for column, text in enumerate((str(number), *cells)):
                page.write_string(2 + number, column, text, lined)
        page.freeze_panes(3, 2)
    return name, buffer.getvalue()


def _strata(table: VersionPage) -> dict[str, str]:
    """The class in which each record was counted."""
    return {
        record.ref: fact.stratum.label
        for fact in table.body.facts
        if fact.stratum
        for record in fact.records
    }


def _refs(table: VersionPage, kind: RecordKind) -> list[str]:
    found = {
        record.ref
        for fact in table.body.facts
        if fact.quarter == table.quarter
        for record in fact.records
        if record.kind is kind
    }
    return sorted(found)


def _visits(table: VersionPage) -> Iterator[tuple[str, ...]]:
    refs = _refs(table, RecordKind.VISIT)
    public = publication.public_on(table.bureau, refs, table.body.on)
    rows = [inspection.visit(ref) for ref in refs]
    for row in sorted(rows, key=lambda one: (str(one.ended_on), one.ref)):
        yield (
            row.subject_name,
            row.uscc,
            row.stratum.label if row.stratum else "",
            "现场",
            row.inspection_kind.label,
            str(row.ended_on or ""),
            row.visit_result.label if row.visit_result else "",
            str(row.problem_count),
            str(public[row.ref][1]) if row.ref in public else "",
            row.ref,
        )


def _checks(table: VersionPage) -> Iterator[tuple[str, ...]]:
    strata = _strata(table)
    for ref in _refs(table, RecordKind.OFFSITE_CHECK):
        row = offsite.check(ref, table.bureau)
        yield (
            row.subject_name,
            "",
            strata.get(ref, ""),
            "非现场",
            "",
            str(row.concluded_on or ""),
            row.conclusion.label if row.conclusion else "",
            "",
            "",
            row.ref,
        )
