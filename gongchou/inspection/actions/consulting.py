"""The superior reads by right: each look is kept in the chains of both bureaus."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from gongchou.accounts import record_reads
from gongchou.accounts.record_reads import RightRow
from gongchou.audit import actions as audit
from gongchou.core.canon import Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Refused
from gongchou.core.terms import VisitState
from gongchou.inspection import reads
from gongchou.inspection.rows import VisitRow
from gongchou.web.clock import day_of

FINISHED = (VisitState.SUBMITTED, VisitState.RETURNED, VisitState.REVIEWED)


@transaction.atomic
def consult_visits(
    number: int, *, by: Actor, at: datetime
) -> tuple[RightRow, tuple[VisitRow, ...]]:
    """The visits of the right's quarter that have a record, as a list."""
    right = _right(number, "", by, at)
    rows = reads.visits(right.bureau, str(right.quarter))
    return right, tuple(row for row in rows if row.state in FINISHED)


@transaction.atomic
def consult_record(number: int, ref: str, *, by: Actor, at: datetime) -> tuple[RightRow, VisitRow]:
    """One visit of the right's bureau and quarter; Refused for every other."""
    right = _right(number, ref, by, at)
    rows = {row.ref: row for row in reads.visits(right.bureau, str(right.quarter))}
    if ref not in rows or rows[ref].state not in FINISHED:
        raise Refused("这项授权的范围里没有这次检查，请从调阅目录进入。")
    return right, rows[ref]


def _right(number: int, visit: str, by: Actor, at: datetime) -> RightRow:
    check(by, Power.CONSULT_RECORDS)
    right = record_reads.right(number, by.bureau, day_of(at))
    data: dict[str, Canonical] = {
        "right": number,
        "document_number": right.document_number,
        "visit": visit,
    }
    for bureau in (right.bureau, by.bureau):
        audit.append(
            EventKind.RECORDS_CONSULTED,
            about=(visit or f"right:{number}")[:80],
            by=replace(by, bureau=bureau),
            at=at,
            data=data,
        )
    return right
