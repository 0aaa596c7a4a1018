"""Reports about conduct, declarations, and who may not be drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from gongchou.accounts import organisation_reads as organisation
from gongchou.core.door_codes import code_digest
from gongchou.core.oversight_terms import (
    IntegrityKind,
    OversightKey,
    ReportOutcome,
    ReportSource,
    ReportState,
)
from gongchou.core.refusals import Refused
from gongchou.core.workdays import add_workdays
from gongchou.intake import models, sealing
from gongchou.law.load import load_calendar
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportStepRow:
    state: ReportState
    outcome: ReportOutcome | None
    says: str
    told: str
    due: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A report as lists show it; nothing in it tells who wrote."""

    ref: str
    bureau: str
    source: ReportSource
    about: str
    is_named: bool
    received_at: datetime
    steps: tuple[ReportStepRow, ...]

    @property
    def state(self) -> ReportState:
        return self.steps[-1].state if self.steps else ReportState.RECEIVED

    @property
    def outcome(self) -> ReportOutcome | None:
        return self.steps[-1].outcome if self.steps else None

    @property
    def is_open(self) -> bool:
        return self.state in (ReportState.RECEIVED, ReportState.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView(ReportRow):
    says: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """Where a report stands, for whoever holds its receipt: what was told, and no names."""

    state: ReportState
    outcome: ReportOutcome | None
    told: str
    received_at: datetime
    steps: tuple[tuple[datetime, ReportState], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionRow:
    number: int
    inspector: str
    name: str
    report: str
    reason: str
    since: date
    until: date | None
    by: str
    lifted_by: str

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityRow:
    person: str
    name: str
    kind: IntegrityKind
    on: date
    says: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """For the check of retaliation alone, which runs without anybody reading it."""

    ref: str
    at: datetime
    visit: str
    colleague: str


def _steps(row: models.DisciplineReport) -> tuple[ReportStepRow, ...]:
    return tuple(
        ReportStepRow(
            state=ReportState(step.state),
            outcome=ReportOutcome(step.outcome) if step.outcome else None,
            says=step.says,
            told=step.told,
            due=step.due,
            by=step.by_name,
            at=step.at,
        )
        for step in sorted(row.steps.all(), key=lambda step: step.pk)
    )


def _rows(bureau: str = "") -> QuerySet[models.DisciplineReport]:
    rows = models.DisciplineReport.objects.prefetch_related("steps")
    found = rows.filter(bureau=bureau) if bureau else rows
    return found.order_by("received_at", "pk")


def _fields(row: models.DisciplineReport) -> dict[str, object]:
    return {
        "ref": row.ref,
        "bureau": row.bureau,
        "source": ReportSource(row.source),
        "about": row.about,
        "is_named": row.is_named,
        "received_at": row.received_at,
        "steps": _steps(row),
    }


def reports(bureau: str) -> tuple[ReportRow, ...]:
    """All reports, the open ones first, of each the oldest first."""
    found = [ReportRow(**_fields(row)) for row in _rows(bureau)]  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda row: not row.is_open))


def report(ref: str, bureau: str) -> ReportView:
    row = _rows(bureau).filter(ref=ref).first()
    if row is None:
        raise Refused("没有这个编号的违纪反映，请从列表进入。")
    return ReportView(**_fields(row), says=row.says, digest=row.digest)  # type: ignore[arg-type]


def sender_of(ref: str, bureau: str) -> Mapping[str, str]:
    """Who wrote; asked by `open_identity` and the check of retaliation alone."""
    row = _rows(bureau).get(ref=ref)
    return sealing.opened(bytes(row.sealed), ref)


def by_receipt(ref: str, code: str) -> ReceiptRow | None:
    """Where a report stands, for whoever holds both halves of its receipt."""
    wanted = {"ref": ref.strip().upper()[:40], "code_digest": code_digest(code)}
    row = _rows().filter(**wanted).first()
    if row is None:
        return None
    steps = _steps(row)
    return ReceiptRow(
        state=steps[-1].state if steps else ReportState.RECEIVED,
        outcome=steps[-1].outcome if steps else None,
        told=steps[-1].told if steps else "",
        received_at=row.received_at,
        steps=tuple((step.at, step.state) for step in steps),
    )


def told(bureau: str) -> tuple[ToldRow, ...]:
    """When somebody reported, and which firm's visit or which colleague is to be protected."""
    found = []
    for row in _rows(bureau):
        sender = sealing.opened(bytes(row.sealed), row.ref)
        found.append(
            ToldRow(
                ref=row.ref,
                at=row.received_at,
                visit=sender["visit"],
                colleague=sender["colleague"],
            )
        )
    return tuple(found)


def due(row: ReportRow) -> date:
    """By when the next step is owed: acceptance from receipt, conclusion from acceptance."""
    if row.state is ReportState.RECEIVED:
        start, key = day_of(row.received_at), OversightKey.ACCEPT_DAYS
    else:
        start, key = day_of(row.steps[-1].at), OversightKey.CONCLUDE_DAYS
    limits = organisation.limits(row.bureau, start)
    return add_workdays(start, limits[key], load_calendar())


def suspensions(bureau: str) -> tuple[SuspensionRow, ...]:
    """All of them, the newest first."""
    rows = models.Suspension.objects.filter(bureau=bureau).select_related("report")
    return tuple(_suspension(row) for row in rows.order_by("-at", "-pk"))


def _suspension(row: models.Suspension) -> SuspensionRow:
    return SuspensionRow(
        number=row.pk,
        inspector=row.inspector,
        name=row.name,
        report=row.report.ref if row.report else "",
        reason=row.reason,
        since=row.since,
        until=row.until,
        by=row.by_name,
        lifted_by=row.lifted_by,
    )


def suspended(bureau: str, first: date, last: date) -> dict[str, str]:
    """Inspectors who are suspended on some day from `first` to `last`, and what is printed."""
    rows = models.Suspension.objects.filter(
        Q(until=None) | Q(until__gt=first), bureau=bureau, since__lte=last
    )
    return {
        row.inspector: f"{row.since} 起"
        + (f"至 {row.until} 前" if row.until else "")
        + f"暂停参加抽取：{row.reason}"
        for row in rows.order_by("since")
    }


def integrity(bureau: str, person: str = "") -> tuple[IntegrityRow, ...]:
    """Declarations of one person or of all, the newest first."""
    rows = models.IntegrityEntry.objects.filter(bureau=bureau).order_by("-at", "-pk")
    rows = rows.filter(person=person) if person else rows
    return tuple(
        IntegrityRow(
            person=row.person,
            name=row.name,
            kind=IntegrityKind(row.kind),
            on=row.on,
            says=row.says,
            at=row.at,
        )
        for row in rows
    )
