"""Who was where before: for the draw, which does not send the same person again at once."""

from datetime import date

from gongchou.registry import models


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


def visits_between(bureau: str, subject: str, since: date, until: date) -> int:
    """How many visits of a subject ended after `since` and up to `until`."""
    rows = models.PastVisit.objects.filter(subject__bureau__code=bureau, subject__ref=subject)
    return rows.filter(ended_on__gt=since, ended_on__lte=until, known_until=None).count()
