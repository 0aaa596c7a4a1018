"""Off-site checks and what they cover, as frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from gongchou.core import coverage as rule_of
from gongchou.core.coverage import CaseVisit, CheckFacts, Cover, CoverRule, SourceReading, Spot
from gongchou.core.refusals import Refused
from gongchou.core.terms import (
    InspectionKind,
    OffsiteCheckState,
    OffsiteConclusion,
    PlanState,
    SourceKind,
)
from gongchou.core.workdays import Quarter
from gongchou.offsite import models
from gongchou.planning import reads as planning
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One off-site check; `covers` and `why` by the policy of its quarter."""

    ref: str
    bureau: str
    quarter: str
    subject: str
    subject_name: str
    state: OffsiteCheckState
    since: date
    until: date
    has_monitors: bool
    sources: tuple[SourceReading, ...]
    shortage: str
    evidence: str
    attachment_name: str
    attachment_sha256: str
    spot: Spot | None
    digest: str
    recorder: str
    recorder_ref: str
    recorded_at: datetime
    conclusion: OffsiteConclusion | None
    opinion: str
    spot_note: str
    reviewer: str
    concluded_at: datetime | None
    concluded_on: date | None
    replaces: str
    replace_reason: str
    covers: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit that must be covered, and how it stands; `check` is its live check, if any."""

    subject: str
    name: str
    cover: Cover
    check: CheckRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a quarter's plan has checked off site: covered, short of data or conclusion, missing.

    As a rule the positive list, all of it; a policy may ask for another stratum, or for a share.
    """

    quarter: str
    plan: str
    is_approved: bool
    required_count: int
    covered: tuple[UnitRow, ...]
    short: tuple[UnitRow, ...]
    missing: tuple[UnitRow, ...]

    @property
    def covered_count(self) -> int:
        return len(self.covered)

    @property
    def lacking_count(self) -> int:
        return max(0, self.required_count - self.covered_count)

    @property
    def to_visit(self) -> tuple[UnitRow, ...]:
        """Units whose check says that somebody must go there, as a case visit."""
        wanted = OffsiteConclusion.GO_ON_SITE
        return tuple(u for u in self.covered if u.check and u.check.conclusion is wanted)


def rule(bureau: str, quarter: str) -> CoverRule:
    """What the bureau's policy asks of the quarter's checks."""
    last = Quarter.parse(quarter).last
    return rule_of.cover_rule(profile_of(bureau, last), last)


def rows_of(bureau: str) -> QuerySet[models.OffsiteCheck]:
    """The rows of a bureau; for the reads of this room only."""
    rows = models.OffsiteCheck.objects.filter(bureau__code=bureau)
    return rows.select_related("bureau", "subject", "replaces").prefetch_related("sources")


def _sources(row: models.OffsiteCheck) -> tuple[SourceReading, ...]:
    order = list(SourceKind)
    found = [
        SourceReading(kind=SourceKind(s.kind), expected=s.expected, read=s.read)
        for s in row.sources.all()
    ]
    return tuple(sorted(found, key=lambda source: order.index(source.kind)))


def facts_of(row: models.OffsiteCheck) -> CheckFacts:
    """A row as the rule sees it."""
    return CheckFacts(
        ref=row.ref,
        subject=row.subject.ref,
        since=row.since,
        until=row.until,
        has_monitors=row.has_monitors,
        sources=_sources(row),
        recorder=row.recorded_by_ref,
        reviewer=row.reviewed_by_ref,
        conclusion=OffsiteConclusion(row.conclusion) if row.conclusion else None,
        concluded_on=row.concluded_on,
    )


def _spot(row: models.OffsiteCheck) -> Spot | None:
    if row.spot_day is None or row.spot_hour is None:
        return None
    return Spot(kind=SourceKind(row.spot_kind), day=row.spot_day, hour=row.spot_hour)


def _check(row: models.OffsiteCheck, asked: CoverRule) -> CheckRow:
    facts, state = facts_of(row), OffsiteCheckState(row.state)
    covers, why = rule_of.covers(facts, Quarter.parse(row.quarter), asked)
    if state is OffsiteCheckState.SUPERSEDED:
        covers, why = False, "已由另一次非现场检查替代，不再计算。"
    return CheckRow(
        ref=row.ref,
        bureau=row.bureau.code,
        quarter=row.quarter,
        subject=facts.subject,
        subject_name=row.subject_name,
        state=state,
        since=row.since,
        until=row.until,
        has_monitors=row.has_monitors,
        sources=facts.sources,
        shortage=rule_of.shortage(facts.sources, row.has_monitors, asked),
        evidence=row.evidence,
        attachment_name=row.attachment_name,
        attachment_sha256=row.attachment_sha256,
        spot=_spot(row),
        digest=row.digest,
        recorder=row.recorded_by_name,
        recorder_ref=row.recorded_by_ref,
        recorded_at=row.recorded_at,
        conclusion=facts.conclusion,
        opinion=row.opinion,
        spot_note=row.spot_note,
        reviewer=row.reviewed_by_name,
        concluded_at=row.concluded_at,
        concluded_on=row.concluded_on,
        replaces=row.replaces.ref if row.replaces else "",
        replace_reason=row.replace_reason,
        covers=covers,
        why=why,
    )


def check(ref: str, bureau: str) -> CheckRow:
    row = rows_of(bureau).filter(ref=ref).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的非现场检查，请从非现场页面进入。")
    return _check(row, rule(bureau, row.quarter))


def checks(bureau: str, quarter: str) -> tuple[CheckRow, ...]:
    """Every check of a quarter, replaced ones too, oldest first."""
    asked = rule(bureau, quarter)
    rows = rows_of(bureau).filter(quarter=quarter).order_by("recorded_at", "pk")
    return tuple(_check(row, asked) for row in rows)


def checks_of(bureau: str, subject: str) -> tuple[CheckRow, ...]:
    """All checks of one unit, the newest first."""
    rows = rows_of(bureau).filter(subject__ref=subject).order_by("-recorded_at", "-pk")
    return tuple(_check(row, rule(bureau, row.quarter)) for row in rows)


def history(bureau: str, quarter: str, subject: str) -> tuple[CheckRow, ...]:
    """All checks of one unit in a quarter, oldest first."""
    return tuple(row for row in checks(bureau, quarter) if row.subject == subject)


def case_visits(bureau: str, quarter: str) -> tuple[CaseVisit, ...]:
    """Finished case visits of the quarter, from the register's memory."""
    wanted = Quarter.parse(quarter)
    rows = registers.past_visits(bureau, InspectionKind.CASE, first=wanted.first, last=wanted.last)
    return tuple(CaseVisit(ref=r.ref, subject=r.subject, ended_on=r.ended_on) for r in rows)


def coverage(bureau: str, quarter: str) -> Coverage | None:
    """How the quarter's positive list stands; None where the quarter has no plan."""
    plan = planning.plan_of(bureau, quarter)
    if plan is None:
        return None
    asked, wanted = rule(bureau, quarter), Quarter.parse(quarter)
    names = {s.ref: s.name for s in registers.frozen_snapshot(plan.snapshot_ref).subjects}
    live = {
        row.subject: row
        for row in checks(bureau, quarter)
        if row.state is not OffsiteCheckState.SUPERSEDED
    }
    facts = {
        row.subject.ref: facts_of(row)
        for row in rows_of(bureau)
        .filter(quarter=quarter)
        .exclude(state=OffsiteCheckState.SUPERSEDED.value)
    }
    visits = case_visits(bureau, quarter)
    units = []
    for ref in planning.offsite_members(plan.ref):
        held = [facts[ref]] if ref in facts else []
        cover = rule_of.cover_of(ref, held, visits, quarter=wanted, rule=asked)
        units.append(UnitRow(subject=ref, name=names[ref], cover=cover, check=live.get(ref)))
    return Coverage(
        quarter=quarter,
        plan=plan.ref,
        is_approved=plan.state is PlanState.APPROVED,
        required_count=sum(row.required_count for row in plan.strata if row.is_offsite),
        covered=tuple(u for u in units if u.cover.is_covered),
        short=tuple(u for u in units if not u.cover.is_covered and u.cover.is_short),
        missing=tuple(u for u in units if not u.cover.is_covered and not u.cover.is_short),
    )
