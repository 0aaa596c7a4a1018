"""Single records for the superior, by a right that the bureau gave."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongchou.accounts import record_reads
from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.core.record import visit_result
from gongchou.inspection import actions, reads
from gongchou.inspection.views.records import answers
from gongchou.web.clock import day_of


@requires(Power.CONSULT_RECORDS)
def home(request: HttpRequest) -> HttpResponse:
    rights = record_reads.held(request.actor.bureau, day_of(request.at))
    return render(request, "inspection/consult.html", {"rights": rights})


@requires(Power.CONSULT_RECORDS)
def visits(request: HttpRequest, number: int) -> HttpResponse:
    right, rows = actions.consult_visits(number, by=request.actor, at=request.at)
    context = {"right": right, "rows": rows}
    return render(request, "inspection/consult_visits.html", context)


@requires(Power.CONSULT_RECORDS)
def record(request: HttpRequest, number: int, ref: str) -> HttpResponse:
    """The newest version of the record, with what followed; files stay with the bureau."""
    right, visit = actions.consult_record(number, ref, by=request.actor, at=request.at)
    kept = reads.record(ref)
    assert kept.newest is not None
    body = reads.revision_body(ref, kept.newest.number)
    context = {
        "right": right,
        "visit": visit,
        "record": kept,
        "revision": kept.newest,
        "body": body,
        "result": visit_result(body),
        "answers": answers(visit, body),
        "after": reads.aftermath(ref),
        "is_consulted": True,
    }
    return render(request, "inspection/consult_record.html", context)
