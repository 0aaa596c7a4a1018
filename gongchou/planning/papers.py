"""The quarter plan as an official paper."""

from datetime import datetime
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.quota import PlanStratum
from gongchou.core.refusals import Refused
from gongchou.core.terms import PlanState
from gongchou.core.workdays import Deadline, Quarter
from gongchou.planning import reads
from gongchou.web.clock import day_of
from gongchou.web.official import official, part, table, texts
from gongchou.web.papers import demo_band, typeset, written_day
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
    return values["title"], letter(_letter(values), at=found.approved_at or at, band=demo_band())


def _letter(values: dict[str, Any]) -> dict[str, Any]:
    """The same paper as paragraphs and tables: heads, body, and the sums as an annex."""
    strata, annex = values["strata"], "各层应抽家数的算式和条款"
    owed = table(
        ("层", "基数", "比例", "应抽家数", "检查方式"),
        (50, 20, 24, 28, 34),
        [[r["name"], r["base"], r["ratio"], r["required"], r["mode"]] for r in strata],
    )
    blocks = [
        *part("一、依据", [values["ground"]]),
        *part("二、抽查对象和应抽家数", [values["scope"]]),
        owed,
        *texts([values["rounding"]]),
        *part("三、抽查任务和人员", [*values["tasks"], values["people"]]),
        *part("四、时间安排", values["days"]),
        *part("五、纪律要求", [values["discipline"]]),
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


def notice_paper(ref: str, form: str, *, bureau: str, at: datetime) -> tuple[str, bytes]:
    """The notice (通知) by which an approved plan is handed to the sections."""
    found = _own(ref, bureau)
    if found.state is not PlanState.APPROVED:
        raise Refused("计划批准以后才能印发通知。请先由批准领导批准计划。")
    values = notice_values(found, at=at)
    return values["title"], official(values, form, at=found.approved_at or at)


def notice_values(found: reads.PlanPage, *, at: datetime) -> dict[str, Any]:
    """What everybody has to do by when; the numbers are those of the plan."""
    plan, quarter = plan_values(found, at=at), Quarter.parse(found.quarter)
    days = reads.deadlines(found.bureau, found.quarter)
    offsite = sum(row.required_count for row in found.strata if row.is_offsite)
    name = f"{quarter.label}“双随机、一公开”抽查工作"
    blocks = [
        *texts([f"{quarter.label}抽查计划已经批准，现就做好抽查工作通知如下："]),
        *part("一、任务", [plan["scope"]]),
        table(
            ("层", "应抽家数", "检查方式"),
            (60, 40, 56),
            [[row["name"], row["required"], row["mode"]] for row in plan["strata"]],
        ),
        *texts([f"正面清单内 {offsite} 家以非现场方式全部检查一次。"] if offsite else []),
        *part("二、分工", _DUTIES),
        *part(
            "三、时限",
            [
                f"现场检查不迟于{_deadline(days.task)}完成。",
                f"统计表不迟于{_deadline(days.statistics)}报送。",
                f"纸质检查记录表不迟于{_deadline(days.forms)}交负责科室。",
            ],
        ),
        *part("四、要求", [plan["people"], plan["discipline"]]),
    ]
    return {
        "title": f"关于开展{name}的通知",
        "title-lines": [f"关于开展{quarter.label}", "“双随机、一公开”抽查工作的通知"],
        "organ": plan["organ"],
        "number": "",
        "mark": "",
        "addressee": "各科室、执法大队、各配合部门",
        "blocks": blocks,
        "attachments": [plan["title"]],
        "copies": "",
        "on": plan["on"],
    }


_DUTIES = (
    "负责科室组织抽取、派发任务、汇总统计；执法大队和有关科室按派发的任务实施检查。",
    "检查人员当场填写记录、当场签字、当日提交；审核人员及时审核，不审自己参加的检查。",
    "公示人员按期公示检查结果；现场监督人员全程监督抽取。",
)
