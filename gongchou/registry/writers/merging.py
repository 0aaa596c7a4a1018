"""Two entries that are one site: from a day on, the kept one has the records of both."""

from typing import Any

from gongchou.registry import models
from gongchou.registry.writers.subjects import SubjectBook

RECORDS: tuple[tuple[Any, str], ...] = (
    (models.Penalty, "document_number"),
    (models.Complaint, "number"),
    (models.CreditRecord, "rated_on"),
    (models.GradeRecord, "since"),
    (models.SupervisedCase, "number"),
    (models.PositiveListEntry, "since"),
)
NEW = ("id", "subject_id", "change_id", "known_since", "known_until")


def merge(
    kept: models.Subject, merged: models.SubjectVersion, change: models.RegisterChange
) -> int:
    """How many records went over; on earlier days both stand as they stood."""
    models.SubjectMerger.objects.create(kept=kept, merged=merged.subject, change=change)
    book = SubjectBook(change)
    book.close(merged)
    models.RegisterChange.objects.filter(pk=change.pk).update(sensitive=book.sensitive)
    moved = sum(_move(model, key, kept, merged.subject, change) for model, key in RECORDS)
    return moved + _move(models.PastVisit, "visit_ref", kept, merged.subject, change)


def _move(
    model: Any,
    key: str,
    kept: models.Subject,
    merged: models.Subject,
    change: models.RegisterChange,
) -> int:
    rows = model._default_manager.filter(known_until=None)
    there = set(rows.filter(subject=kept).values_list(key, flat=True))
    moving = list(rows.filter(subject=merged).exclude(**{f"{key}__in": there}))
    rows.filter(subject=merged).update(known_until=change.on)
    for row in moving:
        fields = {f.attname: getattr(row, f.attname) for f in row._meta.fields}
        fields = {name: value for name, value in fields.items() if name not in NEW}
        model._default_manager.create(subject=kept, change=change, known_since=change.on, **fields)
    return len(moving)
