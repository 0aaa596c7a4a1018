"""Classifying as a proposal: the differences are read and confirmed before anything is summed."""

from datetime import datetime

from django.db import transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import canon, plain
from gongchou.core.class_changes import class_changes
from gongchou.core.classify import Classification, classify
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.roster import RegisterSnapshot
from gongchou.core.terms import PlanState
from gongchou.core.workdays import Quarter
from gongchou.planning import models, sums
from gongchou.registry import actions as registry
from gongchou.registry import policy
from gongchou.registry import reads as registers
from gongchou.registry.numbering import take
from gongchou.web.clock import day_of


@transaction.atomic
def propose_classification(quarter: str, *, by: Actor, at: datetime) -> str:
    """Freeze the registers of the day and classify; nothing is owed until it is confirmed."""
    check(by, Power.MAKE_PLAN)
    wanted, today = Quarter.parse(quarter), day_of(at)
    sums.check_quarter(wanted, today)
    snapshot_ref = registry.freeze_snapshot(on=today, by=by, at=at)
    snapshot = registers.frozen_snapshot(snapshot_ref)
    if not snapshot.subjects:
        raise Refused("检查对象名录是空的，无法分类。请先导入检查对象名录。")
    body = policy.body_on(by.bureau, today)
    profile = policy.profile_of_body(body)
    found = classify(snapshot, profile, wanted)
    before, compared_with = _before(by.bureau, wanted)
    changes = canon.canon(plain.to_plain(class_changes(before, found, _names(snapshot))))
    frozen = sums.frozen(found)
    row = _store(
        by,
        at,
        quarter=quarter,
        snapshot_ref=snapshot_ref,
        policy=profile.id,
        policy_body=body,
        digest=canon.HASHES["sha256"](frozen).hex(),
        body=frozen,
        compared_with=compared_with,
        changes_digest=canon.HASHES["sha256"](changes).hex(),
        changes=changes,
    )
    data = {"classification": row.digest, "changes": row.changes_digest}
    audit.append(EventKind.CLASSIFICATION_PROPOSED, about=row.ref, by=by, at=at, data=data)
    return row.ref


def _store(by: Actor, at: datetime, **fields: object) -> models.ClassificationProposal:
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "PC", models.ClassificationProposal)
    return models.ClassificationProposal.objects.create(
        ref=f"C{by.bureau}-{fields['quarter']}-{number}",
        bureau=owner,
        made_by_ref=by.ref,
        made_by_name=by.name,
        made_at=at,
        **fields,
    )


def _names(snapshot: RegisterSnapshot) -> dict[str, str]:
    return {subject.ref: subject.name for subject in snapshot.subjects}


def _before(bureau: str, quarter: Quarter) -> tuple[Classification | None, str]:
    """The classification of the latest plan of an earlier quarter, and that plan."""
    rows = models.QuarterPlan.objects.filter(bureau__code=bureau, quarter__lt=str(quarter))
    row = rows.exclude(state=PlanState.VOID.value).order_by("-quarter", "-pk").first()
    if row is None:
        return None, ""
    return sums.thawed_classification(bytes(row.classification_body)), row.ref


@transaction.atomic
def confirm_classification(ref: str, *, by: Actor, at: datetime) -> None:
    """Somebody has read the differences and stands for them; a plan may be summed up from it."""
    check(by, Power.MAKE_PLAN)
    row = models.ClassificationProposal.objects.filter(ref=ref, bureau__code=by.bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的分类提案，请从计划页面进入。")
    rows = models.ClassificationProposal.objects.filter(pk=row.pk, confirmed_at=None)
    if rows.update(confirmed_by_ref=by.ref, confirmed_by_name=by.name, confirmed_at=at) != 1:
        raise Stale("这份分类已经确认过，请刷新页面查看最新情况。")
    data = {"changes": row.changes_digest}
    audit.append(EventKind.CLASSIFICATION_CONFIRMED, about=ref, by=by, at=at, data=data)
