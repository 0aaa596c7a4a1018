"""What is handed in to the actions of this room, as frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from gongchou.core.terms import EvidenceKind


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
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseVisitDraft:
    """A visit for a reason, outside every draw: who goes where, when, and why."""

    subject: str
    ground: str
    inspectors: tuple[str, ...]
    planned_on: date
