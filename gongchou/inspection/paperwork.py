"""The other papers of a visit: consent before it, sheets to write on, the result after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongchou.core.record import visit_result
from gongchou.core.refusals import Refused
from gongchou.inspection import course, reads
from gongchou.inspection.papers import BLANK, head, registered
from gongchou.inspection.rows import RecordView, VisitRow
from gongchou.web.clock import day_of
from gongchou.web.papers import typeset, written_day
from gongchou.web.templatetags.gongchou import instant, weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form to be filled in by hand: its title, the boxes with their height, who signs."""

    title: str
    boxes: tuple[tuple[str, int], ...]
    signers: tuple[str, ...]


SHEETS: Mapping[str, Sheet] = {
    "survey": Sheet(
        title="现场勘验笔录",
        boxes=(
            ("勘验时间、地点", 10),
            ("勘验对象和条件（天气、光线、工况）", 14),
            ("勘验情况", 62),
            ("附图（方位、设备、采样点）", 40),
        ),
        signers=("勘验人", "当事人", "见证人"),
    ),
    "interview": Sheet(
        title="询问笔录",
        boxes=(
            ("询问时间、地点", 10),
            ("被询问人姓名、身份证件、职务、联系方式", 16),
            ("告知（证件、回避、如实回答的义务）及回答", 20),
            ("问答内容", 66),
        ),
        signers=("询问人", "记录人", "被询问人"),
    ),
    "sampling": Sheet(
        title="抽样记录",
        boxes=(
            ("采样时间、地点", 10),
            ("样品名称、编号、数量、状态", 32),
            ("采样方法、标准和设备", 16),
            ("保存、封样和送检", 20),
            ("工况和现场情况", 18),
        ),
        signers=("采样人", "当事人", "见证人"),
    ),
}


def sheet_paper(ref: str, kind: str, *, at: datetime) -> tuple[str, bytes]:
    """A sheet with the head of the visit on it, to be written on."""
    sheet = SHEETS.get(kind)
    if sheet is None:
        raise Refused("没有这种文书，请从检查页面的“打印”进入。")
    found = reads.visit(ref)
    values = {
        **head(found, sheet.title, found.ref),
        "facts": _common(found),
        "boxes": [{"name": name, "text": "", "height": height} for name, height in sheet.boxes],
        "signers": list(sheet.signers),
    }
    return _made(values, at)


def _made(values: Mapping[str, Any], at: datetime) -> tuple[str, bytes]:
    pdf = typeset("inspection/papers/sheet.typ", values, at=at)
    return f"{values['title']}{values['number']}", pdf


def _common(found: VisitRow) -> list[list[str]]:
    people = "；".join(f"{one.name}（{one.card or '无证号'}）" for one in found.inspectors)
    known = registered(found, reads.record(found.ref).body)
    return [
        ["单位名称", found.subject_name],
        ["统一社会信用代码", found.uscc or BLANK],
        ["住所", known["address"]],
        ["检查人员及证号", people],
    ]


def approval_paper(ref: str, *, at: datetime) -> tuple[str, bytes]:
    """行政检查审批表: why, who, when, and what the leader decided; blank where still open."""
    found, held = reads.visit(ref), course.approval(ref)
    why = found.ground or f"随机抽取，名单第 {found.number + 1} 号"
    assistants = f"{held.assistants} 人" if held else BLANK
    announced = held.unannounced_ground if held else ""
    values = {
        **head(found, "行政检查审批表", found.ref),
        "facts": [
            *_common(found),
            ["检查类别和理由", f"{found.inspection_kind.label}检查：{why}"],
            ["检查事项", "、".join(found.group_names) or BLANK],
            ["计划检查日", weekday(found.planned_on)],
            ["协助检查人员", assistants],
            [
                "通知方式",
                f"不事先通知，依据：{announced}" if announced else "事先或到场时送达通知书",
            ],
            *_emergency(held),
        ],
        "boxes": [{"name": "负责人意见", "text": _consent(found, held), "height": 30}],
        "signers": ["承办人", "负责人"],
    }
    return _made(values, at)


def _emergency(held: course.ApprovalRow | None) -> list[list[str]]:
    if held is None or not held.emergency_reason:
        return []
    return [["紧急情况，事后补办", held.emergency_reason]]


def _consent(found: VisitRow, held: course.ApprovalRow | None) -> str:
    if found.authorised_at is None:
        return ""
    says = f"{held.reason}　" if held and held.reason else ""
    return f"{says}同意检查。{found.authorised_by}，{instant(found.authorised_at)}"


def result_paper(ref: str, *, at: datetime) -> tuple[str, bytes]:
    """检查结果告知书: what came out, in the words of the record."""
    found, record = reads.visit(ref), reads.record(ref)
    if found.submitted_at is None:
        raise Refused("检查记录还没有提交，没有可以告知的结果。")
    values = {
        **head(found, "检查结果告知书", found.ref),
        "facts": [
            ["单位名称", found.subject_name],
            ["检查日期", written_day(found.ended_on) if found.ended_on else BLANK],
            ["检查事项", "、".join(found.group_names) or BLANK],
            ["检查结果", _result(record)],
            ["发现的问题", _problems(record)],
            ["权利", "对结果有异议的，可以陈述、申辩，或者凭查验码在公众门户的“企业入口”提出。"],
            ["告知日期", written_day(day_of(at))],
        ],
        "boxes": [],
        "signers": ["送达人", "受送达人"],
    }
    return _made(values, at)


def _result(record: RecordView) -> str:
    found = visit_result(record.body)
    return found.label if found else BLANK


def _problems(record: RecordView) -> str:
    wanted = set(record.body.problem_items)
    says = [one.says for one in record.body.findings if one.item in wanted]
    return "；".join(f"{n}．{text}" for n, text in enumerate(says, start=1)) or "没有发现问题。"
