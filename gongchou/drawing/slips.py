"""The slip "why was I drawn", handed to an enterprise at the visit; it tells of nobody else."""

from datetime import datetime
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.quota_words import near_percent
from gongchou.drawing import proofs, reads
from gongchou.web.clock import day_of
from gongchou.web.papers import qr_svg, typeset
from gongchou.web.templatetags.gongchou import instant, weekday

TEMPLATE = "drawing/papers/why.typ"
TITLE = "为什么抽中本单位"
HOW = (
    "公告摘要在抽取之前已向社会公布，密封根在抽取当日公布，两项都可以在公示门户查到。",
    "“名单中的一行”连同证明路径算出的根应当等于密封根：说明检查在抽取当日已经确定，不是后来选的。",
    "本季度检查全部结束后公开抽取全记录，届时任何人可以重算每一家的抽签号。",
)


def sentence(why: proofs.WhyMe) -> str:
    start = "本单位按抽签号由小到大的次序，递补一家不能检查的单位。" if why.is_substitute else ""
    return (
        f"{start}本季度“{why.label}”共 {why.base_count} 家，抽取 {why.drawn_count} 家，"
        f"每家被抽中的机会完全相同，均为 {why.drawn_count}／{why.base_count}"
        f"（{near_percent(why.chance)}），与名称、规模、位置无关。"
    )


def _departments(why: proofs.WhyMe) -> list[str]:
    """Of a joint check, what each department drew; one ticket decides for all of them."""
    if not why.departments:
        return []
    return [
        "这是部门联合抽查：各部门对同一家单位共用一个抽签号，各取最小的若干家，一家单位只去一次。",
        *(one.says() for one in why.departments),
    ]


def values(
    visit: reads.ReleasedVisit, why: proofs.WhyMe, *, is_fixed: bool, bureau: str
) -> dict[str, Any]:
    """What is printed; the proof is left out for substitutes, who stand in no sealed list."""
    proof = "" if why.is_substitute else visit.leaf
    return {
        "title": TITLE,
        "organ": accounts.bureau(bureau).name,
        "name": visit.subject_name,
        "draw": f"{visit.draw}，第 {visit.number + 1} 号",
        "sentence": sentence(why),
        "departments": _departments(why),
        "clause": f"{why.clause.source} {why.clause.number}：{why.clause.says}。",
        "visits": f"{why.visits_in_a_year} 次",
        "planned": weekday(visit.planned_on),
        "released": instant(visit.released_at),
        "announcement": why.announcement_digest,
        "sealed": why.sealed_root,
        "leaf": proof,
        "path": list(why.path),
        "fixed": "打印时已核对：这一行与密封根相符。" if is_fixed else "",
        "how": list(HOW),
        "qr": qr_svg(f"{visit.draw}\n公告 {why.announcement_digest}\n密封根 {why.sealed_root}"),
    }


def slip(ref: str, number: int, *, bureau: str, at: datetime) -> tuple[str, bytes]:
    """The slip of a released visit as a PDF, and the name to save it under."""
    visit = reads.released_visit(ref, number)
    why = proofs.why_me(ref, number, bureau=bureau, on=day_of(at))
    is_fixed = proofs.is_fixed_at_the_draw(ref, number, bureau=bureau)
    data = values(visit, why, is_fixed=is_fixed, bureau=bureau)
    return f"{TITLE}{ref}-{number + 1}", typeset(TEMPLATE, data, at=at)
