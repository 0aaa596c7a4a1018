"""Can a plan be met, and with how few visits? The question as integer rows, nothing solved here.

Subjects that look alike form one group. For every group and quarter there is a number of visits
and a number of joint ones among them. Each row belongs to a demand; rows without one always hold.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from gongchou.core.quota_words import percent
from gongchou.core.shares import cap_conflict
from gongchou.core.terms import Stratum

CAP, JOINT, TIERED, DAYS, REPEAT = "cap", "joint", "tiered", "days", "repeat"
QUOTA, TASK = "quota.", "task."


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """Alike enterprises: how many, and how often each of them may still be visited this year.

    Alike means: as many sites of each group, and as many visits left. So what all of them together
    have room for can always be dealt out to them one by one, and their sum is an exact limit.
    """

    count: int
    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Alike sites: `room` is how often each may be visited this year by the rotation of its quota.

    None where that sets no limit; `firm` is the place of their enterprises, None under no cap.
    `tasks` are the places of the further tasks that may draw them; sites that are not `is_drawn`
    are checked off site and visited by further tasks only.
    """

    quota: str
    size: int
    can_join: bool
    room: int | None = None
    firm: int | None = None
    tasks: tuple[int, ...] = ()
    is_drawn: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one quota owes in every quarter left: its name, stratum, ratio and count."""

    quota: str
    label: str
    stratum: Stratum
    ratio: Fraction
    base_count: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOwed:
    """What a task beside the ordinary one draws of one stratum, in the first quarter."""

    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanQuestion:
    """All that has to fit together. `slots` are the person-visits free in each quarter.

    `further` are those that tasks beside the ordinary one take in the first quarter: at the worst
    they draw sites that nobody else visits. So under a cap each visit of `tasks` counts for itself.
    """

    quarters: tuple[str, ...]
    owed: tuple[Owed, ...]
    groups: tuple[Group, ...]
    firms: tuple[Firm, ...]
    cap: int | None
    joint_least: Fraction
    tiered_least: Fraction
    untiered: int
    seats: int
    joint_seats: int
    slots: tuple[int, ...]
    further: int = 0
    tasks: tuple[TaskOwed, ...] = ()

    def demands(self) -> tuple[str, ...]:
        """The names of what is demanded."""
        caps = (CAP,) if self.firms else ()
        tasks = tuple(f"{TASK}{n}" for n in range(len(self.tasks))) if caps else ()
        repeats = (REPEAT,) if any(group.room is not None for group in self.groups) else ()
        return (
            *(QUOTA + row.quota for row in self.owed),
            *tasks,
            *caps,
            *repeats,
            JOINT,
            TIERED,
            DAYS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Σ coefficient · variable ≥ least, for one demand; `slack` is what one unit of relief adds."""

    demand: str
    terms: tuple[tuple[str, int], ...]
    least: int
    slack: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """Variables with their upper bounds, rows, and those whose sum is to be small."""

    upper: Mapping[str, int]
    rows: tuple[Row, ...]
    cost: tuple[str, ...]


def model_of(question: PlanQuestion) -> LinearModel:
    """The question as integer rows."""
    upper: dict[str, int] = {}
    for g, group in enumerate(question.groups):
        for q in range(len(question.quarters)):
            upper[_visits(g, q)] = group.size if group.is_drawn else 0
            upper[_joint(g, q)] = group.size if group.is_drawn and group.can_join else 0
        upper |= {_task(n, g): group.size for n in group.tasks if question.firms}
    rows = [*_structure(question), *_quota_rows(question), *_task_rows(question)]
    rows += [*_cap_rows(question), *_repeat_rows(question)]
    for q in range(len(question.quarters)):
        rows += [_joint_row(question, q), _tiered_row(question, q), _days_row(question, q)]
    return LinearModel(
        upper=upper, rows=tuple(rows), cost=tuple(name for name in upper if name[0] == "v")
    )


def _visits(group: int, quarter: int) -> str:
    return f"v{group}.{quarter}"


def _joint(group: int, quarter: int) -> str:
    return f"j{group}.{quarter}"


def _task(task: int, group: int) -> str:
    return f"t{task}.{group}"


def _structure(question: PlanQuestion) -> Iterable[Row]:
    for g in range(len(question.groups)):
        for q in range(len(question.quarters)):
            both = ((_visits(g, q), 1), (_joint(g, q), -1))
            yield Row(demand="", terms=both, least=0, slack=0)


def _quota_rows(question: PlanQuestion) -> Iterable[Row]:
    for owed in question.owed:
        held = [g for g, group in enumerate(question.groups) if group.quota == owed.quota]
        for q in range(len(question.quarters)):
            terms = tuple((_visits(g, q), 1) for g in held)
            yield Row(demand=QUOTA + owed.quota, terms=terms, least=owed.count, slack=1)


def _task_rows(question: PlanQuestion) -> Iterable[Row]:
    for n, task in enumerate(question.tasks if question.firms else ()):
        held = [g for g, group in enumerate(question.groups) if n in group.tasks]
        terms = tuple((_task(n, g), 1) for g in held)
        yield Row(demand=f"{TASK}{n}", terms=terms, least=task.count, slack=1)


def _cap_rows(question: PlanQuestion) -> Iterable[Row]:
    """An enterprise has room for the visits of the quarters and those of further tasks."""
    quarters = range(len(question.quarters))
    for f, firm in enumerate(question.firms):
        held = [g for g, group in enumerate(question.groups) if group.firm == f]
        terms = [(_visits(g, q), -1) for g in held for q in quarters]
        terms += [(_task(n, g), -1) for g in held for n in question.groups[g].tasks]
        yield Row(demand=CAP, terms=tuple(terms), least=-firm.count * firm.room, slack=1)


def _repeat_rows(question: PlanQuestion) -> Iterable[Row]:
    for g, group in enumerate(question.groups):
        if group.room is not None:
            terms = tuple((_visits(g, q), -1) for q in range(len(question.quarters)))
            yield Row(demand=REPEAT, terms=terms, least=-group.size * group.room, slack=1)


def _joint_row(question: PlanQuestion, q: int) -> Row:
    share, every = question.joint_least, range(len(question.groups))
    terms = [(_joint(g, q), share.denominator) for g in every]
    terms += [(_visits(g, q), -share.numerator) for g in every]
    return Row(demand=JOINT, terms=tuple(terms), least=0, slack=share.denominator)


def _tiered_row(question: PlanQuestion, q: int) -> Row:
    """Visits drawn by class over those and the untiered ones."""
    share = question.tiered_least
    own = share.denominator - share.numerator
    terms = tuple((_visits(g, q), own) for g in range(len(question.groups)))
    least = share.numerator * question.untiered
    return Row(demand=TIERED, terms=terms, least=least, slack=share.denominator)


def _days_row(question: PlanQuestion, q: int) -> Row:
    every = range(len(question.groups))
    terms = [(_visits(g, q), -question.seats) for g in every]
    terms += [(_joint(g, q), -question.joint_seats) for g in every]
    free = question.slots[q] - (0 if q else question.further)
    return Row(demand=DAYS, terms=tuple(terms), least=-free, slack=1)


def broken(model: LinearModel, values: Mapping[str, int], demands: Iterable[str]) -> list[Row]:
    """The rows of these demands, and of no demand, that the values do not meet; in integers."""
    wanted = {"", *demands}
    bad = [
        row
        for row in model.rows
        if row.demand in wanted
        and sum(times * values[name] for name, times in row.terms) < row.least
    ]
    outside = [name for name, value in values.items() if not 0 <= value <= model.upper[name]]
    return bad + [Row(demand="", terms=((name, 1),), least=0, slack=0) for name in outside]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """The least by which one demand alone must give way for all others to be met."""

    demand: str
    amount: int
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """Either the fewest visits of each quarter with the joint ones owed among them, or a set of
    demands that cannot stand together and would without any one of them.
    """

    is_possible: bool
    visits: tuple[int, ...]
    joint: tuple[int, ...]
    conflict: tuple[str, ...]
    says: tuple[str, ...]
    reliefs: tuple[Relief, ...]


def totals(question: PlanQuestion, values: Mapping[str, int]) -> tuple[int, ...]:
    """The visits of each quarter."""
    sums = Counter[int]()
    for name, value in values.items():
        if name.startswith("v"):
            sums[int(name.split(".")[1])] += value
    return tuple(sums[q] for q in range(len(question.quarters)))


def demand_says(question: PlanQuestion, demand: str) -> str:
    """A demand in words."""
    owed = _owed(question, demand)
    if owed:
        return (
            f"{owed.label}：基数 {owed.base_count} 家，每季度至少 {owed.count} 家，"
            f"{_span(question)}共 {owed.count * len(question.quarters)} 家次"
        )
    if demand.startswith(TASK):
        task = _task_owed(question, demand)
        return f"{task.label}：本季度抽 {task.count} 家，每家计入年度频次上限一次"
    joint, tiered = percent(question.joint_least), percent(question.tiered_least)
    return {
        CAP: f"年度频次上限：每家 {question.cap} 次，受限的单位本年还容 {_room(question)} 家次",
        REPEAT: f"年内不重复抽查：还没有查过的只够 {_unrepeated(question)} 家次",
        JOINT: f"内部联合不低于 {joint}，可联合的对象 {_joinable(question)} 家",
        TIERED: f"分级分类不低于 {tiered}，未分层的检查 {question.untiered} 家次",
        DAYS: f"可用人力：各季度最多 {'、'.join(map(str, question.slots))} 人次{_taken(question)}",
    }[demand]


def conflict_says(question: PlanQuestion, conflict: Iterable[str]) -> tuple[str, ...]:
    """The sentences of a conflict; where a ratio meets the cap, the sum that shows it."""
    names = tuple(conflict)
    sums = [
        says
        for name in names
        if (owed := _owed(question, name)) and question.cap is not None and CAP in names
        if (says := cap_conflict(owed.ratio, question.cap, what=owed.label, base=owed.base_count))
    ]
    return (*(demand_says(question, name) + "。" for name in names), *sums)


def relief_says(question: PlanQuestion, demand: str, amount: int) -> str:
    """What giving way by so much means."""
    owed = _owed(question, demand)
    if owed:
        return f"{owed.label}在{_span(question)}共少抽 {amount} 家次，其余要求即可同时达到。"
    if demand.startswith(TASK):
        task = _task_owed(question, demand)
        return f"{task.label}少抽 {amount} 家，其余要求即可同时达到。"
    return {
        REPEAT: f"年内重复抽查 {amount} 家次，其余要求即可同时达到；须登记口径改变轮换。",
        CAP: f"登记豁免理由，允许超出年度频次上限 {amount} 家次，其余要求即可同时达到。",
        JOINT: f"内部联合在{_span(question)}共少 {amount} 家次，其余要求即可同时达到。",
        TIERED: f"分级分类少计 {amount} 家次，其余要求即可同时达到。",
        DAYS: f"再增加 {amount} 人次的检查力量（如请市局支援），其余要求即可同时达到。",
    }[demand]


def _owed(question: PlanQuestion, demand: str) -> Owed | None:
    name = demand.removeprefix(QUOTA)
    return next((o for o in question.owed if demand.startswith(QUOTA) and o.quota == name), None)


def _task_owed(question: PlanQuestion, demand: str) -> TaskOwed:
    return question.tasks[int(demand.removeprefix(TASK))]


def _span(question: PlanQuestion) -> str:
    return "本季度" if len(question.quarters) == 1 else f"本年剩余 {len(question.quarters)} 个季度"


def _taken(question: PlanQuestion) -> str:
    return f"，其中其他任务本季度用 {question.further} 人次" if question.further else ""


def _room(question: PlanQuestion) -> int:
    return sum(firm.count * firm.room for firm in question.firms)


def _unrepeated(question: PlanQuestion) -> int:
    return sum(group.size * group.room for group in question.groups if group.room is not None)


def _joinable(question: PlanQuestion) -> int:
    return sum(group.size for group in question.groups if group.can_join)
