"""Which policies a bureau adopted and which Rulings it recorded, as frozen rows."""

from dataclasses import dataclass
from datetime import date, datetime

from gongchou.core.refusals import Refused
from gongchou.registry import models, policy


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedRow:
    """One adopted policy."""

    ref: str
    policy: str
    title: str
    document_number: str
    is_uploaded: bool
    digest: str
    since: date
    adoption_document: str
    adopted_by: str
    adopted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedBy:
    """Who recorded a Ruling, and when."""

    name: str
    at: datetime


def _adopted(row: models.AdoptedPolicy) -> AdoptedRow:
    return AdoptedRow(
        ref=row.ref,
        policy=row.policy,
        title=row.title,
        document_number=row.document_number,
        is_uploaded=row.is_uploaded,
        digest=row.digest,
        since=row.since,
        adoption_document=row.adoption_document,
        adopted_by=row.adopted_by_name,
        adopted_at=row.adopted_at,
    )


def adopted_policies(bureau: str) -> tuple[AdoptedRow, ...]:
    """Every policy a bureau has adopted, the latest first."""
    rows = models.AdoptedPolicy.objects.filter(bureau__code=bureau)
    return tuple(_adopted(row) for row in rows.order_by("-since", "-pk"))


def adopted_text(ref: str, bureau: str) -> str:
    """The own file of an adopted policy as it was uploaded."""
    row = models.AdoptedPolicy.objects.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused(f"本机构没有编号为 {ref} 的实施方案，请从方案页面进入。")
    files = policy.thawed(bytes(row.body)).layers[-1]
    return "\n".join("\n".join((f"# {file.name}", *file.lines, "")) for file in files)


def adopted_row(bureau: str, on: date) -> AdoptedRow | None:
    """The adopted policy in force on a day; None where a bureau works by the shipped default."""
    row = policy.adopted_on(bureau, on)
    return _adopted(row) if row else None


def recorders(bureau: str) -> dict[str, RecordedBy]:
    """By whom each Ruling of a bureau was recorded, by its ref."""
    rows = models.RecordedRuling.objects.filter(bureau__code=bureau)
    return {row.ref: RecordedBy(name=row.recorded_by_name, at=row.recorded_at) for row in rows}
