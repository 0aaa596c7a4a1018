"""Typical cases inside a summary: their paragraphs, put in and taken out, numbered anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gongchou.core.refusals import Refused
from gongchou.core.summary import Number, Paragraph, QuarterSummary, TypicalCase, filled
from gongchou.core.summary_draft import CASES_MISSING

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseText:
    """What is told of a case: sentences as the records have them."""

    lead: str
    on: str
    found: tuple[str, ...]
    basis: tuple[str, ...]
    result: tuple[str, ...]
    has_fine: bool


def with_case(
    summary: QuarterSummary, case: TypicalCase, text: CaseText, numbers: Mapping[str, Number]
) -> QuarterSummary:
    """The summary with one more case; Refused where it stands in already, or ten do."""
    if any(one.visit == case.visit for one in summary.cases):
        raise Refused(f"“{case.name}”这次检查已经选作典型案例。")
    if len(summary.cases) == len(NUMERALS):
        raise Refused(f"典型案例最多 {len(NUMERALS)} 个，请先移出一个。")
    told = _told(case, text, numbers)
    place = next(n for n, one in enumerate(summary.paragraphs) if one.key == CASES_MISSING)
    held = (*summary.paragraphs[:place], *told, *summary.paragraphs[place:])
    return _renumbered(replace(summary, cases=(*summary.cases, case), paragraphs=held))


def without_case(summary: QuarterSummary, visit: str) -> QuarterSummary:
    """The summary without a case; Refused where it is none."""
    if all(one.visit != visit for one in summary.cases):
        raise Refused("这次检查不在典型案例里，请刷新页面。")
    cases = tuple(one for one in summary.cases if one.visit != visit)
    kept = tuple(one for one in summary.paragraphs if case_of(one) != visit)
    return _renumbered(replace(summary, cases=cases, paragraphs=kept))


def case_of(paragraph: Paragraph) -> str:
    """The visit that a paragraph tells of; empty for all others."""
    parts = paragraph.key.split("/")
    return parts[1] if parts[0] == "3.case" and len(parts) > 1 else ""


def _told(case: TypicalCase, text: CaseText, numbers: Mapping[str, Number]) -> Sequence[Paragraph]:
    key, source = f"3.case/{case.visit}", f"case:{case.visit}"
    course = filled(
        f"{key}/course", f"查处经过：{text.on}检查，发现问题{{{source}:problems}}个。", numbers
    )
    result = filled(
        f"{key}/result",
        f"结果：罚款{{{source}:penalty}}万元。" if text.has_fine else "结果：",
        numbers,
    )
    return (
        Paragraph(key=f"{key}/head", text=case.name, level=2),
        Paragraph(key=f"{key}/lead", text=f"线索来源：{text.lead}"),
        replace(course, text=course.text + "".join(text.found)),
        Paragraph(
            key=f"{key}/basis",
            text="依据：" + "；".join(text.basis) + "。" if text.basis else "",
            asks=f"典型案例{case.name}的依据",
        ),
        replace(result, text=result.text + "".join(text.result)),
        Paragraph(key=f"{key}/proofs", text="佐证材料见附件。"),
    )


def _renumbered(summary: QuarterSummary) -> QuarterSummary:
    """Headings count the cases; only without any is it asked why there is none."""
    names = {case.visit: case.name for case in summary.cases}
    order = {visit: NUMERALS[n] for n, visit in enumerate(names)}
    return replace(
        summary,
        paragraphs=tuple(_heads(summary.paragraphs, names, order, is_empty=not names)),
    )


def _heads(
    paragraphs: Iterable[Paragraph],
    names: Mapping[str, str],
    order: Mapping[str, str],
    *,
    is_empty: bool,
) -> Iterable[Paragraph]:
    for one in paragraphs:
        visit = case_of(one)
        if visit and one.level:
            yield replace(one, text=f"（{order[visit]}）{names[visit]}")
        elif one.key == CASES_MISSING:
            asks = "三、典型案例" if is_empty else ""
            yield replace(one, asks=asks, text=one.text if is_empty else "")
        else:
            yield one
