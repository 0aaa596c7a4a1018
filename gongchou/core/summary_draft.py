"""The first draft of a quarter's summary, by the outline of domain §3.6, from counts alone.

What the facts cannot say is asked of a person: such a paragraph is empty and names what is wanted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongchou.core.standing import Standing
from gongchou.core.statistics import ON_SITE
from gongchou.core.summary import Number, Paragraph, filled
from gongchou.core.terms import StandingState, TrainingKind
from gongchou.core.workdays import Quarter, written_day

CASES = "3"
CASES_MISSING = "3.none"
# Told in words that no number changes: what a person made of them outlasts a new draft.
WORDS_KEPT = frozenset({"2.2.text", "2.3.text", "5.text"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a draft is written from.

    `grown` is the change of the register against the quarter before, where that one was counted;
    `trainings` is whether anything was held: then the numbers hold `training:KIND.times` and
    `training:KIND.people` of each kind, and `topics` says what it was about. `practices` are
    sentences from their register. `until` is the day it was counted up to, where no table stands.
    """

    quarter: Quarter
    policy_title: str
    standings: tuple[Standing, ...]
    grown: int | None = None
    trainings: frozenset[TrainingKind] = frozenset()
    topics: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    until: date | None = None


def draft(ground: Ground, numbers: Mapping[str, Number]) -> tuple[Paragraph, ...]:
    """Headings and paragraphs in order, each number with its source."""
    return (
        *_overall(ground, numbers),
        *_practice(ground, numbers),
        _heading(CASES, "三、典型案例"),
        Paragraph(key=CASES_MISSING, text="", asks="三、典型案例"),
        *_problems(ground, numbers),
        *_next(ground),
    )


def _heading(key: str, text: str, level: int = 1) -> Paragraph:
    return Paragraph(key=key, text=text, level=level)


def _own(section: str) -> Paragraph:
    """Room for what the office wants to add."""
    return Paragraph(key=f"{section}.own", text="")


def _state(ground: Ground, key: str) -> str:
    """How a clause stands, as the last words of a sentence."""
    for row in ground.standings:
        if row.key == key:
            return f"，{row.state.label}"
    return ""


def _overall(ground: Ground, numbers: Mapping[str, Number]) -> Iterable[Paragraph]:
    yield _heading("1", "一、总体情况")
    yield filled("1.whole", _whole(ground), numbers)
    yield _heading("1.1", "（一）现场抽查", 2)
    for stratum in ON_SITE:
        name, state = stratum.value, _state(ground, f"ratio.{stratum}")
        text = (
            f"{stratum.label}：抽查基数{{base.{name}}}家，应抽{{owed.{name}}}家，"
            f"完成{{done.{name}}}家，抽查比例{{ratio.{name}}}{state}。"
        )
        yield filled(f"1.1.{name}", text, numbers)
    for part, title, text in _OVERALL:
        yield _heading(f"1.{part}", title, 2)
        yield filled(f"1.{part}.text", text + _state(ground, _JUDGED.get(part, "")) + "。", numbers)
    if numbers["temporary:tasks"].shown != "0":
        yield _heading("1.6", "（六）临时任务", 2)
        yield filled("1.6.text", _TEMPORARY, numbers)
    yield _own("1")


_TEMPORARY = "计划批准以后另行追加临时任务{temporary:tasks}项，完成{temporary:done}家次，单独列出。"


def _whole(ground: Ground) -> str:
    return (
        f"{ground.quarter.label}，按照《{ground.policy_title}》组织实施“双随机、一公开”监管。"
        "现场应抽{owed}家，实抽{drawn}家，完成{done}家，其中逾期完成{late}家；"
        "年度累计应抽{year:owed}家，完成{year:done}家。" + _until(ground)
    )


def _until(ground: Ground) -> str:
    """Before the quarter's table is made its numbers still move."""
    if ground.until is None:
        return ""
    return f"本文数字统计到{written_day(ground.until)}，季度结束后以统计表为准。"


_OVERALL = (
    (
        "2",
        "（二）非现场检查",
        "正面清单内应覆盖{owed.general_listed}家，作出结论的非现场检查{offsite_checks}家次，"
        "另有数据不足{offsite_short}家次；已覆盖{covered}家，覆盖率{coverage}",
    ),
    (
        "3",
        "（三）联合抽查和分级分类",
        "本单位随机抽查{own_visits}家次，其中内部联合{joint_internal}家次，占比{joint_rate}；"
        "部门联合{cross_sessions}次，检查主体{cross_subjects}家。"
        "分级分类抽查{tiered}家次，占比{tiered_rate}，年度累计占比{year:tiered_rate}",
    ),
    (
        "4",
        "（四）检查发现和处理",
        "共检查{person_times}人次，发现存在问题的单位{problem_subjects}家、问题{problems}个；"
        "责令改正{ordered}家次，立案{cases}家次，罚款{penalty}万元，移送{transferred}家次。"
        "专项和个案检查{other_visits}家次，另行统计，不计入以上比例",
    ),
    (
        "5",
        "（五）结果公示",
        "应公示{publish_due}家次，已公示{published}家次，其中逾期公示{published_late}家次，"
        "公示率{publication_rate}",
    ),
)
_JUDGED = {"2": "coverage"}


def _practice(ground: Ground, numbers: Mapping[str, Number]) -> Iterable[Paragraph]:
    yield _heading("2", "二、主要做法")
    yield _heading("2.1", "（一）动态调整两库一单", 2)
    yield filled("2.1.text", _registers(ground), numbers)
    yield _heading("2.2", "（二）随机抽取和联合抽查", 2)
    yield filled("2.2.text", _DRAWING, numbers)
    yield _heading("2.3", "（三）规范检查程序", 2)
    yield filled("2.3.text", _PROCEDURE, numbers)
    yield _heading("2.4", "（四）培训、宣传和服务", 2)
    told = _trainings(ground)
    asks = "" if told else "二、（四）培训、宣传和服务"
    yield filled("2.4.text", told, numbers, asks=asks)
    if ground.practices:
        yield _heading("2.5", "（五）好的做法", 2)
        yield Paragraph(key="2.5.text", text="\n".join(ground.practices))
    yield _own("2")


_HELD = {
    TrainingKind.STAFF: "培训本单位人员",
    TrainingKind.OUTREACH: "开展宣传活动",
    TrainingKind.SERVICE: "帮扶指导企业",
}


def _trainings(ground: Ground) -> str:
    """How often what was held and for how many; empty where nothing is registered."""
    held = [
        f"{says}{{training:{kind}.times}}次、{{training:{kind}.people}}人次"
        for kind, says in _HELD.items()
        if kind in ground.trainings
    ]
    if not held:
        return ""
    topics = "、".join(f"《{topic}》" for topic in ground.topics)
    return "，".join(held) + "。" + (f"主题有{topics}。" if topics else "")


_DRAWING = (
    "检查对象和检查人员都随机抽取，抽取前发布公告，抽取有人现场监督，抽取全记录向社会公开，"
    "名单密封、到期启封。本季度共抽出{drawn}家，内部联合抽查{joint_internal}家次。"
)
_PROCEDURE = (
    "检查时出示证件、告知权利，当场制作检查记录，由另一人审核。"
    "已审核的随机检查{visits}家次，纸质检查记录表已交{forms_in}家次。"
)


def _registers(ground: Ground) -> str:
    text = (
        "检查对象名录库共{subjects}家，其中重点{subjects.key}家、特殊{subjects.special}家、"
        "一般（正面清单内）{subjects.general_listed}家、"
        "一般（正面清单外）{subjects.general_unlisted}家；"
        "检查人员名录库有执法人员{people.certified}人、日常监管人员{people.supervision}人，"
        "另有受委托的辅助检查人员{people.auxiliary}人。"
    )
    if ground.grown is None:
        return text
    if ground.grown == 0:
        return text + "检查对象总数与上季度相同。"
    way = "增加" if ground.grown > 0 else "减少"
    return text + f"检查对象比上季度{way}{{change.subjects}}家。"


def _problems(ground: Ground, numbers: Mapping[str, Number]) -> Iterable[Paragraph]:
    yield _heading("4", "四、存在问题")
    short = [row for row in ground.standings if row.state is StandingState.SHORT]
    for row in short:
        title = row.title.split(" ")[0].removesuffix("不少于")
        text = f"{title}未达到方案要求，还差{{missing:{row.key}}}{row.unit}。"
        yield filled(f"4.{row.key}", text, numbers)
    for key, text in (
        ("late", "有{late}家在任务期限以后完成，进度前松后紧。"),
        ("published_late", "有{published_late}家次结果没有按期公示。"),
    ):
        if numbers[key].shown != "0":
            yield filled(f"4.{key}", text, numbers)
    if not short:
        yield Paragraph(key="4.none", text="对照方案，本季度没有不达标的条款。")
    yield _own("4")


def _next(ground: Ground) -> Iterable[Paragraph]:
    following = ground.quarter.next().label
    yield _heading("5", "五、下季度打算")
    yield Paragraph(
        key="5.text",
        text=f"按方案组织{following}的抽查，均衡安排各月任务，按期完成并公示；"
        "对责令改正的单位逐家复查，对存在问题逐项整改。",
    )
    yield _own("5")
