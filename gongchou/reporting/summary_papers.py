"""The summary as 公文: PDF and Word from the same values."""

from typing import Any

from gongchou.core.statistics import ON_SITE, Row
from gongchou.core.summary import QuarterSummary
from gongchou.core.terms import PackagePart
from gongchou.core.workdays import Quarter
from gongchou.reporting.checkcode import code_text, short_code
from gongchou.reporting.summary_reads import SummaryPage
from gongchou.web.charts import Bar, bars
from gongchou.web.papers import demo_band, qr_svg, typeset, written_day
from gongchou.web.wordprocessing import letter

TEMPLATE = "web/paper/letter.typ"
KINDS = {0: "text", 1: "h1", 2: "h2"}
CHART_AFTER = "1.1.general_unlisted"


def summary_values(found: SummaryPage) -> dict[str, Any]:
    """What the papers say; nothing is counted anew."""
    body, quarter = found.body, Quarter.parse(found.quarter)
    name = f"{quarter.label}“双随机、一公开”监管工作总结"
    qr_text = code_text(PackagePart.SUMMARY, found.ref, found.digest)
    return {
        "title": name,
        "title-lines": [quarter.label, "“双随机、一公开”监管工作总结"],
        "organ": body.bureau_name,
        "number": body.document_number,
        "mark": f"（草稿：还有 {len(found.blocking)} 处要改）" if found.blocking else "",
        "addressee": body.addressee,
        "blocks": _blocks(body, found.counted.rows),
        "attachments": _annex_names(body, quarter),
        "annexes": [_proofs(body)] if body.cases else [],
        "on": written_day(body.on),
        "copies": "",
        "code": short_code(found.digest),
        "qr": qr_svg(qr_text),
        "qr-text": qr_text,
        "digest": found.digest,
    }


def _annex_names(body: QuarterSummary, quarter: Quarter) -> list[str]:
    """The proofs are bound in; the table goes beside as its own paper, once there is one."""
    names = ["典型案例佐证材料清单"] if body.cases else []
    if body.table:
        names.append(f"{quarter.label}“双随机、一公开”监管统计表（另附）")
    return names


def _blocks(body: QuarterSummary, rows: tuple[Row, ...]) -> list[dict[str, str]]:
    found = list[dict[str, str]]()
    for one in body.paragraphs:
        texts = one.text.split("\n") if one.text else []
        found += [{"kind": KINDS[one.level], "text": text} for text in texts]
        if one.key == CHART_AFTER:
            says = "图1　各层应抽和完成家数"
            found.append({"kind": "picture", "text": says, "svg": chart(rows, says)})
    return found


def chart(rows: tuple[Row, ...], title: str) -> str:
    """Owed and done of each stratum visited on site, and off-site coverage."""
    held = {row.quarter.key: row.quarter.count for row in rows}
    lines = [Bar(label=s.label, whole=held[f"owed.{s}"], part=held[f"done.{s}"]) for s in ON_SITE]
    listed = Bar(label="非现场覆盖", whole=held["owed.general_listed"], part=held["covered"])
    return bars(title, [*lines, listed], whole="应完成", part="已完成", unit="家")


def _proofs(body: QuarterSummary) -> dict[str, Any]:
    return {
        "title": "典型案例佐证材料清单",
        "widths": [4, 3, 8, 6, 4],
        "head": ["案例", "种类", "编号", "内容", "摘要（前 16 位）"],
        "rows": [
            [case.name, proof.kind, proof.ref, proof.says, short_code(proof.digest)]
            for case in body.cases
            for proof in case.proofs
        ],
        "note": "摘要由原件内容算出，可在系统中打开原件核对。",
    }


def summary_pdf(found: SummaryPage) -> tuple[str, bytes]:
    """The PDF and the name to save it under."""
    values = summary_values(found)
    return _name(found, values), typeset(TEMPLATE, values, at=found.made_at)


def summary_word(found: SummaryPage) -> tuple[str, bytes]:
    """The Word file and the name to save it under."""
    values = summary_values(found)
    return _name(found, values), letter(values, at=found.made_at, band=demo_band())


def _name(found: SummaryPage, values: dict[str, Any]) -> str:
    return f"{values['title']}（第 {found.number} 版）"
