"""The settings of clues as data: numbers with their certainty, rules with what to check on site."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from gongchou.core.clue_terms import ClueOrigin, PollutantFamily
from gongchou.core.clues import ClueRules, OriginPoint, RulePoint, ScoreRule
from gongchou.core.inlets import InletRule
from gongchou.core.patrol import PatrolRule
from gongchou.core.refusals import Invalid

Table = Mapping[str, Any]


def read_clue_rules(table: Table, names: Mapping[str, str]) -> ClueRules:
    """The settings written in a table; `names` are the names of the monitoring rules by id.

    Invalid where a rule stands twice, or the rules are not those that have names.
    """
    ids = [entry["id"] for entry in table["rule"]]
    if len(set(ids)) != len(ids):
        raise Invalid("线索设置里有一条规则写了两次，请只留一条。")
    if unknown := set(ids) ^ set(names):
        raise Invalid(f"线索设置与监测规则对不上：{'、'.join(sorted(unknown))}。请补上或者删去。")
    rules = [_rule(entry, names[entry["id"]]) for entry in table["rule"]]
    setting = table["setting"]
    hours = {
        name: timedelta(hours=setting[f"{name}_hours"])
        for name in ("extend", "case", "before", "after")
    }
    return ClueRules(
        triage_days=setting["triage_days"],
        watch_days=setting["watch_days"],
        remote_approval=setting["remote_approval"],
        officers_per_visit=setting["officers_per_visit"],
        least_outcomes=setting["least_outcomes"],
        score=_score(table["score"]),
        rules={rule.rule: rule for rule in rules},
        origins={ClueOrigin(name): _origin(entry) for name, entry in table["origin"].items()},
        **hours,
    )


def _rule(entry: Table, title: str) -> RulePoint:
    return RulePoint(
        rule=entry["id"],
        title=title,
        family=PollutantFamily(entry["family"]),
        minutes=entry["minutes"],
        points=tuple(entry["points"]),
    )


def _origin(entry: Table) -> OriginPoint:
    return OriginPoint(
        severity=entry["severity"],
        family=PollutantFamily(entry["family"]),
        points=tuple(entry["points"]),
    )


def _score(entry: Table) -> ScoreRule:
    given = {name: value for name, value in entry.items() if name != "certainty"}
    base = {int(severity): points for severity, points in given.pop("base").items()}
    longest, least = Fraction(given.pop("longest")), Fraction(given.pop("least_quality"))
    return ScoreRule(base=base, longest=longest, least_quality=least, **given)


def read_inlet_rule(table: Table) -> InletRule:
    """What files from outside are judged by."""
    patrol, video = table["patrol"], table["video"]
    return InletRule(
        patrol=PatrolRule(
            times=patrol["times"],
            window=timedelta(minutes=patrol["window_minutes"]),
            least_samples=patrol["least_samples"],
            gap=timedelta(seconds=patrol["gap_seconds"]),
            exhaust=timedelta(seconds=patrol["exhaust_seconds"]),
            pass_after=timedelta(minutes=patrol["pass_minutes"]),
            pass_metres=patrol["pass_metres"],
            stop_speed=patrol["stop_speed"],
            stop=timedelta(seconds=patrol["stop_seconds"]),
            floors=table["floor"],
        ),
        confidence=video["confidence"],
        frames=video["frames"],
        warmer_by=table["drone"]["warmer_by"],
        buffer_metres=table["drone"]["buffer_metres"],
        nearest_wind=table["wind"]["nearest_metres"],
        fingerprints=table["fingerprint"],
    )
