"""The papers of a visit: what is handed over before it, printed on site, and sent after it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.record import CheckAnswer, RecordBody, Signature, ruled_out_items, visit_result
from gongchou.core.refusals import Refused
from gongchou.core.terms import Delivery, SignerRole, VisitState
from gongchou.drawing import reads as draws
from gongchou.inspection import course, joint, reads
from gongchou.inspection.office_paper import mark_on
from gongchou.inspection.rows import OrderRow, RecordView, ReopeningRow, VisitRow
from gongchou.planning import reads as plans
from gongchou.registry import reads as registers
from gongchou.web.clock import SHANGHAI, day_of, start_of
from gongchou.web.door_keys import door_code
from gongchou.web.official import official, table, texts
from gongchou.web.papers import qr_svg, typeset, written_day
from gongchou.web.templatetags.gongchou import instant, weekday

WIDTHS = ("58", "80")
ON_PAPER = (VisitState.SUBMITTED, VisitState.REVIEWED)
BLANK = " "


# -- 双随机检查记录表


def record_values(visit: VisitRow, record: RecordView) -> dict[str, Any]:
    """The values of a record, as it stands in its newest version."""
    body = record.body
    newest = record.newest
    return {
        **head(visit, "双随机检查记录表" if visit.is_random else "现场检查记录表", visit.ref),
        "mark": _mark(visit),
        "task": _task_name(visit),
        "task-number": visit.task or BLANK,
        "site-code": visit.site_code or BLANK,
        "source": _source(visit),
        **registered(visit, body),
        "times": _between(body.started_at, body.ended_at),
        "shown": _shown(body),
        "unvisitable": body.unvisitable.label if body.unvisitable else "",
        "unvisitable-reason": body.unvisitable_reason,
        "list-version": visit.item_list_version,
        **_checked(visit, body),
        "evidence": _evidence(record),
        "cameras": [row.number for row in course.cameras(visit.ref)],
        "result": _result(body),
        "opinion": body.opinion,
        "officers": [_officer(visit, body, i) for i in range(len(visit.inspectors))],
        "representative": _representative(body.representative),
        "digest": record.digest,
        "leaf": f"{visit.ref}　记录摘要 {record.digest[:16]}…" if record.digest else "",
        "revision": f"{newest.number}" if newest else "",
        "qr": qr_svg(mark_on(record).text),
        "files": f"{len(record.evidence)}",
        "files-digest": mark_on(record).evidence,
        "flags": list(record.flags),
        "reopenings": [_reopening(row) for row in reads.reopenings(visit.ref)],
    }


def _mark(visit: VisitRow) -> str:
    if visit.state in ON_PAPER:
        return ""
    returned = visit.state is VisitState.RETURNED
    return "退回补正中，以补正后的版本为准" if returned else "草稿，尚未提交"


def _reopening(row: ReopeningRow) -> str:
    return (
        f"第 {row.revision} 版（结果“{row.visit_result.label}”）由{row.reviewed_by}于"
        f" {instant(row.reviewed_at)} 审核通过，由{row.by}于 {instant(row.at)} 重新开启，"
        f"理由：{row.says}；摘要 {row.digest[:16]}…"
    )


def head(visit: VisitRow, title: str, number: str) -> dict[str, Any]:
    units = joint.unit_names(visit.bureau)
    return {
        "title": title,
        "organ": accounts.bureau(visit.bureau).name,
        "number": number,
        "subject": visit.subject_name,
        "uscc": visit.uscc or BLANK,
        "door-code": door_code(visit.ref),
        "inspectors": [
            {"name": who.name, "card": who.card or "无证号", "unit": units.get(who.unit, who.unit)}
            for who in visit.inspectors
        ],
    }


def _task_name(visit: VisitRow) -> str:
    return plans.task(visit.task).name if visit.task else visit.inspection_kind.label


def _source(visit: VisitRow) -> str:
    if visit.is_random:
        return f"随机抽取，名单第 {visit.number + 1} 号"
    return f"{visit.inspection_kind.label}检查：{visit.ground}"


def registered(visit: VisitRow, body: RecordBody) -> dict[str, str]:
    """Address and people as the register had them when the visit was sent out."""
    page = registers.subject(visit.subject, visit.bureau, day_of(visit.dispatched_at))
    signed = (s.name for s in body.signatures if s.role is SignerRole.LEGAL_REPRESENTATIVE)
    return {
        "address": page.address or BLANK,
        "contact": page.contact or BLANK,
        "legal-representative": next(signed, "") or page.legal_representative or BLANK,
    }


def _between(first: datetime | None, last: datetime | None) -> str:
    if first is None:
        return BLANK
    return f"{instant(first)} 至 {instant(last)}" if last else f"{instant(first)} 起"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%H:%M:%S}"


def _shown(body: RecordBody) -> str:
    says = []
    if body.identity_shown_at:
        says.append(f"{_clock(body.identity_shown_at)} 出示执法证件")
    if body.notice_given_at:
        says.append(f"{_clock(body.notice_given_at)} 告知依据、程序和申请回避的权利")
    return "，".join(says) or BLANK


def _checked(visit: VisitRow, body: RecordBody) -> dict[str, Any]:
    items = reads.checklist(visit)
    answers = {answer.item: answer for answer in body.answers}
    names = {item.code: item.name for item in items}
    skipped = ruled_out_items(body, reads.record_items(visit))
    return {
        "items": [
            {
                "number": f"{i}",
                "group": item.group_name,
                "name": item.name,
                "point": item.point or BLANK,
                "asked": item.asked_says,
                "basis": item.legal_basis,
                "method": item.method or "现场",
                "result": SKIPPED if item.code in skipped else _answer(answers.get(item.code)),
            }
            for i, item in enumerate(items, start=1)
        ],
        "findings": [
            {
                "number": f"{i}",
                "item": names.get(found.item, found.item),
                "says": found.says,
                "basis": found.legal_basis or BLANK,
            }
            for i, found in enumerate(body.findings, start=1)
        ],
    }


SKIPPED = "不需要填写"


def _answer(answer: CheckAnswer | None) -> str:
    if answer is None or answer.result is None:
        return BLANK
    return f"{answer.result.label}（{answer.note}）" if answer.note else answer.result.label


def _evidence(record: RecordView) -> list[dict[str, str]]:
    return [
        {
            "number": f"{i}",
            "kind": file.kind.label,
            "says": file.says or file.name,
            "at": instant(file.taken_at or file.received_at),
            "digest": file.sha256,
        }
        for i, file in enumerate(record.evidence, start=1)
    ]


def _result(body: RecordBody) -> str:
    found = visit_result(body)
    return found.label if found else BLANK


def _officer(visit: VisitRow, body: RecordBody, seat: int) -> dict[str, str]:
    who = visit.inspectors[seat]
    signed = any(s.ref == who.ref and s.stands for s in body.officers)
    return {
        "who": f"检查人员（{who.name}，{who.card or '无证号'}）",
        "note": "已在系统内签字" if signed else "",
    }


def _representative(who: Signature | None) -> dict[str, Any]:
    """The line of the enterprise; where it did not sign, why not, and who saw it."""
    role = SignerRole.LEGAL_REPRESENTATIVE if who is None else who.role
    label = (role or SignerRole.LEGAL_REPRESENTATIVE).label
    if who is None or who.sign_status is None:
        return {"who": label, "note": "", "refusal": [], "blank": True}
    note = f"{who.sign_status.label}；授权情况：{who.authorisation}" if who.authorisation else ""
    return {
        "who": f"{label}（{who.name}）" if who.name else label,
        "note": note or (who.sign_status.label if who.stands else ""),
        "refusal": [] if who.stands else _refusal(who),
        "blank": False,
    }


def _refusal(who: Signature) -> list[list[str]]:
    assert who.sign_status is not None
    return [
        ["没有签章的情形", who.sign_status.label],
        ["原因", who.reason or BLANK],
        ["见证人", who.witness or BLANK],
        ["音像记录编号", who.recording or BLANK],
    ]


# -- 行政检查通知书


def notice_values(visit: VisitRow, at: datetime) -> dict[str, Any]:
    """The notice of a visit; of a drawn one with the proof that the draw itself fixed it."""
    items = reads.checklist(visit)
    chosen = (
        "检查对象和检查人员在本季度抽取时随机确定。"
        if visit.is_random
        else f"检查缘由：{visit.ground}。"
    )
    return {
        **head(visit, "行政检查通知书", visit.notice_number or visit.ref),
        "body": [
            f"本机关决定对你单位进行现场检查。{chosen}",
            "请安排熟悉情况的人员到场，准备好下列事项的资料，如实提供情况。",
        ],
        "groups": "、".join(visit.group_names) or BLANK,
        "basis": "；".join(dict.fromkeys(item.legal_basis for item in items)) or BLANK,
        "planned": weekday(visit.planned_on),
        "authorised": f"{visit.authorised_by} {instant(visit.authorised_at)}".strip() or BLANK,
        "entry-code": visit.entry_code,
        "rights": RIGHTS,
        "issued": written_day(day_of(visit.notice_at or at)),
        **_proof(visit),
    }


RIGHTS = [
    "检查人员不少于两人，检查前会出示执法证件；没有出示的，你单位可以拒绝检查。",
    "认为检查人员与你单位有利害关系的，可以申请其回避；对检查情况有意见的，可以在检查记录上写明。",
]
PROOF = (
    "下列一条在抽取当时就写入了密封名单。由它沿路径逐级计算，得到的就是当时公布的密封根；"
    "计算方法见公众门户的说明。"
)


def _proof(visit: VisitRow) -> dict[str, Any]:
    if not visit.draw:
        return {"leaf": ""}
    drawn = draws.released_visit(visit.draw, visit.number)
    root = draws.draw(visit.draw).sealed_root
    return {
        "leaf": drawn.leaf,
        "path": list(drawn.path),
        "draw": visit.draw,
        "sealed": root,
        "proof-says": PROOF,
    }


# -- 责令改正通知

# Who fills in what when it is handed over.
TO_SIGN = ("送达地点", "受送达人签字或盖章", "送达人", "拒绝签收的原因", "见证人")


def correction_values(visit: VisitRow, record: RecordView, order: OrderRow) -> dict[str, Any]:
    """The order to put right what was found, with the lines of its delivery."""
    wanted = set(record.body.problem_items)
    ended = f"于{written_day(visit.ended_on)}" if visit.ended_on else ""
    return {
        **head(visit, "责令改正通知", order.document_number),
        "opening": f"本机关{ended}对你单位进行检查，发现下列问题：",
        "findings": [
            {"says": found.says, "basis": found.legal_basis}
            for found in record.body.findings
            if found.item in wanted
        ],
        "order": f"现责令你单位：{order.says.rstrip('。')}。",
        "until": f"请于{written_day(order.due_on)}前改正完毕，并书面报告本机关。"
        "本机关将在期满后复查。",
        "rights": "你单位如有异议，可以向本机关陈述、申辩，也可以依法申请复议或者提起诉讼。",
        "mending": f"整改材料可以凭查验码 {door_code(visit.ref)} 在公众门户的“企业入口”提交。",
        "issued": written_day(order.issued_on),
        "deliveries": "／".join(kind.label for kind in Delivery),
    }


# -- as PDF


def _made(name: str, values: Mapping[str, Any], at: datetime) -> tuple[str, bytes]:
    pdf = typeset(f"inspection/papers/{name}.typ", values, at=at)
    return f"{values['title']}{values['number']}", pdf


def record_paper(ref: str, *, at: datetime, width: str = "") -> tuple[str, bytes]:
    """The record of a visit on A4, or 58 or 80 mm wide; with the name to save it under."""
    if width not in ("", *WIDTHS):
        raise Refused("小票宽度只能是 58 或 80 毫米。")
    values = record_values(reads.visit(ref), reads.record(ref))
    return _made("receipt" if width else "record", {**values, "width": width}, at)


def notice_paper(ref: str, *, at: datetime) -> tuple[str, bytes]:
    return _made("notice", notice_values(reads.visit(ref), at), at)


def correction_paper(order_ref: str) -> tuple[str, bytes]:
    """The order as it was issued; whenever it is printed, it is the same bytes."""
    order = reads.order(order_ref)
    values = correction_values(reads.visit(order.visit), reads.record(order.visit), order)
    return _made("correction", values, start_of(order.issued_on))


def correction_word(order_ref: str) -> tuple[str, bytes]:
    """The order as a file that the office can edit before it is stamped."""
    order = reads.order(order_ref)
    values = correction_values(reads.visit(order.visit), reads.record(order.visit), order)
    found = [
        f"{n}．{row['says']}" + (f"（依据：{row['basis']}）" if row["basis"] else "")
        for n, row in enumerate(values["findings"], 1)
    ]
    body = [values["opening"], *found]
    body += [values[name] for name in ("order", "until", "rights", "mending")]
    letter_values = {
        "title": values["title"],
        "organ": values["organ"],
        "number": values["number"],
        "addressee": f"{values['subject']}（统一社会信用代码 {values['uscc']}）",
        "blocks": [
            *texts(body),
            table(("送达方式", values["deliveries"]), (52, 104), [[who, " "] for who in TO_SIGN]),
        ],
        "on": values["issued"],
    }
    word = official(letter_values, "docx", at=start_of(order.issued_on))
    return f"{values['title']}{values['number']}", word
