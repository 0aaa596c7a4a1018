from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused, sentences
from gongchou.core.workdays import Quarter
from gongchou.planning import actions, outlook_reads, policy_reads
from gongchou.planning.forms import AdoptForm, ClauseTextForm, RulingForm, initial_value
from gongchou.registry import actions as registry
from gongchou.registry import adopted_reads, policy
from gongchou.web.clock import day_of


@requires(Power.SEE_PLAN)
def policy_page(request: HttpRequest) -> HttpResponse:
    found = policy_reads.policy_page(request.actor.bureau, day_of(request.at))
    context = {
        "found": found,
        "opened": request.GET.get("open", ""),
        "may_adopt": may(request.actor, Power.ADOPT_POLICY),
        "may_rule": may(request.actor, Power.RECORD_RULING),
    }
    return render(request, "planning/policy.html", context)


@requires(Power.SEE_PLAN)
def policy_text(request: HttpRequest, ref: str) -> HttpResponse:
    text = adopted_reads.adopted_text(ref, request.actor.bureau)
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{ref}.toml"'
    return answer


@requires(Power.ADOPT_POLICY)
def adopt(request: HttpRequest) -> HttpResponse:
    form = AdoptForm(
        request.POST or None,
        request.FILES or None,
        shipped=policy_reads.shipped(),
        initial={"since": day_of(request.at)},
    )
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if "confirm" in request.POST:
                return _adopted(request, form)
            context |= _tried(request, form)
        except Refused as refusal:
            form.add_error(None, list(sentences(refusal)))
    return render(request, "planning/adopt.html", context)


def _tried(request: HttpRequest, form: AdoptForm) -> dict[str, object]:
    """What the policy would change for this register, and whether the quarter could be done."""
    bureau, today = request.actor.bureau, day_of(request.at)
    since: date = form.cleaned_data["since"]
    body = _body(form)
    found: dict[str, object] = {"preview": policy_reads.preview(bureau, body, since, today)}
    quarter, profile = Quarter.of(since), policy.profile_of_body(body)
    if quarter.last >= today and profile.since <= today:
        found["outlook"] = outlook_reads.outlook_under(profile, bureau, str(quarter), today)
    return found


def _body(form: AdoptForm) -> bytes:
    text = form.cleaned_data["text"]
    if form.shipped:
        return policy.body_of_shipped(form.shipped)
    return policy.body_of_text("方案.toml", text)


def _adopted(request: HttpRequest, form: AdoptForm) -> HttpResponse:
    since: date = form.cleaned_data["since"]
    registry.adopt_policy(
        shipped=form.shipped,
        text=form.cleaned_data["text"],
        since=since,
        document=form.cleaned_data["document"],
        by=request.actor,
        at=request.at,
    )
    messages.success(request, f"已登记，自 {since} 起施行；此前测算的计划仍按原方案。")
    return redirect("planning:policy")


@requires(Power.RECORD_RULING)
def ruling(request: HttpRequest, key: str) -> HttpResponse:
    asked = policy_reads.question(request.actor.bureau, key, day_of(request.at))
    initial: dict[str, object] = {"reading": asked.standing.reading if asked.standing else ""}
    initial |= {"on": day_of(request.at), **initial_value(key, asked.value)}
    form = RulingForm(request.POST or None, key=key, initial=initial)
    context: dict[str, object] = {"form": form, "asked": asked}
    if request.method == "POST" and form.is_valid():
        try:
            if "try" in request.POST:
                return render(request, "planning/ruling.html", context | _trial(request, form))
            registry.record_ruling(_answer(form), by=request.actor, at=request.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已登记“{asked.question}”的口径。")
            return redirect("planning:policy")
    return render(request, "planning/ruling.html", context)


def _trial(request: HttpRequest, form: RulingForm) -> dict[str, object]:
    """Whether the quarter of the answer's day could be done under it, by today's register."""
    bureau, today, on = request.actor.bureau, day_of(request.at), form.cleaned_data["on"]
    profile = policy.under_trial(bureau, form.key, form.value(), min(on, today))
    quarter = str(Quarter.of(max(on, today)))
    return {"outlook": outlook_reads.outlook_under(profile, bureau, quarter, today)}


@requires(Power.ADOPT_POLICY)
def clause_text(request: HttpRequest) -> HttpResponse:
    """The bureau enters its own document's words of one clause."""
    bureau, today = request.actor.bureau, day_of(request.at)
    number = request.GET.get("clause", "")
    held = policy_reads.clause_texts(bureau, today).get(number)
    initial = {"text": held.text, "source": held.source} if held else {}
    form = ClauseTextForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        draft = actions.ClauseDraft(clause=number, **form.cleaned_data)
        try:
            actions.add_clause_text(draft, by=request.actor, at=request.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已登记 {number} 的原文。")
            return redirect("planning:policy")
    clauses = policy_reads.restated(bureau, today, number)
    context = {"form": form, "number": number, "held": held, "clauses": clauses}
    return render(request, "planning/clause_text.html", context)


def _answer(form: RulingForm) -> registry.Answer:
    given = form.cleaned_data
    return registry.Answer(
        key=form.key,
        value=form.value(),
        reading=given["reading"],
        decided_by=given["decided_by"],
        document=given["document"],
        on=given["on"],
        until=given["until"],
    )
