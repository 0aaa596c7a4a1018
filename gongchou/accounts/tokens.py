"""Tokens by which programs come in: what they look like, and whom they stand for."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from gongchou.accounts import models, reads
from gongchou.core.powers import TOKEN_POWERS, Actor, ActorKind, Power, powers_of

MARK = "gongchou_"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as its page shows it; the secret is not known any more."""

    ref: str
    name: str
    owner: str
    owner_ref: str
    powers: tuple[Power, ...]
    until: date
    at: datetime
    by_name: str
    revoked_by: str
    is_open: bool


def new_secret() -> str:
    """256 bits of chance under a mark by which a leaked one can be searched for."""
    return MARK + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """The secret is long and random, so a plain digest keeps it: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _powers(row: models.ApiToken) -> tuple[Power, ...]:
    return tuple(power for power in Power if power in TOKEN_POWERS and power.value in row.powers)


def tokens(bureau: str, on: date, owner: str = "") -> list[TokenRow]:
    """Tokens of a bureau, or of one person of it, the newest first."""
    rows = models.ApiToken.objects.filter(bureau__code=bureau).select_related("owner")
    if owner:
        rows = rows.filter(owner__ref=owner)
    return [
        TokenRow(
            ref=row.ref,
            name=row.name,
            owner=row.owner.name if row.owner else "",
            owner_ref=row.owner.ref if row.owner else "",
            powers=_powers(row),
            until=row.until,
            at=row.at,
            by_name=row.by_name,
            revoked_by=row.revoked_by,
            is_open=row.revoked_at is None and row.until >= on,
        )
        for row in rows.order_by("-pk")
    ]


def actor_of_secret(secret: str, on: date) -> Actor | None:
    """Whom a token stands for on a day; None where it is unknown, revoked or over.

    A person's token falls with the person's account and roles.
    """
    rows = models.ApiToken.objects.filter(
        digest=digest_of(secret), revoked_at=None, until__gte=on
    ).select_related("owner", "bureau")
    row = rows.first()
    if row is None or (row.owner is not None and not row.owner.is_active):
        return None
    powers = frozenset(_powers(row))
    if row.owner is not None:
        powers &= powers_of(reads.actor_of(row.owner.ref, on))
    whose = f"，{row.owner.name}" if row.owner else ""
    return Actor(
        ref=row.ref,
        name=f"接口令牌（{row.name}{whose}）",
        bureau=row.bureau.code,
        kind=ActorKind.MACHINE,
        powers=powers,
    )
