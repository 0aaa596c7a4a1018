"""The yearly plan as an official paper: as PDF, and as Word for the office's own editing."""

from datetime import datetime
from itertools import groupby
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.planning import annual_reads
from gongchou.planning.papers import MARKS
from gongchou.planning.tables import AnnualRow
from gongchou.web.clock import day_of
from gongchou.web.papers import demo_band, typeset, written_day
from gongchou.web.wordprocessing import letter

TEMPLATE = "planning/papers/annual.typ"
ANNEX = "全年抽查任务表"
HEAD = ("序号", "任务名称", "任务类型", "抽查对象范围", "抽取时间", "数量", "比例", "按月")
WIDTHS = (9, 26, 16, 25, 22, 15, 16, 27)


def annual_values(found: annual_reads.AnnualPage, *, at: datetime) -> dict[str, Any]:
    """What the paper says: the rows of the page, summed by quarter, and the whole as an annex."""
    quarters = [
        _quarter(Quarter.parse(key), list(rows))
        for key, rows in groupby(found.rows, lambda row: row.quarter)
    ]
    on_site = sum(row.count for row in found.rows if not row.is_offsite)
    profile = annual_reads.profile_of_annual(found)
    return {
        "title": f"{found.year}年度“双随机、一公开”抽查计划",
        "title-lines": [f"{found.year}年度", "“双随机、一公开”抽查计划"],
        "organ": accounts.bureau(found.bureau).name,
        "number": "",
        "mark": MARKS.get(found.state, ""),
        "ground": f"本计划按照《{profile.title}》（{profile.document_number}）制定。",
        "scope": f"以{written_day(found.on)}的检查对象名录库为准，全年拟现场抽查 {on_site} 家次，"
        "分季度如下：",
        "quarters": quarters,
        "note": "各季度开始时按当季名录重新分类、测算，应抽家数以经批准的季度抽查计划为准。",
        "items": f"抽查事项：{found.rows[0].items}。" if found.rows else "",
        "people": "检查对象和检查人员都随机抽取，抽取全程留痕；各次抽取在每季度开始后按方案规定的"
        "时间进行。能合并的检查事项一次完成，不重复检查。",
        "discipline": "不得人为选择检查对象，不得事先透露检查安排；检查结果按规定向社会公开。",
        "annex": ANNEX,
        "head": list(HEAD),
        "rows": [_cells(number, row) for number, row in enumerate(found.rows, start=1)],
        "copies": "",
        "on": written_day(day_of(found.approved_at or at)),
        "plan": found.ref,
        "digest": found.digest,
    }


def _quarter(quarter: Quarter, rows: list[AnnualRow]) -> list[str]:
    """A quarter in one line: its visits on site, month by month, and its checks off site."""
    on_site = [row for row in rows if not row.is_offsite]
    months = [sum(row.months[n] for row in on_site) for n in range(3)]
    return [
        quarter.label,
        f"{sum(row.count for row in on_site)}",
        "、".join(map(str, months)),
        f"{sum(row.count for row in rows if row.is_offsite)}",
    ]


def _cells(number: int, row: AnnualRow) -> list[str]:
    pace = "、".join(map(str, row.months))
    return [
        str(number), row.name, row.task_mode.label, row.scope, row.when, f"{row.count} 家",
        row.ratio, pace,
    ]  # fmt: skip


def _own(bureau: str, year: int) -> annual_reads.AnnualPage:
    found = annual_reads.annual_plan(bureau, year)
    if found is None:
        raise Refused(f"{year} 年还没有年度计划，请先编制。")
    return found


def annual_paper(bureau: str, year: int, *, at: datetime) -> tuple[str, bytes]:
    """The year's plan as a PDF, and the name to save it under."""
    found = _own(bureau, year)
    values = annual_values(found, at=at)
    return values["title"], typeset(TEMPLATE, values, at=found.approved_at or at)


def annual_word(bureau: str, year: int, *, at: datetime) -> tuple[str, bytes]:
    """The year's plan as a Word file, and the name to save it under."""
    found = _own(bureau, year)
    values = annual_values(found, at=at)
    return values["title"], letter(_letter(values), at=found.approved_at or at, band=demo_band())


QUARTERS = ("季度", "现场抽查家次", "其中各月", "非现场检查家次")


def _letter(values: dict[str, Any]) -> dict[str, Any]:
    """The same paper as paragraphs and tables."""
    table = {
        "kind": "table",
        "head": QUARTERS,
        "widths": (44, 36, 40, 36),
        "rows": values["quarters"],
    }
    parts = (
        ("一、依据", [values["ground"]]),
        ("二、抽查家次", [values["scope"]]),
        ("三、抽查事项和方式", [values["items"], values["people"]]),
        ("四、纪律要求", [values["discipline"]]),
    )
    blocks: list[dict[str, Any]] = []
    for head, lines in parts:
        blocks.append({"kind": "h1", "text": head})
        blocks += [{"kind": "text", "text": line} for line in lines if line]
        if head.startswith("二"):
            blocks += [table, {"kind": "text", "text": values["note"]}]
    annex = {
        "title": ANNEX,
        "head": HEAD,
        "widths": WIDTHS,
        "rows": values["rows"],
        "note": f"计划编号 {values['plan']}。计划摘要：{values['digest']}",
    }
    return values | {"blocks": blocks, "attachments": (ANNEX,), "annexes": (annex,)}
