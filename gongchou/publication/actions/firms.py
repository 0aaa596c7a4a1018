"""Yearly codes for enterprises that hold no paper of a visit."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.audit import actions as audit
from gongchou.core import canon
from gongchou.core.door_codes import code_digest
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Stale
from gongchou.publication import models
from gongchou.publication.gathering_firms import firm_code, firm_slip
from gongchou.web.clock import day_of


@transaction.atomic
def issue_firm_code(subject: str, *, by: Actor, at: datetime) -> int:
    """The office hands an enterprise its code of the year; returns the year. A reprint is noted."""
    check(by, Power.HANDLE_LETTER)
    year = day_of(at).year
    _write(subject, year, by, at)
    data: dict[str, canon.Canonical] = {"year": year}
    audit.append(EventKind.FIRM_CODE_ISSUED, about=subject, by=by, at=at, data=data)
    return year


@transaction.atomic
def renew_firm_slip(subject: str, *, by: Actor, at: datetime) -> bool:
    """Write a firm's year anew where it says something else; True where it did."""
    check(by, Power.RENEW_SLIP)
    version = _write(subject, day_of(at).year, by, at)
    if not version:
        return False
    data: dict[str, canon.Canonical] = {"version": version}
    audit.append(EventKind.FIRM_SLIP_RENEWED, about=subject, by=by, at=at, data=data)
    return True


def _write(subject: str, year: int, by: Actor, at: datetime) -> int:
    """The new version, or 0 where the newest says the same already."""
    body = canon.canon(firm_slip(by.bureau, subject, year, day_of(at)))
    digest = canon.HASHES["sha256"](body).hex()
    rows = models.FirmSlip.objects.filter(bureau=by.bureau, subject=subject, year=year)
    newest = rows.order_by("-version").first()
    if newest and newest.digest == digest:
        return 0
    version = newest.version + 1 if newest else 1
    try:
        with transaction.atomic():
            models.FirmSlip.objects.create(
                bureau=by.bureau,
                subject=subject,
                year=year,
                version=version,
                code_digest=code_digest(firm_code(by.bureau, subject, year)),
                body=body,
                digest=digest,
                made_at=at,
            )
    except IntegrityError as error:
        raise Stale("这家企业的查验内容刚被更新，请刷新页面。") from error
    return version
