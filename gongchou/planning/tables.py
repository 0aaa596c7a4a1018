"""Plans as the tables that are published: eight columns for the year, one row a stratum."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import xlsxwriter

from gongchou.core.classify import Classification
from gongchou.core.quota import month_counts, part_members, stratum_plan
from gongchou.core.quota_words import ratio_words
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.rules import PolicyProfile, Quota
from gongchou.core.terms import TaskMode
from gongchou.core.workdays import Quarter
from gongchou.planning.sums import drawable_count
from gongchou.web.sheets import on_a4

ANNUAL = (
    "序号", "任务名称", "任务类型", "抽查事项", "抽查对象范围", "抽取时间", "抽查对象数量",
    "抽查对象比例",
)  # fmt: skip


OFFSITE, ON_SITE = "非现场检查", "随机抽查"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualRow:
    """One row of the yearly plan; `months` is the pace inside its quarter."""

    quarter: str
    name: str
    task_mode: TaskMode
    items: str
    scope: str
    when: str
    count: int
    ratio: str
    months: tuple[int, ...]

    @property
    def is_offsite(self) -> bool:
        """Off-site rows are drawn by nobody: all of their subjects are checked."""
        return self.name.endswith(OFFSITE)

    def cells(self, number: int) -> tuple[str, ...]:
        """The eight columns."""
        return (
            str(number),
            self.name,
            self.task_mode.label,
            self.items,
            self.scope,
            self.when,
            f"{self.count} 家",
            self.ratio,
        )


def annual_rows(
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    classified: dict[Quarter, Classification],
) -> tuple[AnnualRow, ...]:
    """What every quarter of a year asks of each stratum, by the register of today."""
    items = "、".join(group.name for group in snapshot.item_groups) or "现行随机抽查事项清单"
    people = drawable_count(snapshot)
    found = []
    for quarter, classification in classified.items():
        subjects = {subject.ref: subject for subject in snapshot.subjects}
        for stratum in profile.precedence(snapshot.on):
            for quota, members in part_members(classification, profile, stratum, subjects):
                row = stratum_plan(quota, base=len(members), quarter=quarter, inspectors=people)
                found.append(_row(quota, row.required_count, len(members), quarter, items, profile))
    return tuple(found)


def _label(quota: Quota) -> str:
    return quota.stratum.label + (f"（{quota.part_name}）" if quota.part else "")


def row_name(quota: Quota) -> str:
    """What a row of the yearly plan is called."""
    return _label(quota) + (OFFSITE if quota.is_offsite else ON_SITE)


def _row(
    quota: Quota, count: int, base: int, quarter: Quarter, items: str, profile: PolicyProfile
) -> AnnualRow:
    label = _label(quota)
    days = profile.number("draw.window_days", max(profile.since, quarter.first))
    last = quarter.first + timedelta(days=days - 1)
    drawn = f"{quarter.label}（{last.month}月{last.day}日前抽取）"
    return AnnualRow(
        quarter=str(quarter),
        name=row_name(quota),
        task_mode=TaskMode.UNDIRECTED,
        items=items,
        scope=f"{label}，现有 {base} 家",
        when=f"{quarter.label}（全部）" if quota.is_offsite else drawn,
        count=count,
        ratio=ratio_words(quota),
        months=month_counts(count),
    )


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table as csv that spreadsheets open; no cell is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([[_plain(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def xlsx_bytes(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table as a workbook, headed and frozen."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(title[:31])
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, list(header), book.add_format({"bold": True, "bottom": 1}))
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(place, column, cell, wrap)
        sheet.set_column(0, 0, 6)
        sheet.set_column(1, len(header) - 1, 22)
        sheet.freeze_panes(1, 0)
        on_a4(sheet, heads=0)
    return buffer.getvalue()
