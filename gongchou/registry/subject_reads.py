"""Sites of the register as values, on any day, searched and narrowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from gongchou.accounts.models import Bureau
from gongchou.core import roster
from gongchou.core.codes import clean
from gongchou.registry import models
from gongchou.registry.fact_reads import facts_of, grade_on, prefetches, valid_on
from gongchou.registry.kept import once
from gongchou.registry.tags import MANY, TEXTS, WORDS

PAGE = 20
# A register up to this size is read through in a moment.
READ_THROUGH = 20_000
# So many sites are found at once and remembered; of more only the page that is asked for.
REMEMBERED = 10_000
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


def versions_on(bureau: str, on: date) -> QuerySet[models.SubjectVersion]:
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return rows.select_related("subject").prefetch_related(*prefetches(on))


def version_on(ref: str, bureau: str, on: date) -> models.SubjectVersion | None:
    """One site's version of a day: found by its own key, however large the register is."""
    owner = models.Subject.objects.filter(ref=ref, bureau__code=bureau).first()
    rows = models.SubjectVersion.objects.filter(valid_on(on), subject=owner)
    return rows.select_related("subject", "change").prefetch_related(*prefetches(on)).first()


def subject_value(row: models.SubjectVersion, on: date) -> roster.Subject:
    fields: dict[str, Any] = {name: getattr(row, name) for name in SCALARS}
    fields |= {n: t(getattr(row, n)) if getattr(row, n) else None for n, t in WORDS.items()}
    fields |= {n: tuple(t(v) for v in getattr(row, n)) for n, t in MANY.items()}
    fields["performance_grade"] = grade_on(row.subject, on) or fields["performance_grade"]
    return roster.Subject(ref=row.subject.ref, **fields, **facts_of(row.subject))


def narrowed(
    rows: QuerySet[models.SubjectVersion], filters: Mapping[str, str]
) -> QuerySet[models.SubjectVersion]:
    """By every tag: one word, one of several, a text, or whether it takes part."""
    for name, value in filters.items():
        if name == "is_excluded":
            rows = rows.filter(is_excluded=value == "yes")
        elif name == "performance_grade":
            graded = models.GradeRecord.objects.filter(known_until=None, grade=value)
            rows = rows.filter(Q(performance_grade=value) | Q(subject__in=graded.values("subject")))
        elif name == "is_placed":
            rows = rows.exclude(longitude="") if value == "yes" else rows.filter(longitude="")
        elif name in MANY:
            rows = rows.annotate(**{f"{name}_text": Cast(name, TextField())}).filter(
                **{f"{name}_text__contains": f'"{value}"'}
            )
        elif name in WORDS or name in TEXTS:
            rows = rows.filter(**{name: value})
    return rows


def filter_choices(bureau: str, on: date) -> dict[str, tuple[str, ...]]:
    """The areas, industries and regions that occur in the register of a day."""
    return dict(once(bureau, ("choices", on), lambda: _choices(bureau, on)))


def _choices(bureau: str, on: date) -> dict[str, tuple[str, ...]]:
    """Of a long register also what once occurred: to read it through would take seconds."""
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    if len(rows.values_list("pk")[: READ_THROUGH + 1]) > READ_THROUGH:
        known = models.OccurringValue.objects.filter(bureau__code=bureau).order_by("value")
        pairs = list(known.values_list("field", "value"))
        return {name: tuple(value for field, value in pairs if field == name) for name in TEXTS}
    return {
        name: tuple(
            rows.exclude(**{name: ""}).values_list(name, flat=True).distinct().order_by(name)
        )
        for name in TEXTS
    }


def grids(bureau: str, on: date) -> tuple[str, ...]:
    """The areas that occur in the register of a day."""
    return filter_choices(bureau, on)["grid"]


def subjects_named(bureau: str, on: date, refs: Iterable[str]) -> dict[str, roster.Subject]:
    """The values of these sites of the register, by ref; those not in it that day are left out."""
    rows = _on_day(bureau, on).filter(subject__ref__in=list(refs))
    known = _values(tuple(rows.values_list("pk", flat=True)), on)
    return {subject.ref: subject for subject in known}


def subjects(
    bureau: str,
    on: date,
    *,
    search: str = "",
    filters: Mapping[str, str] | None = None,
    page: int = 1,
) -> Page:
    """A page of the register as of a day: by name, code or initials, narrowed by any tag."""
    given = {name: value for name, value in (filters or {}).items() if value}
    wanted = search.strip()
    rows = narrowed(_on_day(bureau, on), given)
    rows = _named(rows, bureau, wanted) if wanted else rows
    question = (on, wanted, tuple(sorted(given.items())))
    few = once(bureau, ("few", *question), lambda: _few(rows)) if wanted or given else None
    total = once(bureau, ("total", *question), rows.count) if few is None else len(few)
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    first, last = (number - 1) * PAGE, min(number * PAGE, total)
    keys = _keys(rows, first, last, total) if few is None else few[first:last]
    return Page(rows=_values(keys, on), number=number, pages=pages, total=total)


def _on_day(bureau: str, on: date) -> QuerySet[models.SubjectVersion]:
    """By the bureau's own key, so that counting and skipping need no other table."""
    owner = Bureau.objects.filter(code=bureau).values_list("pk", flat=True).first()
    return models.SubjectVersion.objects.filter(valid_on(on), bureau_id=owner or 0)


def _named(
    rows: QuerySet[models.SubjectVersion], bureau: str, wanted: str
) -> QuerySet[models.SubjectVersion]:
    """Each way to be known is looked up in its own index; all at once only where many fit."""
    code = clean(wanted).upper()
    ways = [Q(name__contains=wanted) | Q(initials__startswith=wanted.lower())]
    if code.isascii():
        ends = code + "Z" * 22
        ways += [Q(uscc__range=(code, ends)), Q(site_code__range=(code, ends))]
    every = models.SubjectVersion.objects.filter(bureau__code=bureau).order_by()
    found: set[int] = set()
    for way in ways:
        found |= set(every.filter(way).values_list("pk", flat=True)[: REMEMBERED + 1])
    if len(found) <= REMEMBERED:
        return rows.filter(pk__in=found)
    return rows.filter(ways[0] | Q(uscc__startswith=code) | Q(site_code__startswith=code))


def _few(rows: QuerySet[models.SubjectVersion]) -> tuple[int, ...] | None:
    """All keys in their order where they are few, so that one look serves every page."""
    found = tuple(_ordered(rows)[: REMEMBERED + 1])
    return found if len(found) <= REMEMBERED else None


def _ordered(rows: QuerySet[models.SubjectVersion]) -> QuerySet[Any, int]:
    return rows.order_by("site_code", "subject_id").values_list("pk", flat=True)


def _keys(
    rows: QuerySet[models.SubjectVersion], first: int, last: int, total: int
) -> tuple[int, ...]:
    """From the nearer end of the list."""
    if first * 2 <= total:
        return tuple(_ordered(rows)[first:last])
    return tuple(_ordered(rows).reverse()[total - last : total - first])[::-1]


def _values(keys: Sequence[int], on: date) -> tuple[roster.Subject, ...]:
    rows = models.SubjectVersion.objects.filter(pk__in=keys).select_related("subject")
    known = {row.pk: row for row in rows.prefetch_related(*prefetches(on))}
    return tuple(subject_value(known[key], on) for key in keys if key in known)
