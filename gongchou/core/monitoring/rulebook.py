"""Rules as data: their versions, thresholds and words, as `law/monitoring` or a bureau has set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from gongchou.core.monitoring.words import JudgedEvery, RuleFamily
from gongchou.core.refusals import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A number of a rule. `loosens` says whether a greater ("up") or smaller ("down") number lets
    more pass; `source` is "" where the number is a default of the product without any text. A
    number below `least` makes no sense; what counts or divides has 1.
    """

    name: str
    says: str
    value: Decimal
    unit: str = ""
    loosens: str = "up"
    source: str = ""
    least: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorRule:
    """One version of one rule.

    `need` of `of` hours must show the condition before an event opens; it ends when none shows it
    for more than `merge_hours`. `lookback_hours` is all a verdict about an hour may depend on.
    """

    id: str
    version: str
    name: str
    family: RuleFamily
    severity: int
    every: JudgedEvery
    since: date
    lookback_hours: int
    merge_hours: int
    need: int
    of: int
    is_clue: bool
    inputs: tuple[str, ...]
    guards: tuple[str, ...]
    says: str
    thresholds: Mapping[str, Threshold]

    def exact(self, name: str) -> Decimal:
        return self.thresholds[name].value

    def number(self, name: str) -> float:
        return float(self.thresholds[name].value)

    def count(self, name: str) -> int:
        """A whole number, never below its least: an older version may hold a smaller one."""
        found = self.thresholds[name]
        return int(max(found.value, found.least))

    def shown(self) -> dict[str, str]:
        """Thresholds as an event cites them."""
        return {t.says: f"{t.value:f}{t.unit}" for t in self.thresholds.values()}


RuleBook = Mapping[str, MonitorRule]


def book_on(versions: Sequence[MonitorRule], on: date) -> dict[str, MonitorRule]:
    """Of each rule the version with the latest start by a day; of equals the later in order."""
    found: dict[str, MonitorRule] = {}
    for rule in sorted(versions, key=lambda one: one.since):
        if rule.since <= on:
            found[rule.id] = rule
    return dict(sorted(found.items()))


def with_values(
    rule: MonitorRule, values: Mapping[str, str], *, version: str, since: date
) -> MonitorRule:
    """The rule with other numbers, as a version of its own; Invalid where one makes no sense."""
    thresholds = dict(rule.thresholds)
    for name, text in values.items():
        if name not in thresholds:
            raise Invalid(f"规则 {rule.id} 没有名为“{name}”的阈值，请从规则页面填写。")
        thresholds[name] = replace(thresholds[name], value=_number(text, thresholds[name].says))
    return replace(rule, version=version, since=since, thresholds=thresholds)


def changed(
    rule: MonitorRule, values: Mapping[str, str], *, version: str, since: date
) -> MonitorRule:
    """The same; Invalid also where a number is below its least, or none is other than before."""
    new = with_values(rule, values, version=version, since=since)
    for threshold in new.thresholds.values():
        if threshold.value < threshold.least:
            raise Invalid(
                f"规则 {rule.id} 的“{threshold.says}”填了 {threshold.value:f}，"
                f"应不小于 {threshold.least:f}，请改正后再保存。"
            )
    if new.thresholds == dict(rule.thresholds):
        raise Invalid("各阈值都与现行版本相同，没有可以保存的变更。")
    return new


def loosened(before: MonitorRule, after: MonitorRule) -> tuple[Threshold, ...]:
    """The thresholds of a new version under which more would pass than before."""
    found = []
    for name, new in after.thresholds.items():
        was = before.thresholds[name].value
        if new.value != was and (new.value > was) == (new.loosens == "up"):
            found.append(new)
    return tuple(found)


def _number(text: str, says: str) -> Decimal:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise Invalid(f"“{says}”应是数字，请改正后再保存。") from None
    if not value.is_finite() or not Decimal(-100_000) <= value <= Decimal(100_000):
        raise Invalid(f"“{says}”超出可用的范围，请改正后再保存。")
    return value
