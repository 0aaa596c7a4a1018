"""The register of sites: list, one site, one change."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.registry import actions, export, reads
from gongchou.registry.forms import ChangeForm, FilterForm
from gongchou.web.clock import day_of


@requires(Power.SEE_REGISTER)
def subjects(request: HttpRequest) -> HttpResponse:
    search, number = request.GET.get("q", "")[:80], request.GET.get("page", "1")[:6]
    bureau, today = request.actor.bureau, day_of(request.at)
    form = FilterForm(request.GET, grids=reads.grids(bureau, today))
    filters = form.cleaned_data if form.is_valid() else {}
    page = reads.subjects(
        bureau,
        today,
        search=search,
        filters=filters,
        page=int(number) if number.isdecimal() else 1,
    )
    kept = urlencode({"q": search, **{k: v for k, v in filters.items() if v}})
    context = {"page": page, "q": search, "form": form, "kept": kept}
    context |= {"may_import": may(request.actor, Power.IMPORT_REGISTER)}
    return render(request, "registry/subjects.html", context)


@requires(Power.SEE_REGISTER)
def subject(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.subject(ref, request.actor.bureau, day_of(request.at))
    return render(
        request,
        "registry/subject.html",
        {
            "found": found,
            "subject": found.subject,
            "may_edit": may(request.actor, Power.EDIT_REGISTER),
        },
    )


@requires(Power.EDIT_REGISTER)
def change(request: HttpRequest, ref: str) -> HttpResponse:
    today = day_of(request.at)
    found = reads.subject(ref, request.actor.bureau, today)
    form = ChangeForm(request.POST or None, initial=export.texts(ref, request.actor.bureau))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_subject(
                ref,
                form.texts(),
                reason=form.cleaned_data["reason"],
                on=today,
                by=request.actor,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"已变更“{found.subject.name}”，今天起生效，原内容保留在历史中。"
            )
            return redirect("registry:subject", ref)
    return render(request, "registry/change.html", {"form": form, "subject": found.subject})
