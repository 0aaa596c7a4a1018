"""What is public, was public, or is on its way; this is all that the portal sees."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Min, Q, QuerySet

from gongchou.core import canon
from gongchou.core.refusals import Refused
from gongchou.core.terms import PublicationKind, PublicationState, VisitResult
from gongchou.core.workdays import Deadline
from gongchou.publication import models
from gongchou.web.clock import day_of

PAGE = 20
DAILY = (PublicationKind.LOG_HEAD, PublicationKind.CHECKPOINT)
SEEN = (PublicationState.PUBLISHED.value, PublicationState.WITHDRAWN.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A publication without its content, as lists show it."""

    ref: str
    bureau: str
    kind: PublicationKind
    source: str
    version: int
    title: str
    quarter: str
    state: PublicationState
    digest: str
    deadline: Deadline | None
    proposed_by: str
    proposed_by_ref: str
    proposed_at: datetime
    return_reason: str
    approved_by: str
    approved_at: datetime | None
    published_on: date | None
    published_at: datetime | None
    replaces: str
    replaced_by: str
    correction_reason: str
    withdrawn_on: date | None
    withdrawal_reason: str

    @property
    def draw(self) -> str:
        """The draw that an announcement or a record is about."""
        return self.source.partition("#")[0]

    @property
    def is_current(self) -> bool:
        """Public today, and not replaced by a correction."""
        return self.state is PublicationState.PUBLISHED and not self.replaced_by


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDocument(DocumentRow):
    """A publication with what it says, as its digest was taken over it."""

    document: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """One visit's result as published; a withdrawn or expired one keeps only its reason."""

    publication: str
    number: int
    bureau: str
    quarter: str
    subject: str
    uscc: str
    area: str
    items: str
    task: str
    ended_on: date
    visit_result: VisitResult
    published_on: date
    keep_until: date

    @property
    def item_names(self) -> tuple[str, ...]:
        return tuple(split(self.items))


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenLine:
    """A line of a published notice that is not shown any more, and why."""

    publication: str
    number: int
    hidden_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    rows: tuple[ResultRow, ...]
    number: int
    pages: int
    total: int

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def following(self) -> int:
        return self.number + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInHand:
    """The line of a visit in a notice that is public, or on its way there."""

    publication: str
    title: str
    number: int
    state: PublicationState
    is_correction: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPublication:
    """How far the publication of one visit has come."""

    publication: str
    number: int
    state: PublicationState
    published_on: date | None


def day(at: datetime | None) -> date | None:
    """The day of an instant, by which publication is counted."""
    return day_of(at) if at else None


def _fields(row: models.Publication) -> dict[str, Any]:
    deadline = None
    if row.deadline_on:
        deadline = Deadline(on=row.deadline_on, provisional=row.is_deadline_provisional)
    same = (
        "ref", "bureau", "source", "version", "title", "quarter", "digest", "proposed_at",
        "proposed_by_ref", "return_reason", "approved_at", "published_at", "replaces",
        "replaced_by", "correction_reason", "withdrawal_reason",
    )  # fmt: skip
    return {name: getattr(row, name) for name in same} | {
        "kind": PublicationKind(row.kind),
        "state": PublicationState(row.state),
        "deadline": deadline,
        "proposed_by": row.proposed_by_name,
        "approved_by": row.approved_by_name,
        "published_on": day(row.published_at),
        "withdrawn_on": day(row.withdrawn_at),
    }


def _document(row: models.Publication) -> PublicDocument:
    return PublicDocument(**_fields(row), document=canon.parse(bytes(row.body)))


def stamp() -> tuple[object, ...]:
    """What changes whenever anything that is public does; asked before every page."""
    held = models.Publication.objects.aggregate(
        published=Count("published_at"),
        newest=Max("published_at"),
        withdrawn=Max("withdrawn_at"),
        replaced=Count("pk", filter=~Q(replaced_by="")),
    )
    lines = models.ResultLine.objects.aggregate(
        count=Count("withdrawn_at"), newest=Max("withdrawn_at")
    )
    return (*held.values(), *lines.values())


def _chosen(
    bureau: str,
    kind: PublicationKind | None,
    state: PublicationState | None,
    quarter: str,
) -> QuerySet[models.Publication]:
    rows = models.Publication.objects.all()
    wanted = {"bureau": bureau, "kind": kind, "state": state, "quarter": quarter}
    return rows.filter(**{name: value for name, value in wanted.items() if value}).order_by(
        "-published_at", "-proposed_at", "-pk"
    )


def documents(
    bureau: str = "",
    *,
    kind: PublicationKind | None = None,
    state: PublicationState | None = None,
    quarter: str = "",
    limit: int | None = None,
) -> tuple[PublicDocument, ...]:
    """Publications with their content, the newest first."""
    return tuple(_document(row) for row in _chosen(bureau, kind, state, quarter)[:limit])


def listed(
    bureau: str = "",
    *,
    kind: PublicationKind | None = None,
    state: PublicationState | None = None,
    quarter: str = "",
) -> tuple[DocumentRow, ...]:
    """Publications without their content, the newest first."""
    rows = _chosen(bureau, kind, state, quarter).defer("body", "original")
    return tuple(DocumentRow(**_fields(row)) for row in rows)


def open_to_all(
    bureau: str = "", *, kind: PublicationKind | None = None, limit: int | None = 200
) -> tuple[DocumentRow, ...]:
    """What the public sees in lists, the newest first; corrected and withdrawn ones too."""
    rows = _chosen(bureau, kind, None, "").filter(state__in=SEEN).defer("body", "original")
    if kind is None:
        # Heads of the two logs come every day and have a page of their own.
        rows = rows.exclude(kind__in=[one.value for one in DAILY])
    return tuple(DocumentRow(**_fields(row)) for row in rows[:limit])


def document(ref: str) -> PublicDocument:
    row = models.Publication.objects.filter(ref=ref).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的公示件，请从公示页面进入。")
    return _document(row)


def public_refs() -> frozenset[str]:
    """Every number under which something is, or has been, public."""
    found = models.Publication.objects.filter(state__in=SEEN).order_by()
    return frozenset(found.values_list("ref", flat=True))


def public_document(ref: str) -> PublicDocument | None:
    """The publication where it is, or has been, public; None for all others alike."""
    row = models.Publication.objects.filter(ref=ref, state__in=SEEN).first()
    return _document(row) if row else None


def current(
    bureau: str, kind: PublicationKind, *, quarter: str = "", source: str = ""
) -> PublicDocument | None:
    """The newest document of a kind that is public and not replaced."""
    rows = _chosen(bureau, kind, PublicationState.PUBLISHED, quarter).filter(replaced_by="")
    row = rows.filter(source=source).first() if source else rows.first()
    return _document(row) if row else None


def bureaus() -> Mapping[str, str]:
    """Code and name of each bureau that has published anything."""
    found: dict[str, str] = {}
    codes = models.Publication.objects.filter(state__in=SEEN).values_list("bureau", flat=True)
    for code in sorted(set(codes.order_by())):
        row = _chosen(code, None, None, "").filter(state__in=SEEN).first()
        if row:
            found[code] = str(canon.parse(bytes(row.body))["bureau_name"])
    return found


def _result(row: models.ResultLine) -> ResultRow:
    same = (
        "number", "bureau", "quarter", "subject", "uscc", "area", "items", "task", "ended_on",
        "keep_until",
    )  # fmt: skip
    published_on = day(row.publication.published_at)
    assert published_on is not None
    return ResultRow(
        publication=row.publication.ref,
        visit_result=VisitResult(row.visit_result),
        published_on=published_on,
        **{name: getattr(row, name) for name in same},
    )


def _public_lines(on: date) -> QuerySet[models.ResultLine]:
    rows = models.ResultLine.objects.filter(is_public=True, keep_until__gt=on)
    rows = rows.select_related("publication").defer("publication__body", "publication__original")
    return rows.order_by("-ended_on", "-publication__published_at", "number")


def search(
    on: date,
    *,
    text: str = "",
    bureau: str = "",
    quarter: str = "",
    area: str = "",
    item: str = "",
    page: int = 1,
) -> ResultPage:
    """Results that are public on a day: by name or code of the subject, area, item, quarter."""
    rows = _public_lines(on)
    wanted = {"bureau": bureau, "quarter": quarter, "area": area}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if item:
        rows = rows.filter(items__contains=item)
    if text:
        rows = rows.filter(Q(subject__contains=text) | Q(uscc__startswith=text.upper()))
    paginator = Paginator(rows, PAGE)
    found = paginator.get_page(page)
    return ResultPage(
        rows=tuple(_result(row) for row in found),
        number=found.number,
        pages=paginator.num_pages,
        total=paginator.count,
    )


def result_rows(on: date, *, bureau: str = "") -> tuple[ResultRow, ...]:
    """Every result that is public on a day."""
    rows = _public_lines(on)
    return tuple(_result(row) for row in (rows.filter(bureau=bureau) if bureau else rows))


def withdrawn_count(bureau: str, visits: Iterable[str]) -> int:
    """How many published results of these visits were taken down."""
    rows = models.ResultLine.objects.filter(bureau=bureau, visit__in=list(visits))
    return rows.filter(withdrawn_at__isnull=False).count()


def result_of_visit(bureau: str, visit: str, on: date) -> ResultRow | None:
    """The public result of one visit; None while there is none, or once it is gone."""
    row = _public_lines(on).filter(bureau=bureau, visit=visit).first()
    return _result(row) if row else None


def shown_numbers(ref: str, on: date) -> frozenset[int]:
    """The lines of a notice that may be shown: a corrected notice stays readable as it was."""
    rows = models.ResultLine.objects.filter(
        publication__ref=ref, publication__state=PublicationState.PUBLISHED.value
    )
    held = rows.filter(withdrawn_at=None, keep_until__gt=on)
    return frozenset(held.values_list("number", flat=True))


def hidden_lines(on: date, *, ref: str = "", bureau: str = "") -> tuple[HiddenLine, ...]:
    """Lines that were public and were withdrawn, or whose time is over; names are gone."""
    over = Q(withdrawn_at__isnull=False) | Q(keep_until__lte=on)
    rows = models.ResultLine.objects.filter(over, publication__state__in=SEEN)
    wanted = {"publication__ref": ref, "bureau": bureau}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return tuple(
        HiddenLine(
            publication=row.publication.ref,
            number=row.number,
            hidden_on=day(row.withdrawn_at) or row.keep_until or on,
            reason=row.withdrawal_reason or "公示期已满，自动撤下",
        )
        for row in rows.select_related("publication").order_by("-withdrawn_at", "-pk")
    )


def choices_of_search(on: date) -> dict[str, tuple[str, ...]]:
    """The quarters, areas and items that occur among the results, for the search form."""
    rows = models.ResultLine.objects.filter(is_public=True, keep_until__gt=on).order_by()
    items = {one for text in rows.values_list("items", flat=True).distinct() for one in split(text)}
    return {
        "quarters": _distinct(rows, "quarter")[::-1],
        "areas": _distinct(rows, "area"),
        "item_names": tuple(sorted(items)),
    }


def split(items: str) -> list[str]:
    """The items of a line, stored as one text."""
    return [one for one in items.split("；") if one]


def _distinct(rows: QuerySet[models.ResultLine], name: str) -> tuple[str, ...]:
    return tuple(sorted({value for value in rows.values_list(name, flat=True) if value}))


def result_count(bureau: str, quarter: str) -> int:
    """How many visits of a quarter have a public result: every page asks."""
    return models.ResultLine.objects.filter(bureau=bureau, quarter=quarter, is_public=True).count()


def public_on(bureau: str, refs: Iterable[str], on: date) -> dict[str, tuple[str, date]]:
    """Results that were public at the end of a day: the notice, and the first day it was seen."""
    rows = models.ResultLine.objects.filter(bureau=bureau, visit__in=list(refs))
    rows = rows.filter(publication__published_at__isnull=False)
    rows = rows.select_related("publication").order_by("publication__published_at", "pk")
    found: dict[str, tuple[str, date]] = {}
    for row in rows.defer("publication__body", "publication__original"):
        shown, gone = day(row.publication.published_at), day(row.withdrawn_at)
        if shown is None or shown > on or (gone is not None and gone <= on):
            continue
        first = found.get(row.visit, ("", shown))[1]
        found[row.visit] = (row.publication.ref, first)
    return found


def first_public(bureau: str, refs: Iterable[str], on: date) -> dict[str, date]:
    """The first day on which each result could be seen, also of one that was withdrawn since."""
    rows = models.ResultLine.objects.filter(bureau=bureau, visit__in=list(refs))
    firsts = rows.values_list("visit").annotate(at=Min("publication__published_at"))
    found = {visit: day(at) for visit, at in firsts}
    return {visit: shown for visit, shown in found.items() if shown is not None and shown <= on}


def lines_in_hand(bureau: str, visit: str) -> tuple[LineInHand, ...]:
    """Where the result of a visit is public or about to be; what is under way comes first."""
    rows = models.ResultLine.objects.filter(bureau=bureau, visit=visit)
    rows = rows.filter(Q(is_open=True) | Q(is_public=True)).select_related("publication")
    rows = rows.defer("publication__body", "publication__original").order_by("is_public", "pk")
    return tuple(
        LineInHand(
            publication=row.publication.ref,
            title=row.publication.title,
            number=row.number,
            state=PublicationState(row.publication.state),
            is_correction=bool(row.publication.replaces),
        )
        for row in rows
    )


def publication_state_of_visits(bureau: str, refs: Iterable[str]) -> dict[str, VisitPublication]:
    """How far each visit has come; a public line outweighs one that is under way."""
    rows = models.ResultLine.objects.filter(bureau=bureau, visit__in=list(refs))
    rows = rows.filter(Q(is_open=True) | Q(is_public=True)).order_by("is_public")
    told = rows.values_list(
        "visit", "publication__ref", "number", "publication__state", "publication__published_at"
    )
    return {
        visit: VisitPublication(
            publication=ref, number=number, state=PublicationState(state), published_on=day(at)
        )
        for visit, ref, number, state, at in told
    }
