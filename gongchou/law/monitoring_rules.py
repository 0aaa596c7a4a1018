"""The rules of monitoring as `law/monitoring/*.toml` writes them, turned into core's values."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from gongchou.core.monitoring.rulebook import MonitorRule, Threshold
from gongchou.core.monitoring.words import JudgedEvery, RuleFamily
from gongchou.core.refusals import Invalid


def read_rules(tables: Mapping[str, Mapping[str, Any]]) -> tuple[MonitorRule, ...]:
    """Every version of every rule, by id and start; Invalid, naming file and rule, where faulty."""
    found = [
        _rule(name, entry) for name, table in tables.items() for entry in table.get("rule", [])
    ]
    ids = [(rule.id, rule.version) for rule in found]
    if len(set(ids)) != len(ids):
        raise Invalid("监测规则有两个编号和版本都相同，请改正其中一个。")
    return tuple(sorted(found, key=lambda rule: (rule.id, rule.since, rule.version)))


def _rule(name: str, entry: Mapping[str, Any]) -> MonitorRule:
    try:
        return MonitorRule(
            id=str(entry["id"]),
            version=str(entry["version"]),
            name=str(entry["name"]),
            family=RuleFamily(entry["family"]),
            severity=_severity(entry["severity"]),
            every=JudgedEvery(entry["every"]),
            since=_day(entry["since"]),
            lookback_hours=int(entry["lookback_hours"]),
            merge_hours=int(entry["merge_hours"]),
            need=int(entry["need"]),
            of=int(entry["of"]),
            is_clue=bool(entry["is_clue"]),
            inputs=tuple(entry["inputs"]),
            guards=tuple(entry["guards"]),
            says=str(entry["says"]),
            thresholds={key: _threshold(key, said) for key, said in entry["thresholds"].items()},
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        where = entry.get("id", "没有编号的一条")
        raise Invalid(
            f"“{name}”的规则 {where} 写得不完整或不正确（{error}），"
            "请对照 docs/law/monitoring.md 改正。"
        ) from error


def _threshold(name: str, said: Mapping[str, Any]) -> Threshold:
    loosens = str(said["loosens"])
    if loosens not in ("up", "down"):
        raise ValueError(f"{name}.loosens")
    return Threshold(
        name=name,
        says=str(said["says"]),
        value=Decimal(str(said["value"])),
        unit=str(said.get("unit", "")),
        loosens=loosens,
        source=str(said.get("source", "")),
        least=Decimal(str(said.get("least", 0))),
    )


def _severity(found: Any) -> int:
    if found not in (1, 2, 3, 4):
        raise ValueError("severity")
    return int(found)


def _day(found: Any) -> date:
    if type(found) is not date:
        raise TypeError("since")
    return found
