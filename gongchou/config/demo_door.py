"""One-click roles of the demonstration; outside demo mode these addresses do not exist."""

from datetime import date

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongchou.accounts import entry, reads
from gongchou.accounts.access import signed_in
from gongchou.audit import reads as audit
from gongchou.config import demo_bureau, demo_clock, nightly
from gongchou.core.powers import Actor
from gongchou.core.terms import Role
from gongchou.desk import waiting
from gongchou.web.clock import day_of

# What each role does in the flow, in the order in which a quarter needs them.
TASKS = {
    "chen": "维护名录、组织抽取、派发检查、提出公示、生成统计表",
    "ding": "测算计划、提出抽查任务",
    "zhao": "批准计划、事项清单和公示，确认回避，作废抽取",
    "zhou": "提交随机贡献，录入或复核收口值，确认抽取",
    "wu": "提交随机贡献，录入或复核收口值，确认抽取",
    "bao": "提交随机贡献，保管名单密钥，启封名单",
    "mi": "提交随机贡献，保管名单密钥，启封名单",
    "feng": "提交随机贡献，保管名单密钥，启封名单",
    "li": "接收任务、现场检查、提交记录",
    "wang": "接收任务、现场检查、提交记录",
    "shen": "审核检查记录，作出非现场检查结论",
    "gong": "提出和办理公示",
    "gu": "新建、停用用户",
    "an": "授予、撤销角色",
    "shang": "上级机关：见证抽取日志，决定收口后的作废",
    "ji": "查看留痕和各环节情况",
}
CODES = (demo_bureau.CODE, demo_bureau.CITY)
KEEPERS = ("bao", "mi", "feng")


def choose(request: HttpRequest) -> HttpResponse:
    people = _people(day_of(request.at))
    return render(request, "config/demo.html", {"people": people})


_KEPT: dict[tuple[object, ...], list[tuple[object, ...]]] = {}


def _people(today: date) -> list[tuple[object, ...]]:
    """Everybody with what waits for them, asked anew once something was done.

    Every act leaves an event, so the heads of the trails say whether anything was.
    """
    key = (today, *(audit.head(code) for code in CODES))
    if key not in _KEPT:
        _KEPT.clear()
        _KEPT[key] = _asked(today)
    return _KEPT[key]


def _asked(today: date) -> list[tuple[object, ...]]:
    found = {person.login: person for code in CODES for person in reads.people(code, today)}
    people: list[tuple[object, ...]] = [
        (found[name], task, _next(found[name], today), _passphrase(name))
        for name, task in TASKS.items()
        if name in found
    ]
    return people + _drawn(found, today)


def _drawn(found: dict[str, reads.PersonRow], today: date) -> list[tuple[object, ...]]:
    """Inspectors beyond the named ones, while a visit waits for them."""
    others = [p for p in found.values() if p.login not in TASKS and Role.INSPECTOR in p.roles]
    waits = [(person, TASKS["li"], _next(person, today), "") for person in others]
    return [row for row in waits if row[2]]


def _next(person: reads.PersonRow, today: date) -> list[str]:
    """What waits on this person's desk now."""
    roles = person.roles if person.is_active else frozenset[Role]()
    actor = Actor(ref=person.ref, name=person.name, bureau=person.bureau, roles=roles)
    return list(dict.fromkeys(todo.act for todo in waiting.todos(actor, today)))


def _is_shown(ref: str, name: str, today: date) -> bool:
    return name in TASKS or Role.INSPECTOR in reads.person(ref, today).roles


def _passphrase(name: str) -> str:
    return demo_bureau.passphrase(name) if name in KEEPERS else ""


@require_POST
def enter(request: HttpRequest, name: str) -> HttpResponse:
    user = get_user_model()._default_manager.filter(login=name, is_active=True).first()
    if user is None or not _is_shown(user.ref, name, day_of(request.at)):
        raise Http404
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    actor = reads.actor_of(user.ref, day_of(request.at))
    entry.note_sign_in(request, actor)
    return redirect("desk:home")


@require_POST
@signed_in
def move_clock(request: HttpRequest) -> HttpResponse:
    """One working day on, or to the day that was written."""
    text, today = request.POST.get("day", ""), day_of(request.at)
    day = demo_clock.day_of_text(text) if text else demo_clock.next_workday(today)
    demo_clock.move_to(day, by=request.actor, at=request.at)
    nightly.build_facts()
    nightly.make_statistics()
    messages.success(request, f"演示日期已改为 {day.year}年{day.month}月{day.day}日。")
    back = request.POST.get("back", "/")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")
