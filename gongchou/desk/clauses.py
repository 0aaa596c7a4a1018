"""The clauses of the policy that have no number of their own, and where each of them is met."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongchou.core.standing import Standing
from gongchou.desk.crowds import KEYS
from gongchou.planning import policy_reads, policy_sections

# What a key begins with, the page where the clause is met, and the words for it. The first fits.
PLACES = (
    ("draw.window", "drawing:home", "抽取页面写明每次抽取的日期"),
    ("draw.", "drawing:home", "每次抽取都按此进行，抽取记录可验证"),
    ("release.", "drawing:home", "名单按此逐日启封"),
    ("team.", "drawing:home", "抽取时按此组成检查组"),
    ("pairing.", "drawing:home", "抽取时按此匹配专长"),
    ("aux.", "inspection:home", "派发和审批时按此核对"),
    ("approval.", "inspection:home", "检查前按此办理批准"),
    ("notice.", "inspection:home", "检查时按此登记通知书"),
    ("visit.", "inspection:home", "提交检查记录时按此要求说明"),
    ("scan_in.", "inspection:home", "到场时按此扫码登记"),
    ("offsite.", "offsite:board", "非现场检查按此认定覆盖"),
    ("publish.", "publication:home", "公示期限和撤下按此计算"),
    ("register.", "registry:subjects", "名录变更按此办理"),
    *((key, "desk:board", "达标看板列出偏密的场所，派发前提示") for key in KEYS[:3]),
    (KEYS[3], "drawing:home", "抽取时不再排给同一人，看板列出例外"),
    ("cap.", "planning:quarter", "测算时按此核对次数"),
    ("rotation.", "planning:quarter", "抽取底册按此轮换"),
    ("joint.", "planning:quarter", "测算和统计时按此计算联合"),
    ("deadline.", "desk:home", "期限列在工作台"),
    ("measure.", "reporting:home", "统计时按此计数"),
    ("tiered.", "reporting:home", "统计时按此判定"),
    ("assessment.", "reporting:home", "统计时按此计分"),
)
CLASSIFYING = ("planning:quarter", "分类和基数按此计算，每家单位写明理由")


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A clause without a number: what it settles, how, and the page where it is met."""

    number: str
    what: str
    value: str
    view: str
    where: str
    own: tuple[policy_sections.ClauseTextRow, ...]


def silent(bureau: str, on: date, counted: Iterable[Standing]) -> tuple[Silent, ...]:
    """Every row of the policy whose clause no line of the board has."""
    shown = {(row.clause.source, row.clause.number) for row in counted}
    page = policy_reads.policy_page(bureau, on)
    return tuple(
        _silent(row)
        for section in page.sections
        for row in section.rows
        if (row.clause.source, row.clause.number) not in shown
    )


def _silent(row: policy_sections.ClauseRow) -> Silent:
    place = next((p[1:] for p in PLACES if row.key.startswith(p[0])), CLASSIFYING)
    view, where = CLASSIFYING if row.what.startswith("属于") else place
    return Silent(
        number=row.clause.number,
        what=row.what,
        value=row.value or row.clause.says,
        view=view,
        where=where,
        own=row.own,
    )
