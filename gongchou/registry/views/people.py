"""Inspectors and assistants."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongchou.accounts import reads as accounts
from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.registry import actions, export, reads
from gongchou.registry.forms import InspectorForm, tell
from gongchou.registry.views.days import asked_day
from gongchou.web.clock import day_of


@requires(Power.SEE_INSPECTORS)
def inspectors(request: HttpRequest) -> HttpResponse:
    by, on = request.actor, asked_day(request)
    rows = reads.roll(by.bureau, on)
    context = {
        "rows": rows,
        "ready": sum(not row.problem for row in rows),
        "warned": [row for row in rows if row.warning],
        "gaps": reads.staff_gaps(by.bureau, on),
        "on": on,
        "is_past": on != day_of(request.at),
        "may_edit": may(by, Power.EDIT_REGISTER),
        "may_import": may(by, Power.IMPORT_REGISTER),
    }
    return render(request, "registry/inspectors.html", context)


@requires(Power.SEE_REGISTER)
def assistants(request: HttpRequest) -> HttpResponse:
    on = asked_day(request)
    rows = reads.assistants(request.actor.bureau, on)
    found = reads.letters(request.actor.bureau, on)
    context = {"rows": rows, "on": on, "is_past": on != day_of(request.at), "letters": found}
    context["warned"] = [letter for letter in found if letter.warning]
    context["may_import"] = may(request.actor, Power.IMPORT_REGISTER)
    return render(request, "registry/assistants.html", context)


def _units(bureau: str) -> dict[str, str]:
    """The sections of the bureau, by code, as one reads them."""
    partners = {row.code: row.name for row in accounts.bureaus() if row.is_partner}
    return {unit.code: unit.name for unit in accounts.units(bureau)} | partners


@requires(Power.EDIT_REGISTER)
def add_inspector(request: HttpRequest) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    form = InspectorForm(
        request.POST or None, units=_units(by.bureau), initial={"is_certified": "否"}
    )
    form.fields["reason"].label = "新增理由"
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.add_inspector(form.texts(), reason=reason, on=today, by=by, at=request.at)
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已新增“{form.cleaned_data['name']}”，今天起在名录中。")
            return redirect("registry:inspectors")
    return render(request, "registry/inspector_new.html", {"form": form})


@requires(Power.EDIT_REGISTER)
def change_inspector(request: HttpRequest, ref: str) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    texts = export.person_texts(ref, by.bureau)
    form = InspectorForm(request.POST or None, units=_units(by.bureau), initial=texts)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.change_inspector(
                ref, form.texts(), reason=reason, on=today, by=by, at=request.at
            )
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已变更“{texts['name']}”，今天起生效，原内容保留。")
            return redirect("registry:inspectors")
    return render(request, "registry/inspector_form.html", {"form": form, "name": texts["name"]})
