"""Sheets, the own matters of everybody, and problems until they are mended."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gongchou.accounts import reads as accounts
from gongchou.accounts.access import requires
from gongchou.core.oversight_terms import AssessmentPoint
from gongchou.core.powers import Power, may
from gongchou.core.refusals import NotAllowed, Refused
from gongchou.core.workdays import Quarter
from gongchou.registry import people_reads
from gongchou.reporting import actions, assessment_reads
from gongchou.reporting.views.oversight import day
from gongchou.reporting.views.tables import asked_quarter
from gongchou.training import quiz_reads
from gongchou.web.clock import day_of


@requires(Power.SEE_ASSESSMENT)
def sheets(request: HttpRequest) -> HttpResponse:
    running, bureau = Quarter.of(day_of(request.at)), request.actor.bureau
    # A running quarter has no sheets yet: who asks for none sees the one before.
    quarter = asked_quarter(request) if request.GET.get("quarter") else running.previous()
    context = {
        "quarter": quarter,
        "before": quarter.previous(),
        "after": quarter.next() if quarter < running else None,
        "rows": assessment_reads.sheets(bureau, str(quarter)),
        "appeals": assessment_reads.open_appeals(bureau),
        "is_over": day_of(request.at) > quarter.last,
        "may_make": may(request.actor, Power.MAKE_ASSESSMENT),
        "is_office": may(request.actor, Power.HANDLE_ALARM),
    }
    return render(request, "reporting/assessments.html", context)


@require_POST
@requires(Power.MAKE_ASSESSMENT)
def make(request: HttpRequest) -> HttpResponse:
    quarter = Quarter.parse(request.POST.get("quarter", ""))
    made = actions.make_assessment(quarter, by=request.actor, at=request.at)
    messages.success(request, f"已生成 {made} 份考核表；没有变化的沿用原来的。")
    return redirect(f"/oversight/assessments/?quarter={quarter}")


@requires(Power.SEE_ASSESSMENT, Power.OWN_MATTERS)
def sheet(request: HttpRequest, ref: str) -> HttpResponse:
    actor, today = request.actor, day_of(request.at)
    row = assessment_reads.sheet(ref, actor.bureau)
    own = assessment_reads.is_own(row, actor, today)
    if not own and not may(actor, Power.SEE_ASSESSMENT):
        raise NotAllowed("只能查看本人的考核表，请从“本人事项”进入。")
    appealed = {(one.point, one.record) for one in row.appeals}
    context = {
        "row": row,
        "quarter": Quarter.parse(row.quarter),
        "is_own": own,
        "quizzes": _quizzes(row, today),
        "may_answer": may(actor, Power.DECIDE_APPEAL) and not own,
        "free": [
            (point.point, record)
            for point in row.body.points
            for record in point.short
            if (point.point, record) not in appealed
        ],
    }
    return render(request, "reporting/assessment.html", context)


def _quizzes(row: assessment_reads.SheetRow, on: date) -> tuple[quiz_reads.ResultRow, ...]:
    """The tests that the person of a sheet took; they count for nothing in it."""
    login = people_reads.logins_of_inspectors(row.bureau, on).get(row.about, "")
    people = {one.login: one.ref for one in accounts.people(row.bureau, on)}
    person = people.get(login, "")
    return quiz_reads.results(row.bureau, person) if person else ()


@require_POST
@requires(Power.OWN_MATTERS)
def appeal(request: HttpRequest, ref: str) -> HttpResponse:
    point, _, record = request.POST.get("which", "").partition(":")
    known = next((one for one in AssessmentPoint if one.value == point), None)
    if known is None:
        raise Refused("请从列表中选择对哪一条记录提出申诉。")
    says = request.POST.get("says", "")
    actions.appeal(ref, known, record, says, by=request.actor, at=request.at)
    messages.success(request, "已提出申诉，由批准领导答复。")
    return redirect("oversight:assessment", ref)


@require_POST
@requires(Power.DECIDE_APPEAL)
def answer(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    chosen, says = request.POST.get("upheld", ""), request.POST.get("answer", "")
    if chosen not in {"yes", "no"}:
        raise Refused("请选择采纳还是不采纳；答复以后不能改。")
    is_upheld = chosen == "yes"
    actions.answer_appeal(ref, number, says, is_upheld=is_upheld, by=request.actor, at=request.at)
    messages.success(request, "已答复。采纳的记录在重新生成的考核表中不再计入。")
    return redirect("oversight:assessment", ref)


@requires(Power.OWN_MATTERS)
def mine(request: HttpRequest) -> HttpResponse:
    actor, today = request.actor, day_of(request.at)
    person = people_reads.inspector_of_person(actor.ref, actor.bureau, today)
    tasks = assessment_reads.tasks(actor.bureau, actor.ref)
    context = {
        "sheets": assessment_reads.sheets(actor.bureau, about=person.ref) if person else (),
        "quizzes": quiz_reads.results(actor.bureau, actor.ref),
        "tasks": [(task, task.is_late(today)) for task in tasks],
        "today": today,
    }
    return render(request, "reporting/mine.html", context)


@requires(Power.SET_TASK)
def tasks(request: HttpRequest) -> HttpResponse:
    bureau, today = request.actor.bureau, day_of(request.at)
    rows = assessment_reads.tasks(bureau)
    context = {
        "tasks": [(task, task.is_late(today)) for task in rows],
        "people": [row for row in accounts.people(bureau, today) if row.is_active],
        "about": request.GET.get("about", "")[:200],
        "today": today,
        "is_office": may(request.actor, Power.HANDLE_ALARM),
    }
    return render(request, "reporting/tasks.html", context)


@require_POST
@requires(Power.SET_TASK)
def set_task(request: HttpRequest) -> HttpResponse:
    given = request.POST
    about, says, owner = (given.get(name, "") for name in ("about", "says", "owner"))
    due_on = day(given.get("due_on", ""), "期限")
    actions.set_task(about, says, owner, due_on=due_on, by=request.actor, at=request.at)
    messages.success(request, "已交办，责任人登录后可以看到。")
    return redirect("oversight:tasks")


@require_POST
@requires(Power.OWN_MATTERS)
def mended(request: HttpRequest, ref: str) -> HttpResponse:
    actions.report_mended(ref, request.POST.get("says", ""), by=request.actor, at=request.at)
    messages.success(request, "已报告，由交办人核实。")
    return redirect("oversight:mine")


@require_POST
@requires(Power.SET_TASK)
def check_task(request: HttpRequest, ref: str) -> HttpResponse:
    is_mended, says = request.POST.get("mended") == "yes", request.POST.get("says", "")
    actions.check_task(ref, says, is_mended=is_mended, by=request.actor, at=request.at)
    messages.success(request, "已核实办结。" if is_mended else "已退回责任人继续整改。")
    return redirect("oversight:tasks")
