"""How far an enterprise is from its yearly limit of daily visits, before one more goes out."""

from dataclasses import dataclass
from datetime import date

from gongchou.core import roster
from gongchou.core.caps import cap_rule, is_exempt
from gongchou.core.refusals import Invalid, Refused
from gongchou.core.terms import InspectionKind, VisitState
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import models, reads
from gongchou.inspection.rows import BeyondCapRow
from gongchou.planning import reads as plans
from gongchou.registry import past_reads
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of


class BeyondCap(Refused):
    """The enterprise has had its daily visits of the year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapStand:
    """The visits of a year that count, the limit, and the reasons for going beyond it."""

    subject_name: str
    by_site: bool
    made: int
    elsewhere: int
    limit: int
    reasons: tuple[str, ...]

    @property
    def is_reached(self) -> bool:
        return self.made >= self.limit

    @property
    def says(self) -> str:
        counted = "这一场所" if self.by_site else "同一信用代码的各处场所合计"
        return (
            f"“{self.subject_name}”{counted}本年已有日常检查 {self.made} 次，"
            f"年度上限为 {self.limit} 次{self._elsewhere}"
        )

    @property
    def _elsewhere(self) -> str:
        """The cap is each body's own (note 43); what other bodies did is told beside it."""
        return f"（其他机关本年另有 {self.elsewhere} 次，不计入）" if self.elsewhere else ""


def cap_stand(bureau: str, subject: roster.Subject, on: date) -> CapStand | None:
    """Where a site's enterprise stands in a day's year; None where no cap binds it.

    Counted are the daily visits on record, imported ones too, and those that are still under way.
    """
    rule = cap_rule(profile_of(bureau, on), on)
    if rule is None or is_exempt(subject, rule, on):
        return None
    alone = rule.by_site or not subject.uscc
    sites = {subject.ref} | (set() if alone else past_reads.sites_of(bureau, subject.uscc, on))
    recorded = past_reads.daily_visits(bureau, sites, on.year, on)
    under_way = models.Visit.objects.filter(
        bureau__code=bureau,
        subject__ref__in=sites,
        inspection_kind=InspectionKind.DAILY.value,
        planned_on__year=on.year,
    ).exclude(state=VisitState.VOID.value)
    return CapStand(
        subject_name=subject.name,
        by_site=rule.by_site,
        made=len(recorded | set(under_way.values_list("ref", flat=True))),
        elsewhere=past_reads.daily_visits_elsewhere(bureau, subject.uscc, on),
        limit=rule.limit,
        reasons=rule.reasons,
    )


def check_cap(
    bureau: str, subject: roster.Subject, on: date, exemption: str
) -> BeyondCapRow | None:
    """Refused where the limit is reached and no reason of the policy is given; what to record."""
    stand = cap_stand(bureau, subject, on)
    if stand is None or not stand.is_reached:
        return None
    if not exemption:
        raise BeyondCap(
            f"{stand.says}，不能再派发日常检查。确需检查的，请在检查列表上选择不受上限约束的情形后单独派发。"
        )
    if exemption not in stand.reasons:
        listed = "、".join(stand.reasons) or "现行方案没有列出任何情形"
        raise Invalid(f"“{exemption}”不是方案列出的不受上限约束的情形（{listed}），请重新选择。")
    return BeyondCapRow(reason=exemption, made=stand.made, limit=stand.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class CappedVisit:
    """A released visit that waits for dispatch, and the limit it comes near or up against."""

    released: ReleasedVisit
    stand: CapStand


def capped_visits(bureau: str, draw: str, on: date) -> tuple[CappedVisit, ...]:
    """Waiting visits of a draw that would take their enterprise's last place, or go beyond it."""
    waiting = reads.waiting(draw)
    if not waiting or cap_rule(profile_of(bureau, on), on) is None:
        return ()
    plan = plans.plan(plans.task(waiting[0].task).plan)
    subjects = {s.ref: s for s in registers.frozen_snapshot(plan.snapshot_ref).subjects}
    found = ((row, cap_stand(bureau, subjects[row.subject], on)) for row in waiting)
    return tuple(
        CappedVisit(released=row, stand=stand)
        for row, stand in found
        if stand and stand.made + 1 >= stand.limit
    )
