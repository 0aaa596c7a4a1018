"""Next quarter's visits shared out by what random checks have shown; clue-led ones apart."""

from dataclasses import dataclass

from gongchou.core.allocation import Known, Share, allocate
from gongchou.core.quota import PlanStratum
from gongchou.core.shares import UNVISITABLE
from gongchou.core.statistics import ON_SITE
from gongchou.core.terms import Stratum, VisitState
from gongchou.core.workdays import Quarter
from gongchou.inspection import reads as inspection
from gongchou.planning import reads as planning
from gongchou.reporting.rates import RateRow, rates

QUARTERS_BACK = 4
MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Visits of one quarter that were not drawn: what a clue led to, counted and nothing more."""

    quarter: Quarter
    visits: int
    with_problem: int


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A quarter's estimates, class by class in one order."""

    quarter: Quarter
    rows: tuple[RateRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """How `total` visits of the next quarter would be shared out; empty without a plan."""

    quarter: Quarter
    total: int
    floors: int
    shares: tuple[Share, ...]


def _back(quarter: Quarter) -> list[Quarter]:
    found = [quarter]
    for _ in range(QUARTERS_BACK - 1):
        found.append(found[-1].previous())
    return found


def history(bureau: str, quarter: Quarter) -> tuple[History, ...]:
    """This quarter's estimates and those of three before, the newest first; drawn ones only."""
    held = (History(quarter=one, rows=rates(bureau, str(one))) for one in _back(quarter))
    return tuple(one for one in held if any(row.drawn for row in one.rows))


def clue_led(bureau: str, quarter: Quarter) -> tuple[Stream, ...]:
    """Visits that a clue or a campaign led to: no known chance, so no estimate is made of them."""
    found = []
    for one in _back(quarter):
        reviewed = inspection.visits(bureau, str(one), state=VisitState.REVIEWED)
        rows = [
            row for row in reviewed if not row.is_random and row.visit_result not in UNVISITABLE
        ]
        problems = sum(row.problem_count > 0 for row in rows)
        found.append(Stream(quarter=one, visits=len(rows), with_problem=problems))
    return tuple(found)


def proposal(
    bureau: str, quarter: Quarter, past: tuple[History, ...], total: int | None = None
) -> Proposal:
    """For the quarter after: floors as of the plan, the rest where it teaches most.

    Without a total it is as many visits as this quarter's plan had drawn.
    """
    plan = planning.plan_of(bureau, str(quarter))
    owed = {row.stratum: row for row in plan.strata} if plan else {}
    known = tuple(_known(stratum, owed[stratum], past) for stratum in ON_SITE if stratum in owed)
    floors = sum(min(one.floor, one.size) for one in known)
    drawn = sum(row.drawn for one in past if one.quarter == quarter for row in one.rows)
    wanted = max(floors, min(total if total is not None else drawn, MOST))
    most = sum(one.size for one in known)
    return Proposal(
        quarter=quarter.next(),
        total=min(wanted, most),
        floors=floors,
        shares=allocate(known, min(wanted, most)),
    )


def _known(stratum: Stratum, owed: PlanStratum, past: tuple[History, ...]) -> Known:
    """All the random visits to a class in the quarters looked at."""
    rows = [row for one in past for row in one.rows if row.stratum is stratum]
    return Known(
        stratum=stratum,
        size=owed.base_count,
        checked=sum(row.estimate.checked for row in rows),
        problems=sum(row.estimate.problems for row in rows),
        floor=owed.required_count,
    )
