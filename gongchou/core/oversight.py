"""The dated settings of oversight: thresholds of alarms, terms of reports, weights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gongchou.core.oversight_terms import OversightKey
from gongchou.core.refusals import Invalid, NoRule

MOST = 10_000
PERCENTS = (OversightKey.TEXT_PERCENT, OversightKey.RECHECK_PERCENT)
HOURS = (OversightKey.NIGHT_FROM, OversightKey.NIGHT_UNTIL)
MAY_BE_NONE = frozenset(
    {*HOURS, OversightKey.PUBLISH_DAYS, *(k for k in OversightKey if k.startswith("weight."))}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value in force from a day on; `source` says who set it and why."""

    key: OversightKey
    value: int
    since: date
    source: str


Limits = Mapping[OversightKey, int]


def in_force(settings: Iterable[Setting], on: date) -> dict[OversightKey, Setting]:
    """Of each key the setting with the latest start by a day, of equals the later in order.

    NoRule where a key has none.
    """
    found: dict[OversightKey, Setting] = {}
    for setting in sorted(settings, key=lambda one: one.since):
        if setting.since <= on:
            found[setting.key] = setting
    missing = [key.label for key in OversightKey if key not in found]
    if missing:
        raise NoRule(f"{on} 没有生效的监督参数：{'、'.join(missing)}。请先设定再核查。")
    return found


def limits_of(settings: Mapping[OversightKey, Setting]) -> dict[OversightKey, int]:
    return {key: setting.value for key, setting in settings.items()}


def check_value(key: OversightKey, value: int) -> None:
    """Invalid, with the range, where a number makes no sense for its key."""
    least = 0 if key in MAY_BE_NONE else 1
    most = 100 if key in PERCENTS else 24 if key in HOURS else MOST
    if not least <= value <= most:
        raise Invalid(f"“{key.label}”应是 {least} 到 {most} 的整数，请改正后再保存。")
