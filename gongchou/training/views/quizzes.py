"""Short tests: made beside an event, taken by whoever may see trainings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.terms import Role
from gongchou.training import actions, quiz_reads, reads
from gongchou.training.forms import QuizForm
from gongchou.web.clock import day_of


@requires(Power.RECORD_TRAINING)
def new(request: HttpRequest, ref: str) -> HttpResponse:
    event = reads.event(ref, request.actor.bureau)
    form = QuizForm(request.POST or None, initial={"title": event.title, "attempts": 3})
    if request.method == "POST" and form.is_valid():
        draft = actions.QuizDraft(**form.cleaned_data)
        try:
            made = actions.make_quiz(ref, draft, by=request.actor, at=request.at)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已出测试，参加培训的人员在工作台可以看到。")
            return redirect("training:quiz", made)
    return render(request, "training/new_quiz.html", {"form": form, "event": event})


@requires(Power.SEE_TRAINING)
def quiz(request: HttpRequest, ref: str) -> HttpResponse:
    """The questions for who may still answer, the results for who holds trainings."""
    row, actor = quiz_reads.quiz(ref, request.actor.bureau), request.actor
    mine = row.attempts_of(actor.ref)
    is_done, is_own = any(one.is_passed for one in mine), row.by_ref == actor.ref
    may_take = not (is_done or is_own) and len(mine) < row.attempts
    context = {
        "row": row,
        "mine": mine,
        "left": row.attempts - len(mine),
        "is_done": is_done,
        "is_own": is_own,
        "may_take": may_take and day_of(request.at) <= row.until,
        "may_see_all": Role.OFFICE in actor.roles or may(actor, Power.READ_AUDIT),
    }
    return render(request, "training/quiz.html", context)


@require_POST
@requires(Power.SEE_TRAINING)
def take(request: HttpRequest, ref: str) -> HttpResponse:
    row = quiz_reads.quiz(ref, request.actor.bureau)
    given = [request.POST.get(f"q{number}", "") for number in range(1, len(row.questions) + 1)]
    answers = [int(text) for text in given if text.isascii() and text.isdecimal()]
    found = actions.take_quiz(ref, answers, by=request.actor, at=request.at)
    if found.passes(row.least):
        messages.success(request, f"答对 {found.right} 题，共 {found.of} 题，合格。")
    else:
        missed = "、".join(str(number) for number in found.missed)
        says = f"答对 {found.right} 题，须答对 {row.least} 题才合格。第 {missed} 题不对。"
        messages.warning(request, says)
    return redirect("training:quiz", ref)
