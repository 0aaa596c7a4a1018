from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.monitoring.words import EntryKind
from gongchou.core.powers import Power, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.offsite import actions, watch_pages, watch_reads
from gongchou.offsite.watch_forms import FORMS
from gongchou.registry import reads as registers
from gongchou.web.clock import day_of


@requires(Power.SEE_VISITS)
def site(request: HttpRequest, subject: str) -> HttpResponse:
    bureau, now = request.actor.bureau, request.at
    known = registers.subject(subject, bureau, day_of(now)).subject
    folder = settings.ENVIRONMENT.var
    context = {
        "site": known,
        "kinds": list(EntryKind),
        "entries": watch_reads.entry_rows(bureau, subject),
        "stations": watch_reads.stations(bureau, subject),
        "learned": watch_pages.learned_states(folder, bureau, subject, now),
        "findings": watch_reads.findings(bureau, subject=subject),
        "guarded": watch_reads.guarded_rows(bureau, subject),
        "may_edit": may(request.actor, Power.RECORD_OFFSITE),
    }
    return render(request, "offsite/watch.html", context)


@requires(Power.RECORD_OFFSITE)
def entry_new(request: HttpRequest, subject: str, kind: str) -> HttpResponse:
    known = registers.subject(subject, request.actor.bureau, day_of(request.at)).subject
    if kind not in set(EntryKind):
        raise Refused("没有这一种监管资料，请从单位的监管资料页面进入。")
    wanted = EntryKind(kind)
    form = FORMS[wanted](request.POST or None, initial=request.GET.dict(), on=day_of(request.at))
    if request.method == "POST" and form.is_valid():
        by, at, why = request.actor, request.at, form.cleaned_data["reason"]
        try:
            actions.enter([subject], wanted, form.key(), form.body(), why, by=by, at=at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记，下一次判断时采用。")
            return redirect("offsite:watch", subject)
    context = {"form": form, "site": known, "kind": wanted}
    return render(request, "offsite/watch_form.html", context)


@require_POST
@requires(Power.RECORD_OFFSITE)
def entry_withdraw(request: HttpRequest, subject: str, ref: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    actions.withdraw_entry(ref, reason, by=request.actor, at=request.at)
    messages.success(request, "已撤回，原资料保留备查。")
    return redirect("offsite:watch", subject)
