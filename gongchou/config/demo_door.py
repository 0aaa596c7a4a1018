"""One-click roles of the demonstration; outside demo mode these addresses do not exist."""

from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import actions, reads
from gongchou.config import demo_bureau
from gongchou.web.clock import day_of

TASKS = {
    "chen": "维护名录、制定计划、组织抽取",
    "zhao": "批准计划、清单和公示",
    "zhou": "现场监督并确认抽取",
    "wu": "现场监督并确认抽取",
    "bao": "保管名单密钥",
    "mi": "保管名单密钥",
    "feng": "保管名单密钥",
    "li": "实施检查",
    "wang": "实施检查",
    "shen": "审核检查记录",
    "gong": "办理公示",
    "gu": "管理用户",
    "an": "授予角色",
    "ji": "查看留痕",
}


def choose(request: HttpRequest) -> HttpResponse:
    found = {person.login: person for person in reads.people(demo_bureau.CODE, day_of(request.at))}
    people = [(found[name], task) for name, task in TASKS.items() if name in found]
    return render(request, "config/demo.html", {"people": people})


@require_POST
def enter(request: HttpRequest, name: str) -> HttpResponse:
    user = get_user_model()._default_manager.filter(login=name, is_active=True).first()
    if user is None or name not in TASKS:
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    actor = reads.actor_of(user.ref, day_of(request.at))
    actions.record_login(by=actor, at=request.at)
    return redirect("desk:home")
