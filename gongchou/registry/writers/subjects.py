"""Rows about sites: compared with what is there, then added, changed or left alone, lot by lot."""

from collections.abc import Sequence
from typing import Any

from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import OperatingStatus
from gongchou.registry import models
from gongchou.registry.initials import initials
from gongchou.registry.numbering import take
from gongchou.registry.places import placed
from gongchou.registry.writers.changes import (
    ACCEPTED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    Values,
    Written,
    check_lengths,
    check_order,
    holds,
    rejected,
)
from gongchou.registry.writers.finder import Finder
from gongchou.registry.writers.inserting import insert

BOOKKEEPING = {"id", "subject", "inspector", "bureau", "change", "since", "until"}
# Who changes these takes a site out of the base, puts it in, or moves it to another class.
SENSITIVE = ("permit_category", "key_unit_types", "operating_status", "is_excluded")
INSERT = 400
KEPT = [f.attname for f in models.SubjectVersion._meta.fields if f.name not in BOOKKEEPING]


class SubjectBook:
    """Sites of one bureau under one change; `sensitive` counts what a second person must see."""

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        self.sensitive = 0
        self._closing: list[models.SubjectVersion] = []
        self._opening: list[models.SubjectVersion] = []

    def write(self, rows: Sequence[Values]) -> list[Written]:
        """One lot: one look at the database, one round of writing."""
        finder = Finder(self.change, rows)
        found = [self._one(finder, values) for values in rows]
        self._flush()
        return found

    def change_one(self, old: models.SubjectVersion, values: Values) -> Written:
        """One subject's own edit; fields not given stay."""
        given = {"name": old.name, "operating_status": old.operating_status, **values}
        found = self._replace(old, _completed(given))[0]
        self._flush()
        return found

    def close(self, old: models.SubjectVersion) -> None:
        """The site is in the register no longer, from the change's day on."""
        check_order(old.since, self.change)
        self.sensitive += self._is_established(old)
        self._closing.append(old)
        self._flush()

    def _one(self, finder: Finder, values: Values) -> Written:
        try:
            old = finder.find(values)
            fields = _completed(values)
            if old is None:
                finder.remember(self._open(models.Subject(bureau=self.change.bureau), fields))
                return ACCEPTED
            if old.change_id == self.change.pk:
                return DUPLICATE
            written, new = self._replace(old, fields)
        except Refused as refusal:
            return rejected(str(refusal))
        if new:
            finder.remember(new)
        return written

    def _open(self, subject: models.Subject, fields: Values) -> models.SubjectVersion:
        check_lengths(models.SubjectVersion, fields)
        version = models.SubjectVersion(
            subject=subject,
            bureau=self.change.bureau,
            change=self.change,
            since=self.change.on,
            **fields,
        )
        self._opening.append(version)
        return version

    def _replace(
        self, old: models.SubjectVersion, fields: Values
    ) -> tuple[Written, models.SubjectVersion | None]:
        """Close the old version and open one with the new values; columns not given stay."""
        if holds(old, fields):
            return UNCHANGED, None
        check_order(old.since, self.change)
        kept: dict[str, Any] = {name: getattr(old, name) for name in KEPT}
        new = self._open(old.subject, {**kept, **fields})
        if not holds(old, {name: getattr(new, name) for name in SENSITIVE}):
            self.sensitive += self._is_established(old)
        self._closing.append(old)
        return UPDATED, new

    def _is_established(self, old: models.SubjectVersion) -> bool:
        """Known before this day: what is entered and mended on one day asks nobody else."""
        earlier = models.SubjectVersion.objects.filter(
            subject=old.subject_id, since__lt=self.change.on
        )
        return old.since < self.change.on or earlier.exists()

    def _flush(self) -> None:
        pks = [row.pk for row in self._closing]
        rows = models.SubjectVersion.objects.filter(pk__in=pks, until=None)
        if pks and rows.update(until=self.change.on) != len(pks):
            raise Stale("名录刚被他人修改，请重新导入。")
        new = [version.subject for version in self._opening if version.subject.pk is None]
        if new:
            owner = self.change.bureau
            first = take(owner, "S", models.Subject, len(new))
            for number, subject in enumerate(new, start=first):
                subject.ref = f"S{owner.code}-{number:06}"
            models.Subject.objects.bulk_create(new, batch_size=INSERT)
        for version in self._opening:
            version.subject_id = version.subject.pk
        insert(self._opening)
        self._closing, self._opening = [], []


def _completed(values: Values) -> dict[str, Any]:
    status = values.get("operating_status") or OperatingStatus.OPERATING.value
    return {**placed(values), "operating_status": status, "initials": initials(values["name"])}
