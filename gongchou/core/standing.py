"""The policy clause by clause: met, short by how many, not yet due, or not applicable (M28).

Every number comes from facts; every ratio from the plan or the policy. A clause without subjects
is not applicable and counts as met (note 13).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from gongchou.core.quota import PlanStratum, percent
from gongchou.core.rules import Clause, PolicyProfile, Share
from gongchou.core.shares import share_result
from gongchou.core.statistics import Counter, Fact
from gongchou.core.terms import Measure, RecordKind, StandingState, Stratum


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one clause stands: done of required, what is missing, why, and the cells behind it.

    `done_facts` are what the done ones are counted from, `of_facts` what the requirement is worked
    out from. `is_year` where it is counted over the year to date; `due` is the last day, where
    there is one.
    """

    key: str
    title: str
    clause: Clause
    state: StandingState
    done: int
    required: int
    missing: int
    unit: str
    why: str
    cells: tuple[str, ...]
    done_facts: tuple[Fact, ...] = ()
    of_facts: tuple[Fact, ...] = ()
    is_year: bool = False
    due: date | None = None

    @property
    def numbers(self) -> tuple[tuple[str, int, str], ...]:
        """Done, required and missing, as a row shows them: name, number, unit."""
        return (
            ("已完成", self.done, self.unit),
            ("应完成", self.required, ""),
            ("还差", self.missing, ""),
        )

    @property
    def surplus(self) -> int:
        """How many were done beyond what is required."""
        return max(0, self.done - self.required)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The day it is, and the last days; `statistics_on` is when the table was sent."""

    day: date
    quarter_last: date
    task: date
    statistics: date
    forms: date
    statistics_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What standings are worked out from."""

    strata: tuple[PlanStratum, ...]
    profile: PolicyProfile
    dates: Dates
    quarter: Counter
    year: Counter

    @property
    def late_counts(self) -> bool:
        return self.profile.is_on("measure.late_counts", self.dates.quarter_last)


def ground(
    strata: Iterable[PlanStratum],
    profile: PolicyProfile,
    dates: Dates,
    *,
    quarter: Iterable[Fact],
    year: Iterable[Fact],
) -> Ground:
    """Facts and rules together."""
    return Ground(
        strata=tuple(strata),
        profile=profile,
        dates=dates,
        quarter=Counter(quarter),
        year=Counter(year),
    )


def standings(on: Ground) -> tuple[Standing, ...]:
    """Every clause that has a number, in the order of the Plan."""
    return (
        *(_stratum(on, owed) for owed in on.strata if not owed.is_offsite),
        *(_coverage(on, owed) for owed in on.strata if owed.is_offsite),
        _joint(on),
        *_cross_dept(on),
        _tiered(on),
        _task(on),
        _forms(on),
        _statistics(on),
        _publication(on),
    )


def _state(missing: int, required: int, *, is_past: bool) -> StandingState:
    if required == 0:
        return StandingState.NOT_APPLICABLE
    if missing == 0:
        return StandingState.MET
    return StandingState.SHORT if is_past else StandingState.NOT_YET


def _lack(missing: int, unit: str) -> str:
    return f"还差 {missing} {unit}" if missing else "已达标"


def _stratum(on: Ground, owed: PlanStratum) -> Standing:
    """The share of one stratum, by distinct subjects done (notes 11 to 14, 34)."""
    stratum, part = owed.stratum, owed.part
    counted_as = (Measure.DONE, *((Measure.DONE_LATE,) if on.late_counts else ()))
    in_time = on.quarter.count(Measure.DONE, stratum=stratum, kind=part)
    late = on.quarter.count(Measure.DONE_LATE, stratum=stratum, kind=part)
    done = in_time + late if on.late_counts else in_time
    required, missing = owed.required_count, max(0, owed.required_count - done)
    counted = "计入" if on.late_counts else "按方案不计入"
    marked = f"，另有逾期完成 {late} 家（{counted}）" if late else ""
    why = f"{owed.why}按期完成 {in_time} 家{marked}，{_lack(missing, '家')}。"
    return Standing(
        key=".".join(filter(None, ("ratio", owed.stratum, owed.part))),
        title=f"{owed.label}监管对象抽查 {owed.wording}",
        clause=owed.clause,
        state=_state(missing, required, is_past=on.dates.day > on.dates.quarter_last),
        done=done,
        required=required,
        missing=missing,
        unit="家",
        why=why if owed.base_count else owed.why,
        cells=(f"done.{owed.stratum}", f"late.{owed.stratum}", f"owed.{owed.stratum}"),
        done_facts=on.quarter.held(*counted_as, stratum=stratum, kind=part),
        of_facts=on.quarter.held(Measure.OWED, stratum=stratum, kind=part),
        due=on.dates.task,
    )


def _coverage(on: Ground, owed: PlanStratum) -> Standing:
    """What is checked off site, as a rule the positive list (note 31)."""
    covered = on.quarter.held(Measure.OFFSITE_COVERED, stratum=owed.stratum)
    facts = tuple(fact for fact in covered if fact.unit == owed.part)
    done = sum(fact.count for fact in facts)
    short = on.quarter.count(Measure.OFFSITE_SHORT, stratum=owed.stratum)
    other = "" if owed.stratum is Stratum.GENERAL_LISTED else owed.stratum.value
    required, missing = owed.required_count, max(0, owed.required_count - done)
    lacking = f"数据不足 {short} 家次，不算覆盖；" if short else ""
    why = f"{owed.why}已覆盖 {done} 家，{lacking}{_lack(missing, '家')}。"
    return Standing(
        key=".".join(filter(None, ("coverage", other, owed.part))),
        title=f"{owed.label}非现场检查 {owed.wording}",
        clause=owed.clause,
        state=_state(missing, required, is_past=on.dates.day > on.dates.quarter_last),
        done=done,
        required=required,
        missing=missing,
        unit="家",
        why=why if owed.base_count else owed.why,
        cells=("covered", "offsite_checks", "offsite_short", f"owed.{owed.stratum}"),
        done_facts=facts,
        of_facts=on.quarter.held(Measure.OWED, stratum=owed.stratum, kind=owed.part),
        due=on.dates.task,
    )


def _planned(on: Ground) -> int:
    """Visits that the plan asks for on site."""
    return sum(owed.required_count for owed in on.strata if not owed.is_offsite)


def _joint(on: Ground) -> Standing:
    """The share of joint visits of internal units (notes 20, 21)."""
    share = on.profile.share("joint.internal", on.dates.quarter_last)
    of = on.quarter.count(Measure.OWN_VISITS)
    if on.profile.text("joint.internal.denominator", on.dates.quarter_last).startswith("planned"):
        of = max(of, _planned(on))
    done = on.quarter.count(Measure.JOINT_INTERNAL)
    found = _share(on, share, done=done, of=of, what="内部联合抽查", is_year=False)
    return replace(
        found,
        done_facts=on.quarter.held(Measure.JOINT_INTERNAL),
        of_facts=on.quarter.held(Measure.OWN_VISITS),
    )


def _tiered(on: Ground) -> Standing:
    """Judged on the year, warned on the quarter, as the policy says (note 19)."""
    last = on.dates.quarter_last
    is_year = on.profile.text("tiered.judged_on", last) == "year_to_date"
    warns = on.profile.text("tiered.warned_on", last)
    judged, other = (on.year, on.quarter) if is_year else (on.quarter, on.year)
    share = on.profile.share("tiered", last)
    found = _share(
        on,
        share,
        done=judged.count(Measure.TIERED),
        of=judged.count(Measure.VISITS),
        what="分级分类抽查",
        is_year=is_year,
    )
    found = replace(
        found,
        done_facts=judged.held(Measure.TIERED),
        of_facts=judged.held(Measure.VISITS),
    )
    if warns == on.profile.text("tiered.judged_on", last):
        return found
    warned = share_result(
        share,
        done=other.count(Measure.TIERED),
        of=other.count(Measure.VISITS),
        what="分级分类抽查",
    )
    spans = ("年度累计", "本季度") if is_year else ("本季度", "年度累计")
    why = f"按{spans[0]}判定：{found.why}按{spans[1]}预警：{warned.why}"
    return replace(found, why=why)


_SHARE_CELLS = {
    "joint.internal": ("joint_internal", "own_visits"),
    "tiered": ("tiered", "visits"),
}


def _share(on: Ground, share: Share, *, done: int, of: int, what: str, is_year: bool) -> Standing:
    found = share_result(share, done=done, of=of, what=what)
    is_past = on.dates.day > on.dates.quarter_last
    state = _state(found.missing, found.required_count, is_past=is_past)
    why = found.why
    if of == 0 and _planned(on) and not is_past:
        state, why = StandingState.NOT_YET, f"还没有已审核的{what}可以计算，检查完成后再判定。"
    return Standing(
        key=share.key,
        title=f"{what}不少于 {percent(share.least)}",
        clause=share.clause,
        state=state,
        done=done,
        required=found.required_count,
        missing=found.missing,
        unit="家次",
        why=why,
        cells=_SHARE_CELLS[share.key],
        is_year=is_year,
        due=on.dates.task,
    )


def _cross_dept(on: Ground) -> tuple[Standing, ...]:
    """Two yearly numbers, paced by the quarter; nothing to judge before they are given (22)."""
    return (
        _paced(on, "sessions", "部门联合抽查次数", Measure.CROSS_SESSIONS, "次"),
        _paced(on, "subjects", "部门联合检查主体数", Measure.CROSS_SUBJECTS, "家"),
    )


def _paced(on: Ground, key: str, title: str, measure: Measure, unit: str) -> Standing:
    last = on.dates.quarter_last
    yearly = on.profile.setting(f"joint.cross_dept.{key}", last)
    of_joint = on.profile.share("joint.internal", last).clause
    clause = replace(of_joint, says=f"{title}按领导小组办公室每年下达的数完成")
    done = on.year.count(measure)
    number = (last.month + 2) // 3
    owed = -(-yearly * number // 4) if isinstance(yearly, int) else 0
    missing = max(0, owed - done)
    why = "领导小组办公室还没有下达今年的任务数，暂不判定；下达后请登记为解释口径。"
    if isinstance(yearly, int):
        why = (
            f"全年 {yearly} {unit}，按季度均摊到本季度末应有 {owed} {unit}；"
            f"年度累计已有 {done} {unit}，{_lack(missing, unit)}。"
        )
    return Standing(
        key=f"cross_{key}",
        title=title,
        clause=clause,
        state=_state(missing, owed, is_past=on.dates.day > last),
        done=done,
        required=owed,
        missing=missing,
        unit=unit,
        why=why,
        cells=(f"cross_{key}",),
        done_facts=on.year.held(measure),
        is_year=True,
    )


def _clause(on: Ground, key: str) -> Clause:
    return on.profile.parameter(key, on.dates.quarter_last).clause


def _task(on: Ground) -> Standing:
    """All that is owed on site done by the task's last day, late ones not counted (note 33)."""
    required = _planned(on)
    on_site = {owed.stratum for owed in on.strata if not owed.is_offsite}
    done = sum(
        min(
            on.quarter.count(Measure.DONE, stratum=owed.stratum, kind=owed.part),
            owed.required_count,
        )
        for owed in on.strata
        if not owed.is_offsite
    )
    missing = required - done
    why = (
        f"现场应抽 {required} 家，任务期限 {on.dates.task} 以前完成 {done} 家"
        f"（各层以应抽家数为限），{_lack(missing, '家')}。"
    )
    return Standing(
        key="task",
        title="按期完成检查任务",
        clause=_clause(on, "deadline.task"),
        state=_state(missing, required, is_past=on.dates.day > on.dates.task),
        done=done,
        required=required,
        missing=missing,
        unit="家",
        why=why if required else "本季度没有应当现场抽查的对象，不适用，视为达标。",
        cells=("done", "late", "owed"),
        done_facts=on.quarter.held(Measure.DONE),
        of_facts=tuple(fact for fact in on.quarter.held(Measure.OWED) if fact.stratum in on_site),
        due=on.dates.task,
    )


def _forms(on: Ground) -> Standing:
    """Each visit's form handed in on paper (note 36)."""
    required, done = on.quarter.count(Measure.VISITS), on.quarter.count(Measure.FORMS_IN)
    missing = max(0, required - done)
    is_past = on.dates.day > on.dates.forms
    state = _state(missing, required, is_past=is_past)
    why = (
        f"已审核的随机检查 {required} 家次，纸质记录表已交 {done} 家次，{_lack(missing, '家次')}。"
    )
    if required == 0:
        state = StandingState.NOT_YET if _planned(on) and not is_past else state
        why = "还没有已审核的随机检查。"
    return Standing(
        key="forms",
        title="交齐检查记录表",
        clause=_clause(on, "deadline.forms"),
        state=state,
        done=done,
        required=required,
        missing=missing,
        unit="家次",
        why=why,
        cells=("forms_in", "visits"),
        done_facts=on.quarter.held(Measure.FORMS_IN),
        of_facts=on.quarter.held(Measure.VISITS),
        due=on.dates.forms,
    )


def _statistics(on: Ground) -> Standing:
    """The table sent by its day (notes 33 and 35)."""
    sent, due = on.dates.statistics_on, on.dates.statistics
    missing = 0 if sent else 1
    state = _state(missing, 1, is_past=on.dates.day > due)
    if sent and sent > due:
        state = StandingState.SHORT
    why = f"统计表于 {sent} 报送，" if sent else "统计表还没有登记报送，"
    late = "，已逾期" if (sent and sent > due) or (not sent and on.dates.day > due) else ""
    return Standing(
        key="statistics",
        title="报送统计表",
        clause=_clause(on, "deadline.statistics"),
        state=state,
        done=1 - missing,
        required=1,
        missing=missing,
        unit="份",
        why=f"{why}期限 {due}{late}。",
        cells=(),
        due=due,
    )


def _publication(on: Ground) -> Standing:
    """Every reviewed visit made public by its own last day (note 38)."""
    due = on.quarter.held(Measure.PUBLISH_DUE)
    shown = on.quarter.held(Measure.PUBLISHED, Measure.PUBLISHED_LATE)
    required, done = sum(fact.count for fact in due), sum(fact.count for fact in shown)
    public = _visits(shown)
    past = [fact for fact in due if fact.day < on.dates.day]
    overdue, late = len(_visits(past) - public), on.quarter.count(Measure.PUBLISHED_LATE)
    missing = max(0, required - done)
    state = _state(missing, required, is_past=bool(overdue))
    if late and state is StandingState.MET:
        state = StandingState.SHORT
    if required == 0 and _planned(on):
        state = StandingState.NOT_YET
    return Standing(
        key="publication",
        title="按期公示检查结果",
        clause=_clause(on, "publish.result"),
        state=state,
        done=done,
        required=required,
        missing=missing,
        unit="家次",
        why=f"应公示 {required} 家次，已公示 {done} 家次，其中逾期公示 {late} 家次；"
        f"已过期限还没有公示 {overdue} 家次。",
        cells=("published", "published_late", "publish_due"),
        done_facts=shown,
        of_facts=due,
    )


def _visits(facts: Iterable[Fact]) -> set[str]:
    return {r.ref for fact in facts for r in fact.records if r.kind is RecordKind.VISIT}


def overall(rows: Iterable[Standing]) -> dict[StandingState, int]:
    """How many clauses stand how, for the leader's first glance."""
    held = list(rows)
    return {state: sum(row.state is state for row in held) for state in StandingState}
