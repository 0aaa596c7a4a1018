from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import reads as accounts
from gongchou.accounts.access import requires, signed_in
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.task_condition import TaskCondition
from gongchou.planning import actions, outlook_reads, reads
from gongchou.planning.extra_visits import ExtraVisits, extra_visits
from gongchou.planning.forms import TaskForm
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of
from gongchou.web.clock import day_of


def _own(request: HttpRequest, ref: str) -> reads.TaskRow:
    found = reads.task(ref)
    if reads.plan(found.plan).bureau != request.actor.bureau:
        raise Refused(f"本机构没有编号为 {ref} 的抽查任务，请从计划页面进入。")
    return found


@requires(Power.SEE_PLAN)
def task(request: HttpRequest, ref: str) -> HttpResponse:
    found = _own(request, ref)
    is_open = not found.void_reason
    approves, makes = may(request.actor, Power.APPROVE_PLAN), may(request.actor, Power.MAKE_PLAN)
    context = {
        "found": found,
        "strata": [(s, len(s.members)) for s in reads.task_strata(ref)],
        "units": {unit.code: unit.name for unit in accounts.units(request.actor.bureau)},
        "may_approve": approves
        and is_open
        and found.is_temporary
        and not found.is_approved
        and found.made_by_ref != request.actor.ref,
        "may_void": is_open
        and not found.is_ordinary
        and (approves if found.is_approved else makes),
    }
    return render(request, "planning/task.html", context)


def _form(request: HttpRequest, plan: reads.PlanPage, proposed: ExtraVisits | None) -> TaskForm:
    bureau = request.actor.bureau
    snapshot = registers.frozen_snapshot(plan.snapshot_ref)
    own = accounts.bureau(bureau)
    partners = [(row.code, row.name) for row in accounts.bureaus() if row.is_partner]
    return TaskForm(
        request.POST or None,
        initial=proposed.initial() if proposed else None,
        units=[(unit.code, unit.name) for unit in accounts.units(bureau)],
        groups=[(group.code, group.name) for group in snapshot.item_groups],
        grids=registers.grids(bureau, day_of(request.at)),
        depts=[(own.code, own.name), *partners],
    )


@requires(Power.MAKE_PLAN)
def new_task(request: HttpRequest, ref: str) -> HttpResponse:
    plan = reads.plan(ref)
    if plan.bureau != request.actor.bureau:
        raise Refused(f"本机构没有编号为 {ref} 的季度抽查计划，请从计划页面进入。")
    proposed = extra_visits(request.GET)
    form = _form(request, plan, proposed)
    context: dict[str, object] = {"form": form, "plan": plan}
    if proposed:
        context |= _what_changes(request, plan, proposed)
    if request.method == "POST" and form.is_valid():
        if "try" in request.POST:
            return _tried(request, ref, form, context)
        try:
            made = actions.create_task(ref, _draft(form), by=request.actor, at=request.at)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已加入任务，请由批准领导批准。")
            after = outlook_reads.outlook_of(ref, day_of(request.at))
            if not (after.report.is_ready and after.answer.is_possible):
                messages.warning(
                    request, "加上这项任务，本季度的人力或要求不能同时达到，见计划页。"
                )
            return redirect("planning:task", made)
    return render(request, "planning/new_task.html", context)


def _what_changes(
    request: HttpRequest, plan: reads.PlanPage, proposed: ExtraVisits
) -> dict[str, object]:
    """Each stratum with the proposal, and whether the people suffice for it."""
    context: dict[str, object] = {
        "proposed": proposed,
        "changes": proposed.changes(plan.strata),
    }
    if request.method == "GET":
        task = outlook_reads.further_task(
            plan.ref, "加查", proposed.counts, TaskCondition(), seats=_least(request)
        )
        context["outlook"] = outlook_reads.outlook_of(plan.ref, day_of(request.at), thought_of=task)
    return context


def _tried(
    request: HttpRequest, ref: str, form: TaskForm, context: dict[str, object]
) -> HttpResponse:
    """The outlook with the task that is being written, which is not added."""
    try:
        task = outlook_reads.further_task(
            ref,
            form.cleaned_data["name"],
            form.counts(),
            form.condition(),
            seats=form.seats(_least(request)),
        )
        found = outlook_reads.outlook_of(ref, day_of(request.at), thought_of=task)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render(request, "planning/new_task.html", context)
    return render(request, "planning/new_task.html", {**context, "outlook": found})


def _least(request: HttpRequest) -> int:
    """How many certified officers a team of this bureau has at least."""
    today = day_of(request.at)
    return profile_of(request.actor.bureau, today).number("team.min_certified", today)


def _draft(form: TaskForm) -> actions.TaskDraft:
    given = form.cleaned_data
    return actions.TaskDraft(
        name=given["name"],
        initiating_unit=given["initiating_unit"],
        counts=form.counts(),
        condition=form.condition(),
        condition_text=given["condition_text"],
        item_groups=tuple(given["item_groups"]),
        sessions=given["sessions"] or 0,
        partners=tuple(
            actions.PartnerDraft(
                dept=dept,
                items=items,
                inspectors_count=people,
                is_lead=dept == given["lead"],
                counts=counts,
            )
            for dept, items, people, counts in form.partners()
        ),
        reason=given["reason"],
    )


@require_POST
@requires(Power.APPROVE_PLAN)
def approve_task(request: HttpRequest, ref: str) -> HttpResponse:
    actions.approve_task(ref, by=request.actor, at=request.at)
    messages.success(request, "已批准，这项任务可以抽取了。")
    return redirect("planning:task", ref)


@require_POST
@signed_in
def void_task(request: HttpRequest, ref: str) -> HttpResponse:
    actions.void_task(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已作废，任务和理由保留备查。")
    return redirect("planning:task", ref)
