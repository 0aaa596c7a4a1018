"""What a frozen table says, as 公文: the table in Word, and the circular (通报) of the quarter."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from gongchou.core.refusals import Refused
from gongchou.core.summary import Paragraph
from gongchou.core.summary_draft import Ground, draft
from gongchou.core.workdays import Quarter
from gongchou.registry.policy import profile_of
from gongchou.reporting import reads
from gongchou.reporting.papers import statistics_values
from gongchou.reporting.summary_numbers import Counted, of_table
from gongchou.web.official import official, part, table, texts
from gongchou.web.papers import written_day
from gongchou.web.wordprocessing import DOCX

__all__ = ["DOCX", "circular_paper", "statistics_word"]
OVERALL, PROBLEMS = "1", "4"
KINDS = {0: "text", 1: "h1", 2: "h2"}
DEMANDS = (
    "各科室对照存在问题逐项整改，责令改正的单位到期逐家复查，复查情况及时登记。",
    "各月任务均衡安排，检查记录当日提交，结果按期公示；统计数字均可打开记录核对，有误的及时更正。",
)


def statistics_word(ref: str, *, bureau: str) -> tuple[str, bytes]:
    """The table as a Word file: the same numbers as its PDF and its workbook."""
    found = reads.version(ref, bureau)
    values, quarter = statistics_values(found), Quarter.parse(found.quarter)
    blocks = list[dict[str, Any]]()
    for group, rows in groupby(values["rows"], lambda row: row["group"]):
        cells = [[r["label"], r["unit"], r["quarter"], r["year"]] for r in rows]
        head = ("指标", "单位", "本季度", "年累计")
        blocks += [{"kind": "h2", "text": group}, table(head, (76, 20, 30, 30), cells)]
    name = f"{values['quarter']}统计表（第 {found.number} 版）"
    mark = f"（{values['mark']}）"
    given = values | {
        "title": f"{quarter.label}“双随机、一公开”统计表",
        "title-lines": [quarter.label, "“双随机、一公开”统计表"],
        "number": "",
        "mark": mark,
        "blocks": [*blocks, *texts([*values["notes"], values["made"]])],
        "on": written_day(found.body.on),
        "qr-text": values["qr-text"],
    }
    return name, official(given, "docx", at=found.made_at)


def circular_paper(ref: str, form: str, *, bureau: str) -> tuple[str, bytes]:
    """The circular drawn up from the current frozen table, and the name to save it under."""
    found = reads.version(ref, bureau)
    if not found.is_current:
        raise Refused("这一版统计表已被更正替代，请用现行的一版印发通报。")
    quarter, counted = Quarter.parse(found.quarter), of_table(found, found.body.on)
    name = f"{quarter.label}“双随机、一公开”监管情况的通报"
    values = {
        "title": f"关于{name}",
        "title-lines": [f"关于{quarter.label}", "“双随机、一公开”监管情况的通报"],
        "organ": found.body.bureau_name,
        "number": "",
        "mark": "",
        "addressee": "各科室、执法大队、各配合部门",
        "blocks": _blocks(counted, profile_of(bureau, quarter.last).title),
        "attachments": [f"{quarter.label}“双随机、一公开”监管统计表（另附）"],
        "copies": "",
        "on": written_day(found.body.on),
    }
    return name, official(values, form, at=found.made_at)


def _blocks(counted: Counted, policy: str) -> list[dict[str, Any]]:
    """The parts of the summary that a circular repeats, and what is asked of everybody."""
    ground = Ground(
        quarter=counted.quarter,
        policy_title=policy,
        standings=counted.standings,
        grown=counted.grown,
    )
    chosen = _chosen(draft(ground, counted.numbers))
    said = [{"kind": KINDS[one.level], "text": one.text} for one in chosen if one.text]
    return [*said, *part("三、工作要求", DEMANDS)]


def _chosen(paragraphs: Iterable[Paragraph]) -> Iterable[Paragraph]:
    """The overall part and the problems, the latter under the second head."""
    for one in paragraphs:
        if one.key == PROBLEMS:
            yield replace(one, text="二、存在问题")
        elif one.key.split(".")[0] in (OVERALL, PROBLEMS):
            yield one
