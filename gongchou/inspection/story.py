"""What is told of a visit: what to know before, how it went, and how far the quarter is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core import roster
from gongchou.core.plain import SHANGHAI
from gongchou.core.record import RecordBody
from gongchou.core.terms import RevisionKind, SigningWay, Stratum, VisitState
from gongchou.core.workdays import Deadline
from gongchou.drawing import fitness_reads
from gongchou.drawing import reads as draws
from gongchou.drawing.reads import ReleasedVisit
from gongchou.inspection import course, models, reads
from gongchou.inspection.capped import CappedVisit, capped_visits
from gongchou.inspection.crowded import crowded, crowded_text
from gongchou.inspection.rows import RecordView, VisitRow
from gongchou.inspection.writers import open_visit
from gongchou.planning import reads as planning
from gongchou.registry import reads as registers
from gongchou.web.pages import Rows


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
    permit_valid_until: date | None
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
        permit_valid_until=page.permit_valid_until,
        past=tuple(v for v in earlier if v.state is VisitState.REVIEWED and v.ref != ref),
        items=reads.checklist(found),
        items_on=approved.get(found.item_list_version),
        readings=_readings(found),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One station of a visit; `says` tells more of it, `gap` what is missing or out of order."""

    name: str
    at: datetime | None
    by: str = ""
    gap: str = ""
    says: str = ""


def timeline(found: VisitRow, record: RecordView) -> tuple[Step, ...]:
    """The whole process in its order, gaps flagged (全过程记录)."""
    body = record.body
    steps = [
        Step(name="派发", at=found.dispatched_at, by=found.dispatched_by),
        *(
            Step(name="收到派发", at=row.at, by=f"{row.name}（{row.way.label}）")
            for row in course.receipts(found)
            if row.way
        ),
        Step(name="接收", at=found.accepted_at, by=found.accepted_by),
        *_studied(found),
        Step(name="到场", at=body.started_at or found.started_at, gap=_lagging(found)),
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
        *_reopened(found, record),
        Step(name="审核", at=found.reviewed_at, by=found.reviewed_by),
    ]
    if found.authorised_at:
        steps.insert(1, _approved(found))
    if found.notice_at:
        steps.insert(2, Step(name=f"通知书 {found.notice_number}", at=found.notice_at))
    return tuple(steps)


def _approved(found: VisitRow) -> Step:
    """Consent that came after the arrival is only in order where an emergency stands in it."""
    held, gap = course.approval(found.ref), ""
    is_late = found.started_at and found.authorised_at and found.authorised_at > found.started_at
    if is_late:
        why = held.emergency_reason if held else ""
        gap = f"紧急情况，事后补办：{why}" if why else "批准晚于到场，没有写明紧急情况。"
    return Step(name="批准", at=found.authorised_at, by=found.authorised_by, gap=gap)


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


def _lagging(found: VisitRow) -> str:
    """A phone may tell of an arrival after a place of the team was drawn anew."""
    if found.started_at is None or found.state is VisitState.VOID:
        return ""
    is_old = reads.team_changes(found)
    return "登记到场时已补派人员而没有再派发，到场的是原来的检查组。" if is_old else ""


def _reopened(found: VisitRow, record: RecordView) -> list[Step]:
    """Each approval that was opened again, why, and the supplements, as they followed."""
    steps = [
        Step(name=f"补正（第 {row.number} 版）", at=row.at, by=row.by, says=row.reason)
        for row in record.revisions
        if row.kind is RevisionKind.SUPPLEMENT
    ]
    for row in reads.reopenings(found.ref):
        steps += [
            Step(name=f"审核（第 {row.revision} 版）", at=row.reviewed_at, by=row.reviewed_by),
            Step(name="重新开启记录", at=row.at, by=row.by, says=row.says),
        ]
    return sorted(steps, key=lambda step: step.at or found.dispatched_at)


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


def progress(bureau: str, quarter: str) -> tuple[Progress, ...]:
    """Submitted visits from draws against the plan in force; empty where there is no plan."""
    plan = planning.plan_of(bureau, quarter)
    if plan is None:
        return ()
    done = reads.done_subjects(bureau, quarter)
    return tuple(
        Progress(stratum=row.stratum, done=done.get(row.stratum, 0), required=row.required_count)
        for row in plan.strata
        if not row.is_offsite
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLedger:
    """Which signed papers of a quarter have come in, and by when they must."""

    deadline: Deadline
    rows: Rows[VisitRow]
    received_count: int
    waiting_count: int

    def is_late(self, row: VisitRow, today: date) -> bool:
        """Came after the deadline, or has not come and the deadline is over."""
        return (row.paper_received_on or today) > self.deadline.on


def paper_ledger(bureau: str, quarter: str) -> PaperLedger:
    """The quarter's visits with a submitted record; how many are still without one."""
    live, received = reads.paper_counts(bureau, quarter)
    rows = reads.handed_in(bureau, quarter)
    return PaperLedger(
        deadline=planning.deadlines(bureau, quarter).forms,
        rows=rows,
        received_count=received,
        waiting_count=live - len(rows),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDraw:
    """A draw with released visits that have not gone out to their teams."""

    draw: str
    task: str
    count: int
    joining: int
    capped: tuple[CappedVisit, ...]
    # Visits that a department has joined since, without those of the next line.
    late: int
    # Visits sent out before a place of their team was drawn anew.
    reseated: tuple[str, ...]
    # Places of the list whose team has somebody who may not go, and what to do.
    unfit: tuple[tuple[int, str], ...] = ()
    # Sites that this visit would bring over the policy's line for a day, a week or a month.
    crowded: tuple[tuple[int, str], ...] = ()

    @property
    def free(self) -> int:
        """Those that may go out together, and those sent out whose team has changed."""
        held = {row.released.number for row in self.capped if row.stand.is_reached}
        changed = self.late + len(self.reseated)
        return changed + self.count - len(held | {number for number, _ in self.unfit})


def waiting_draws(bureau: str, quarter: str, on: date) -> tuple[WaitingDraw, ...]:
    """What waits for dispatch; a place that joins an open visit is no new one and fills no cap."""
    rows = [
        _waiting(bureau, draw, reads.waiting(draw.ref), on) for draw in draws.draws(bureau, quarter)
    ]
    return tuple(row for row in rows if row.count or row.late or row.reseated)


def _waiting(
    bureau: str, draw: draws.DrawRow, released: tuple[ReleasedVisit, ...], on: date
) -> WaitingDraw:
    joining = {row.number for row in released if open_visit(row, bureau) is not None}
    capped = capped_visits(bureau, draw.ref, on)
    changed = {visit.ref: visit.subject_name for visit, _ in reads.reseated(draw.ref)}
    return WaitingDraw(
        draw=draw.ref,
        task=planning.task(draw.task).name,
        count=len(released),
        joining=len(joining),
        capped=tuple(row for row in capped if row.released.number not in joining),
        late=sum(visit.ref not in changed for visit, _ in reads.joined_late(draw.ref)),
        reseated=tuple(changed.values()),
        unfit=tuple(
            (row.number, fitness_reads.to_reseat(found))
            for row in released
            if (found := fitness_reads.unfit(row, bureau, on))
        ),
        crowded=tuple(
            (row.number, crowded_text(dense))
            for row in released
            if row.number not in joining
            and (dense := crowded(bureau, row.subject, row.planned_on, is_new=True))
        ),
    )
