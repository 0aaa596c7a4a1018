from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import reads as accounts
from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import Invalid, NotAllowed, Refused
from gongchou.core.terms import Role, TrainingKind
from gongchou.core.workdays import Quarter
from gongchou.training import actions, quiz_reads, reads
from gongchou.training.forms import EventForm
from gongchou.web.clock import day_of


def asked_quarter(request: HttpRequest) -> Quarter:
    """The quarter that the address names, or the running one."""
    text = request.GET.get("quarter", "")
    return Quarter.parse(text) if text else Quarter.of(day_of(request.at))


@requires(Power.SEE_TRAINING)
def home(request: HttpRequest) -> HttpResponse:
    quarter, bureau = asked_quarter(request), request.actor.bureau
    events = reads.events(bureau, quarter.first, quarter.last)
    context = {
        "quarter": quarter,
        "events": events,
        "sums": _sums(events),
        "practices": reads.practices(bureau),
        "may_record": may(request.actor, Power.RECORD_TRAINING),
        "may_offer": may(request.actor, Power.OFFER_PRACTICE),
        "may_decide": may(request.actor, Power.DECIDE_PRACTICE),
    }
    return render(request, "training/home.html", context)


def _sums(events: tuple[reads.EventRow, ...]) -> list[tuple[TrainingKind, int, int]]:
    """Of each kind how often and with how many people; withdrawn ones do not count."""
    held = [row for row in events if row.counts]
    return [
        (
            kind,
            sum(row.kind is kind for row in held),
            sum(row.audience_count for row in held if row.kind is kind),
        )
        for kind in TrainingKind
    ]


@requires(Power.RECORD_TRAINING)
def new(request: HttpRequest) -> HttpResponse:
    today = day_of(request.at)
    people = accounts.people(request.actor.bureau, today)
    form = EventForm(request.POST or None, people=people, initial={"held_on": today})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["people"]
        try:
            ref = actions.record_event(form.draft(), chosen, by=request.actor, at=request.at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记。课件、照片、签到表可以在下面加入。")
            return redirect("training:event", ref)
    return render(request, "training/new.html", {"form": form})


@requires(Power.SEE_TRAINING)
def event(request: HttpRequest, ref: str) -> HttpResponse:
    found, actor = reads.event(ref, request.actor.bureau), request.actor
    may_work = (
        found.counts
        and may(actor, Power.RECORD_TRAINING)
        and (found.recorder_ref == actor.ref or Role.OFFICE in actor.roles)
    )
    there = {one.person for one in found.attendances}
    people = accounts.people(actor.bureau, day_of(request.at)) if may_work else []
    context = {
        "row": found,
        "quarter": Quarter.of(found.held_on),
        "may_work": may_work,
        "quizzes": quiz_reads.quizzes(actor.bureau, ref),
        "may_quiz": found.counts and may(actor, Power.RECORD_TRAINING),
        "absent": [one for one in people if one.ref not in there],
    }
    return render(request, "training/event.html", context)


@require_POST
@requires(Power.RECORD_TRAINING)
def attendance(request: HttpRequest, ref: str) -> HttpResponse:
    people = request.POST.getlist("people")
    count = actions.add_attendance(ref, people, by=request.actor, at=request.at)
    messages.success(request, f"已登记参加人员 {count} 人。")
    return redirect("training:event", ref)


@require_POST
@requires(Power.RECORD_TRAINING)
def material(request: HttpRequest, ref: str) -> HttpResponse:
    file = request.FILES.get("material")
    if file is None:
        raise Invalid("没有选择文件，请选择后再点加入。")
    actions.add_material(ref, file.name or "", file.read(), by=request.actor, at=request.at)
    messages.success(request, "文件已加入。")
    return redirect("training:event", ref)


@requires(Power.SEE_TRAINING)
def material_file(request: HttpRequest, ref: str, number: int) -> FileResponse:
    """A material as it is kept; papers and pictures open in the browser."""
    found = reads.material(ref, number, request.actor.bureau)
    is_shown = found.media_type == "application/pdf" or found.media_type.startswith("image/")
    return FileResponse(
        default_storage.open(found.path),
        as_attachment=not is_shown,
        filename=found.name,
        content_type=found.media_type,
    )


@require_POST
@requires(Power.RECORD_TRAINING)
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    actions.withdraw_event(ref, request.POST.get("reason", ""), by=request.actor, at=request.at)
    messages.success(request, "已撤销这次登记，不再计入统计；原登记和理由仍可查看。")
    return redirect("training:event", ref)
