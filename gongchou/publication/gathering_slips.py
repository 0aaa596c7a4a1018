"""What the enterprise of a visit may see of it, pulled from the rooms upstream."""

from collections.abc import Set
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.refusals import Refused
from gongchou.core.terms import VisitState
from gongchou.core.workdays import add_workdays
from gongchou.drawing import proofs
from gongchou.drawing import reads as draws
from gongchou.drawing.slips import TITLE, sentence
from gongchou.inspection import local_result_reads
from gongchou.inspection import reads as visits
from gongchou.inspection.rows import Aftermath, VisitRow
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.publication import reads
from gongchou.publication.gathering_results import days_of, deadline_of
from gongchou.publication.result_words import handling, rectified, result_told

# Before this the enterprise holds no paper with a code.
SHOWN = frozenset(VisitState) - {VisitState.SEALED, VisitState.RELEASED}


def slip(visit: VisitRow) -> dict[str, Any]:
    """One visit in the words its enterprise reads; nobody else stands in it."""
    follow = visits.aftermath(visit.ref)
    return {
        "visit": visit.ref,
        "bureau": visit.bureau,
        "bureau_name": accounts.bureau(visit.bureau).name,
        "quarter": visit.quarter,
        "subject": visit.subject_name,
        "uscc": visit.uscc,
        "task": plans.task(visit.task).name if visit.task else f"{visit.inspection_kind.label}检查",
        "items": list(visit.group_names),
        "planned_on": visit.planned_on.isoformat(),
        "state": visit.state.value,
        "team": [{"name": one.name, "card": one.card} for one in visit.inspectors],
        "void_reason": visit.void_reason,
        **_result(visit, follow),
        **_terms(visit, follow),
        "why": _why(visit),
        "draws": _draws(visit),
    }


def _result(visit: VisitRow, follow: Aftermath) -> dict[str, Any]:
    """What came out, from the moment that somebody else has reviewed it."""
    if visit.state is not VisitState.REVIEWED or visit.visit_result is None:
        return {"ended_on": "", "result": "", "handling": "", "rectified": "", "orders": []}
    local = local_result_reads.local_results_of([visit.ref])
    return {
        "ended_on": (visit.ended_on or visit.planned_on).isoformat(),
        "result": result_told(visit, local.get(visit.ref)),
        "handling": handling(visit.visit_result, follow),
        "rectified": rectified(visit.visit_result, follow),
        "orders": [
            {
                "number": order.document_number,
                "says": order.says,
                "due_on": order.due_on.isoformat(),
                "state": order.state.label,
            }
            for order in follow.orders
        ],
    }


def _terms(visit: VisitRow, follow: Aftermath) -> dict[str, str]:
    """An explanation counts while the result is not yet due; an appeal as long again after it."""
    found = {"publication": "", "number": "", "explain_until": "", "appeal_until": ""}
    if visit.ended_on is None:
        return found
    found["explain_until"] = deadline_of(visit, follow.cases).on.isoformat()
    public = reads.publication_state_of_visits(visit.bureau, [visit.ref]).get(visit.ref)
    if public and public.published_on:
        days = days_of(visit.bureau, "publish.result", public.published_on)
        until = add_workdays(public.published_on, days, load_calendar())
        found |= {
            "publication": public.publication,
            "number": str(public.number),
            "appeal_until": until.isoformat(),
        }
    return found


def _why(visit: VisitRow) -> dict[str, Any]:
    """The slip “why me”; empty where the visit was not drawn."""
    if not visit.draw:
        return {}
    try:
        why = proofs.why_me(visit.draw, visit.number, bureau=visit.bureau, on=visit.planned_on)
    except Refused:
        return {}
    return {
        "title": TITLE,
        "sentence": sentence(why),
        "clause": f"{why.clause.source} {why.clause.number}：{why.clause.says}。",
        "number": visit.number + 1,
        "announcement": why.announcement_digest,
        "sealed_root": why.sealed_root,
        "leaf": "" if why.is_substitute else why.leaf,
        "path": list(why.path),
        "is_fixed": int(
            not why.is_substitute
            and proofs.is_fixed_at_the_draw(visit.draw, visit.number, bureau=visit.bureau)
        ),
    }


def _draws(visit: VisitRow) -> list[dict[str, Any]]:
    """Each draw of the quarter: whether the firm stood in its roster, and once it is open, drawn.

    While a list is sealed nobody learns from here whether it holds a firm, unless by this visit.
    """
    mine = {visit.draw, *(one.draw for one in visit.merged)}
    return [
        stands(visit.bureau, visit.subject, draw, mine)
        for draw in draws.draws(visit.bureau, visit.quarter)
        if draw.announced_at is not None
    ]


def stands(bureau: str, subject: str, draw: draws.DrawRow, mine: Set[str]) -> dict[str, Any]:
    """Where a subject stands in a draw; `mine` are draws of which it knows that it was drawn."""
    shown: dict[str, Any] = {
        "draw": draw.ref,
        "task": plans.task(draw.task).name,
        "quarter": draw.quarter,
        "proof": {},
        "drawn": "抽中" if draw.ref in mine else "名单密封中，全部检查结束后公开",
    }
    try:
        proof = proofs.membership(draw.ref, subject, bureau=bureau)
    except Refused:
        return shown | {"drawn": "不在这次抽取的底册里"}
    shown["proof"] = {
        "record": proof.record,
        "salt": proof.salt,
        "row": proof.row,
        "index": proof.index,
        "size": proof.size,
        "path": list(proof.path),
        "root": proof.root,
    }
    record = draws.published_record(draw.ref)
    if record is not None and draw.ref not in mine:
        shown["drawn"] = "没有抽中" if not _is_drawn(record, proof.row[0]) else "抽中"
    return shown


def _is_drawn(record: dict[str, Any], pid: str) -> bool:
    """Whether the public record lists the firm's number among the visits."""
    return any(visit[0] == pid for visit in record["visits"])
