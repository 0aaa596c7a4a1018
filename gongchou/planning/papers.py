"""The quarter plan as an official paper."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.quota import PlanStratum
from gongchou.core.refusals import Refused
from gongchou.core.terms import PlanState
from gongchou.core.workdays import Deadline, Quarter
from gongchou.planning import reads
from gongchou.web.clock import day_of
from gongchou.web.papers import typeset, written_day
from gongchou.web.wordprocessing import letter

TEMPLATE = "planning/papers/plan.typ"
MARKS = {PlanState.FROZEN: "（待批准）", PlanState.VOID: "（已作废）"}


def plan_values(found: reads.PlanPage, *, at: datetime) -> dict[str, Any]:
    """What the paper of a plan says: the same numbers as the page, and why each is what it is."""
    quarter, days = Quarter.parse(found.quarter), reads.deadlines(found.bureau, found.quarter)
    profile = reads.policy_of(found.ref)
    required = sum(row.required_count for row in found.strata if not row.is_offsite)
    return {
        "title": f"{quarter.label}“双随机、一公开”抽查计划",
        "title-lines": [quarter.label, "“双随机、一公开”抽查计划"],
        "organ": accounts.bureau(found.bureau).name,
        "number": "",
        "mark": MARKS.get(found.state, ""),
        "ground": f"本计划按照《{profile.title}》（{profile.document_number}）制定。",
        "scope": f"以{written_day(found.on)}的检查对象名录库为准，"
        f"本季度共应现场抽查 {required} 家，分层如下：",
        "strata": [_stratum(row) for row in found.strata],
        "rounding": "应抽家数不足一家的进一取整，算式和条款见附件。",
        "tasks": [_task(i, task) for i, task in enumerate(found.tasks, start=1)],
        "people": "检查对象和检查人员都随机抽取，抽取全程留痕，名单抽出后立即密封，检查当日启封。"
        "每次检查须有两名以上持有执法证件的人员参加。",
        "days": [
            f"检查任务不迟于{_deadline(days.task)}完成。",
            f"统计表不迟于{_deadline(days.statistics)}报送。",
            f"检查记录表不迟于{_deadline(days.forms)}交齐。",
        ],
        "discipline": "不得人为选择检查对象，不得事先透露检查安排；"
        "与检查对象有利害关系的人员应当回避；检查结果按规定向社会公开。",
        "copies": "",
        "on": written_day(day_of(found.approved_at or at)),
        "plan": found.ref,
        "snapshot": found.snapshot_ref,
        "digest": found.digest,
    }


def _stratum(row: PlanStratum) -> dict[str, str]:
    clause = row.clause
    return {
        "name": row.label,
        "base": f"{row.base_count}",
        "ratio": row.wording,
        "required": f"{row.required_count}",
        "mode": "非现场" if row.is_offsite else "现场",
        "why": row.why,
        "clause": f"{clause.source} {clause.number}：{clause.says}。",
    }


def _task(number: int, task: reads.TaskRow) -> str:
    return f"{number}．{task.name}（{task.task_mode.label}，{task.joint_kind.label}）。"


def _deadline(day: Deadline) -> str:
    return f"{written_day(day.on)}（暂定）" if day.provisional else written_day(day.on)


def _own(ref: str, bureau: str) -> reads.PlanPage:
    found = reads.plan(ref)
    if found.bureau != bureau:
        raise Refused(f"本机构没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    return found


def plan_paper(ref: str, *, bureau: str, at: datetime) -> tuple[str, bytes]:
    """The plan as a PDF, and the name to save it under."""
    found = _own(ref, bureau)
    values = plan_values(found, at=at)
    return values["title"], typeset(TEMPLATE, values, at=found.approved_at or at)


def plan_word(ref: str, *, bureau: str, at: datetime) -> tuple[str, bytes]:
    """The plan as a Word file for the office's own editing, and the name to save it under."""
    found = _own(ref, bureau)
    values = plan_values(found, at=at)
    return values["title"], letter(_letter(values), at=found.approved_at or at)


def _letter(values: dict[str, Any]) -> dict[str, Any]:
    """The same paper as paragraphs and tables: heads, body, and the sums as an annex."""
    strata, annex = values["strata"], "各层应抽家数的算式和条款"
    table = {
        "kind": "table",
        "head": ("层", "基数", "比例", "应抽家数", "检查方式"),
        "widths": (50, 20, 24, 28, 34),
        "rows": [[r["name"], r["base"], r["ratio"], r["required"], r["mode"]] for r in strata],
    }
    blocks = [
        *_part("一、依据", [values["ground"]]),
        *_part("二、抽查对象和应抽家数", [values["scope"]]),
        table,
        *_texts([values["rounding"]]),
        *_part("三、抽查任务和人员", [*values["tasks"], values["people"]]),
        *_part("四、时间安排", values["days"]),
        *_part("五、纪律要求", [values["discipline"]]),
    ]
    why = {
        "title": annex,
        "head": ("层", "算式", "条款"),
        "widths": (30, 60, 66),
        "rows": [[row["name"], row["why"], row["clause"]] for row in strata],
        "note": f"计划编号 {values['plan']}，名录库快照 {values['snapshot']}。"
        f"计划摘要：{values['digest']}",
    }
    return values | {"blocks": blocks, "attachments": (annex,), "annexes": (why,)}


def _part(head: str, lines: Iterable[str]) -> list[dict[str, Any]]:
    return [{"kind": "h1", "text": head}, *_texts(lines)]


def _texts(lines: Iterable[str]) -> list[dict[str, Any]]:
    return [{"kind": "text", "text": line} for line in lines]
