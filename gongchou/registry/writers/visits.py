"""Visits from before the product came: remembered for rotation, caps and counts, as imported."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from gongchou.core.refusals import Refused
from gongchou.core.terms import InspectionKind, RowOutcome
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
)
from gongchou.registry.writers.facts import NOBODY
from gongchou.registry.writers.finder import Finder


class VisitBook:
    """Earlier visits of one bureau under one change."""

    sensitive = 0

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change
        people = models.InspectorVersion.objects.filter(bureau=change.bureau)
        rows = people.order_by("pk").values_list("inspector__ref", "name", "enforcement_card_no")
        self._by_card = {card: ref for ref, _, card in rows if card}
        names = {(ref, name) for ref, name, _ in rows}
        self._namesakes = Counter(name for _, name in names)
        self._by_name = {name: ref for ref, name in names}

    def write(self, rows: Sequence[Values]) -> list[Written]:
        rows = all_settled(rows)
        finder = Finder(self.change, rows, "subject_")
        return [self._one(finder, values) for values in rows]

    def _one(self, finder: Finder, values: Values) -> Written:
        try:
            about = finder.find(values)
            if about is None:
                raise Refused(NOBODY)
            if values["ended_on"] > self.change.on:
                raise Refused(f"检查日期 {values['ended_on']} 在今天以后，请核对")
            return self._put(about, self._fields(about, values))
        except Refused as refusal:
            return rejected(str(refusal))

    def _fields(self, about: models.SubjectVersion, values: Values) -> dict[str, Any]:
        kind = values.get("inspection_kind") or InspectionKind.DAILY.value
        number = values.get("number") or f"{about.subject.ref}-{values['ended_on']}-{kind}"
        inspectors: list[str] = []
        others: list[str] = []
        for person in values["people"]:
            if self._namesakes[person] > 1:
                raise Refused(f"名录中有 {self._namesakes[person]} 位“{person}”，请改填执法证号")
            ref = self._by_card.get(person) or self._by_name.get(person)
            (inspectors if ref else others).append(ref or person)
        return {
            "subject": about.subject,
            "visit_ref": f"H{self.change.bureau.code}-{number}",
            "ended_on": values["ended_on"],
            "inspection_kind": kind,
            "inspectors": sorted(inspectors),
            "others": others,
        }

    def _put(self, about: models.SubjectVersion, fields: dict[str, Any]) -> Written:
        check_lengths(models.PastVisit, {"visit_ref": fields["visit_ref"]})
        rows = models.PastVisit.objects.filter(known_until=None)
        own = rows.filter(subject=about.subject, ended_on=fields["ended_on"], change=None)
        if own.exists():
            says = "本系统中已有这次检查的记录，不再导入"
            return Written(outcome=RowOutcome.DUPLICATE, says=says)
        old = rows.filter(visit_ref=fields["visit_ref"]).first()
        if old is not None and old.change_id == self.change.pk:
            return DUPLICATE
        if old is not None and holds(old, fields):
            return UNCHANGED
        if old is not None:
            check_order(old.known_since, self.change)
            rows.filter(pk=old.pk).update(known_until=self.change.on)
        models.PastVisit.objects.create(change=self.change, known_since=self.change.on, **fields)
        return _warned(UPDATED if old else ACCEPTED, fields["others"])


def _warned(written: Written, others: list[str]) -> Written:
    if not others:
        return written
    warns = f"“{'”“'.join(others)}”不在检查人员名录中，已按姓名留存，不计入年度检查次数"
    return Written(outcome=written.outcome, warns=warns)
