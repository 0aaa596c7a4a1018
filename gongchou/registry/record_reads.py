"""Sites as programs read them: the codes of every tag, no personal data, page after page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongchou.core.refusals import Invalid, Refused
from gongchou.registry import models
from gongchou.registry.fact_reads import grade_on
from gongchou.registry.subject_reads import narrowed, version_on, versions_on

FIELDS = (
    "name", "uscc", "site_code", "permit_number", "permit_valid_until", "registration_number",
    "region_code", "grid", "industry_code", "construction_stage", "pollutant_types", "scale",
    "production_cycle", "monitoring_types", "permit_category", "key_unit_types", "risk_level",
    "operating_status", "is_excluded", "exclusion_reason", "longitude", "latitude",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRecord:
    """One site with the codes of the glossary; coordinates are decimals of degrees on WGS84."""

    ref: str
    name: str
    uscc: str
    site_code: str
    permit_number: str
    permit_valid_until: date | None
    registration_number: str
    region_code: str
    grid: str
    industry_code: str
    construction_stage: str
    pollutant_types: list[str]
    scale: str
    production_cycle: str
    monitoring_types: list[str]
    permit_category: str
    key_unit_types: list[str]
    performance_grade: str
    risk_level: str
    operating_status: str
    is_excluded: bool
    exclusion_reason: str
    longitude: str
    latitude: str
    since: date
    change: str


def subject_records(
    bureau: str, on: date, filters: Mapping[str, str], *, after: str = "", limit: int
) -> tuple[list[SubjectRecord], str]:
    """Sites of a day in the order they were entered, and the ref to go on after; empty at the end.

    `filters` narrow as on the list; `name` is a part of the name, codes are whole.
    """
    exact = {name: filters[name] for name in ("uscc", "site_code") if filters.get(name)}
    rows = versions_on(bureau, on).select_related("subject", "change").filter(**exact)
    if filters.get("name"):
        rows = rows.filter(name__contains=filters["name"])
    rows = narrowed(rows, {name: value for name, value in filters.items() if value})
    if after:
        rows = rows.filter(subject__gt=_key_of(after, bureau))
    found = list(rows.order_by("subject_id")[: limit + 1])
    records = [record(row, on) for row in found[:limit]]
    return records, records[-1].ref if len(found) > limit else ""


def subject_record(ref: str, bureau: str, on: date) -> SubjectRecord:
    """One site as it stood on a day."""
    row = version_on(ref, bureau, on)
    if row is None:
        raise Refused(f"{on} 的名录中没有 {ref}，请核对编号和日期。")
    return record(row, on)


def _key_of(ref: str, bureau: str) -> int:
    known = models.Subject.objects.filter(ref=ref, bureau__code=bureau).only("pk").first()
    if known is None:
        raise Invalid(f"名录中没有编号 {ref}，请把上一页答复中的 next 原样填入 after。")
    return known.pk


def record(row: models.SubjectVersion, on: date) -> SubjectRecord:
    """One version, loaded with its facts, as a program reads it."""
    fields: dict[str, Any] = {name: getattr(row, name) for name in FIELDS}
    grade = grade_on(row.subject, on)
    return SubjectRecord(
        ref=row.subject.ref,
        performance_grade=grade.value if grade else row.performance_grade,
        since=row.since,
        change=row.change.ref,
        **fields,
    )
