"""Before a plan is approved: what it asks of the people, and what cannot or need not be so."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from gongchou.core.caps import cap_places, cap_rule, yearly_room
from gongchou.core.quota import DrawStratum, PlanStratum
from gongchou.core.quota_words import decimal, percent
from gongchou.core.roster import (
    Inspector,
    RegisterSnapshot,
    Subject,
    applicable_units,
    drawable_problem,
)
from gongchou.core.rules import PolicyProfile
from gongchou.core.shares import cap_conflict, joint_duty
from gongchou.core.workdays import ONE_DAY, Calendar

# One more person from the other units joins where a visit is joint.
JOINT_SEATS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A stratum's visits, the person-days they take, and the rate that rounding up makes of it."""

    label: str
    base_count: int
    required_count: int
    is_offsite: bool
    rate: Fraction
    person_days: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to know before approving; `is_blocking` where the plan cannot be done as it is."""

    is_blocking: bool
    says: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibilityReport:
    """The loads, the person-days free and needed, and the findings, blocking ones first.

    `further_days` of the needed ones are those of tasks beside the ordinary one.
    """

    loads: tuple[Load, ...]
    people: int
    free_days: Fraction
    needed_days: Fraction
    further_days: Fraction
    joint_owed: int
    joint_possible: int
    findings: tuple[Finding, ...]

    @property
    def is_ready(self) -> bool:
        return not any(finding.is_blocking for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days in which a quarter's visits may be made."""

    first: date
    last: date

    def workdays(self, calendar: Calendar) -> list[date]:
        count = (self.last - self.first).days + 1
        days = (self.first + n * ONE_DAY for n in range(max(0, count)))
        return [day for day in days if calendar.is_workday(day)]


def free_days(people: Iterable[Inspector], days: Sequence[date]) -> int:
    """Person-days on which people can be drawn: on duty, not away, card valid."""
    return sum(drawable_problem(person, day) is None for person in people for day in days)


def team_size(profile: PolicyProfile, on: date) -> int:
    return max(profile.number("team.min_certified", on), profile.number("team.experts", on))


def can_join(subject: Subject, snapshot: RegisterSnapshot) -> bool:
    """Whether the items of two units or more apply to a subject."""
    return len(applicable_units(subject, snapshot.item_groups)) >= 2


def plan_report(
    snapshot: RegisterSnapshot,
    profile: PolicyProfile,
    strata: Sequence[PlanStratum],
    draw: Sequence[DrawStratum],
    *,
    span: Span,
    calendar: Calendar,
    further: int = 0,
) -> FeasibilityReport:
    """What a plan asks and where it cannot be met, with the ways to mend it.

    `further` person-visits are those of tasks beside the ordinary one.
    """
    on = snapshot.on
    per_day, seats = profile.number("team.visits_per_day", on), team_size(profile, on)
    subjects = {subject.ref: subject for subject in snapshot.subjects}
    drawn = [row for row in strata if not row.is_offsite]
    visits = sum(row.required_count for row in drawn)
    possible = _joint_possible(snapshot, subjects, draw)
    owed, joint_says = joint_duty(
        profile.share("joint.internal", on), visits=visits, possible=possible
    )
    free = Fraction(free_days(snapshot.inspectors, span.workdays(calendar)))
    needed = Fraction(visits * seats + owed * JOINT_SEATS + further, per_day)
    findings = [*_people(free, needed, per_day, seats), *_joint(joint_says)]
    findings += [
        *_caps(profile, drawn, _members(draw), snapshot),
        *_short(strata, draw),
        *_rates(strata),
    ]
    return FeasibilityReport(
        loads=tuple(_load(row, seats, per_day) for row in strata),
        people=sum(drawable_problem(person, on) is None for person in snapshot.inspectors),
        free_days=free,
        needed_days=needed,
        further_days=Fraction(further, per_day),
        joint_owed=owed,
        joint_possible=possible,
        findings=tuple(sorted(findings, key=lambda finding: not finding.is_blocking)),
    )


def _name(row: PlanStratum) -> str:
    return ".".join(filter(None, (row.stratum.value, row.part)))


def _label(row: PlanStratum) -> str:
    return row.stratum.label + (f"（{row.part_name}）" if row.part else "")


def _load(row: PlanStratum, seats: int, per_day: int) -> Load:
    visits = 0 if row.is_offsite else row.required_count
    return Load(
        label=_label(row),
        base_count=row.base_count,
        required_count=row.required_count,
        is_offsite=row.is_offsite,
        rate=Fraction(row.required_count, row.base_count) if row.base_count else Fraction(0),
        person_days=Fraction(visits * seats, per_day),
    )


def _joint_possible(
    snapshot: RegisterSnapshot, subjects: Mapping[str, Subject], draw: Iterable[DrawStratum]
) -> int:
    """Joint visits that any draw is sure to hold: those that the others cannot crowd out."""
    sure = 0
    for stratum in draw:
        others = sum(not can_join(subjects[ref], snapshot) for ref in stratum.members)
        sure += max(0, stratum.count - others)
    return sure


def _people(free: Fraction, needed: Fraction, per_day: int, seats: int) -> Iterable[Finding]:
    if needed > free:
        yield Finding(
            is_blocking=True,
            says=(
                f"检查需要 {decimal(needed)} 人日（每组 {seats} 人、每日 {per_day} 家），"
                f"到任务期限只有 {decimal(free)} 人日，差 {decimal(needed - free)} 人日。"
            ),
            mend="请补充持证人员、请上级支援，或者由领导小组登记口径调整每日检查家数。",
        )


def _joint(says: str) -> Iterable[Finding]:
    if says:
        yield Finding(
            is_blocking=False,
            says="按最不利的抽取结果，" + says,
            mend="抽取后若不足，可在同一随机顺序内多安排联合检查。",
        )


def _members(draw: Iterable[DrawStratum]) -> dict[str, list[str]]:
    """The sites of each stratum and part, the visited and the not yet visited together."""
    found: dict[str, list[str]] = {}
    for stratum in draw:
        name = stratum.name.removesuffix(".fresh").removesuffix(".visited")
        found.setdefault(name, []).extend(stratum.members)
    return found


def _caps(
    profile: PolicyProfile,
    drawn: Iterable[PlanStratum],
    members: Mapping[str, Sequence[str]],
    snapshot: RegisterSnapshot,
) -> Iterable[Finding]:
    rule = cap_rule(profile, snapshot.on)
    if rule is None:
        return
    places = cap_places(snapshot.subjects, rule, year=snapshot.on.year, on=snapshot.on)
    for row in drawn:
        if row.per != "quarter" or not row.base_count or row.ratio > 1:
            continue
        sites = [places[ref] for ref in members.get(_name(row), ())]
        room = yearly_room(sites, rule) if sites else None
        says = cap_conflict(row.ratio, rule.limit, what=_label(row), base=row.base_count, room=room)
        if says:
            free = sum(place.is_exempt for place in sites)
            told = f"其中 {free} 家按信用等级不受上限约束。" if free else ""
            mend = "可登记“不受年度频次上限约束的情形”，或登记口径改变上限。"
            yield Finding(is_blocking=False, says=says + told, mend=mend)


def _short(strata: Iterable[PlanStratum], draw: Sequence[DrawStratum]) -> Iterable[Finding]:
    """Where a rotation without repeats leaves fewer subjects than are owed; empty strata."""
    for row in strata:
        name = _name(row)
        parts = (name, f"{name}.fresh", f"{name}.visited")
        held = sum(s.count for s in draw if s.name in parts)
        if not row.base_count:
            says = f"{_label(row)}：本季度无此类对象，应抽 0 家，视为达标。"
            mend = "名录中应有此类对象的，请核对名录和分类依据后重新测算。"
            yield Finding(is_blocking=False, says=says, mend=mend)
        elif not row.is_offsite and held < row.required_count:
            says = f"{_label(row)}应抽 {row.required_count} 家，年内未查的只有 {held} 家。"
            mend = "年内不重复抽查已无对象可抽，请登记口径改变轮换，或以未查对象为限。"
            yield Finding(is_blocking=True, says=says, mend=mend)


def _rates(strata: Iterable[PlanStratum]) -> Iterable[Finding]:
    for row in strata:
        rate = Fraction(row.required_count, row.base_count or 1)
        if row.per == "quarter" and row.ratio and row.base_count and rate > 2 * row.ratio:
            says = (
                f"{_label(row)}基数 {row.base_count} 家，{percent(row.ratio)} 进一后抽 "
                f"{row.required_count} 家，实际比例 {decimal(rate * 100)}%，超过规定的两倍。"
            )
            mend = "这是向上取整的结果，符合方案；每家被抽中的机会较大，公告时会如实写明。"
            yield Finding(is_blocking=False, says=says, mend=mend)
