"""What is handed in to the actions of this room, as frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from gongchou.core.terms import EvidenceKind, TransferKind, VisitResult


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDraft:
    """A file as it comes from a device, read in pieces; `taken_at` is what the device claims."""

    name: str
    content: BinaryIO
    kind: EvidenceKind
    item: str = ""
    says: str = ""
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDraft:
    """A correction order as it was issued."""

    says: str
    issued_on: date
    due_on: date
    document_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """One entry of a case: its filing, or with `decision_number` what was decided."""

    number: str
    filed_on: date
    says: str = ""
    decision_number: str = ""
    decided_on: date | None = None
    amount_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationDraft:
    """That a decided penalty does not stand any more: which, since when, by whom, and why."""

    decision_number: str
    revoked_on: date
    authority: str
    says: str
    document_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDraft:
    to_whom: str
    moved_on: date
    says: str
    kind: TransferKind = TransferKind.OTHER
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVisitDraft:
    """A visit for a reason, outside every draw: who goes where, when, and why."""

    subject: str
    ground: str
    inspectors: tuple[str, ...]
    planned_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDraft:
    """What the leader writes when consenting to a visit.

    `unannounced_ground` where no notice is given beforehand, `emergency_reason` where the team had
    to go in first.
    """

    reason: str = ""
    assistants: int = 0
    unannounced_ground: str = ""
    emergency_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraDraft:
    """The number of a recording kept elsewhere, and what it shows."""

    number: str
    device: str = ""
    began_at: datetime | None = None
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoDraft:
    """A photo of a later look, and the ref of the visit's photo that it answers, if any."""

    name: str
    content: BinaryIO
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalResultDraft:
    """A result code of the bureau's own, under which standard one, and since when."""

    code: str
    label: str
    under: VisitResult
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferReceiptDraft:
    """Who took over a transferred file, when, and under which number; `transfer` is its key."""

    transfer: int
    received_on: date
    received_by: str
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyDraft:
    """What a site asks of visitors, what to wear there, and who said so."""

    rules: str = ""
    gear: str = ""
    source: str = ""
