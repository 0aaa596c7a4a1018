"""What the registers hold, as frozen rows, on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet

from gongchou.core import roster, terms
from gongchou.core.codes import clean
from gongchou.core.refusals import Refused
from gongchou.registry import models
from gongchou.registry.assistant_reads import AssistantRow as AssistantRow
from gongchou.registry.assistant_reads import assistants as assistants
from gongchou.registry.fact_reads import facts_of, grade_on, prefetches
from gongchou.registry.fact_reads import valid_on as valid_on
from gongchou.registry.item_reads import ItemListRow as ItemListRow
from gongchou.registry.item_reads import ItemRow as ItemRow
from gongchou.registry.item_reads import checklist as checklist
from gongchou.registry.item_reads import item_list_in_force as item_list_in_force
from gongchou.registry.item_reads import item_lists as item_lists
from gongchou.registry.people_reads import PastVisitRow as PastVisitRow
from gongchou.registry.people_reads import RecusalRow as RecusalRow
from gongchou.registry.people_reads import inspector_of_login as inspector_of_login
from gongchou.registry.people_reads import inspector_of_person as inspector_of_person
from gongchou.registry.people_reads import inspectors as inspectors
from gongchou.registry.people_reads import past_visits as past_visits
from gongchou.registry.people_reads import recent_pairs as recent_pairs
from gongchou.registry.people_reads import recusal as recusal
from gongchou.registry.people_reads import recusal_rows as recusal_rows
from gongchou.registry.people_reads import recusals as recusals
from gongchou.registry.people_reads import visits_this_year as visits_this_year
from gongchou.registry.tags import MANY, WORDS

PAGE = 20
SCALARS = (
    "name", "uscc", "site_code", "region_code", "grid", "industry_code", "permit_number",
    "registration_number", "is_excluded", "exclusion_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list; `total` rows in `pages` pages."""

    rows: tuple[roster.Subject, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One change in the life of a subject: from when, by whom, from which source."""

    since: date
    until: date | None
    by_name: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPage:
    subject: roster.Subject
    legal_representative: str
    contact: str
    address: str
    history: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """An uploaded file and its preview."""

    ref: str
    kind: terms.ImportKind
    filename: str
    report: dict[str, object]
    is_committed: bool


def _versions(bureau: str, on: date) -> QuerySet[models.SubjectVersion]:
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return rows.select_related("subject").prefetch_related(*prefetches(on))


def _subject(row: models.SubjectVersion, on: date) -> roster.Subject:
    fields: dict[str, Any] = {name: getattr(row, name) for name in SCALARS}
    fields |= {n: t(getattr(row, n)) if getattr(row, n) else None for n, t in WORDS.items()}
    fields |= {n: tuple(t(v) for v in getattr(row, n)) for n, t in MANY.items()}
    fields["performance_grade"] = grade_on(row.subject, on) or fields["performance_grade"]
    return roster.Subject(ref=row.subject.ref, **fields, **facts_of(row.subject))


FILTERS = ("grid", "permit_category", "operating_status")


def grids(bureau: str, on: date) -> tuple[str, ...]:
    """The areas that occur in the register of a day."""
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return tuple(sorted(set(rows.exclude(grid="").values_list("grid", flat=True))))


def subjects(
    bureau: str,
    on: date,
    *,
    search: str = "",
    filters: Mapping[str, str] | None = None,
    page: int = 1,
) -> Page:
    """A page of the register as of a day: by name, code or initials, narrowed by FILTERS."""
    wanted_words = {k: v for k, v in (filters or {}).items() if k in FILTERS and v}
    rows = _versions(bureau, on).filter(**wanted_words)
    wanted = search.strip()
    if wanted:
        code = clean(wanted).upper()
        rows = rows.filter(
            Q(name__contains=wanted)
            | Q(uscc__startswith=code)
            | Q(site_code__startswith=code)
            | Q(initials__startswith=wanted.lower())
        )
    paginator = Paginator(rows.order_by("site_code", "subject__ref"), PAGE)
    found = paginator.get_page(page)
    return Page(
        rows=tuple(_subject(row, on) for row in found),
        number=found.number,
        pages=paginator.num_pages,
        total=paginator.count,
    )


def subject(ref: str, bureau: str, on: date) -> SubjectPage:
    """One site with its private data and history, for the officers of its own bureau."""
    row = _versions(bureau, on).filter(subject__ref=ref).first()
    if row is None:
        raise Refused(f"本机构名录中没有编号为 {ref} 的检查对象，请从名录列表进入。")
    past = models.SubjectVersion.objects.filter(subject=row.subject).select_related("change")
    history = tuple(
        VersionRow(since=v.since, until=v.until, by_name=v.change.by_name, source=v.change.source)
        for v in past.order_by("-since", "-pk")
    )
    return SubjectPage(
        subject=_subject(row, on),
        legal_representative=row.legal_representative,
        contact=row.contact,
        address=row.address,
        history=history,
    )


def snapshot(bureau: str, on: date) -> roster.RegisterSnapshot:
    """The registers as they stood on a day."""
    rows = _versions(bureau, on).order_by("subject__ref")
    subjects = tuple(_subject(row, on) for row in rows)
    items = item_list_in_force(bureau, on)
    return roster.RegisterSnapshot(
        bureau=bureau,
        on=on,
        subjects=subjects,
        inspectors=inspectors(bureau, on),
        recusals=recusals(bureau, on, ((s.ref, s.uscc) for s in subjects)),
        item_groups=items.groups if items else (),
        item_list_version=str(items.version) if items else "",
    )


def frozen_snapshot(ref: str) -> roster.RegisterSnapshot:
    row = models.FrozenSnapshot.objects.filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的名录库快照。")
    return roster.RegisterSnapshot.thawed(bytes(row.body))


def batch(ref: str, bureau: str) -> BatchRow:
    row = models.ImportBatch.objects.filter(ref=ref, bureau__code=bureau).first()
    if row is None:
        raise Refused("没有这份待导入的文件，请重新上传。")
    return BatchRow(
        ref=row.ref,
        kind=terms.ImportKind(row.kind),
        filename=row.filename,
        report=row.report,
        is_committed=row.committed_at is not None,
    )


def counts(bureau: str, on: date) -> dict[str, int]:
    """Rows of the registers on a day."""
    return {
        "subjects": _versions(bureau, on).count(),
        "inspectors": models.InspectorVersion.objects.filter(
            valid_on(on), bureau__code=bureau
        ).count(),
    }
