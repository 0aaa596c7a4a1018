"""Next quarter's visits shared out by what random checks have shown; clue-led ones apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from gongchou.core.allocation import Known, Share, allocate
from gongchou.core.quota import PlanStratum
from gongchou.core.statistics import ON_SITE
from gongchou.core.terms import Stratum
from gongchou.core.workdays import Quarter
from gongchou.planning import reads as planning
from gongchou.reporting.rates import RateRow, led_by_clues, rates

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
    """How `total` visits of the next quarter would be shared out; empty without a plan.

    `plan` is the next quarter's plan where it is there already: then its floors hold.
    """

    quarter: Quarter
    plan: str
    total: int
    floors: int
    shares: tuple[Share, ...]

    @property
    def extra(self) -> dict[Stratum, int]:
        """What is proposed beyond the plan, of each stratum that gets some."""
        return {share.known.stratum: share.extra for share in self.shares if share.extra}


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
        rows = led_by_clues(bureau, str(one))
        problems = sum(row.problem_count > 0 for row in rows)
        found.append(Stream(quarter=one, visits=len(rows), with_problem=problems))
    return tuple(found)


def proposal(
    bureau: str, quarter: Quarter, past: tuple[History, ...], total: int | None = None
) -> Proposal:
    """For the quarter after: floors as of its plan, or of this quarter's while it has none; the
    rest where it teaches most.

    Without a total it is as many visits as this quarter's plan had drawn.
    """
    following = planning.plan_of(bureau, str(quarter.next()))
    plan = following or planning.plan_of(bureau, str(quarter))
    on_site = [row for row in plan.strata if not row.is_offsite] if plan else []
    owed = {s: [row for row in on_site if row.stratum is s] for s in ON_SITE}
    known = tuple(_known(stratum, rows, past) for stratum, rows in owed.items() if rows)
    floors = sum(min(one.floor, one.size) for one in known)
    drawn = sum(row.drawn for one in past if one.quarter == quarter for row in one.rows)
    wanted = max(floors, min(total if total is not None else drawn, MOST))
    most = sum(one.size for one in known)
    return Proposal(
        quarter=quarter.next(),
        plan=following.ref if following else "",
        total=min(wanted, most),
        floors=floors,
        shares=allocate(known, min(wanted, most)),
    )


def _known(stratum: Stratum, owed: Sequence[PlanStratum], past: tuple[History, ...]) -> Known:
    """All the random visits to a class in the quarters looked at; its parts are owed together."""
    rows = [row for one in past for row in one.rows if row.stratum is stratum]
    return Known(
        stratum=stratum,
        size=sum(row.base_count for row in owed),
        checked=sum(row.estimate.checked for row in rows),
        problems=sum(row.estimate.problems for row in rows),
        floor=sum(row.required_count for row in owed),
    )
