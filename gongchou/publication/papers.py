"""Published lists as 公文: the item list and the notice of results, as the public reads them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from gongchou.core.refusals import Refused
from gongchou.core.terms import PublicationKind, PublicationState
from gongchou.publication import reads
from gongchou.web.clock import day_of
from gongchou.web.official import official, texts
from gongchou.web.papers import written_day
from gongchou.web.templatetags.gongchou import grouped

OPEN = (PublicationState.APPROVED, PublicationState.PUBLISHED)


def document_paper(ref: str, form: str, *, bureau: str) -> tuple[str, bytes]:
    """An approved publication in one of its forms, and the name to save it under."""
    found = reads.document(ref)
    if found.bureau != bureau:
        raise Refused(f"本机构没有编号为 {ref} 的公示，请从公示页面进入。")
    annex = ANNEXES.get(found.kind)
    if annex is None:
        raise Refused(f"“{found.kind.label}”在它自己的页面打印，这里只打印事项清单和抽查结果。")
    if found.state not in OPEN or found.approved_at is None:
        raise Refused(f"这份公示现在是“{found.state.label}”，批准以后才能打印。")
    values = _letter(found, annex(found.document), found.approved_at)
    return found.title, official(values, form, at=found.approved_at)


def _letter(found: reads.PublicDocument, annex: dict[str, Any], at: datetime) -> dict[str, Any]:
    opening = OPENINGS[found.kind]
    replaces = (
        [f"本公示更正并替代 {found.replaces}，理由：{found.correction_reason}。"]
        if found.replaces
        else []
    )
    return {
        "title": f"关于公布{found.title}的公告",
        "title-lines": ["关于公布", found.title, "的公告"],
        "organ": found.document["bureau_name"],
        "number": "",
        "mark": "" if found.state is PublicationState.PUBLISHED else "（已批准，尚未公示）",
        "addressee": "",
        "blocks": texts([f"{opening}共 {len(annex['rows'])} 项，列于附件。", *replaces]),
        "attachments": [annex["title"]],
        "annexes": [annex | {"note": f"公示编号 {found.ref}，公开件摘要：{grouped(found.digest)}"}],
        "on": written_day(day_of(found.published_at or at)),
        "copies": "",
    }


def _items(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": "随机抽查事项清单",
        "widths": [30, 18, 32, 38, 38],
        "head": ["编号", "类别", "抽查事项", "检查要点", "依据"],
        "rows": [
            [item["code"], item["group"], item["name"], item["point"], item["legal_basis"]]
            for item in document["items"]
        ],
    }


def _results(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": document["title"],
        "widths": [9, 29, 45, 24, 23, 26],
        "head": ["序号", "抽查事项", "被检查对象", "检查日期", "检查结果", "处理情况"],
        "rows": [
            [
                str(row["number"]),
                "、".join(row["items"]),
                f"{row['subject']}\n{row['uscc']}",
                written_day(date.fromisoformat(row["ended_on"])),
                row["result"],
                row["handling"],
            ]
            for row in document["rows"]
        ],
    }


ANNEXES: Mapping[PublicationKind, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    PublicationKind.ITEM_LIST: _items,
    PublicationKind.RESULT_NOTICE: _results,
}
OPENINGS: Mapping[PublicationKind, str] = {
    PublicationKind.ITEM_LIST: "现将本机关随机抽查的事项、要点和依据向社会公布。",
    PublicationKind.RESULT_NOTICE: "现将“双随机、一公开”抽查的结果和处理情况向社会公布。",
}
