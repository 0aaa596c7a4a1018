"""Sites of the register as values, on any day, searched and narrowed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from gongchou.core import roster
from gongchou.core.codes import clean
from gongchou.registry import models
from gongchou.registry.fact_reads import facts_of, grade_on, prefetches, valid_on
from gongchou.registry.kept import once
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


def versions_on(bureau: str, on: date) -> QuerySet[models.SubjectVersion]:
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return rows.select_related("subject").prefetch_related(*prefetches(on))


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


TEXTS = ("grid", "industry_code", "region_code")


def filter_choices(bureau: str, on: date) -> dict[str, tuple[str, ...]]:
    """The areas, industries and regions that occur in the register of a day."""
    return dict(once(bureau, ("choices", on), lambda: _choices(bureau, on)))


def _choices(bureau: str, on: date) -> dict[str, tuple[str, ...]]:
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau)
    return {
        name: tuple(
            rows.exclude(**{name: ""}).values_list(name, flat=True).distinct().order_by(name)
        )
        for name in TEXTS
    }


def grids(bureau: str, on: date) -> tuple[str, ...]:
    """The areas that occur in the register of a day."""
    return filter_choices(bureau, on)["grid"]


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
    rows = narrowed(versions_on(bureau, on), given)
    wanted = search.strip()
    if wanted:
        code = clean(wanted).upper()
        rows = rows.filter(
            Q(name__contains=wanted)
            | Q(uscc__startswith=code)
            | Q(site_code__startswith=code)
            | Q(initials__startswith=wanted.lower())
        )
    question = ("total", on, wanted, tuple(sorted(given.items())))
    total = once(bureau, question, rows.count)
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    found = rows.order_by("site_code", "subject")[(number - 1) * PAGE : number * PAGE]
    return Page(
        rows=tuple(subject_value(row, on) for row in found),
        number=number,
        pages=pages,
        total=total,
    )
