"""A frozen table in the form in which it is published."""

from gongchou.publication.gathering import Table
from gongchou.reporting.reads import VersionPage


def public_table(found: VersionPage) -> Table:
    """Every number of the table, the quarter's beside the year's."""
    return Table(
        columns=("本季度", "年度累计"),
        rows=tuple(
            (_name(row.quarter.group, row.quarter.label, row.quarter.unit),
             (row.quarter.shown, row.year.shown))
            for row in found.body.rows
        ),
        note=(
            f"{found.version.label}，第 {found.number} 版，{found.body.on} 生成；"
            "占比和比率为截位小数，没有对象的不适用。"
        ),
    )  # fmt: skip


def _name(group: str, label: str, unit: str) -> str:
    return f"{group}　{label}（{unit}）" if unit else f"{group}　{label}"
