from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.offsite import actions, monitor_reads, received
from gongchou.offsite.monitor_forms import MonitorForm, entered_before
from gongchou.offsite.permissions import runs_receiver
from gongchou.web.clock import day_of

DAYS = 2


@requires(Power.SEE_VISITS)
def monitor_list(request: HttpRequest) -> HttpResponse:
    rows = monitor_reads.monitors(request.actor.bureau)
    folder = settings.ENVIRONMENT.var
    heard = received.last_heard(folder, [row.mn for row in rows if not row.until])
    context = {
        "live": [(row, heard.get(row.mn)) for row in rows if not row.until],
        "ended": [row for row in rows if row.until],
        "may_edit": may(request.actor, Power.RECORD_OFFSITE),
    }
    return render(request, "offsite/monitors.html", context)


@requires(Power.SEE_VISITS)
def monitor(request: HttpRequest, ref: str) -> HttpResponse:
    row = monitor_reads.monitor(ref, request.actor.bureau)
    folder, now = settings.ENVIRONMENT.var, request.at
    context = {
        "row": row,
        "days": DAYS,
        "curves": received.hourly_curves(folder, row.mn, now - timedelta(days=DAYS), now),
        "aside": received.put_aside(folder, row.mn),
        "may_edit": may(request.actor, Power.RECORD_OFFSITE) and not row.until,
    }
    return render(request, "offsite/monitor.html", context)


@requires(Power.RECORD_OFFSITE)
def monitor_new(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            ref = actions.register_monitor(form.draft(), by=request.actor, at=request.at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记监测设备，半分钟内开始接收它的数据。")
            return redirect("offsite:monitor", ref)
    return render(request, "offsite/monitor_form.html", {"form": form})


@requires(Power.RECORD_OFFSITE)
def monitor_change(request: HttpRequest, ref: str) -> HttpResponse:
    row = monitor_reads.monitor(ref, request.actor.bureau)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        reason, actor = form.cleaned_data["reason"], request.actor
        try:
            new = actions.replace_monitor(ref, form.draft(), reason, by=actor, at=request.at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已按新的内容登记，原登记保留备查。")
            return redirect("offsite:monitor", new)
    return render(request, "offsite/monitor_form.html", {"form": form, "row": row})


def _form(request: HttpRequest, old: monitor_reads.MonitorRow | None = None) -> MonitorForm:
    initial = entered_before(old) if old else {"site": request.GET.get("site", "")}
    return MonitorForm(
        request.POST or None,
        initial=initial,
        bureau=request.actor.bureau,
        today=day_of(request.at),
        old=old,
    )


@require_POST
@requires(Power.RECORD_OFFSITE)
def monitor_end(request: HttpRequest, ref: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.end_monitor(ref, reason, by=request.actor, at=request.at)
    messages.success(request, "已停用这台监测设备，此前收到的数据保留。")
    return redirect("offsite:monitor", ref)


@requires(Power.SEE_VISITS)
def quarantine(request: HttpRequest) -> HttpResponse:
    """What the bureau's own devices sent; strange devices may be those of another bureau."""
    own = {row.mn for row in monitor_reads.monitors(request.actor.bureau)}
    rows = received.quarantine(settings.ENVIRONMENT.var, own)
    return render(request, "offsite/quarantine.html", {"rows": rows})


@requires(Power.MANAGE_RECEIVER)
def unowned(request: HttpRequest) -> HttpResponse:
    """Frames that belong to nobody yet, for whoever runs the receiver."""
    runs = runs_receiver(request.actor)
    known = monitor_reads.all_stations()
    rows = received.unowned(settings.ENVIRONMENT.var, known) if runs else []
    return render(request, "offsite/unowned.html", {"rows": rows, "runs": runs})
