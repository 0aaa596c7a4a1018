"""The leak test on the desk of the discipline office."""

import secrets

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power
from gongchou.reporting import actions, leak_reads


@requires(Power.HANDLE_ALARM)
def home(request: HttpRequest) -> HttpResponse:
    bureau = request.actor.bureau
    context = {"draws": leak_reads.open_draws(bureau), "tests": leak_reads.tests(bureau)}
    return render(request, "reporting/leaks.html", context)


@require_POST
@requires(Power.HANDLE_ALARM)
def run(request: HttpRequest) -> HttpResponse:
    draw, by = request.POST.get("draw", ""), request.actor
    measures = leak_reads.measures(draw, by.bureau, settings.ENVIRONMENT.var)
    seed = secrets.token_hex(16)
    if actions.run_leak_test(draw, measures, seed, by=by, at=request.at):
        messages.warning(request, "中签单位检查前的数据与其余单位有明显差别，请按情况核查。")
    else:
        messages.success(request, "没有看出泄露的迹象。")
    return redirect("oversight:leaks")
