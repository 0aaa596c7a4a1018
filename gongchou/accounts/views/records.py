"""Rights of the superior to read single records: given, ended, and each look that was taken."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import actions, reads, record_reads
from gongchou.accounts.access import requires
from gongchou.accounts.forms import RecordRightForm
from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.workdays import Quarter
from gongchou.web.clock import day_of

NEWEST = 100


@requires(Power.GRANT_RECORDS, Power.READ_AUDIT)
def rights(request: HttpRequest) -> HttpResponse:
    """The rights given, and each look that the superior took by one of them."""
    bureau, today = request.actor.bureau, day_of(request.at)
    code = reads.bureau(bureau).superior
    looks = audit.of_kinds(bureau, (EventKind.RECORDS_CONSULTED,))
    context = {
        "rows": [(row, row.holds(today), today < row.since) for row in record_reads.given(bureau)],
        "superior": reads.bureau(code) if code else None,
        "looks": [link.event for link in looks[::-1][:NEWEST]],
        "may_grant": may(request.actor, Power.GRANT_RECORDS),
        "form": RecordRightForm(
            initial={"since": today, "quarter": str(Quarter.of(today).previous())}
        ),
    }
    return render(request, "accounts/record_rights.html", context)


@require_POST
@requires(Power.GRANT_RECORDS)
def grant(request: HttpRequest) -> HttpResponse:
    form = RecordRightForm(request.POST)
    if not form.is_valid():
        raise Refused("请填写季度、起止日期、文号和理由；季度写成 2026Q1，日期写成 2026-01-05。")
    draft = actions.RightDraft(**form.cleaned_data)
    actions.grant_records(draft, by=request.actor, at=request.at)
    messages.success(request, "已授权上级机关调阅；每次调阅都会在本页列出。")
    return redirect("accounts:record_rights")


@require_POST
@requires(Power.GRANT_RECORDS)
def end(request: HttpRequest, number: int) -> HttpResponse:
    actions.end_records(number, by=request.actor, at=request.at)
    messages.success(request, "已终止这项调阅授权。")
    return redirect("accounts:record_rights")
