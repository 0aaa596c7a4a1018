"""Reports about conduct and how they are handled; what a person declares; who is not drawn."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.door_codes import code_digest, spelled
from gongchou.core.event_kinds import EventKind
from gongchou.core.lines import line
from gongchou.core.oversight_terms import (
    IntegrityKind,
    ReportOutcome,
    ReportSource,
    ReportState,
)
from gongchou.core.powers import Actor, ActorKind, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.states import move
from gongchou.intake import conduct_reads as reads
from gongchou.intake import models, sealing
from gongchou.intake.actions.letters import CHANCE_BYTES, LONGEST, REF_BYTES, Receipt
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDraft:
    """What is reported; a firm proves itself by the code of its visit, whose ref is `visit`."""

    about: str
    says: str
    sender: str = ""
    contact: str = ""
    visit: str = ""


def _source(draft: ReportDraft, by: Actor) -> ReportSource:
    if by.kind is ActorKind.PERSON:
        return ReportSource.STAFF
    return ReportSource.ENTERPRISE if draft.visit else ReportSource.PUBLIC


@transaction.atomic
def send_report(draft: ReportDraft, *, chance: bytes, by: Actor, at: datetime) -> Receipt:
    """Keep a report, its sender sealed; the log names nobody, whoever was signed in."""
    is_staff = by.kind is ActorKind.PERSON
    check(by, Power.OWN_MATTERS if is_staff else Power.SEND_LETTER)
    if len(chance) != CHANCE_BYTES:
        raise ValueError("a receipt needs 15 bytes of chance")
    ref = f"D{by.bureau}-{spelled(chance[:REF_BYTES])}"
    code, about = spelled(chance[REF_BYTES:]), line(draft.about, 80, "反映的是谁")
    says = draft.says.replace("\0", "").strip()
    if not says or len(says) > LONGEST:
        raise Invalid(f"请写明什么时间、在哪里、发生了什么，不超过 {LONGEST} 字。")
    sender = {
        "name": line(draft.sender, 40, "称呼", may_be_empty=True),
        "contact": line(draft.contact, 80, "联系方式", may_be_empty=True),
        "visit": draft.visit,
        "colleague": by.ref if is_staff else "",
        "colleague_name": by.name if is_staff else "",
    }
    row = models.DisciplineReport.objects.create(
        ref=ref,
        bureau=by.bureau,
        source=_source(draft, by).value,
        about=about,
        says=says,
        sealed=sealing.sealed(sender, ref),
        is_named=any(sender.values()),
        code_digest=code_digest(code),
        digest=canon.digest({"about": about, "says": says}),
        received_at=at,
    )
    data: dict[str, canon.Canonical] = {"source": row.source, "digest": row.digest}
    nobody = Actor(ref="reporter", name="反映人（身份已加密）", bureau=by.bureau)
    audit.append(EventKind.REPORT_RECEIVED, about=ref, by=nobody, at=at, data=data)
    return Receipt(ref=ref, code=code)


def _own(ref: str, by: Actor) -> reads.ReportView:
    """The report, for who handles it; nobody handles what is reported about oneself."""
    check(by, Power.HANDLE_REPORT)
    row = reads.report(ref, by.bureau)
    if by.name in row.about:
        raise Refused("反映的是您本人，不能由您办理，请由另一名审计人员办理。")
    return row


@transaction.atomic
def view_report(ref: str, *, by: Actor, at: datetime) -> reads.ReportView:
    """Whoever reads a report leaves a trace."""
    row = _own(ref, by)
    audit.append(EventKind.REPORT_VIEWED, about=ref, by=by, at=at)
    return row


@transaction.atomic
def open_identity(ref: str, reason: str, *, by: Actor, at: datetime) -> dict[str, str]:
    """Who wrote, with a reason, each time; the trace says who looked and why, never the name."""
    row = _own(ref, by)
    why = line(reason, 200, "为什么要看反映人身份")
    found = dict(reads.sender_of(row.ref, by.bureau))
    audit.append(EventKind.REPORTER_VIEWED, about=ref, by=by, at=at, data={"reason": why})
    return found


def _step(
    row: reads.ReportView, to: ReportState, says: str, by: Actor, at: datetime, **fields: str
) -> None:
    move(row.state, to)
    try:
        with transaction.atomic():
            models.ReportStep.objects.create(
                report=models.DisciplineReport.objects.get(ref=row.ref),
                state=to.value,
                says=line(says, 1000, "办理情况"),
                due=reads.due(row),
                by_ref=by.ref,
                by_name=by.name,
                at=at,
                **fields,
            )
    except IntegrityError as error:
        raise Stale("这份反映刚被他人办理，请刷新页面查看最新情况。") from error


@transaction.atomic
def accept_report(ref: str, says: str, *, by: Actor, at: datetime) -> None:
    row = _own(ref, by)
    _step(row, ReportState.ACCEPTED, says, by, at, told="已受理，正在核查。")
    audit.append(EventKind.REPORT_ACCEPTED, about=ref, by=by, at=at)


@transaction.atomic
def decline_report(ref: str, says: str, told: str, *, by: Actor, at: datetime) -> None:
    """Not for this office, with a reason for the file and one for who wrote."""
    row = _own(ref, by)
    _step(row, ReportState.DECLINED, says, by, at, told=line(told, 500, "给反映人的答复"))
    audit.append(EventKind.REPORT_DECLINED, about=ref, by=by, at=at)


@transaction.atomic
def conclude_report(
    ref: str, outcome: ReportOutcome, says: str, told: str, *, by: Actor, at: datetime
) -> None:
    row = _own(ref, by)
    answer = line(told, 500, "给反映人的答复")
    _step(row, ReportState.CONCLUDED, says, by, at, told=answer, outcome=outcome.value)
    data: dict[str, canon.Canonical] = {"outcome": outcome.value}
    audit.append(EventKind.REPORT_CONCLUDED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def suspend(
    inspector: tuple[str, str],
    reason: str,
    *,
    since: date,
    until: date | None,
    by: Actor,
    at: datetime,
    report: str = "",
) -> None:
    """Keep an inspector (ref and name) out of every draw frozen for days of this time.

    `reason` is printed on the lists of the draw, so it names no reporter.
    """
    check(by, Power.HANDLE_REPORT)
    ref, name = inspector
    if since < day_of(at) or (until is not None and until <= since):
        raise Refused("暂停从今天或以后开始，止日应在起日以后，请改正。")
    held = models.Suspension.objects.filter(
        Q(until=None) | Q(until__gt=since), bureau=by.bureau, inspector=ref
    )
    if held.exists():
        raise Stale(f"{name}已在暂停期间，不用重复办理。")
    found = _own(report, by) if report else None
    row = models.Suspension.objects.create(
        bureau=by.bureau,
        inspector=ref,
        name=name,
        report=models.DisciplineReport.objects.get(ref=found.ref) if found else None,
        reason=line(reason, 200, "暂停理由"),
        since=since,
        until=until,
        by_ref=by.ref,
        by_name=by.name,
        at=at,
    )
    data: dict[str, canon.Canonical] = {"since": str(since), "reason": row.reason}
    data["until"] = str(until) if until else ""
    audit.append(EventKind.INSPECTOR_SUSPENDED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def lift_suspension(number: int, *, by: Actor, at: datetime) -> None:
    """The inspector may be drawn again from today on."""
    check(by, Power.HANDLE_REPORT)
    today = day_of(at)
    rows = models.Suspension.objects.filter(
        Q(until=None) | Q(until__gt=today), pk=number, bureau=by.bureau, lifted_at=None
    )
    row = rows.first()
    if (
        row is None
        or rows.update(until=max(today, row.since), lifted_by=by.name, lifted_at=at) != 1
    ):
        raise Stale("这次暂停已经结束，请刷新后再看。")
    audit.append(EventKind.SUSPENSION_LIFTED, about=row.inspector, by=by, at=at)


@transaction.atomic
def declare(kind: IntegrityKind, says: str, *, on: date, by: Actor, at: datetime) -> None:
    """A person's own pledge, interests, or gift refused; a later entry stands beside it."""
    check(by, Power.OWN_MATTERS)
    if on > day_of(at):
        raise Refused("发生日期不能晚于今天，请改正。")
    models.IntegrityEntry.objects.create(
        bureau=by.bureau,
        person=by.ref,
        name=by.name,
        kind=kind.value,
        on=on,
        says=line(says, 1000, "登记的内容"),
        at=at,
    )
    data: dict[str, canon.Canonical] = {"kind": kind.value}
    audit.append(EventKind.INTEGRITY_DECLARED, about=by.ref, by=by, at=at, data=data)
