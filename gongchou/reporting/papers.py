"""A frozen statistics table as a paper."""

from typing import Any

from gongchou.core.statistics import Row
from gongchou.core.terms import PackagePart, StatisticsVersion
from gongchou.core.workdays import Quarter
from gongchou.reporting import reads
from gongchou.reporting.checkcode import code_text, short_code
from gongchou.web.papers import qr_svg, typeset, written_day

TEMPLATE = "reporting/papers/statistics.typ"


def statistics_values(found: reads.VersionPage) -> dict[str, Any]:
    """What the paper says: the numbers of the frozen table, and nothing counted anew."""
    quarter, body = Quarter.parse(found.quarter), found.body
    qr_text = code_text(PackagePart.STATISTICS, found.ref, found.digest)
    is_corrected = found.version is StatisticsVersion.CORRECTED
    return {
        "title": "“双随机、一公开”季度统计表",
        "organ": body.bureau_name,
        "quarter": quarter.label,
        "number": found.ref,
        "mark": found.version.label if found.is_current else f"{found.version.label}（已被替代）",
        "rows": [_row(row) for row in body.rows],
        "notes": _notes(found) if is_corrected else [],
        "made": f"{written_day(body.on)}由{found.made_by}生成，第 {found.number} 版。",
        "digest": found.digest,
        "code": short_code(found.digest),
        "qr": qr_svg(qr_text),
        "qr-text": qr_text,
    }


def _row(row: Row) -> dict[str, str]:
    cell = row.quarter
    return {
        "group": cell.group,
        "label": cell.label,
        "unit": cell.unit,
        "quarter": cell.shown,
        "year": row.year.shown,
    }


def _notes(found: reads.VersionPage) -> list[str]:
    """What a correction replaces, why, and number by number what moved."""
    changed = [f"{one.label}：原 {one.was}，现 {one.now}。" for one in found.body.differences]
    return [f"本表替代 {found.replaces}。更正理由：{found.reason}", *changed]


def statistics_paper(ref: str, *, bureau: str) -> tuple[str, bytes]:
    """The table as a PDF, and the name to save it under; the same table gives the same bytes."""
    found = reads.version(ref, bureau)
    values = statistics_values(found)
    name = f"{values['quarter']}统计表（第 {found.number} 版）"
    return name, typeset(TEMPLATE, values, at=found.made_at)
