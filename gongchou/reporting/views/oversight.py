"""The desk of the discipline office: alarms, their thresholds, who may not be drawn."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongchou.accounts import actions as accounts
from gongchou.accounts import organisation_reads as organisation
from gongchou.accounts.access import requires
from gongchou.core.oversight import in_force, limits_of
from gongchou.core.oversight_terms import AlarmKind, AlarmOutcome, OversightKey
from gongchou.core.policy_words import value_text
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid, Refused
from gongchou.intake import actions as intake
from gongchou.intake import conduct_reads
from gongchou.registry import people_reads
from gongchou.registry.policy import profile_of
from gongchou.reporting import actions, oversight_reads
from gongchou.web.clock import day_of
from gongchou.web.pages import page_of

SHOWN = 10


def _basis(ref: str) -> tuple[str, str]:
    """A record on which an alarm rests, in words, and where it is shown."""
    if ref.startswith("#"):
        return f"留痕第 {ref[1:]} 条", reverse("desk:entry", args=(ref[1:],))
    name = "intake:report" if ref.startswith("D") else "inspection:visit"
    return ref, reverse(name, args=(ref,))


@requires(Power.HANDLE_ALARM)
def home(request: HttpRequest) -> HttpResponse:
    actions.note_look(by=request.actor, at=request.at)
    kind = next((k for k in AlarmKind if k.value == request.GET.get("kind")), None)
    rows = oversight_reads.alarms(request.actor.bureau, kind)
    context = {
        "page": page_of(
            [(row, [_basis(ref) for ref in row.records]) for row in rows],
            request.GET.get("page", ""),
        ),
        "kind": kind,
        "retaliation": AlarmKind.RETALIATION,
        "kinds": list(AlarmKind),
        "outcomes": list(AlarmOutcome),
        "open": oversight_reads.open_count(request.actor.bureau),
    }
    return render(request, "reporting/alarms.html", context)


@require_POST
@requires(Power.RAISE_ALARMS)
def raise_alarms(request: HttpRequest) -> HttpResponse:
    fresh = actions.raise_alarms(by=request.actor, at=request.at)
    messages.success(request, f"已按现有记录核查，新增预警 {fresh} 条。")
    return redirect("oversight:home")


@require_POST
@requires(Power.HANDLE_ALARM)
def close(request: HttpRequest, number: int) -> HttpResponse:
    outcome = next((o for o in AlarmOutcome if o.value == request.POST.get("outcome")), None)
    if outcome is None:
        raise Refused("请从列表中选择核查结果。")
    reason = request.POST.get("reason", "")
    actions.close_alarm(number, outcome, reason, by=request.actor, at=request.at)
    messages.success(request, "已办结，核查情况留存备查。")
    return redirect("oversight:home")


@requires(Power.SET_OVERSIGHT, Power.HANDLE_ALARM)
def settings(request: HttpRequest) -> HttpResponse:
    bureau, today = request.actor.bureau, day_of(request.at)
    every = organisation.settings(bureau)
    now = in_force(every, today)
    context = {
        "rows": [(key, now[key]) for key in OversightKey],
        "coming": sorted((s for s in every if s.since > today), key=lambda s: s.since),
        "tomorrow": today + timedelta(days=1),
        "may_set": may(request.actor, Power.SET_OVERSIGHT),
        "weights": _weights(bureau, today),
    }
    if may(request.actor, Power.HANDLE_ALARM):
        found = oversight_reads.leaning(bureau, today, limits_of(now))
        context["leaning"] = found[:SHOWN]
    return render(request, "reporting/oversight_settings.html", context)


def _weights(bureau: str, on: date) -> str:
    """How the policy in force has the points of the assessment weighed, in words."""
    key = "assessment.weights"
    return value_text(key, profile_of(bureau, on).text(key, on))


def day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{what}“{text[:20]}”不是日期，请写成 2026-01-05 的样子。") from error


@require_POST
@requires(Power.SET_OVERSIGHT)
def set_value(request: HttpRequest) -> HttpResponse:
    given = request.POST
    key = next((k for k in OversightKey if k.value == given.get("key")), None)
    value = given.get("value", "")
    if key is None or not (value.isascii() and value.isdecimal() and len(value) < 6):
        raise Refused("请选择参数，数值填不超过五位的整数。")
    since = day(given.get("since", ""), "起日")
    accounts.set_oversight(
        key, int(value), given.get("reason", ""), since=since, by=request.actor, at=request.at
    )
    messages.success(request, f"“{key.label}”从 {since} 起为 {value}。")
    return redirect("oversight:settings")


@requires(Power.HANDLE_REPORT)
def suspensions(request: HttpRequest) -> HttpResponse:
    bureau, today = request.actor.bureau, day_of(request.at)
    context = {
        "rows": [(row, row.holds(today)) for row in conduct_reads.suspensions(bureau)],
        "people": people_reads.inspectors(bureau, today),
        "report": request.GET.get("report", "")[:40],
        "today": today,
    }
    return render(request, "reporting/suspensions.html", context)


@require_POST
@requires(Power.HANDLE_REPORT)
def suspend(request: HttpRequest) -> HttpResponse:
    given, today = request.POST, day_of(request.at)
    people = {p.ref: p.name for p in people_reads.inspectors(request.actor.bureau, today)}
    ref = given.get("inspector", "")
    if ref not in people:
        raise Refused("请从列表中选择检查人员。")
    until = day(given["until"], "止日") if given.get("until") else None
    intake.suspend(
        (ref, people[ref]),
        given.get("reason", ""),
        since=day(given.get("since", ""), "起日"),
        until=until,
        report=given.get("report", ""),
        by=request.actor,
        at=request.at,
    )
    messages.success(request, f"已暂停{people[ref]}参加抽取，以后冻结的底册不再列入。")
    return redirect("oversight:suspensions")


@require_POST
@requires(Power.HANDLE_REPORT)
def lift(request: HttpRequest, number: int) -> HttpResponse:
    intake.lift_suspension(number, by=request.actor, at=request.at)
    messages.success(request, "已恢复参加抽取。")
    return redirect("oversight:suspensions")
