from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.roster import drawable_problem
from gongchou.core.terms import ImportKind
from gongchou.registry import actions, export, reads
from gongchou.registry.forms import ChangeForm, FilterForm, UploadForm
from gongchou.registry.importing.columns import LAYOUTS
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


@requires(Power.SEE_REGISTER)
def items(request: HttpRequest) -> HttpResponse:
    lists = reads.item_lists(request.actor.bureau)
    may_approve = may(request.actor, Power.APPROVE_ITEMS)
    return render(request, "registry/items.html", {"lists": lists, "may_approve": may_approve})


@require_POST
@requires(Power.APPROVE_ITEMS)
def approve_items(request: HttpRequest, ref: str) -> HttpResponse:
    actions.approve_item_list(ref, on=day_of(request.at), by=request.actor, at=request.at)
    messages.success(request, "已批准，这一版清单从今天起使用。")
    return redirect("registry:items")


@requires(Power.SEE_REGISTER)
def inspectors(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    found = reads.inspectors(request.actor.bureau, today)
    rows = [(person, drawable_problem(person, today)) for person in found]
    ready = sum(problem is None for _, problem in rows)
    context = {"rows": rows, "ready": ready}
    return render(request, "registry/inspectors.html", context)


@requires(Power.IMPORT_REGISTER)
def upload(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            ref = actions.stage_import(
                ImportKind(form.cleaned_data["kind"]),
                file.read(),
                file.name,
                on=day_of(request.at),
                by=request.actor,
                at=request.at,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("registry:batch", ref)
    layouts = [(kind.label, layout) for kind, layout in LAYOUTS.items()]
    return render(request, "registry/upload.html", {"form": form, "layouts": layouts})


@requires(Power.IMPORT_REGISTER)
def batch(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.batch(ref, request.actor.bureau)
    return render(request, "registry/batch.html", {"batch": found, "report": found.report})


@require_POST
@requires(Power.IMPORT_REGISTER)
def commit(request: HttpRequest, ref: str) -> HttpResponse:
    report = actions.commit_import(
        ref, on=day_of(request.at), by=request.actor, at=request.at
    ).plain()
    messages.success(
        request,
        f"已导入：新增 {report['accepted']}，更新 {report['updated']}，"
        f"未变 {report['unchanged']}，重复 {report['duplicates']}，退回 {report['rejected']}。",
    )
    return redirect("registry:subjects")
