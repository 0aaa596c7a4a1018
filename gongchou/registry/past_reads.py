"""Who was where before: for the draw, which does not send the same person again at once."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from gongchou.core.caps import MadeVisit
from gongchou.core.terms import InspectionKind
from gongchou.registry import models
from gongchou.registry.fact_reads import known_on, valid_on


def last_teams(bureau: str, on: date, *, visits: int) -> frozenset[tuple[str, str]]:
    """Pairs (inspector, subject) that met in one of the last `visits` visits of the subject."""
    rows = models.PastVisit.objects.filter(
        subject__bureau__code=bureau, ended_on__lte=on, known_until=None
    )
    seen: dict[str, int] = {}
    found: set[tuple[str, str]] = set()
    for subject, people in rows.order_by("-ended_on", "-pk").values_list(
        "subject__ref", "inspectors"
    ):
        seen[subject] = seen.get(subject, 0) + 1
        if seen[subject] <= visits:
            found |= {(person, subject) for person in people}
    return frozenset(found)


def clean_pairs(bureau: str, year: int, on: date, *, visits: int) -> frozenset[tuple[str, str]]:
    """Pairs (inspector, subject) with so many visits of a year in which no problem was found."""
    rows = models.PastVisit.objects.filter(
        known_on(on), subject__bureau__code=bureau, ended_on__year=year, is_clean=True
    )
    met = Counter(
        (person, subject)
        for subject, people in rows.values_list("subject__ref", "inspectors")
        for person in people
    )
    return frozenset(pair for pair, count in met.items() if count >= visits)


def visit_days(bureau: str, subject: str, since: date, until: date) -> dict[str, date]:
    """The day of each visit on record to a site between two days, by the visit's ref."""
    rows = models.PastVisit.objects.filter(
        subject__bureau__code=bureau,
        subject__ref=subject,
        ended_on__range=(since, until),
        known_until=None,
    )
    return dict(rows.values_list("visit_ref", "ended_on"))


def made_visits(bureau: str, since: date, until: date, on: date) -> tuple[MadeVisit, ...]:
    """Visits of every kind that ended between two days, imported ones too, as known on a day."""
    rows = models.PastVisit.objects.filter(
        known_on(on), subject__bureau__code=bureau, ended_on__range=(since, until)
    )
    return tuple(
        MadeVisit(
            ref=row.visit_ref,
            subject=row.subject.ref,
            ended_on=row.ended_on,
            inspection_kind=InspectionKind(row.inspection_kind),
            inspectors=tuple(row.inspectors),
            is_clean=bool(row.is_clean),
        )
        for row in rows.select_related("subject").order_by("pk")
    )


def sites_visited(bureau: str, since: date, until: date) -> frozenset[str]:
    """The sites with a daily visit on record that ended between two days."""
    rows = models.PastVisit.objects.filter(
        subject__bureau__code=bureau,
        ended_on__range=(since, until),
        inspection_kind=InspectionKind.DAILY.value,
        known_until=None,
    )
    return frozenset(rows.values_list("subject__ref", flat=True))


def visits_between(bureau: str, subject: str, since: date, until: date) -> int:
    """How many visits of a subject ended after `since` and up to `until`."""
    rows = models.PastVisit.objects.filter(subject__bureau__code=bureau, subject__ref=subject)
    return rows.filter(ended_on__gt=since, ended_on__lte=until, known_until=None).count()


def sites_of(bureau: str, uscc: str, on: date) -> frozenset[str]:
    """The sites that stand in the register under one credit code on a day."""
    rows = models.SubjectVersion.objects.filter(valid_on(on), bureau__code=bureau, uscc=uscc)
    return frozenset(rows.values_list("subject__ref", flat=True))


def daily_visits(bureau: str, subjects: Iterable[str], year: int, on: date) -> frozenset[str]:
    """Refs of the daily visits of a year to some sites, as known on a day; they fill the cap."""
    rows = models.PastVisit.objects.filter(
        known_on(on),
        subject__bureau__code=bureau,
        subject__ref__in=list(subjects),
        ended_on__year=year,
        inspection_kind=InspectionKind.DAILY.value,
    )
    return frozenset(rows.values_list("visit_ref", flat=True))


def daily_visits_elsewhere(bureau: str, uscc: str, on: date) -> int:
    """How many daily visits other bodies paid to an enterprise this year; 0 without a code."""
    if not uscc:
        return 0
    sites = models.SubjectVersion.objects.filter(valid_on(on), uscc=uscc)
    rows = models.PastVisit.objects.filter(
        known_on(on),
        subject__in=sites.exclude(bureau__code=bureau).values("subject"),
        ended_on__year=on.year,
        inspection_kind=InspectionKind.DAILY.value,
    )
    return rows.count()
