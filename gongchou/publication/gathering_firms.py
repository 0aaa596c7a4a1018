"""What an enterprise may see of itself with a yearly code, whether or not it was ever visited."""

from datetime import date
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.terms import VisitState
from gongchou.core.workdays import Quarter
from gongchou.drawing import reads as draws
from gongchou.inspection import local_result_reads
from gongchou.inspection import reads as visits
from gongchou.inspection.rows import VisitRow
from gongchou.publication import reads
from gongchou.publication.gathering_slips import stands
from gongchou.publication.result_words import result_told
from gongchou.registry import reads as registers
from gongchou.web.door_keys import door_code

# From the gate on the enterprise knows of its visit; before, nobody learns of it from here.
KNOWN = frozenset(
    {VisitState.STARTED, VisitState.SUBMITTED, VisitState.RETURNED, VisitState.REVIEWED}
)


def firm_code(bureau: str, subject: str, year: int) -> str:
    """The code of a firm for a year; a reprint shows the same, next year's is another."""
    return door_code(f"firm:{bureau}:{subject}:{year}")


def firm_slip(bureau: str, subject: str, year: int, on: date) -> dict[str, Any]:
    """One firm's year: each draw, and each visit that it has had."""
    site = registers.subject(subject, bureau, on).subject
    quarters = [Quarter(year=year, number=number) for number in range(1, 5)]
    own = [
        visit
        for quarter in quarters
        for visit in visits.visits(bureau, str(quarter))
        if visit.subject == subject and visit.state in KNOWN
    ]
    mine = {ref for visit in own for ref in (visit.draw, *(one.draw for one in visit.merged))}
    return {
        "subject": site.name,
        "uscc": site.uscc,
        "bureau": bureau,
        "bureau_name": accounts.bureau(bureau).name,
        "year": year,
        "visits": [_visit(visit) for visit in own],
        "draws": [
            stands(bureau, subject, draw, mine)
            for quarter in quarters
            for draw in draws.draws(bureau, str(quarter))
            if draw.announced_at is not None
        ],
    }


def _visit(visit: VisitRow) -> dict[str, Any]:
    """That somebody was there; what was found only once a second person has reviewed it."""
    is_reviewed = visit.state is VisitState.REVIEWED and visit.visit_result is not None
    public = reads.publication_state_of_visits(visit.bureau, [visit.ref]).get(visit.ref)
    local = local_result_reads.local_results_of([visit.ref])
    is_public = public is not None and public.published_on is not None
    return {
        "visit": visit.ref,
        "on": (visit.ended_on or visit.planned_on).isoformat(),
        "items": list(visit.group_names),
        "result": result_told(visit, local.get(visit.ref)) if is_reviewed else "",
        "publication": public.publication if public and is_public else "",
        "number": str(public.number) if public and is_public else "",
    }
