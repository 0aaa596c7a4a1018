"""What is told of a visit: what to know before, how it went, and how far the quarter is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core import roster
from gongchou.core.plain import SHANGHAI
from gongchou.core.record import RecordBody
from gongchou.core.terms import SigningWay, Stratum, VisitState
from gongchou.core.workdays import Deadline
from gongchou.drawing import reads as draws
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import models, reads
from gongchou.inspection.capped import CappedVisit, capped_visits
from gongchou.inspection.rows import RecordView, VisitRow
from gongchou.inspection.writers import open_visit
from gongchou.planning import reads as planning
from gongchou.registry import reads as registers


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """One officer's word of having studied the briefing; `at` is None where it is missing."""

    inspector: str
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """What a team should know before it goes: each part says of which day it is."""

    subject: roster.Subject
    registered_since: date
    legal_representative: str
    contact: str
    address: str
    past: tuple[VisitRow, ...]
    items: tuple[registers.ItemRow, ...]
    items_on: date | None
    readings: tuple[ReadingRow, ...]

    @property
    def is_read_by_all(self) -> bool:
        return all(reading.at is not None for reading in self.readings)


def _readings(found: VisitRow) -> tuple[ReadingRow, ...]:
    held = models.BriefingReading.objects.filter(visit__ref=found.ref)
    times = dict(held.values_list("inspector", "at"))
    return tuple(
        ReadingRow(inspector=person.ref, name=person.name, at=times.get(person.ref))
        for person in found.inspectors
    )


def briefing(ref: str, on: date) -> Briefing:
    """The site as the register shows it on a day, its past visits, and the law of the items."""
    found = reads.visit(ref)
    page = registers.subject(found.subject, found.bureau, on)
    earlier = reads.visits_of_subject(found.bureau, found.subject)
    lists = registers.item_lists(found.bureau)
    approved = {str(row.version): row.approved_on for row in lists}
    return Briefing(
        subject=page.subject,
        registered_since=page.history[0].since,
        legal_representative=page.legal_representative,
        contact=page.contact,
        address=page.address,
        past=tuple(v for v in earlier if v.state is VisitState.REVIEWED and v.ref != ref),
        items=reads.checklist(found),
        items_on=approved.get(found.item_list_version),
        readings=_readings(found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One station of a visit; `gap` says what is missing or out of order there."""

    name: str
    at: datetime | None
    by: str = ""
    gap: str = ""


def timeline(found: VisitRow, record: RecordView) -> tuple[Step, ...]:
    """The whole process in its order, gaps flagged (全过程记录)."""
    body = record.body
    steps = [
        Step(name="派发", at=found.dispatched_at, by=found.dispatched_by),
        Step(name="接收", at=found.accepted_at, by=found.accepted_by),
        *_studied(found),
        Step(name="到场", at=body.started_at or found.started_at),
        Step(name="亮证", at=body.identity_shown_at, gap=_missing(found, body.identity_shown_at)),
        Step(name="告知", at=body.notice_given_at, gap=_missing(found, body.notice_given_at)),
        Step(name="检查结束", at=body.ended_at, gap="".join(record.flags)),
        *_officers(found, body),
        _signed(found, body),
        Step(
            name="提交",
            at=found.submitted_at,
            by=found.submitted_by,
            gap=_late_hand_in(found, body),
        ),
        Step(name="审核", at=found.reviewed_at, by=found.reviewed_by),
    ]
    if found.authorised_at:
        steps.insert(1, Step(name="批准", at=found.authorised_at, by=found.authorised_by))
    if found.notice_at:
        steps.insert(2, Step(name=f"通知书 {found.notice_number}", at=found.notice_at))
    return tuple(steps)


def _studied(found: VisitRow) -> list[Step]:
    """Studying after arrival is no preparation."""
    steps = []
    for reading in _readings(found):
        gap = ""
        if found.started_at and (reading.at is None or reading.at > found.started_at):
            gap = "到场前没有确认检查前学习。"
        steps.append(Step(name="检查前学习", at=reading.at, by=reading.name, gap=gap))
    return steps


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRow:
    """An officer's signature, and whether it is on what the record says now."""

    inspector: str
    name: str
    way: SigningWay
    at: datetime
    content: str


def signatures(ref: str) -> tuple[SignatureRow, ...]:
    """Every signature of officers about a visit, in their order; old contents included."""
    rows = models.OfficerSignature.objects.filter(visit__ref=ref).order_by("at", "pk")
    return tuple(
        SignatureRow(
            inspector=row.inspector,
            name=row.name,
            way=SigningWay(row.way),
            at=row.at,
            content=row.content,
        )
        for row in rows
    )


def signed_by(ref: str, body: RecordBody) -> Mapping[str, SignatureRow]:
    """Who has signed this very content, by the ref of the officer."""
    content = body.signed_content()
    return {row.inspector: row for row in signatures(ref) if row.content == content}


def _officers(found: VisitRow, body: RecordBody) -> list[Step]:
    held = signed_by(found.ref, body)
    return [
        Step(name="检查人员签字", at=row.at, by=f"{row.name}（{row.way.label}）")
        for row in held.values()
    ]


def _missing(found: VisitRow, at: datetime | None) -> str:
    return "提交的记录中没有这一时间。" if found.submitted_at and at is None else ""


def _signed(found: VisitRow, body: RecordBody) -> Step:
    """Signatures have no hour of their own: they stand in the record that was submitted."""
    who = body.representative
    if who is None or who.sign_status is None:
        return Step(name="被检查单位签字", at=None)
    gap = "" if who.stands else f"被检查单位{who.sign_status.label}：{who.reason}"
    return Step(name="被检查单位签字", at=found.submitted_at, by=who.name, gap=gap)


def _late_hand_in(found: VisitRow, body: RecordBody) -> str:
    if found.submitted_at is None or body.ended_at is None:
        return ""
    handed_in = found.submitted_at.astimezone(SHANGHAI).date()
    if handed_in <= body.ended_at.astimezone(SHANGHAI).date():
        return ""
    return f"检查结束当日没有提交，{handed_in} 才提交。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many sites of a stratum are done of those owed; a site counts once."""

    stratum: Stratum
    done: int
    required: int


def progress(bureau: str, quarter: str, visits: Iterable[VisitRow]) -> tuple[Progress, ...]:
    """Submitted visits from draws against the plan in force; empty where there is no plan."""
    plan = planning.plan_of(bureau, quarter)
    if plan is None:
        return ()
    done: dict[Stratum | None, set[str]] = {}
    for visit in visits:
        if visit.is_random and visit.state in reads.DONE:
            done.setdefault(visit.stratum, set()).add(visit.subject)
    return tuple(
        Progress(
            stratum=row.stratum,
            done=len(done.get(row.stratum, ())),
            required=row.required_count,
        )
        for row in plan.strata
        if not row.is_offsite
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLedger:
    """Which signed papers of a quarter have come in, and by when they must."""

    deadline: Deadline
    rows: tuple[VisitRow, ...]
    waiting: tuple[VisitRow, ...]

    @property
    def received_count(self) -> int:
        return sum(row.paper_received_on is not None for row in self.rows)

    def is_late(self, row: VisitRow, today: date) -> bool:
        """Came after the deadline, or has not come and the deadline is over."""
        return (row.paper_received_on or today) > self.deadline.on


def paper_ledger(bureau: str, quarter: str) -> PaperLedger:
    """The quarter's visits with a submitted record, and those still without one."""
    live = [v for v in reads.visits(bureau, quarter) if v.state is not VisitState.VOID]
    return PaperLedger(
        deadline=planning.deadlines(bureau, quarter).forms,
        rows=tuple(v for v in live if v.submitted_at is not None),
        waiting=tuple(v for v in live if v.submitted_at is None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDraw:
    """A draw with released visits that have not gone out to their teams."""

    draw: str
    task: str
    count: int
    joining: int
    capped: tuple[CappedVisit, ...]

    @property
    def free(self) -> int:
        """Those that may go out together."""
        return self.count - sum(row.stand.is_reached for row in self.capped)


def waiting_draws(bureau: str, quarter: str, on: date) -> tuple[WaitingDraw, ...]:
    """What waits for dispatch; a place that joins an open visit is no new one and fills no cap."""
    rows = [(draw, reads.waiting(draw.ref)) for draw in draws.draws(bureau, quarter)]
    return tuple(_waiting(bureau, draw, released, on) for draw, released in rows if released)


def _waiting(
    bureau: str, draw: draws.DrawRow, released: tuple[ReleasedVisit, ...], on: date
) -> WaitingDraw:
    joining = {row.number for row in released if open_visit(row, bureau) is not None}
    capped = capped_visits(bureau, draw.ref, on)
    return WaitingDraw(
        draw=draw.ref,
        task=planning.task(draw.task).name,
        count=len(released),
        joining=len(joining),
        capped=tuple(row for row in capped if row.released.number not in joining),
    )
