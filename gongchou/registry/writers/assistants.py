"""Assistants with the body that sends them and the letter that lets them come."""

from collections.abc import Sequence
from typing import Any

from gongchou.core.refusals import Refused
from gongchou.registry import models
from gongchou.registry.numbering import take
from gongchou.registry.writers.changes import (
    ACCEPTED,
    UNCHANGED,
    UPDATED,
    Values,
    Written,
    check_lengths,
    check_order,
    holds,
    rejected,
    settled,
)

LETTER = ("since", "until", "scope", "qualification", "is_published")


class AssistantBook:
    """Assistants of one bureau under one change; each row is a person with the letter."""

    sensitive = 0

    def __init__(self, change: models.RegisterChange) -> None:
        self.change = change

    def write(self, rows: Sequence[Values]) -> list[Written]:
        return [self._one(settled(values)) for values in rows]

    def _one(self, values: Values) -> Written:
        try:
            if values["until"] < values["since"]:
                raise Refused("委托止早于委托起，请核对")
            body = self._body(values["body"])
            letter = {name: values[name] for name in LETTER if name in values}
            letters = models.Commission.objects.filter(body=body, number=values["number"])
            changed = self._put(letters, {"body": body, "number": values["number"]}, letter)
            people = models.Assistant.objects.filter(body=body, name=values["name"])
            person = {"letter": values["number"]}
            if "expertise" in values:
                person["expertise"] = values["expertise"]
            found = self._put(people, {"body": body, "name": values["name"]}, person)
        except Refused as refusal:
            return rejected(str(refusal))
        return UPDATED if found is UNCHANGED and changed is not UNCHANGED else found

    def _body(self, name: str) -> models.CommissionedBody:
        owner = self.change.bureau
        check_lengths(models.CommissionedBody, {"name": name})
        found = models.CommissionedBody.objects.filter(bureau=owner, name=name).first()
        if found:
            return found
        number = take(owner, "W", models.CommissionedBody)
        return models.CommissionedBody.objects.create(
            ref=f"W{owner.code}-{number:04}", bureau=owner, name=name
        )

    def _put(self, rows: Any, key: dict[str, Any], fields: dict[str, Any]) -> Written:
        """A new row beside the old one where anything differs."""
        old = rows.filter(known_until=None).first()
        check_lengths(rows.model, {**fields, **{k: v for k, v in key.items() if k != "body"}})
        if old is not None and holds(old, fields):
            return UNCHANGED
        kept: dict[str, Any] = {}
        if old is not None:
            check_order(old.known_since, self.change)
            rows.filter(pk=old.pk).update(known_until=self.change.on)
            kept = {
                f.name: getattr(old, f.name)
                for f in rows.model._meta.fields
                if f.name not in {"id", "change", "known_since", "known_until"}
            }
        elif rows.model is models.Assistant:
            kept = {"ref": self._ref()}
        new = {**kept, **key, **fields}
        rows.model.objects.create(change=self.change, known_since=self.change.on, **new)
        return UPDATED if old else ACCEPTED

    def _ref(self) -> str:
        owner = self.change.bureau
        number = take(owner, "A")
        return f"A{owner.code}-{number:04}"
