"""Proposed classifications with their differences, and the explanation of one site."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core import canon, plain
from gongchou.core.class_changes import ClassChange
from gongchou.core.classify import ClassRow
from gongchou.core.refusals import Refused
from gongchou.core.roster import Subject
from gongchou.core.terms import Stratum
from gongchou.planning import models, reads, sums
from gongchou.registry import reads as registers


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage:
    """A proposal: counts of each stratum, differences, who made and who confirmed it."""

    ref: str
    bureau: str
    quarter: str
    snapshot_ref: str
    policy: str
    digest: str
    compared_with: str
    changes_digest: str
    counts: tuple[tuple[Stratum, int], ...]
    changes: tuple[ClassChange, ...]
    made_by: str
    made_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None


def _page(row: models.ClassificationProposal) -> ProposalPage:
    changes = canon.parse(bytes(row.changes))
    return ProposalPage(
        ref=row.ref,
        bureau=row.bureau.code,
        quarter=row.quarter,
        snapshot_ref=row.snapshot_ref,
        policy=row.policy,
        digest=row.digest,
        compared_with=row.compared_with,
        changes_digest=row.changes_digest,
        counts=tuple(sums.thawed_classification(bytes(row.body)).base_counts().items()),
        changes=tuple(plain.from_plain(ClassChange, change) for change in changes),
        made_by=row.made_by_name,
        made_at=row.made_at,
        confirmed_by=row.confirmed_by_name,
        confirmed_at=row.confirmed_at,
    )


def proposal(ref: str, bureau: str) -> ProposalPage:
    """A proposal of the own bureau."""
    rows = models.ClassificationProposal.objects.filter(ref=ref, bureau__code=bureau)
    row = rows.select_related("bureau").first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的分类提案，请从计划页面进入。")
    return _page(row)


def proposals(bureau: str, quarter: str) -> tuple[tuple[str, datetime, str], ...]:
    """The proposals of a quarter, newest first: ref, when made, who confirmed."""
    rows = models.ClassificationProposal.objects.filter(bureau__code=bureau, quarter=quarter)
    return tuple(rows.order_by("-pk").values_list("ref", "made_at", "confirmed_by_name"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteExplained:
    """Why a site stands where it stands in a plan, and where it stood in the plan before."""

    subject: Subject
    row: ClassRow
    on: date
    policy: str
    precedence: tuple[Stratum, ...]
    before: tuple[str, ClassRow] | None


def site(plan: str, subject: str) -> SiteExplained:
    """One site of a plan with every rule it meets; Refused where the plan does not hold it."""
    page, classification = reads.plan(plan), reads.classification(plan)
    snapshot = registers.frozen_snapshot(page.snapshot_ref)
    held = next((s for s in snapshot.subjects if s.ref == subject), None)
    row = next((r for r in classification.rows if r.ref == subject), None)
    if held is None or row is None:
        raise Refused("这份计划的名录快照里没有这个检查对象，请从分类结果进入。")
    profile = reads.policy_of(plan)
    return SiteExplained(
        subject=held,
        row=row,
        on=classification.on,
        policy=profile.title,
        precedence=profile.precedence(classification.on),
        before=_before(page, subject),
    )


def _before(page: reads.PlanPage, subject: str) -> tuple[str, ClassRow] | None:
    rows = models.QuarterPlan.objects.filter(bureau__code=page.bureau, quarter__lt=page.quarter)
    last = rows.exclude(state="void").order_by("-quarter", "-pk").first()
    if last is None:
        return None
    held = sums.thawed_classification(bytes(last.classification_body)).rows
    row = next((r for r in held if r.ref == subject), None)
    return (last.quarter, row) if row else None
