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
from gongchou.registry.item_reads import ItemListRow as ItemListRow
from gongchou.registry.item_reads import ItemRow as ItemRow
from gongchou.registry.item_reads import checklist as checklist
from gongchou.registry.item_reads import item_list_in_force as item_list_in_force
from gongchou.registry.item_reads import item_lists as item_lists
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


def valid_on(day: date) -> Q:
    return Q(since__lte=day) & (Q(until=None) | Q(until__gt=day))


def _versions(bureau: str, on: date) -> QuerySet[models.SubjectVersion]:
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    facts = [
        f"subject__{name}"
        for name in (
            "creditrecords", "penaltys", "complaints", "supervisedcases", "positivelistentrys",
            "past_visits",
        )
    ]  # fmt: skip
    return rows.select_related("subject").prefetch_related(*facts)


def _facts(row: models.Subject) -> dict[str, Any]:
    return {
        "credits": tuple(
            roster.CreditFact(
                level=terms.CreditLevel(c.level), rated_on=c.rated_on, evidence=c.evidence
            )
            for c in row.creditrecords.all()
        ),
        "penalties": tuple(
            roster.PenaltyFact(
                ref=f"P{p.pk}",
                document_number=p.document_number,
                decision_date=p.decision_date,
                revoked_on=p.revoked_on,
            )
            for p in row.penaltys.all()
        ),
        "complaints": tuple(
            roster.ComplaintFact(
                ref=c.number,
                closed_on=c.closed_on,
                verdict=terms.ComplaintVerdict(c.verdict),
                is_violation=c.is_violation,
            )
            for c in row.complaints.all()
        ),
        "supervised_cases": tuple(
            roster.SupervisedFact(
                ref=c.number,
                supervised_by=terms.SupervisedBy(c.supervised_by),
                since=c.since,
                lifted_on=c.lifted_on,
            )
            for c in row.supervisedcases.all()
        ),
        "listings": tuple(
            roster.ListingFact(basis=e.basis, since=e.since, until=e.until)
            for e in row.positivelistentrys.all()
        ),
        "visited_on": tuple(
            sorted(
                v.ended_on
                for v in row.past_visits.all()
                if v.inspection_kind == terms.InspectionKind.DAILY.value
            )
        ),
    }


def _subject(row: models.SubjectVersion) -> roster.Subject:
    fields: dict[str, Any] = {name: getattr(row, name) for name in SCALARS}
    fields |= {n: t(getattr(row, n)) if getattr(row, n) else None for n, t in WORDS.items()}
    fields |= {n: tuple(t(v) for v in getattr(row, n)) for n, t in MANY.items()}
    return roster.Subject(ref=row.subject.ref, **fields, **_facts(row.subject))


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
        rows=tuple(_subject(row) for row in found),
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
        subject=_subject(row),
        legal_representative=row.legal_representative,
        contact=row.contact,
        address=row.address,
        history=history,
    )


def inspectors(bureau: str, on: date) -> tuple[roster.Inspector, ...]:
    """The inspectors' register as of a day; visits of the year are counted, never typed."""
    rows = models.InspectorVersion.objects.filter(valid_on(on), bureau__code=bureau)
    rows = rows.select_related("inspector").order_by("inspector__ref")
    visits = visits_this_year(bureau, on)
    return tuple(
        roster.Inspector(
            ref=row.inspector.ref,
            name=row.name,
            unit=row.unit,
            enforcement_card_no=row.enforcement_card_no,
            work_card_no=row.work_card_no,
            is_certified=row.is_certified,
            card_valid_until=row.card_valid_until,
            areas=tuple(row.areas),
            expertise=tuple(terms.PollutantType(word) for word in row.expertise),
            duty_status=terms.DutyStatus(row.duty_status),
            away_since=row.away_since,
            away_until=row.away_until,
            visits_this_year=visits.get(row.inspector.ref, 0),
        )
        for row in rows
    )


def visits_this_year(bureau: str, on: date) -> dict[str, int]:
    rows = models.PastVisit.objects.filter(
        subject__bureau__code=bureau, ended_on__year=on.year, ended_on__lte=on
    )
    found: dict[str, int] = {}
    for refs in rows.values_list("inspectors", flat=True):
        for ref in refs:
            found[ref] = found.get(ref, 0) + 1
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class PastVisitRow:
    """A finished visit in the memory of the register."""

    ref: str
    subject: str
    ended_on: date


def past_visits(
    bureau: str, kind: terms.InspectionKind, *, first: date, last: date
) -> tuple[PastVisitRow, ...]:
    """Finished visits of one kind that ended between two days, both included."""
    rows = models.PastVisit.objects.filter(
        subject__bureau__code=bureau, inspection_kind=kind.value, ended_on__range=(first, last)
    )
    return tuple(
        PastVisitRow(ref=row.visit_ref, subject=row.subject.ref, ended_on=row.ended_on)
        for row in rows.select_related("subject").order_by("ended_on", "visit_ref")
    )


def snapshot(bureau: str, on: date) -> roster.RegisterSnapshot:
    """The registers as they stood on a day."""
    rows = _versions(bureau, on).order_by("subject__ref")
    items = item_list_in_force(bureau, on)
    return roster.RegisterSnapshot(
        bureau=bureau,
        on=on,
        subjects=tuple(_subject(row) for row in rows),
        inspectors=inspectors(bureau, on),
        recusals=(),
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
