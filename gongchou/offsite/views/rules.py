from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.offsite import actions, rule_books, watch_pages, watch_reads
from gongchou.offsite.watch_forms import ThresholdForm
from gongchou.web.clock import day_of


@requires(Power.SEE_VISITS)
def rule_list(request: HttpRequest) -> HttpResponse:
    bureau = request.actor.bureau
    context = {
        "rows": watch_reads.rules(bureau, day_of(request.at)),
        "last": watch_reads.last_run(bureau),
    }
    return render(request, "offsite/rules.html", context)


@requires(Power.SEE_VISITS)
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    bureau, today = request.actor.bureau, day_of(request.at)
    known = _known(rule, bureau, today)
    context = {
        "rule": known,
        "versions": watch_reads.version_rows(bureau, rule),
        "findings": watch_reads.findings(bureau, rule=rule),
        "form": ThresholdForm(rule=known, today=today),
        "may_edit": may(request.actor, Power.RECORD_OFFSITE),
        "me": request.actor.ref,
    }
    return render(request, "offsite/rule.html", context)


def _known(rule: str, bureau: str, today):  # type: ignore[no-untyped-def]
    known = rule_books.book(bureau, today).get(rule)
    if known is None:
        raise Refused(f"没有编号为 {rule} 的监测规则，请从规则页面进入。")
    return known


@requires(Power.RECORD_OFFSITE)
def rule_change(request: HttpRequest, rule: str) -> HttpResponse:
    bureau, today = request.actor.bureau, day_of(request.at)
    known = _known(rule, bureau, today)
    form = ThresholdForm(request.POST or None, rule=known, today=today)
    if request.method == "POST" and form.is_valid():
        since, reason = form.cleaned_data["since"], form.cleaned_data["reason"]
        try:
            actions.set_thresholds(
                rule, form.values(), since, reason, by=request.actor, at=request.at
            )
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已设定新的版本；放宽阈值的，待第二人同意后生效。")
            return redirect("offsite:rule", rule)
    return render(request, "offsite/rule_form.html", {"form": form, "rule": known})


@require_POST
@requires(Power.RECORD_OFFSITE)
def rule_answer(request: HttpRequest, rule: str, ref: str) -> HttpResponse:
    agrees = request.POST.get("agrees") == "yes"
    opinion = request.POST.get("opinion", "")
    actions.answer_thresholds(ref, agrees, opinion, by=request.actor, at=request.at)
    messages.success(request, "已答复这个版本。")
    return redirect("offsite:rule", rule)


@requires(Power.SEE_VISITS)
def finding_list(request: HttpRequest) -> HttpResponse:
    bureau, rule = request.actor.bureau, request.GET.get("rule", "")
    context = {
        "rows": watch_reads.findings(bureau, rule=rule),
        "rule": rule,
        "last": watch_reads.last_run(bureau),
    }
    return render(request, "offsite/findings.html", context)


@requires(Power.SEE_VISITS)
def finding(request: HttpRequest, ref: str) -> HttpResponse:
    bureau = request.actor.bureau
    row = watch_reads.finding(ref, bureau)
    curves = watch_pages.event_curves(settings.ENVIRONMENT.var, bureau, row)
    return render(request, "offsite/finding.html", {"row": row, "curves": curves})
