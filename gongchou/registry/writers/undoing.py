"""A whole change taken back by a new one: what it opened ends, what it closed holds again."""

from collections.abc import Iterable
from typing import Any

from gongchou.core.refusals import Refused
from gongchou.registry import models

VERSIONS: tuple[tuple[Any, str], ...] = (
    (models.SubjectVersion, "subject_id"),
    (models.InspectorVersion, "inspector_id"),
)
# Model, and the fields by which the row that was replaced is known.
RECORDS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (models.Penalty, ("subject_id", "document_number")),
    (models.Complaint, ("subject_id", "number")),
    (models.CreditRecord, ("subject_id", "rated_on")),
    (models.GradeRecord, ("subject_id", "since")),
    (models.SupervisedCase, ("subject_id", "number")),
    (models.PositiveListEntry, ("subject_id", "since")),
    (models.PastVisit, ("visit_ref",)),
    (models.Commission, ("body_id", "number")),
    (models.Assistant, ("ref",)),
)


def undo(old: models.RegisterChange, new: models.RegisterChange) -> int:
    """How many rows were taken back; Refused where a later change built on one of them."""
    count = 0
    for model, owner in VERSIONS:
        count += _take_back(model, (owner,), "since", "until", old, new)
    for model, keys in RECORDS:
        count += _take_back(model, keys, "known_since", "known_until", old, new)
    return count


def _take_back(
    model: Any,
    keys: Iterable[str],
    since: str,
    until: str,
    old: models.RegisterChange,
    new: models.RegisterChange,
) -> int:
    rows = model._default_manager.filter(change=old)
    count = rows.count()
    if rows.exclude(**{until: None}).exists():
        raise Refused(
            f"这次变更写入的内容中，有的后来又被变更过，不能整份撤销。"
            f"请先撤销以后的变更，或者逐个改正（{old.ref}）。"
        )
    again = [_before(row, keys, until, old) for row in rows.iterator(chunk_size=1000)]
    rows.update(**{until: new.on})
    fresh = [_copy(row, since, until, new) for row in again if row is not None]
    model._default_manager.bulk_create(fresh, batch_size=400)
    return count


def _before(row: Any, keys: Iterable[str], until: str, old: models.RegisterChange) -> Any:
    """What the change closed when it opened this row; None where it was the first."""
    same = {key: getattr(row, key) for key in keys}
    earlier = type(row)._default_manager.filter(**same, pk__lt=row.pk).order_by("-pk").first()
    return earlier if earlier is not None and getattr(earlier, until) == old.on else None


def _copy(row: Any, since: str, until: str, new: models.RegisterChange) -> Any:
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.fields}
    kept |= {"id": None, "change_id": new.pk, since: new.on, until: None}
    return type(row)(**kept)
