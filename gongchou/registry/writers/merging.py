"""Two entries that are one site: from a day on, the kept one has the records of both.

Parted again, each has its own from that day on; what came in between stays with the kept one.
"""

from typing import Any

from gongchou.core.refusals import Refused
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
MOVED: tuple[tuple[Any, str], ...] = (*RECORDS, (models.PastVisit, "visit_ref"))
NEW = ("id", "subject_id", "change_id", "known_since", "known_until")


def merge(
    kept: models.Subject, merged: models.SubjectVersion, change: models.RegisterChange
) -> int:
    """How many records went over; on earlier days both stand as they stood."""
    models.SubjectMerger.objects.create(kept=kept, merged=merged.subject, change=change)
    book = SubjectBook(change)
    book.close(merged)
    models.RegisterChange.objects.filter(pk=change.pk).update(sensitive=book.sensitive)
    return sum(_move(model, key, kept, merged.subject, change) for model, key in MOVED)


def part(merger: models.SubjectMerger, change: models.RegisterChange) -> int:
    """How many records went back; Refused where a later change built on what the merger moved."""
    last = models.SubjectVersion.objects.filter(subject=merger.merged).order_by("pk").last()
    if last is None:
        raise Refused("并入的一家没有登记过的内容，不能恢复。")
    _check_code(last)
    for model, _ in MOVED:
        moved = model._default_manager.filter(change=merger.change)
        if moved.exclude(known_until=None).exists():
            raise Refused(
                "合并时转来的记录后来又被变更或更正过，不能撤销合并；请先撤销那些变更，或者逐条改正。"
            )
    book = SubjectBook(change)
    book.reopen(last)
    models.RegisterChange.objects.filter(pk=change.pk).update(sensitive=book.sensitive)
    return sum(_move_back(model, key, merger, change) for model, key in MOVED)


def _check_code(last: models.SubjectVersion) -> None:
    taken = models.SubjectVersion.objects.filter(
        bureau=last.bureau, until=None, site_code=last.site_code
    ).first()
    if last.site_code and taken:
        raise Refused(
            f"固定污染源编码 {last.site_code} 现在登记在“{taken.name}”名下，"
            "请先在那一家改正编码，再撤销合并。"
        )


def _move_back(
    model: Any, key: str, merger: models.SubjectMerger, change: models.RegisterChange
) -> int:
    """What the merged one knew when it ended, the last row of each key, it knows again."""
    model._default_manager.filter(change=merger.change).update(known_until=change.on)
    ended = model._default_manager.filter(subject=merger.merged, known_until=merger.change.on)
    rows = {getattr(row, key): row for row in ended.order_by("pk")}
    for row in rows.values():
        _again(row, merger.merged, change)
    return len(rows)


def _again(row: Any, subject: models.Subject, change: models.RegisterChange) -> None:
    """The same record under a subject from the change's day on."""
    fields = {f.attname: getattr(row, f.attname) for f in row._meta.fields}
    fields = {name: value for name, value in fields.items() if name not in NEW}
    manager = type(row)._default_manager
    manager.create(subject=subject, change=change, known_since=change.on, **fields)


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
        _again(row, kept, change)
    return len(moving)
