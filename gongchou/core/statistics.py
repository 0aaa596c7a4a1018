"""Facts to table cells: each cell knows its facts, each fact its records (domain §3.5).

A fact counts one thing on one day along few dimensions and names the records it was counted from.
The table is a pure function of the facts and of what the plan and the policy say.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from gongchou.core import canon, plain
from gongchou.core.quota import decimal
from gongchou.core.terms import Measure, PersonGroup, RecordKind, Stratum
from gongchou.core.workdays import Quarter

ON_SITE = (Stratum.KEY, Stratum.SPECIAL, Stratum.GENERAL_UNLISTED)
FEN_OF_TEN_THOUSAND = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record behind a fact."""

    kind: RecordKind
    ref: str


# Different sites or tasks are counted, over the year as in a quarter; `unit` tells them apart.
ONCE_A_YEAR = frozenset({Measure.CROSS_SESSIONS, Measure.CROSS_SUBJECTS, Measure.PROBLEM_SUBJECTS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """So many of a measure on a day, along stratum, kind and unit, and the records behind it."""

    measure: Measure
    day: date
    count: int
    records: tuple[Record, ...]
    stratum: Stratum | None = None
    kind: str = ""
    unit: str = ""
    quarter: str = ""

    @property
    def key(self) -> str:
        """What no other fact of a bureau has: quarter, measure, day and dimensions."""
        stratum = self.stratum.value if self.stratum else ""
        parts = (self.quarter, self.measure, self.day.isoformat(), stratum, self.kind, self.unit)
        return "/".join(parts)

    @property
    def code(self) -> str:
        """The kind or section a reader knows; what tells things apart that count once is none."""
        return "" if self.measure in ONCE_A_YEAR else self.kind or self.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number of the table: as shown, how it came about, and the keys of its facts.

    `of` is the denominator where the cell is a share, else zero.
    """

    key: str
    group: str
    label: str
    unit: str
    count: int
    of: int
    shown: str
    why: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table: the quarter beside the year to date."""

    quarter: Cell
    year: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A cell that a correction changed."""

    key: str
    label: str
    was: str
    now: str


def gathered(quarter: Quarter, found: Iterable[Fact]) -> tuple[Fact, ...]:
    """Facts of the same day and dimensions in one, by key; what counts nothing stays out.

    Zero is kept where it is said by the plan: a stratum without subjects is a fact too.
    """
    held: dict[str, Fact] = {}
    for fact in found:
        one = replace(fact, quarter=str(quarter))
        if before := held.get(one.key):
            records = {(r.kind, r.ref): r for r in (*before.records, *one.records)}
            one = replace(
                one,
                count=before.count + one.count,
                records=tuple(records[key] for key in sorted(records)),
            )
        held[one.key] = one
    return tuple(held[key] for key in sorted(held))


def frozen(facts: Iterable[Fact]) -> bytes:
    """The one byte form of facts."""
    return canon.canon([plain.to_plain(fact) for fact in facts])


def digest(facts: Iterable[Fact]) -> str:
    """What a table says it was made from."""
    return canon.HASHES["sha256"](frozen(facts)).hex()


def _once(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Facts without those whose thing was counted in an earlier quarter and counts once a year."""
    seen: set[tuple[Measure, str]] = set()
    for fact in facts:
        what = (fact.measure, fact.unit)
        if fact.measure in ONCE_A_YEAR and fact.unit:
            if what in seen:
                continue
            seen.add(what)
        yield fact


class Counter:
    """Sums facts by measure and stratum, and remembers which ones."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(_once(facts))

    def held(
        self, *measures: Measure, stratum: Stratum | None = None, kind: str | None = None
    ) -> tuple[Fact, ...]:
        """The facts of some measures, where wanted of one stratum or kind."""
        return tuple(
            fact
            for fact in self.facts
            if fact.measure in measures
            and (stratum is None or fact.stratum is stratum)
            and (kind is None or fact.kind == kind)
        )

    def count(
        self, *measures: Measure, stratum: Stratum | None = None, kind: str | None = None
    ) -> int:
        """The sum of those facts."""
        return sum(fact.count for fact in self.held(*measures, stratum=stratum, kind=kind))


def share_text(count: int, of: int) -> str:
    """A share as people read it; 不适用 where there is nothing to divide by."""
    return f"{decimal(Fraction(100 * count, of))}%" if of else "不适用"


def money_text(fen: int) -> str:
    """Money in 万元, exactly."""
    return decimal(Fraction(fen, FEN_OF_TEN_THOUSAND), 6)


def _count_cell(
    counter: Counter,
    key: str,
    label: str,
    *measures: Measure,
    group: str,
    unit: str,
    why: str,
    stratum: Stratum | None = None,
    kind: str | None = None,
) -> Cell:
    facts = counter.held(*measures, stratum=stratum, kind=kind)
    count = sum(fact.count for fact in facts)
    return Cell(
        key=key,
        group=group,
        label=label,
        unit=unit,
        count=count,
        of=0,
        shown=str(count),
        why=why,
        facts=tuple(fact.key for fact in facts),
    )


def _share_cell(key: str, label: str, part: Cell, whole: Cell, *, why: str) -> Cell:
    return Cell(
        key=key,
        group=part.group,
        label=label,
        unit="",
        count=part.count,
        of=whole.count,
        shown=share_text(part.count, whole.count),
        why=f"{part.label} {part.count} ÷ {whole.label} {whole.count}。{why}"
        if whole.count
        else f"{whole.label}为 0，不适用，视为达标。",
        facts=tuple(dict.fromkeys((*part.facts, *whole.facts))),
    )


def cells(facts: Iterable[Fact], *, late_counts: bool) -> tuple[Cell, ...]:
    """Every number of the table over some facts: those of a quarter, or of a year to date."""
    counter = Counter(facts)
    parts: tuple[Callable[[], list[Cell]], ...] = (
        lambda: _registers(counter),
        lambda: [c for s in ON_SITE for c in _stratum(counter, s, late_counts=late_counts)],
        lambda: _total(counter, late_counts=late_counts),
        lambda: _offsite(counter),
        lambda: _joint(counter),
        lambda: _tiered(counter),
        lambda: _findings(counter),
        lambda: _publication(counter),
    )
    return tuple(cell for part in parts for cell in part())


def _registers(counter: Counter) -> list[Cell]:
    group, newest = "两库", _newest(counter)
    held = [
        _count_cell(
            newest,
            f"subjects.{stratum}",
            f"对象库：{stratum.label}",
            Measure.SUBJECTS,
            group=group,
            unit="家",
            why="计划所用名录库快照中分入这一层的检查对象，含不计入抽查基数的。",
            stratum=stratum,
        )
        for stratum in Stratum
    ]
    whole = _count_cell(
        newest,
        "subjects",
        "对象库总数",
        Measure.SUBJECTS,
        group=group,
        unit="家",
        why="各层之和。",
    )
    people = [
        _count_cell(
            newest,
            f"people.{kind}",
            f"人员库：{kind.label}",
            Measure.PEOPLE,
            group=group,
            unit="人",
            why="计划所用名录库快照中的检查人员，按有无行政执法资格分；辅助检查人员按当天有效的委托计。",
            kind=kind.value,
        )
        for kind in PersonGroup
    ]
    return [whole, *held, *people]


def _newest(counter: Counter) -> Counter:
    """Registers are not summed over quarters: the latest quarter's stand for the year."""
    last = max((fact.quarter for fact in counter.facts), default="")
    return Counter(fact for fact in counter.facts if fact.quarter == last)


def done_measures(*, late_counts: bool) -> tuple[Measure, ...]:
    """What is done of a stratum: visits, and off-site checks where the policy asks for those."""
    late = (Measure.DONE_LATE,) if late_counts else ()
    return (Measure.DONE, *late, Measure.OFFSITE_COVERED)


def _stratum(counter: Counter, stratum: Stratum, *, late_counts: bool) -> list[Cell]:
    name, group = stratum.value, f"现场抽查：{stratum.label}"

    def cell(key: str, label: str, *measures: Measure, why: str) -> Cell:
        return _count_cell(
            counter,
            f"{key}.{name}",
            label,
            *measures,
            group=group,
            unit="家",
            why=why,
            stratum=stratum,
        )

    late = "计入完成家数，并标明逾期" if late_counts else "按方案不计入完成家数"
    counted = done_measures(late_counts=late_counts)
    base = cell("base", "抽查基数", Measure.BASE, why="计划锁定时可以抽取的对象。")
    done = cell(
        "done",
        "完成家数",
        *counted,
        why="已审核的随机检查所涉不同对象，一家只算一次，以最早完成的一次为准。",
    )
    return [
        base,
        cell("owed", "应抽家数", Measure.OWED, why="已批准的计划，基数乘以比例后进一。"),
        cell("drawn", "实抽家数", Measure.DRAWN, why="已完成的抽取中这一层抽出的对象。"),
        done,
        cell(
            "late", "其中逾期完成", Measure.DONE_LATE, why=f"任务期限以后、季度之内完成，{late}。"
        ),
        _share_cell(f"ratio.{name}", "抽查比例", done, base, why="小数截位，不四舍五入。"),
    ]


def _total(counter: Counter, *, late_counts: bool) -> list[Cell]:
    """The strata visited on site, together."""
    on_site = Counter(fact for fact in counter.facts if fact.stratum in ON_SITE)
    counted = done_measures(late_counts=late_counts)
    parts: tuple[tuple[str, str, tuple[Measure, ...]], ...] = (
        ("owed", "应抽家数", (Measure.OWED,)),
        ("drawn", "实抽家数", (Measure.DRAWN,)),
        ("done", "完成家数", counted),
        ("late", "其中逾期完成", (Measure.DONE_LATE,)),
    )
    return [
        _count_cell(
            on_site, key, label, *measures, group="现场抽查合计", unit="家", why="以上三层之和。"
        )
        for key, label, measures in parts
    ]


def _offsite(counter: Counter) -> list[Cell]:
    listed, group = Stratum.GENERAL_LISTED, "非现场检查：一般（正面清单内）"

    def cell(key: str, label: str, *measures: Measure, unit: str, why: str) -> Cell:
        return _count_cell(
            counter, key, label, *measures, group=group, unit=unit, why=why, stratum=listed
        )

    owed = cell(
        f"owed.{listed}", "应覆盖家数", Measure.OWED, unit="家", why="已批准计划的正面清单。"
    )
    covered = cell(
        "covered",
        "已覆盖家数",
        Measure.OFFSITE_COVERED,
        unit="家",
        why="有有效的非现场检查或当季个案检查，一家只算一次；数据不足的不算。",
    )
    return [
        owed,
        cell(
            "offsite_checks",
            "非现场检查家次",
            Measure.OFFSITE_CHECKS,
            unit="家次",
            why="已作结论的非现场检查，数据不足的另计。",
        ),
        cell(
            "offsite_short",
            "其中数据不足",
            Measure.OFFSITE_SHORT,
            unit="家次",
            why="结论为“数据不足”的，不算覆盖，也不在上一项之内。",
        ),
        covered,
        _share_cell("coverage", "覆盖率", covered, owed, why="小数截位，不四舍五入。"),
    ]


def _joint(counter: Counter) -> list[Cell]:
    group = "联合抽查"

    def cell(key: str, label: str, *measures: Measure, unit: str, why: str) -> Cell:
        return _count_cell(counter, key, label, *measures, group=group, unit=unit, why=why)

    internal = cell(
        "joint_internal",
        "内部联合家次",
        Measure.JOINT_INTERNAL,
        unit="家次",
        why="两个以上内部科室在同一次随机检查中共同检查的家次。",
    )
    own = cell(
        "own_visits",
        "本单位随机抽查家次",
        Measure.OWN_VISITS,
        unit="家次",
        why="已审核的本单位随机检查，专项、个案和非现场检查不计入。",
    )
    return [
        own,
        internal,
        _share_cell("joint_rate", "内部联合占比", internal, own, why="小数截位，不四舍五入。"),
        cell(
            "cross_sessions",
            "部门联合次数",
            Measure.CROSS_SESSIONS,
            unit="次",
            why="有已审核检查的部门联合抽查任务，一项任务全年算一次。",
        ),
        cell(
            "cross_subjects",
            "部门联合检查主体数",
            Measure.CROSS_SUBJECTS,
            unit="家",
            why="部门联合抽查检查过的不同对象，一家全年算一次。",
        ),
    ]


def _tiered(counter: Counter) -> list[Cell]:
    def cell(key: str, label: str, *measures: Measure, why: str) -> Cell:
        return _count_cell(counter, key, label, *measures, group="分级分类", unit="家次", why=why)

    tiered = cell("tiered", "分级分类家次", Measure.TIERED, why="从分级分类的层中抽取的随机检查。")
    visits = cell("visits", "随机抽查家次", Measure.VISITS, why="已审核的全部随机检查。")
    return [
        visits,
        tiered,
        _share_cell("tiered_rate", "分级分类占比", tiered, visits, why="小数截位，不四舍五入。"),
    ]


_FINDINGS: tuple[tuple[str, Measure, str, str], ...] = (
    ("person_times", Measure.PERSON_TIMES, "人次", "每次随机检查的检查人员数之和。"),
    ("problem_subjects", Measure.PROBLEM_SUBJECTS, "家", "发现问题的不同对象，一家全年算一次。"),
    ("problems", Measure.PROBLEMS, "个", "检查记录中认定的问题数。"),
    ("ordered", Measure.ORDERED, "家次", "下达责令改正的随机检查。"),
    ("cases", Measure.CASES, "家次", "已登记立案的随机检查。"),
    ("penalty", Measure.PENALTY_FEN, "万元", "随机检查所立案件已登记的罚款之和。"),
    ("transferred", Measure.TRANSFERRED, "家次", "已登记移送的随机检查。"),
    ("forms_in", Measure.FORMS_IN, "家次", "纸质检查记录表已交负责科室的随机检查。"),
    ("other_visits", Measure.OTHER_VISITS, "家次", "专项和个案检查，不计入以上各项和比例。"),
)


def _findings(counter: Counter) -> list[Cell]:
    found = [
        _count_cell(counter, key, measure.label, measure, group="检查和处理", unit=unit, why=why)
        for key, measure, unit, why in _FINDINGS
    ]
    return [
        replace(cell, shown=money_text(cell.count)) if cell.key == "penalty" else cell
        for cell in found
    ]


def _publication(counter: Counter) -> list[Cell]:
    def cell(key: str, label: str, *measures: Measure, why: str) -> Cell:
        return _count_cell(counter, key, label, *measures, group="公示", unit="家次", why=why)

    due = cell("publish_due", "应公示家次", Measure.PUBLISH_DUE, why="已审核的随机检查都应公示。")
    done = cell(
        "published",
        "已公示家次",
        Measure.PUBLISHED,
        Measure.PUBLISHED_LATE,
        why="结果已经公示的随机检查。",
    )
    late = cell("published_late", "其中逾期公示", Measure.PUBLISHED_LATE, why="公示日晚于期限。")
    return [due, done, late, _share_cell("publication_rate", "公示率", done, due, why="")]


def rows(
    quarter_facts: Iterable[Fact], year_facts: Iterable[Fact], *, late_counts: bool
) -> tuple[Row, ...]:
    """The table: each number of the quarter beside that of the year to date.

    The year's counts are the sums of its quarters; registers are those of the latest quarter.
    """
    now, year = (cells(facts, late_counts=late_counts) for facts in (quarter_facts, year_facts))
    return tuple(Row(quarter=one, year=other) for one, other in zip(now, year, strict=True))


def differences(was: Iterable[Row], now: Iterable[Row]) -> tuple[Difference, ...]:
    """What a correction changes, in the order of the table, the year's numbers after."""
    return (
        *_changed({row.quarter.key: row.quarter for row in was}, [row.quarter for row in now], ""),
        *_changed(
            {row.year.key: row.year for row in was}, [row.year for row in now], "（年度累计）"
        ),
    )


def _changed(was: Mapping[str, Cell], now: Iterable[Cell], span: str) -> list[Difference]:
    return [
        Difference(
            key=cell.key,
            label=f"{cell.group}　{cell.label}{span}",
            was=was[cell.key].shown if cell.key in was else "",
            now=cell.shown,
        )
        for cell in now
        if cell.key not in was or was[cell.key].shown != cell.shown
    ]
