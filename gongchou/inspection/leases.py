"""Which phones hold visits, for whom and until when; and what phones have sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password

from gongchou.accounts import reads as accounts
from gongchou.accounts.tokens import digest_of
from gongchou.core.powers import Actor, Power, may
from gongchou.core.terms import OperationKind, OperationOutcome
from gongchou.inspection import models
from gongchou.inspection.operations import Receipt
from gongchou.web.clock import day_of

MOST_WRONG = 5
PLACED = (OperationKind.ARRIVE, OperationKind.SUBMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRow:
    ref: str
    person: str
    person_name: str
    device: str
    at: datetime
    until: datetime
    revoked_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationRow:
    """An act of a phone as the page of its visit shows it."""

    client_id: str
    kind: OperationKind
    outcome: OperationOutcome
    says: str
    digest: str
    written: str
    made_at: datetime
    skew_seconds: int
    by: str
    at: datetime

    @property
    def place(self) -> str:
        """Where the phone claims to have been, at the arrival and at the end, never between."""
        found = json.loads(self.written)["body"].get("place")
        if self.kind not in PLACED or not isinstance(found, dict):
            return ""
        where = f"北纬 {found.get('latitude', '')}，东经 {found.get('longitude', '')}"
        return f"{where}，误差约 {found.get('accuracy', '')} 米"

    @property
    def skew_minutes(self) -> int:
        return abs(self.skew_seconds) // 60


def _lease(row: models.FieldLease) -> LeaseRow:
    return LeaseRow(
        ref=row.ref,
        person=row.person,
        person_name=row.person_name,
        device=row.device,
        at=row.at,
        until=row.until,
        revoked_at=row.revoked_at,
    )


def lease_of_token(token: str, at: datetime) -> tuple[LeaseRow, Actor] | None:
    """Whose phone a token opens now; None where it is unknown, over, or taken back."""
    row = models.FieldLease.objects.filter(token_digest=digest_of(token)).first()
    if row is None or not _lease(row).is_open(at):
        return None
    actor = accounts.actor_of(row.person, day_of(at))
    return (_lease(row), actor) if may(actor, Power.DO_VISIT) else None


def lease(ref: str, person: str) -> LeaseRow | None:
    """A lease of this person, over or not."""
    row = models.FieldLease.objects.filter(ref=ref, person=person).first()
    return _lease(row) if row else None


def leases(bureau: str, at: datetime, person: str = "") -> tuple[LeaseRow, ...]:
    """Phones that hold visits now, of a bureau or of one person, the newest first."""
    rows = models.FieldLease.objects.filter(bureau__code=bureau, revoked_at=None, until__gt=at)
    if person:
        rows = rows.filter(person=person)
    return tuple(_lease(row) for row in rows.order_by("-at", "-pk"))


def has_pin(inspector: str) -> bool:
    return models.SigningPin.objects.filter(inspector=inspector).exists()


def pin_problem(inspector: str, name: str, pin: str) -> tuple[str, bool]:
    """What hinders a signature by these digits, and whether it was a wrong try; empty if none."""
    row = models.SigningPin.objects.filter(inspector=inspector).first()
    if row is None:
        return f"{name}还没有设置签字口令，请本人登录手机检查，在“设置”中设置后再上传。", False
    if row.wrong_count >= MOST_WRONG:
        return f"{name}的签字口令已连续输错 {MOST_WRONG} 次，请本人重新设置后再上传。", False
    if check_password(pin, row.secret):
        return "", False
    return f"{name}的签字口令不对，请在手机上由本人重新输入。", True


def receipt(client_id: str, by: Actor) -> Receipt | None:
    """What became of an act that this person's phone sent before."""
    row = models.FieldOperation.objects.filter(client_id=client_id, by_ref=by.ref).first()
    return receipt_of(row) if row else None


def receipt_of(row: models.FieldOperation) -> Receipt:
    return Receipt(
        client_id=row.client_id,
        digest=row.digest,
        outcome=OperationOutcome(row.outcome),
        says=row.says,
        result=row.result,
    )


def operations(visit: str) -> tuple[OperationRow, ...]:
    """Everything phones sent about a visit, in the order it came."""
    rows = models.FieldOperation.objects.filter(visit__ref=visit).order_by("pk")
    return tuple(
        OperationRow(
            client_id=row.client_id,
            kind=OperationKind(row.kind),
            outcome=OperationOutcome(row.outcome),
            says=row.says,
            digest=row.digest,
            written=row.written,
            made_at=row.made_at,
            skew_seconds=row.skew_seconds,
            by=row.by_name,
            at=row.at,
        )
        for row in rows
    )


def names_sent(visit: str, lease: str) -> frozenset[str]:
    """Names of the acts about a visit that came from one phone."""
    rows = models.FieldOperation.objects.filter(visit__ref=visit, lease__ref=lease)
    return frozenset(rows.values_list("client_id", flat=True))


def files_by_name(visit: str) -> Mapping[str, str]:
    """Refs of a visit's files by the names the phones gave them, whichever was first."""
    rows = models.Evidence.objects.filter(visit__ref=visit).values_list("client_id", "ref")
    again = models.FieldOperation.objects.filter(
        visit__ref=visit, kind=OperationKind.EVIDENCE.value
    ).values_list("client_id", "result")
    return {**dict(again), **dict(rows)}
