"""What covers a unit of the positive list for a quarter, off site (domain notes 31 and 32).

Missing data is not coverage: a check counts when it read enough of enough sources, inside the
quarter, and a person who did not record it drew a conclusion.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from gongchou.core.quota import decimal, percent
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import MonitoringType, OffsiteConclusion, SourceKind
from gongchou.core.workdays import Quarter, written_day

DOCUMENTS = frozenset({SourceKind.EXECUTION_REPORT, SourceKind.LEDGER, SourceKind.SELF_MONITORING})
# A link has an hour of its own, a paper none: chance chooses among what runs all the time.
WITHOUT_HOURS = DOCUMENTS | {SourceKind.REMOTE}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReading:
    """One source of a check: how many points there should be, and how many were read."""

    kind: SourceKind
    expected: int
    read: int

    @property
    def completeness(self) -> Fraction:
        """The exact share read; nothing expected is nothing read."""
        return Fraction(self.read, self.expected) if self.expected > 0 else Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRule:
    """What a policy asks of an off-site check."""

    sources: int
    completeness: Fraction
    case_visit_covers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFacts:
    """A check as the rule sees it; `concluded_on` and `conclusion` are None before a conclusion."""

    ref: str
    subject: str
    since: date
    until: date
    has_monitors: bool
    sources: tuple[SourceReading, ...]
    recorder: str
    reviewer: str = ""
    conclusion: OffsiteConclusion | None = None
    concluded_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVisit:
    """A finished visit on a clue, which stands in for an off-site check."""

    ref: str
    subject: str
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How one unit stands: by what it is covered (empty: not), since when, and why."""

    subject: str
    by: str
    on: date | None
    is_short: bool
    why: str

    @property
    def is_covered(self) -> bool:
        return self.on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The hour of one source that the reviewer must look at with own eyes."""

    kind: SourceKind
    day: date
    hour: int


def cover_rule(profile: PolicyProfile, on: date) -> CoverRule:
    """What the policy in force on a day asks."""
    return CoverRule(
        sources=profile.number("offsite.sources", on),
        completeness=profile.fraction("offsite.completeness", on),
        case_visit_covers=profile.is_on("offsite.case_visit_covers", on),
    )


def has_monitors(types: Iterable[MonitoringType]) -> bool:
    """Whether the register knows any monitor at the unit."""
    return any(kind is not MonitoringType.NONE for kind in types)


def spot(chance: bytes, sources: Iterable[SourceReading], since: date, until: date) -> Spot | None:
    """The hour to look at, by the given chance; None where nothing runs all the time."""
    kinds = sorted({s.kind for s in sources if s.kind not in WITHOUT_HOURS})
    if not kinds:
        return None
    number = int.from_bytes(hashlib.sha256(chance).digest(), "big")
    number, kind = divmod(number, len(kinds))
    number, day = divmod(number, (until - since).days + 1)
    return Spot(kind=kinds[kind], day=since + timedelta(days=day), hour=number % 24)


def shortage(sources: Iterable[SourceReading], has_monitors: bool, rule: CoverRule) -> str:
    """What the data lacks, as a sentence; empty where it is enough.

    All documents together are one source; without monitors a document review suffices alone.
    """
    given = tuple(sources)
    enough = {s.kind for s in given if s.completeness >= rule.completeness}
    documents, monitors = enough & DOCUMENTS, enough - DOCUMENTS
    if documents and not has_monitors:
        return ""
    held = len(monitors) + bool(documents)
    if held >= rule.sources:
        return ""
    found = [
        f"{s.kind.label}读取 {s.read}／{s.expected}，即 {decimal(100 * s.completeness)}%"
        for s in given
        if s.kind not in enough
    ]
    low = f"（{'；'.join(found)}）" if found else ""
    return (
        f"需要 {rule.sources} 个来源各读取至少 {percent(rule.completeness)}，"
        f"资料审查合计算一个；现在只有 {held} 个达到{low}。"
    )


def covers(check: CheckFacts, quarter: Quarter, rule: CoverRule) -> tuple[bool, str]:
    """Whether one check covers its unit for the quarter, and the sentence that says why."""
    if not quarter.first <= check.since <= check.until <= quarter.last:
        return False, f"核查期间不全在{quarter.label}之内，不算覆盖。"
    if check.conclusion is None or check.concluded_on is None:
        return False, "已登记，尚未作出结论，不算覆盖。"
    if not check.reviewer or check.reviewer == check.recorder:
        return False, "没有登记人以外的审核人员作出结论，不算覆盖。"
    if check.concluded_on > quarter.last:
        return (
            False,
            f"结论于{written_day(check.concluded_on)}作出，已过{quarter.label}，不算覆盖。",
        )
    if check.conclusion is OffsiteConclusion.INSUFFICIENT_DATA:
        return False, "结论为“数据不足”，不算覆盖，请补齐数据后另行登记。"
    if lacking := shortage(check.sources, check.has_monitors, rule):
        return False, f"数据不足，不算覆盖：{lacking}"
    day = written_day(check.concluded_on)
    return True, f"非现场检查于{day}作出结论“{check.conclusion.label}”。"


def cover_of(
    subject: str,
    checks: Iterable[CheckFacts],
    visits: Iterable[CaseVisit],
    *,
    quarter: Quarter,
    rule: CoverRule,
) -> Cover:
    """How a unit stands in a quarter: the earliest valid check or case visit covers it."""
    held = [(check, *covers(check, quarter, rule)) for check in checks if check.subject == subject]
    found = [(c.concluded_on, c.ref, why) for c, is_valid, why in held if is_valid]
    if rule.case_visit_covers:
        found += [
            (
                v.ended_on,
                v.ref,
                f"当季个案检查 {v.ref} 于{written_day(v.ended_on)}完成，视为覆盖。",
            )
            for v in visits
            if v.subject == subject and Quarter.of(v.ended_on) == quarter
        ]
    if found:
        on, by, why = min((day, ref, why) for day, ref, why in found if day is not None)
        return Cover(subject=subject, by=by, on=on, is_short=False, why=why)
    why = held[-1][2] if held else "本季度还没有登记非现场检查。"
    return Cover(subject=subject, by="", on=None, is_short=bool(held), why=why)
