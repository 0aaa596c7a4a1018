"""What an enterprise sees of its own visit with the code on its papers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongchou.core import canon
from gongchou.core.door_codes import CODE_BYTES, code_digest, normalised
from gongchou.publication import models

CODE_SIGNS = CODE_BYTES * 8 // 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """The newest version of a visit's slip."""

    visit: str
    bureau: str
    version: int
    made_at: datetime
    document: dict[str, Any]

    def last_day(self, name: str) -> date | None:
        """A last day that the slip names, or None where that term has not begun."""
        text = self.document[name]
        return date.fromisoformat(text) if text else None


def slip_by_code(code: str) -> Slip | None:
    """The slip that a code opens; None for a code that is wrong, whatever is wrong with it."""
    if len(normalised(code)) != CODE_SIGNS:
        return None
    known = models.DoorSlip.objects.filter(code_digest=code_digest(code)).first()
    return slip_of(known.visit) if known else None


def slip_of(visit: str) -> Slip | None:
    row = models.DoorSlip.objects.filter(visit=visit).order_by("-version").first()
    if row is None:
        return None
    return Slip(
        visit=row.visit,
        bureau=row.bureau,
        version=row.version,
        made_at=row.made_at,
        document=canon.parse(bytes(row.body)),
    )


def digests(bureau: str, visits: list[str]) -> dict[str, tuple[str, str]]:
    """The content and code digest of the newest slip of each visit."""
    rows = models.DoorSlip.objects.filter(bureau=bureau, visit__in=visits).order_by("version")
    return {row.visit: (row.digest, row.code_digest) for row in rows.defer("body")}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmSlip:
    """The newest version of what a firm may see of its year."""

    bureau: str
    subject: str
    year: int
    made_at: datetime
    document: dict[str, Any]


def _firm(row: models.FirmSlip | None) -> FirmSlip | None:
    if row is None:
        return None
    return FirmSlip(
        bureau=row.bureau,
        subject=row.subject,
        year=row.year,
        made_at=row.made_at,
        document=canon.parse(bytes(row.body)),
    )


def firm_slip_by_code(code: str) -> FirmSlip | None:
    """The firm that a yearly code opens; None for a code that is wrong."""
    if len(normalised(code)) != CODE_SIGNS:
        return None
    rows = models.FirmSlip.objects.filter(code_digest=code_digest(code))
    return _firm(rows.order_by("-version").first())


def firm_slip_of(bureau: str, subject: str, year: int) -> FirmSlip | None:
    rows = models.FirmSlip.objects.filter(bureau=bureau, subject=subject, year=year)
    return _firm(rows.order_by("-version").first())


def firms_with_code(bureau: str, year: int) -> tuple[str, ...]:
    """Refs of the subjects that have a code of a year."""
    rows = models.FirmSlip.objects.filter(bureau=bureau, year=year).order_by()
    return tuple(sorted(set(rows.values_list("subject", flat=True))))
