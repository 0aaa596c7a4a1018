"""What this room hands out: frozen rows of visits, records and what followed."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.record import RecordBody
from gongchou.core.terms import (
    CorrectionState,
    EvidenceKind,
    InspectionKind,
    JointKind,
    RevisionKind,
    Stratum,
    TransferKind,
    VisitResult,
    VisitState,
)
from gongchou.web.clock import day_of

# An idle, closed or clean site gives no ground for an order or a case.
WITHOUT_CAUSE = frozenset(
    {VisitResult.NO_PROBLEM, VisitResult.NOT_OPERATING, VisitResult.CLOSED_OR_MOVED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBrief:
    """One officer of a team, as the register said at dispatch."""

    ref: str
    name: str
    card: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRow:
    """A place of another draw's list that a visit serves too."""

    draw: str
    number: int
    task: str
    joint_kind: JointKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BeyondCapRow:
    """The policy's reason for one more daily visit, how many the year had had, and the limit."""

    reason: str
    made: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedVisit:
    """A visit that has ended, and the days on which penalties about it were decided."""

    ref: str
    ended_on: date
    decided_on: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One visit with its team, its times and what came out of it."""

    ref: str
    bureau: str
    quarter: str
    task: str
    draw: str
    number: int
    subject: str
    subject_name: str
    uscc: str
    site_code: str
    grid: str
    stratum: Stratum | None
    inspection_kind: InspectionKind
    is_random: bool
    is_tiered: bool
    joint_kind: JointKind
    units: tuple[str, ...]
    item_groups: tuple[str, ...]
    group_names: tuple[str, ...]
    item_list_version: str
    inspectors: tuple[PersonBrief, ...]
    planned_on: date
    ground: str
    state: VisitState
    dispatched_by: str
    dispatched_at: datetime
    authorised_by: str
    authorised_at: datetime | None
    notice_number: str
    notice_at: datetime | None
    accepted_by: str
    accepted_at: datetime | None
    entry_code: str
    started_at: datetime | None
    begun_at: datetime | None
    submitted_by: str
    submitted_at: datetime | None
    return_reason: str
    reviewed_by: str
    reviewed_at: datetime | None
    voided_by: str
    voided_at: datetime | None
    void_reason: str
    ended_on: date | None
    visit_result: VisitResult | None
    problem_count: int
    has_order: bool
    has_case: bool
    is_transferred: bool
    penalty_amount_fen: int
    paper_received_on: date | None
    paper_received_by: str
    merged: tuple[MergedRow, ...] = ()
    beyond_cap: BeyondCapRow | None = None
    unannounced_ground: str = ""
    # The version that this row speaks of, where it is not the newest.
    revision: int = 0

    @property
    def gives_cause(self) -> bool:
        """Whether an order, a case or a hand-over may follow."""
        return self.submitted_at is not None and self.visit_result not in WITHOUT_CAUSE

    @property
    def day_there(self) -> date:
        """The day of the arrival; until then the planned one."""
        return day_of(self.started_at) if self.started_at else self.planned_on

    @property
    def tasks(self) -> tuple[str, ...]:
        """Every task that this one visit serves, the one it was opened for first."""
        return tuple(dict.fromkeys((self.task, *(row.task for row in self.merged))))

    @property
    def team(self) -> frozenset[str]:
        """Refs of the officers who may write this visit's record."""
        return frozenset(person.ref for person in self.inspectors)

    @property
    def team_names(self) -> str:
        return "、".join(person.name for person in self.inspectors)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResultRow:
    """A result code of the bureau's own, under the standard one that it says more closely."""

    code: str
    label: str
    under: VisitResult
    since: date
    until: date | None
    by: str

    def is_in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalChoice:
    """What may be chosen for a visit, and what is chosen now; `held` is None where nothing is."""

    offered: tuple[LocalResultRow, ...]
    held: LocalResultRow | None

    @property
    def is_open(self) -> bool:
        return bool(self.offered) or self.held is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopeningRow:
    """An approved version that was opened again, with what stood approved until then."""

    visit: str
    revision: int
    digest: str
    reason: str
    is_late: bool
    is_overlap: bool
    by: str
    at: datetime
    reviewed_by: str
    reviewed_at: datetime
    visit_result: VisitResult

    @property
    def says(self) -> str:
        """The reason, with what was out of the ordinary about it."""
        notes = (
            "（报送后的更正）" * self.is_late + "（小型机构，由检查组成员兼办）" * self.is_overlap
        )
        return self.reason + notes


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """One version of a record: who saved it, when, and the digest that names it."""

    number: int
    kind: RevisionKind
    digest: str
    made_from: str
    client_id: str
    reason: str
    by: str
    by_ref: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One file as it was received; `path` is its place in the storage."""

    ref: str
    visit: str
    kind: EvidenceKind
    item: str
    says: str
    name: str
    path: str
    media_type: str
    size: int
    sha256: str
    sm3: str
    taken_at: datetime | None
    received_at: datetime
    taken_by: str

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")

    @property
    def is_signature(self) -> bool:
        """The drawing of a name on the glass, not a sight of the site."""
        return self.says.startswith("签名：")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """The newest version of a record, and all that came before it."""

    visit: str
    body: RecordBody
    digest: str
    opinion: str
    revisions: tuple[RevisionRow, ...]
    evidence: tuple[EvidenceRow, ...]
    flags: tuple[str, ...]

    @property
    def newest(self) -> RevisionRow | None:
        return self.revisions[-1] if self.revisions else None

    @property
    def authors(self) -> frozenset[str]:
        return frozenset(revision.by_ref for revision in self.revisions)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRow:
    """A photo of a later look; `before` is the ref of the visit's photo that it answers."""

    ref: str
    visit: str
    before: str
    path: str
    name: str
    media_type: str
    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRow:
    on: date
    is_corrected: bool
    says: str
    by: str
    photos: tuple[PhotoRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A correction order with every look that followed."""

    ref: str
    visit: str
    document_number: str
    says: str
    issued_on: date
    due_on: date
    state: CorrectionState
    closed_on: date | None
    by: str
    follow_ups: tuple[FollowUpRow, ...]

    def is_late(self, today: date) -> bool:
        return self.state is CorrectionState.OPEN and self.due_on < today


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One entry of a case; without decision until it is decided."""

    number: str
    filed_on: date
    says: str
    decision_number: str
    decided_on: date | None
    amount_fen: int
    by: str

    @property
    def amount_yuan(self) -> str:
        return f"{self.amount_fen // 100}.{self.amount_fen % 100:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationRow:
    """A decided penalty that does not stand any more."""

    visit: str
    decision_number: str
    revoked_on: date
    authority: str
    document_number: str
    says: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferRow:
    """A hand-over; `received_on` is None until the other authority has told that it took over.

    `packet` is the digest of the list of the file that was handed over with it.
    """

    key: int
    kind: TransferKind
    number: str
    to_whom: str
    moved_on: date
    says: str
    by: str
    received_on: date | None = None
    received_by: str = ""
    receipt_number: str = ""
    packet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What followed a visit: orders, cases, transfers, decisions that do not stand any more."""

    orders: tuple[OrderRow, ...]
    cases: tuple[CaseRow, ...]
    transfers: tuple[TransferRow, ...]
    revocations: tuple[RevocationRow, ...] = ()

    @property
    def standing_cases(self) -> tuple[CaseRow, ...]:
        """Cases without the decisions that were revoked."""
        gone = {row.decision_number for row in self.revocations}
        return tuple(case for case in self.cases if case.decision_number not in gone - {""})

    @property
    def waiting_transfers(self) -> tuple[TransferRow, ...]:
        """Hand-overs whose receipt has not come yet, the oldest first."""
        return tuple(row for row in self.transfers if row.received_on is None)
