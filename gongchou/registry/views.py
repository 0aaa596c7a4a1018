from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Refused
from gongchou.core.roster import drawable_problem
from gongchou.core.terms import ImportKind
from gongchou.registry import actions, reads
from gongchou.registry.forms import UploadForm
from gongchou.registry.importing.columns import LAYOUTS
from gongchou.web.clock import day_of


@requires(Power.SEE_REGISTER)
def subjects(request: HttpRequest) -> HttpResponse:
    search, number = request.GET.get("q", ""), request.GET.get("page", "1")
    page = reads.subjects(
        request.actor.bureau,
        day_of(request.at),
        search=search[:80],
        page=int(number) if number.isdigit() else 1,
    )
    context = {"page": page, "q": search, "may_import": may(request.actor, Power.IMPORT_REGISTER)}
    return render(request, "registry/subjects.html", context)


@requires(Power.SEE_REGISTER)
def subject(request: HttpRequest, ref: str) -> HttpResponse:
    found = reads.subject(ref, request.actor.bureau, day_of(request.at))
    return render(request, "registry/subject.html", {"found": found, "subject": found.subject})


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
