"""The certificate of a draw: what its public record says, in words, and how to check it.

Needs the record alone, no database, so that a rehearsal can write one too.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from gongchou.core.canon import digest
from gongchou.core.draw import drawn_count
from gongchou.core.draw_reading import DrawRecord, read_record
from gongchou.core.draw_record import Step, verify
from gongchou.core.quota_words import near_percent
from gongchou.core.terms import Stratum
from gongchou.web.templatetags.gongchou import grouped
from gongchou.web.typesetting import qr_svg

TEMPLATE = "drawing/papers/certificate.typ"
REHEARSAL_BAND = "演练，不是真实抽取"
ALGORITHMS = {"sha256": "SHA-256", "sm3": "国密 SM3"}
_PARTS = {"fresh": "年内未查", "visited": "年内已查", "capped": "已达年度上限"}
_STRATA = {stratum.value: stratum.label for stratum in Stratum}


def stratum_label(name: str) -> str:
    """The words for a stratum as drawn: `key.fresh` is 重点，年内未查; unknown names stay."""
    base, *parts = name.split(".")
    return "，".join([_STRATA.get(base, base), *(_PARTS.get(part, part) for part in parts)])


def chance_text(drawn: int, of: int) -> str:
    """The chance of each of `of` objects, as a fraction and near a hundredth of a percent."""
    if not of:
        return "这一层没有对象"
    if drawn == of:
        return "必查"
    return f"{drawn} ／ {of}，{near_percent(Fraction(drawn, of))}"


def qr_text(draw: str, announcement: str, sealed: str, *, version: str = "DR1") -> str:
    """What the code on every paper of a draw holds: its id and the two anchors."""
    return f"{version} {draw}\n公告摘要 {announcement}\n密封根 {sealed}"


def made_at(record: Mapping[str, Any]) -> datetime:
    """The instant of the announcement, which stands for the record where no other is known."""
    return datetime.fromisoformat(record["announcement"]["announced"])


def certificate(record: Mapping[str, Any], *, organ: str = "") -> dict[str, Any]:
    """The values of the certificate of a public record; Invalid where it has not its form."""
    read = read_record(record)
    announced = read.announcement.digest().hex()
    steps = verify(record)
    is_test = read.announcement.draw.startswith("TEST")
    kind = "一次演练，所用随机数由输入推算，不产生任何检查任务" if is_test else "一次随机抽取"
    return {
        "title": "抽取证书",
        "organ": organ,
        "number": read.announcement.draw,
        "band": REHEARSAL_BAND if is_test else "",
        "statement": said(read.announcement.draw, read.announcement.announced, kind, steps),
        "strata": _strata(read),
        **_counts(read),
        "algorithm": ALGORITHMS[read.announcement.hash],
        "announcement": announced,
        "sealed": read.sealed,
        "record": digest(record, read.announcement.hash),
        "steps": [*map(step_row, steps[:-1]), anchor_step(steps[-1])],
        "how": _how(read.announcement.hash),
        "qr": qr_svg(qr_text(read.announcement.draw, announced, read.sealed)),
    }


def said(draw: str, announced: str, kind: str, steps: Sequence[Step]) -> str:
    """The first sentence of a certificate: which draw, and whether its record holds."""
    at = datetime.fromisoformat(announced)
    is_sound = all(step.ok for step in steps)
    verdict = "记录自身逐步核对全部相符" if is_sound else "核对发现不符，见第三部分"
    return (
        f"本证书说明编号为 {draw} 的{kind}。公告时间为 {at.year} 年 {at.month} 月"
        f" {at.day} 日 {at:%H:%M:%S}。{verdict}；任何人都可以用公开的抽取记录自己重算一遍。"
    )


def _strata(read: DrawRecord) -> list[dict[str, str]]:
    sizes = dict.fromkeys(read.announcement.rates, 0)
    for row in read.rosters.subjects:
        sizes[row.stratum] += 1
    drawn = {s: drawn_count(read.announcement.rates[s], n) for s, n in sizes.items()}
    return stratum_rows([(s, n, drawn[s]) for s, n in sorted(sizes.items())])


def stratum_rows(strata: Sequence[tuple[str, int, int]]) -> list[dict[str, str]]:
    """Rows of a table of strata from (name, base, drawn), with their sum below."""
    rows = [(stratum_label(s), n, k, chance_text(k, n)) for s, n, k in strata]
    rows.append(("合计", sum(n for _, n, _ in strata), sum(k for _, _, k in strata), "—"))
    return [{"name": s, "base": f"{n}", "drawn": f"{k}", "chance": c} for s, n, k, c in rows]


def department_rows(
    departments: Iterable[tuple[str, Sequence[tuple[str, int, int]]]],
) -> list[dict[str, str]]:
    """The same of each department under its name."""
    return [
        {**row, "name": f"{name}：{row['name']}"}
        for name, strata in departments
        for row in stratum_rows(strata)
    ]


def _counts(read: DrawRecord) -> dict[str, str]:
    joint = sum(len(visit.parts) == 2 for visit in read.visits)
    return {
        "visits": f"{len(read.visits)} 家",
        "joint": f"{joint} 家",
        "people": f"{len(read.rosters.inspectors)} 人",
        "avoided": f"{len(read.rosters.avoid)} 条",
        "substituted": f"{len(read.substitutions)} 次",
        "closing-label": "收口值",
        "closing": grouped(read.closing),
    }


def step_row(step: Step) -> dict[str, str]:
    number, _, name = step.name.partition(" ")
    verdict = "相符" if step.ok else "不符"
    return {"number": number, "name": name, "verdict": verdict, "says": step.says}


def anchor_step(last: Step) -> dict[str, str]:
    """The last step is the reader's: a paper cannot vouch for the digests printed on it."""
    if not last.ok:
        return step_row(last)
    says = "请将第二部分的公告摘要、密封根与公示或当时签字的纸面核对。"
    return {**step_row(last), "verdict": "请您核对", "says": says}


def _how(profile: str) -> list[str]:
    by_hand = "sha256sum" if profile == "sha256" else "国密 SM3 工具"
    return [
        "取得公开的抽取记录 record.json，以及公示或纸面上的公告摘要和密封根。",
        "在公众门户打开“验证抽取”页面，选择记录文件，填入两项摘要；页面可以存下来断网使用。",
        "或在任何装有 Python 3 的电脑上运行 python3 verify_draw.py record.json"
        " --announcement 公告摘要 --sealed 密封根。",
        f"只想核对一家：抽签号等于密钥与底册编号连写后的摘要，可用 {by_hand} 自行算出，"
        "不大于该层末位抽签号的即被抽中。",
    ]
