"""Rows about sites: compared with what is there, then added, changed or left alone, lot by lot."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from gongchou.core.refusals import Refused, Stale
from gongchou.core.terms import ImportKind, OperatingStatus
from gongchou.registry import models
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.registry.initials import initials
from gongchou.registry.numbering import take
from gongchou.registry.places import placed
from gongchou.registry.tags import TEXTS
from gongchou.registry.writers.changes import (
    ACCEPTED,
    DUPLICATE,
    UNCHANGED,
    UPDATED,
    Values,
    Written,
    all_fit,
    all_settled,
    check_lengths,
    check_order,
    holds,
    rejected,
    settled,
    twice,
)
from gongchou.registry.writers.finder import Finder, Opened
from gongchou.registry.writers.inserting import insert

BOOKKEEPING = {"id", "subject", "inspector", "bureau", "change", "since", "until"}
# Who changes these takes a site out of the base, puts it in, or moves it to another class.
SENSITIVE = ("permit_category", "key_unit_types", "operating_status", "is_excluded")
KEPT = [f.attname for f in models.SubjectVersion._meta.fields if f.name not in BOOKKEEPING]


class SubjectBook:
    """Sites of one bureau under one change; `sensitive` counts what a second person must see."""

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        self.sensitive = 0
        # Whether the texts of the lot being written were looked at all together.
        self._all_fit = False
        self._closing: list[models.SubjectVersion] = []
        self._offered: set[tuple[str, str]] = set()
        # The site's key, or what stands for it until it has one; and all fields of its version.
        self._opening: list[tuple[Any, dict[str, Any]]] = []

    def write(self, rows: Sequence[Values]) -> list[Written]:
        """One lot: one look at the database, one round of writing."""
        rows = all_settled(rows)
        self._all_fit = all_fit(models.SubjectVersion, rows)
        finder = Finder(self.change, rows)
        found = [self._one(finder, values) for values in rows]
        self._all_fit = False
        self._flush()
        return found

    def change_one(self, old: models.SubjectVersion, values: Values) -> Written:
        """One subject's own edit; fields not given stay."""
        given = {"name": old.name, "operating_status": old.operating_status, **values}
        found = self._replace(old, _completed(settled(given)))[0]
        self._flush()
        return found

    def close(self, old: models.SubjectVersion) -> None:
        """The site is in the register no longer, from the change's day on."""
        check_order(old.since, self.change)
        self.sensitive += self._is_established(old)
        self._closing.append(old)
        self._flush()

    def reopen(self, last: models.SubjectVersion) -> None:
        """A site that had ended is in the register again, with what it had, from the change on."""
        self.sensitive += self._is_established(last)
        self._open(last.subject_id, {name: getattr(last, name) for name in KEPT})
        self._flush()

    def _one(self, finder: Finder, values: Values) -> Written:
        try:
            old = finder.find(values)
            fields = _completed(values)
            if old is None:
                finder.remember(self._open(_Unnumbered(), fields))
                return ACCEPTED
            if old.change_id == self.change.pk:
                return self._twice(old, fields)
            written, new = self._replace(old, fields)
        except Refused as refusal:
            return rejected(str(refusal))
        if new:
            finder.remember(new)
        return written

    def _twice(self, old: models.SubjectVersion | Opened, fields: Values) -> Written:
        """A row about a site that this file wrote already, under other names."""
        has = old.fields.get if isinstance(old, Opened) else partial(getattr, old)
        titles = LAYOUTS[ImportKind.SUBJECTS].titles
        other = [titles[n] for n, value in fields.items() if n in titles and has(n) != value]
        return twice(other) if other else DUPLICATE

    def _open(self, subject: Any, fields: dict[str, Any]) -> Opened:
        if not self._all_fit:
            check_lengths(models.SubjectVersion, fields)
        self._opening.append((subject, fields))
        uscc, site_code = fields.get("uscc") or "", fields.get("site_code") or ""
        return Opened(subject, self.change.pk, fields["name"], uscc, site_code, fields)

    def _replace(self, old: models.SubjectVersion, fields: Values) -> tuple[Written, Opened | None]:
        """Close the old version and open one with the new values; columns not given stay."""
        if holds(old, fields):
            return UNCHANGED, None
        check_order(old.since, self.change)
        kept: dict[str, Any] = {name: getattr(old, name) for name in KEPT}
        new = {**kept, **fields}
        opened = self._open(old.subject_id, new)
        if not holds(old, {name: new[name] for name in SENSITIVE}):
            self.sensitive += self._is_established(old)
        self._closing.append(old)
        return UPDATED, opened

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
        new = [subject for subject, _ in self._opening if isinstance(subject, _Unnumbered)]
        keys = dict(zip(new, self._numbered(len(new)), strict=True))
        for subject, fields in self._opening:
            fields["subject_id"] = keys.get(subject, subject)
        insert(
            models.SubjectVersion,
            (fields for _, fields in self._opening),
            bureau_id=self.change.bureau_id,
            change_id=self.change.pk,
            since=self.change.on,
        )
        self._offer()
        self._closing, self._opening = [], []

    def _offer(self) -> None:
        """What filters offer, so that a list need not be read through for its few areas."""
        found = {
            (name, value)
            for name in TEXTS
            for value in {row.get(name) or "" for _, row in self._opening}
        }
        new = sorted(found - self._offered)
        self._offered |= found
        owner = self.change.bureau_id
        models.OccurringValue.objects.bulk_create(
            (
                models.OccurringValue(bureau_id=owner, field=name, value=value)
                for name, value in new
                if value
            ),
            ignore_conflicts=True,
        )

    def _numbered(self, count: int) -> list[int]:
        """The keys of so many new sites, in the order of their refs."""
        if not count:
            return []
        owner = self.change.bureau
        first = take(owner, "S", models.Subject, count)
        refs = [f"S{owner.code}-{number:06}" for number in range(first, first + count)]
        insert(models.Subject, ({"ref": ref} for ref in refs), bureau_id=owner.pk)
        # Their numbers are ours until the act ends, so the last ones of the bureau are these, and
        # keys ascend in the order in which rows are written.
        rows = models.Subject.objects.filter(bureau=owner).order_by("-pk")
        keys = list(rows.values_list("pk", flat=True)[:count])
        return keys[::-1]


class _Unnumbered:
    """Stands for a site that gets its number when the lot is written."""

    __slots__ = ()


def _completed(values: Values) -> dict[str, Any]:
    status = values.get("operating_status") or OperatingStatus.OPERATING.value
    return {**placed(values), "operating_status": status, "initials": initials(values["name"])}
