"""A bureau lets its superior read the single records of a quarter, and takes that back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from gongchou.accounts import models, reads
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.lines import line
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused, Stale
from gongchou.core.workdays import Quarter
from gongchou.web.clock import day_of

LONGEST = timedelta(366)


@dataclass(frozen=True, slots=True, kw_only=True)
class RightDraft:
    """`until` is the first day on which the right holds no longer."""

    quarter: str
    since: date
    until: date
    document_number: str
    reason: str


@transaction.atomic
def grant_records(draft: RightDraft, *, by: Actor, at: datetime) -> int:
    """Give the right to the bureau's superior; returns its number."""
    check(by, Power.GRANT_RECORDS)
    own = reads.bureau(by.bureau)
    if not own.superior:
        raise Refused("本机构还没有指定上级机关，不能授权调阅。请系统管理员先在“人员”页面指定。")
    _check_term(draft, day_of(at))
    row = models.RecordRight.objects.create(
        bureau=models.Bureau.objects.get(code=by.bureau),
        superior=models.Bureau.objects.get(code=own.superior),
        quarter=str(Quarter.parse(draft.quarter)),
        since=draft.since,
        until=draft.until,
        document_number=line(draft.document_number, 80, "调阅文号"),
        reason=line(draft.reason, 200, "调阅理由"),
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data: dict[str, Canonical] = {
        "superior": own.superior,
        "quarter": row.quarter,
        "since": str(draft.since),
        "until": str(draft.until),
        "document_number": row.document_number,
        "reason": row.reason,
    }
    audit.append(EventKind.RECORDS_GRANTED, about=f"right:{row.pk}", by=by, at=at, data=data)
    return int(row.pk)


def _check_term(draft: RightDraft, today: date) -> None:
    if draft.since < today:
        raise Refused("授权最早从今天起，不能倒填日期。")
    if not draft.since < draft.until <= draft.since + LONGEST:
        raise Refused(f"授权止日应在起日 {draft.since} 以后，最长一年，请改正。")


@transaction.atomic
def end_records(number: int, *, by: Actor, at: datetime) -> None:
    """From today on the superior reads no more; the right stays in the list."""
    check(by, Power.GRANT_RECORDS)
    today = day_of(at)
    rows = models.RecordRight.objects.filter(pk=number, bureau__code=by.bureau, until__gt=today)
    begun, ahead = rows.filter(since__lte=today), rows.filter(since__gt=today)
    if begun.update(until=today) + ahead.update(since=today, until=today) != 1:
        raise Stale("这项授权已经到期或者终止，请刷新后再看。")
    audit.append(EventKind.RECORDS_GRANT_ENDED, about=f"right:{number}", by=by, at=at)
