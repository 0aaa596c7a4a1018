"""Cases beside a policy: what it must answer below, on and above each limit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gongchou.core import plain
from gongchou.core.classify import classify_one
from gongchou.core.quota import quarter_count, required_count
from gongchou.core.refusals import Invalid
from gongchou.core.roster import Subject
from gongchou.core.rules import PolicyProfile
from gongchou.core.terms import Stratum
from gongchou.core.workdays import (
    Calendar,
    Quarter,
    forms_deadline,
    statistics_deadline,
    task_deadline,
)

Table = Mapping[str, Any]

FILLED: Mapping[str, Mapping[str, Any]] = {
    "credits": {"evidence": "案例评价"},
    "penalties": {"ref": "案例处罚", "document_number": "案例文号", "revoked_on": ""},
    "complaints": {"ref": "案例举报", "is_violation": 1},
    "supervised_cases": {"ref": "案例挂牌", "lifted_on": ""},
    "listings": {"basis": "案例列入", "until": ""},
    "designations": {"reason": "案例理由", "approved_by": "案例批准人"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question with its expected answer, as a file holds it."""

    where: str
    kind: str
    says: str
    table: Table


def read_cases(files: Mapping[str, Mapping[str, Any]]) -> list[Case]:
    """All cases of a policy in the order of its files; Invalid where one is of no known kind."""
    found = []
    for name, tables in files.items():
        for kind, entries in tables.items():
            if kind not in CHECKS:
                raise Invalid(f"{name}：不认识案例“{kind}”，可用的有{'、'.join(CHECKS)}。")
            found += [
                Case(
                    where=f"{name} 第 {number} 个 [[{kind}]]",
                    kind=kind,
                    says=str(table.get("says", "")),
                    table=table,
                )
                for number, table in enumerate(entries, start=1)
            ]
    return found


def case_problem(case: Case, profile: PolicyProfile, calendar: Calendar) -> str | None:
    """The sentence where a policy answers a case otherwise than expected; None where it agrees."""
    try:
        expected, answered = CHECKS[case.kind](case.table, profile, calendar)
    except (KeyError, ValueError, TypeError) as error:
        raise Invalid(f"{case.where}：案例写得不完整或不正确（{error}），请改正。") from error
    if expected == answered:
        return None
    return f"{case.where}（{case.says}）：应为 {expected}，实为 {answered}。"


def subject_of(table: Table) -> Subject:
    """The subject a case describes; whatever it does not name is ordinary."""
    given = {**plain.to_plain(Subject(ref="案例对象", name="案例企业")), **plain.to_plain(table)}
    for name, filled in FILLED.items():
        given[name] = [{**filled, **fact} for fact in given[name]]
    return plain.from_plain(Subject, given)


def _class(table: Table, profile: PolicyProfile, calendar: Calendar) -> tuple[object, object]:
    quarter = Quarter.parse(table["quarter"])
    subject = subject_of(table.get("subject", {}))
    row = classify_one(subject, profile, on=table["on"], quarter=quarter)
    expected = (table["stratum"], table.get("in_base", True), tuple(table.get("notes", ())))
    return expected, (row.stratum.value, row.is_in_base, row.notes)


def _count(table: Table, profile: PolicyProfile, calendar: Calendar) -> tuple[object, object]:
    quotas = profile.quotas_of(Stratum(table["stratum"]), table["on"])
    part = table.get("part", "")
    quota = next((one for one in quotas if one.part == part), None)
    if quota is None:
        return table["required"], f"方案里没有“{part}”这一类对象"
    owed = quarter_count(
        quota,
        base=table["base"],
        quarter=Quarter.of(table["on"]),
        inspectors=table.get("inspectors"),
    )
    return table["required"], owed


def _share(table: Table, profile: PolicyProfile, calendar: Calendar) -> tuple[object, object]:
    least = profile.share(table["key"], table["on"]).least
    return table["required"], required_count(least, table["of"])


def _deadline(table: Table, profile: PolicyProfile, calendar: Calendar) -> tuple[object, object]:
    quarter = Quarter.parse(table["quarter"])

    def days(key: str) -> int:
        return profile.number(key, quarter.last)

    reading = profile.text("deadline.task.reading", quarter.last)
    answered = (
        task_deadline(quarter, calendar, days=days("deadline.task"), reading=reading),
        statistics_deadline(quarter, calendar, days=days("deadline.statistics")),
        forms_deadline(quarter, calendar, days=days("deadline.forms")),
    )
    expected = [table[name].isoformat() for name in ("task", "statistics", "forms")]
    return expected, [deadline.on.isoformat() for deadline in answered]


def _setting(table: Table, profile: PolicyProfile, calendar: Calendar) -> tuple[object, object]:
    value = plain.to_plain(profile.setting(table["key"], table["on"]))
    return table["value"], bool(value) if isinstance(table["value"], bool) else value


Check = Callable[[Table, PolicyProfile, Calendar], tuple[object, object]]
CHECKS: Mapping[str, Check] = {
    "class_case": _class,
    "count_case": _count,
    "share_case": _share,
    "deadline_case": _deadline,
    "setting_case": _setting,
}
