"""The superior's form of the table, as it is in force."""

from dataclasses import dataclass
from datetime import datetime

from gongchou.reporting import models


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """One version of the form."""

    number: int
    name: str
    sha256: str
    saved_by: str
    saved_at: datetime


def templates(bureau: str) -> tuple[TemplateRow, ...]:
    """Every form a bureau has used, the newest first; the first one is in force."""
    rows = models.TableTemplate.objects.filter(bureau__code=bureau).order_by("-number")
    return tuple(
        TemplateRow(
            number=row.number,
            name=row.name,
            sha256=row.sha256,
            saved_by=row.saved_by_name,
            saved_at=row.saved_at,
        )
        for row in rows.defer("content")
    )


def template_content(bureau: str) -> bytes | None:
    """The form in force; None where the bureau has set none."""
    row = models.TableTemplate.objects.filter(bureau__code=bureau).order_by("-number").first()
    return bytes(row.content) if row else None


def table_content(ref: str, bureau: str) -> bytes:
    """The bytes whose digest a frozen table carries."""
    row = models.StatisticsTable.objects.get(ref=ref, bureau__code=bureau)
    return bytes(row.body)
