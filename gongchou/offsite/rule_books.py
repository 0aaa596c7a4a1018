"""The rules as they stand for a bureau on a day: the shipped versions and its own over them."""

from collections.abc import Sequence
from datetime import date

from gongchou.core.monitoring.rulebook import MonitorRule, book_on, with_values
from gongchou.core.monitoring.words import VersionState
from gongchou.law.load import load_monitor_rules
from gongchou.offsite import models


def versions(bureau: str) -> list[MonitorRule]:
    """Every version in force at some day, the shipped ones first; a bureau's own in order."""
    found = list(load_monitor_rules())
    shipped = {rule.id: rule for rule in found}
    rows = models.RuleVersion.objects.filter(bureau__code=bureau).select_related("consent")
    for row in rows.order_by("since", "pk"):
        if state_of(row) is VersionState.IN_FORCE:
            rule = shipped[row.rule]
            values = {
                name: text for name, text in row.thresholds.items() if name in rule.thresholds
            }
            found.append(with_values(rule, values, version=row.version, since=row.since))
    return found


def state_of(row: models.RuleVersion) -> VersionState:
    """A version that loosens nothing holds at once; another needs a second person's word."""
    consent = getattr(row, "consent", None)
    if consent is not None:
        return VersionState.IN_FORCE if consent.agrees else VersionState.REFUSED
    return VersionState.WAITING if row.loosens else VersionState.IN_FORCE


def book(bureau: str, on: date) -> dict[str, MonitorRule]:
    return book_on(versions(bureau), on)


def named(bureau: str, wanted: Sequence[tuple[str, str]]) -> dict[str, MonitorRule]:
    """The versions asked for by (rule, version), for a replay."""
    known = {(rule.id, rule.version): rule for rule in versions(bureau)}
    return {id_: known[id_, version] for id_, version in wanted if (id_, version) in known}
