"""Off-site checks as they stood at the end of a day: by that day's plan and that day's checks."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from gongchou.core.coverage import CheckFacts, Cover, cover_of
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.offsite import reads
from gongchou.planning import reads as planning
from gongchou.web.clock import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredUnit:
    """A unit of the positive list that was covered by a day, and by which check or visit."""

    subject: str
    stratum: Stratum
    cover: Cover
    is_by_check: bool


def checks_on(bureau: str, quarter: str, on: date) -> tuple[CheckFacts, ...]:
    """The checks recorded by a day and not replaced by then; later conclusions are left out."""
    rows = [
        row
        for row in reads.rows_of(bureau).filter(quarter=quarter).order_by("recorded_at", "pk")
        if day_of(row.recorded_at) <= on
    ]
    gone = {row.replaces.ref for row in rows if row.replaces}
    return tuple(_by(reads.facts_of(row), on) for row in rows if row.ref not in gone)


def _by(facts: CheckFacts, on: date) -> CheckFacts:
    if facts.concluded_on is None or facts.concluded_on <= on:
        return facts
    return replace(facts, conclusion=None, concluded_on=None, reviewer="")


def covered_on(bureau: str, quarter: str, on: date) -> tuple[CoveredUnit, ...]:
    """What of the list of the plan in force on a day was covered by its end."""
    plan = planning.approved_plan_on(bureau, quarter, on)
    if plan is None:
        return ()
    asked, wanted = reads.rule(bureau, quarter), Quarter.parse(quarter)
    facts: dict[str, list[CheckFacts]] = defaultdict(list)
    for check in checks_on(bureau, quarter, on):
        facts[check.subject].append(check)
    visits = [v for v in reads.case_visits(bureau, quarter) if v.ended_on <= on]
    found = []
    for ref, stratum in planning.offsite_members(plan.ref).items():
        cover = cover_of(ref, facts[ref], visits, quarter=wanted, rule=asked)
        if cover.is_covered:
            own = any(check.ref == cover.by for check in facts[ref])
            found.append(CoveredUnit(subject=ref, stratum=stratum, cover=cover, is_by_check=own))
    return tuple(found)
