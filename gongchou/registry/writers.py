"""One row into the register: compared with what is there, then added, changed or left alone.

Called by this room's actions only, within their transaction.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Model
from pypinyin import Style, lazy_pinyin

from gongchou.core.refusals import Refused
from gongchou.core.terms import DutyStatus, ImportKind, OperatingStatus, RowOutcome
from gongchou.registry import models

Values = Mapping[str, Any]


def initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:200].lower()


class Register:
    """The open versions of one bureau, found by what a row is known by."""

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        rows = models.SubjectVersion.objects.filter(bureau=change.bureau, until=None)
        self._by_site, self._by_unit, self._by_name = {}, {}, {}
        for version in rows.select_related("subject"):
            self._remember(version)
        people = models.InspectorVersion.objects.filter(bureau=change.bureau, until=None)
        self._people = {
            key: version
            for version in people.select_related("inspector")
            for key in self._person_keys(version)
        }

    def _remember(self, version: models.SubjectVersion) -> None:
        if version.site_code:
            self._by_site[version.site_code] = version
        self._by_unit[version.uscc, version.name] = version
        self._by_name.setdefault(version.name, version)

    @staticmethod
    def _person_keys(version: models.InspectorVersion) -> list[tuple[str, ...]]:
        keys = [("card", version.enforcement_card_no), ("work", version.work_card_no)]
        return [key for key in keys if key[1]] + [("name", version.name, version.unit)]

    def subject_like(self, values: Values, prefix: str = "") -> models.SubjectVersion | None:
        site, uscc, name = (values.get(prefix + k) or "" for k in ("site_code", "uscc", "name"))
        if site:
            return self._by_site.get(site)
        return self._by_unit.get((uscc, name)) or (None if uscc else self._by_name.get(name))

    def write(self, kind: ImportKind, values: Values) -> RowOutcome:
        """Store one row; Refused with a sentence where it has no place."""
        if kind is ImportKind.SUBJECTS:
            return self._subject(values)
        if kind is ImportKind.INSPECTORS:
            return self._inspector(values)
        return self._fact(FACTS[kind], values)

    def _subject(self, values: Values) -> RowOutcome:
        old = self.subject_like(values)
        fields = {**values, "initials": initials(values["name"])}
        fields["operating_status"] = (
            values.get("operating_status") or OperatingStatus.OPERATING.value
        )
        if old is None:
            number = models.Subject.objects.filter(bureau=self.change.bureau).count() + 1
            ref = f"S{self.change.bureau.code}-{number:06}"
            owner = models.Subject.objects.create(ref=ref, bureau=self.change.bureau)
            self._open(models.SubjectVersion, {"subject": owner}, fields)
            return RowOutcome.ACCEPTED
        return self._replace(old, {"subject": old.subject}, fields)

    def _inspector(self, values: Values) -> RowOutcome:
        keys = self._person_keys(models.InspectorVersion(**values))
        old = next((self._people[key] for key in keys if key in self._people), None)
        fields = {**values, "duty_status": values.get("duty_status") or DutyStatus.ON_DUTY.value}
        if fields.get("is_certified") and not fields.get("card_valid_until"):
            raise Refused("具有执法资格的，应填写执法证有效期")
        if old is None:
            number = models.Inspector.objects.filter(bureau=self.change.bureau).count() + 1
            ref = f"I{self.change.bureau.code}-{number:04}"
            owner = models.Inspector.objects.create(ref=ref, bureau=self.change.bureau)
            self._open(models.InspectorVersion, {"inspector": owner}, fields)
            return RowOutcome.ACCEPTED
        return self._replace(old, {"inspector": old.inspector}, fields)

    def _open(self, kind: Callable[..., Any], owner: Values, fields: Values) -> None:
        version = kind(
            bureau=self.change.bureau, change=self.change, since=self.change.on, **owner, **fields
        )
        version.save(force_insert=True)
        if isinstance(version, models.SubjectVersion):
            self._remember(version)

    def _replace(self, old: Any, owner: Values, fields: Values) -> RowOutcome:
        """Close the old version and open one with the new values; columns not given stay."""
        if all(getattr(old, name) == value for name, value in fields.items()):
            return RowOutcome.UNCHANGED
        kept = {f.name: getattr(old, f.name) for f in old._meta.fields if f.name not in BOOKKEEPING}
        changed = type(old).objects.filter(pk=old.pk, until=None).update(until=self.change.on)
        if changed != 1:
            raise Refused("该对象刚被他人修改，请重新导入")
        self._open(type(old), owner, {**kept, **fields})
        return RowOutcome.UPDATED

    def _fact(self, kind: tuple[type[Model], str], values: Values) -> RowOutcome:
        model, key = kind
        about = self.subject_like(values, "subject_")
        if about is None:
            raise Refused("所指的单位不在检查对象名录中，请先导入该单位或核对代码、名称")
        fields = {name: v for name, v in values.items() if not name.startswith("subject_")}
        rows = model._default_manager.filter(subject=about.subject, **{key: fields[key]})
        old = rows.first()
        if old is None:
            model._default_manager.create(subject=about.subject, change=self.change, **fields)
            return RowOutcome.ACCEPTED
        if all(getattr(old, name) == value for name, value in fields.items()):
            return RowOutcome.UNCHANGED
        rows.update(change=self.change, **fields)
        return RowOutcome.UPDATED


BOOKKEEPING = {"id", "subject", "inspector", "bureau", "change", "since", "until"}
FACTS: Mapping[ImportKind, tuple[type[Model], str]] = {
    ImportKind.PENALTIES: (models.Penalty, "document_number"),
    ImportKind.COMPLAINTS: (models.Complaint, "number"),
    ImportKind.CREDITS: (models.CreditRecord, "rated_on"),
    ImportKind.SUPERVISED_CASES: (models.SupervisedCase, "number"),
    ImportKind.POSITIVE_LIST: (models.PositiveListEntry, "since"),
}
