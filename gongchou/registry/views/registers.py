"""The register of sites: list, one site, one change."""

from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.terms import ImportKind
from gongchou.registry import actions, export, reads
from gongchou.registry.forms import ChangeForm, DesignationForm, FilterForm, MergeForm, tell
from gongchou.registry.views.days import asked_day
from gongchou.registry.views.maps import site_map
from gongchou.web.clock import day_of
from gongchou.web.panels import site_panels


@requires(Power.SEE_REGISTER)
def subjects(request: HttpRequest) -> HttpResponse:
    search, number = request.GET.get("q", "")[:80], request.GET.get("page", "1")[:6]
    bureau, on = request.actor.bureau, asked_day(request)
    form = FilterForm(request.GET, choices=reads.filter_choices(bureau, on))
    given = form.cleaned_data if form.is_valid() else {}
    filters = {name: value for name, value in given.items() if value and name != "on"}
    page = reads.subjects(
        bureau,
        on,
        search=search,
        filters=filters,
        page=int(number) if number.isdecimal() else 1,
    )
    past = {} if on == day_of(request.at) else {"on": on.isoformat()}
    context = {"page": page, "q": search, "form": form, "on": on, "is_past": bool(past)}
    context["kept"] = urlencode({**({"q": search} if search else {}), **filters, **past})
    context["is_unfolded"] = any(form[name].value() for name in given if name in filters)
    context["may_import"] = may(request.actor, Power.IMPORT_REGISTER)
    context["may_edit"] = may(request.actor, Power.EDIT_REGISTER) and not past
    return render(request, "registry/subjects.html", context)


@require_POST
@requires(Power.IMPORT_REGISTER)
def export_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The register of a day as a workbook; what it holds is for the office alone."""
    on, asked = asked_day(request), ImportKind(kind)
    content, _ = actions.export_register(asked, on=on, by=request.actor, at=request.at)
    name = quote(f"{asked.label}{on.isoformat()}.xlsx")
    answer = HttpResponse(content, content_type=export.XLSX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


@requires(Power.SEE_REGISTER)
def subject(request: HttpRequest, ref: str) -> HttpResponse:
    by, on = request.actor, asked_day(request)
    found = reads.subject(ref, by.bureau, on)
    return render(
        request,
        "registry/subject.html",
        {
            "found": found,
            "map": site_map(found, by.bureau, on),
            "tags": reads.tag_history(ref, by.bureau),
            "subject": found.subject,
            "panels": site_panels(ref, found.subject.name, by, on),
            "on": on,
            "is_past": on != day_of(request.at),
            "designations": reads.designations(by.bureau, subject=ref),
            "may_edit": may(by, Power.EDIT_REGISTER),
            "may_declare": may(by, Power.DECLARE_RECUSAL),
        },
    )


@requires(Power.EDIT_REGISTER)
def add(request: HttpRequest) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    form = ChangeForm(request.POST or None, initial={"is_excluded": "否"})
    form.fields["reason"].label = "新增理由"
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            ref = actions.add_subject(form.texts(), reason=reason, on=today, by=by, at=request.at)
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "已新增，今天起在名录中。")
            return redirect("registry:subject", ref)
    return render(request, "registry/subject_new.html", {"form": form})


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
            tell(form, refusal)
        else:
            messages.success(
                request, f"已变更“{found.subject.name}”，今天起生效，原内容保留在历史中。"
            )
            return redirect("registry:subject", ref)
    return render(request, "registry/change.html", {"form": form, "subject": found.subject})


@requires(Power.EDIT_REGISTER)
def designate(request: HttpRequest, ref: str) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    found = reads.subject(ref, by.bureau, today)
    form = DesignationForm(request.POST or None, initial={"since": today.isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose_designation(ref, **form.cleaned_data, on=today, by=by, at=request.at)
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, "已提出人工指定，批准领导批准后生效。")
            return redirect("registry:designations")
    context = {"form": form, "subject": found.subject}
    return render(request, "registry/designation_form.html", context)


@requires(Power.EDIT_REGISTER)
def merge(request: HttpRequest, ref: str) -> HttpResponse:
    by, today = request.actor, day_of(request.at)
    found = reads.subject(ref, by.bureau, today)
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        merged, reason = form.cleaned_data["merged"].strip(), form.cleaned_data["reason"]
        try:
            actions.merge_subjects(ref, merged, reason, on=today, by=by, at=request.at)
        except Refused as refusal:
            tell(form, refusal)
        else:
            messages.success(request, f"已把 {merged} 并入“{found.subject.name}”，历史都保留。")
            return redirect("registry:subject", ref)
    return render(request, "registry/merge.html", {"form": form, "subject": found.subject})


@require_POST
@requires(Power.EDIT_REGISTER)
def part(request: HttpRequest, ref: str, merged: str) -> HttpResponse:
    reason, by = request.POST.get("reason", ""), request.actor
    actions.undo_merger(ref, merged, reason, on=day_of(request.at), by=by, at=request.at)
    messages.success(request, f"已撤销合并，{merged} 从今天起重新单列，两家的历史都保留。")
    return redirect("registry:subject", merged)


@requires(Power.SEE_REGISTER)
def statistics(request: HttpRequest) -> HttpResponse:
    by, on = request.actor, asked_day(request)
    found = reads.statistics(by.bureau, on)
    context = {"found": found, "on": on, "is_past": on != day_of(request.at)}
    return render(request, "registry/statistics.html", context)
