"""One row into the register: compared with what is there, then added, changed or left alone.

Called by this room's actions only, within their transaction.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from pypinyin import Style, lazy_pinyin

from gongchou.accounts.models import Bureau
from gongchou.core.powers import Actor
from gongchou.core.refusals import Refused
from gongchou.core.terms import DutyStatus, ImportKind, OperatingStatus, RowOutcome
from gongchou.registry import models
from gongchou.registry.item_draft import ItemDraft, check_lengths
from gongchou.registry.numbering import take

Values = Mapping[str, Any]


def initials(name: str) -> str:
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))[:200].lower()


def open_change(
    kind: ImportKind, source: str, *, on: date, by: Actor, at: datetime, **more: str
) -> models.RegisterChange:
    """The dated, named change to which everything written now belongs."""
    owner = Bureau.objects.get(code=by.bureau)
    number = take(owner, "C", models.RegisterChange)
    return models.RegisterChange.objects.create(
        ref=f"C{by.bureau}-{number:06}",
        bureau=owner,
        kind=kind.value,
        source=source[:200],
        on=on,
        at=at,
        by_ref=by.ref,
        by_name=by.name,
        **more,
    )


def _completed(values: Values) -> dict[str, Any]:
    status = values.get("operating_status") or OperatingStatus.OPERATING.value
    return {**values, "operating_status": status, "initials": initials(values["name"])}


class Register:
    """The open versions of one bureau, found by what a row is known by."""

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        rows = models.SubjectVersion.objects.filter(bureau=change.bureau, until=None)
        self._by_site: dict[str, models.SubjectVersion] = {}
        self._by_name: dict[str, dict[int, models.SubjectVersion]] = {}
        self._items = ItemDraft(change)
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
        for key in (version.name, version.uscc):
            if key:
                self._by_name.setdefault(key, {})[version.subject_id] = version

    @staticmethod
    def _person_keys(version: models.InspectorVersion) -> list[tuple[str, ...]]:
        keys = [("card", version.enforcement_card_no), ("work", version.work_card_no)]
        return [key for key in keys if key[1]] + [("name", version.name, version.unit)]

    def subject_like(self, values: Values, prefix: str = "") -> models.SubjectVersion | None:
        """The one open version a row speaks of; Refused where several sites would fit."""
        site, uscc, name = (values.get(prefix + k) or "" for k in ("site_code", "uscc", "name"))
        if site in self._by_site:
            return self._by_site[site]
        rows = self._by_name.get(uscc or name, {}).values()
        # A site not known yet may be one entered earlier without its code, never another site.
        fitting = [
            row
            for row in rows
            if (row.uscc == uscc or not uscc)
            and (row.name == name or not name)
            and not (site and row.site_code)
        ]
        if len(fitting) > 1:
            raise Refused(f"名录中有 {len(fitting)} 处场所与此相符，请填写固定污染源编码以便区分")
        return fitting[0] if fitting else None

    def write(self, kind: ImportKind, values: Values) -> RowOutcome:
        """Store one row; Refused with a sentence where it has no place."""
        if kind is ImportKind.SUBJECTS:
            return self._subject(values)
        if kind is ImportKind.INSPECTORS:
            return self._inspector(values)
        if kind is ImportKind.ITEMS:
            return self._items.write(values)
        return self._fact(FACTS[kind], values)

    def _subject(self, values: Values) -> RowOutcome:
        old = self.subject_like(values)
        fields = _completed(values)
        if old is None:
            number = take(self.change.bureau, "S", models.Subject)
            ref = f"S{self.change.bureau.code}-{number:06}"
            owner = models.Subject.objects.create(ref=ref, bureau=self.change.bureau)
            self._open(models.SubjectVersion, {"subject": owner}, fields)
            return RowOutcome.ACCEPTED
        return self._replace(old, {"subject": old.subject}, fields)

    def change_one(self, old: models.SubjectVersion, values: Values) -> RowOutcome:
        """One subject's own edit; fields not given stay."""
        fields = _completed({"name": old.name, "operating_status": old.operating_status, **values})
        return self._replace(old, {"subject": old.subject}, fields)

    def _inspector(self, values: Values) -> RowOutcome:
        keys = self._person_keys(models.InspectorVersion(**values))
        old = next((self._people[key] for key in keys if key in self._people), None)
        fields = {**values, "duty_status": values.get("duty_status") or DutyStatus.ON_DUTY.value}
        if fields.get("is_certified") and not fields.get("card_valid_until"):
            raise Refused("具有执法资格的，应填写执法证有效期")
        if old is None:
            number = take(self.change.bureau, "I", models.Inspector)
            ref = f"I{self.change.bureau.code}-{number:04}"
            owner = models.Inspector.objects.create(ref=ref, bureau=self.change.bureau)
            self._open(models.InspectorVersion, {"inspector": owner}, fields)
            return RowOutcome.ACCEPTED
        return self._replace(old, {"inspector": old.inspector}, fields)

    def _open(self, kind: type[Model], owner: Values, fields: Values) -> None:
        check_lengths(kind, fields)
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
        if old.since > self.change.on:
            raise Refused(
                f"名录中已有 {old.since} 起的较新内容，不能再写入 {self.change.on} 的变更"
            )
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
        check_lengths(model, fields)
        rows = model._default_manager.filter(
            subject=about.subject, known_until=None, **{key: fields[key]}
        )
        old: Any = rows.first()
        if old is None:
            self._know(model, {"subject": about.subject, **fields})
            return RowOutcome.ACCEPTED
        if all(getattr(old, name) == value for name, value in fields.items()):
            return RowOutcome.UNCHANGED
        self._forget(rows, old.known_since)
        kept = {f.name: getattr(old, f.name) for f in model._meta.fields if f.name not in LEARNT}
        self._know(model, {**kept, **fields})
        return RowOutcome.UPDATED

    def _know(self, model: type[Model], fields: Values) -> None:
        model._default_manager.create(change=self.change, known_since=self.change.on, **fields)

    def _forget(self, rows: Any, since: date) -> None:
        """The old row stays for the days on which it was what the register said."""
        if since > self.change.on:
            raise Refused(f"名录中已有 {since} 起的较新内容，不能再写入 {self.change.on} 的变更")
        if rows.update(known_until=self.change.on) != 1:
            raise Refused("该记录刚被他人修改，请重新导入")


BOOKKEEPING = {"id", "subject", "inspector", "bureau", "change", "since", "until"}
LEARNT = {"id", "change", "known_since", "known_until"}
FACTS: Mapping[ImportKind, tuple[type[Model], str]] = {
    ImportKind.PENALTIES: (models.Penalty, "document_number"),
    ImportKind.COMPLAINTS: (models.Complaint, "number"),
    ImportKind.CREDITS: (models.CreditRecord, "rated_on"),
    ImportKind.SUPERVISED_CASES: (models.SupervisedCase, "number"),
    ImportKind.GRADES: (models.GradeRecord, "since"),
    ImportKind.POSITIVE_LIST: (models.PositiveListEntry, "since"),
}
