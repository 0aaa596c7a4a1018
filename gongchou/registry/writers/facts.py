"""Dated records about sites: new ones added, corrected ones put beside what they replace."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import ImportKind
from gongchou.registry import models
from gongchou.registry.writers.changes import (
    ACCEPTED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    Values,
    Written,
    all_settled,
    check_lengths,
    check_order,
    holds,
    rejected,
    settled,
)
from gongchou.registry.writers.finder import Finder

FACTS: Mapping[ImportKind, tuple[type[Model], str]] = {
    ImportKind.PENALTIES: (models.Penalty, "document_number"),
    ImportKind.COMPLAINTS: (models.Complaint, "number"),
    ImportKind.CREDITS: (models.CreditRecord, "rated_on"),
    ImportKind.SUPERVISED_CASES: (models.SupervisedCase, "number"),
    ImportKind.GRADES: (models.GradeRecord, "since"),
    ImportKind.POSITIVE_LIST: (models.PositiveListEntry, "since"),
}
LEARNT = {"id", "change", "known_since", "known_until"}
NOBODY = "所指的单位不在检查对象名录中，请先导入该单位或核对代码、名称"


class FactBook:
    """Records of one kind under one change."""

    def __init__(self, change: models.RegisterChange, kind: ImportKind) -> None:
        self.change = change
        self.sensitive = 0
        self._kind = kind
        self._model, self._key = FACTS[kind]
        self._closing: list[Any] = []
        self._opening: list[Any] = []

    def write(self, rows: Sequence[Values]) -> list[Written]:
        """One lot: one look at the database, one round of writing."""
        rows = all_settled(rows)
        finder = Finder(self.change, rows, "subject_")
        known = self._known(rows)
        found = [self._one(finder, known, values) for values in rows]
        self._flush()
        return found

    def write_one(self, about: models.SubjectVersion, fields: Values) -> None:
        """A record about a site that is known already, not looked for by its names."""
        fields = settled(fields)
        check_lengths(self._model, fields)
        known = self._known([fields])
        self._put(known.get((about.subject_id, fields[self._key])), about, fields)
        self._flush()

    def _known(self, rows: Iterable[Values]) -> dict[tuple[int, Any], Any]:
        keys = {values[self._key] for values in rows}
        found: Any = self._model._default_manager.filter(
            subject__bureau=self.change.bureau, known_until=None, **{f"{self._key}__in": keys}
        )
        return {(row.subject_id, getattr(row, self._key)): row for row in found}

    def _one(self, finder: Finder, known: dict[tuple[int, Any], Any], values: Values) -> Written:
        fields = {name: v for name, v in values.items() if not name.startswith("subject_")}
        try:
            about = finder.find(values)
            if about is None:
                raise Refused(NOBODY)
            check_lengths(self._model, fields)
            place = (about.subject_id, fields[self._key])
            old = known.get(place)
            if old is not None and old.change_id == self.change.pk:
                return DUPLICATE
            if old is not None and holds(old, fields):
                return UNCHANGED
            known[place] = self._put(old, about, fields)
        except Refused as refusal:
            return rejected(str(refusal))
        return UPDATED if old else ACCEPTED

    def _put(self, old: Any, about: models.SubjectVersion, fields: Values) -> Any:
        if old is not None:
            check_order(old.known_since, self.change)
            kept = {f.name: getattr(old, f.name) for f in old._meta.fields if f.name not in LEARNT}
            fields = {**kept, **fields}
            self._closing.append(old)
        new = self._model(
            **{**fields, "subject": about.subject},
            change=self.change,
            known_since=self.change.on,
        )
        self._opening.append(new)
        if self._is_sensitive(old, about):
            self.sensitive += 1
        return new

    def _is_sensitive(self, old: Any, about: models.SubjectVersion) -> bool:
        """A record corrected, or a site moved out of the draw on site by a listing."""
        if old is None and self._kind is not ImportKind.POSITIVE_LIST:
            return False
        earlier = models.SubjectVersion.objects.filter(
            subject=about.subject_id, since__lt=self.change.on
        )
        return earlier.exists()

    def _flush(self) -> None:
        pks = [row.pk for row in self._closing]
        rows = self._model._default_manager.filter(pk__in=pks, known_until=None)
        if pks and rows.update(known_until=self.change.on) != len(pks):
            raise Stale("名录刚被他人修改，请重新导入。")
        self._model._default_manager.bulk_create(self._opening, batch_size=400)
        self._closing, self._opening = [], []
