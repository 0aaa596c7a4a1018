"""The table of working days in the browser."""

import re
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from gongchou.accounts.access import requires
from gongchou.core.powers import Power, check, may
from gongchou.core.refusals import Invalid
from gongchou.core.workdays import CalendarYear, Quarter
from gongchou.planning import actions, calendar_reads, reads
from gongchou.web.clock import day_of

SHORT = {"放假日": "days_off", "补班日": "makeup"}


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "") or str(day_of(request.at).year)
    if not re.fullmatch(r"20\d\d|2100", text, re.ASCII):
        raise Invalid(f"“{text}”不是年份，请写成 2027 的样子。")
    return int(text)


@requires(Power.SEE_PLAN)
def calendar(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    try:
        return _saved(request)
    except Invalid as refusal:
        return _page(request, says=str(refusal), status=422)


def _page(request: HttpRequest, *, says: str = "", status: int = 200) -> HttpResponse:
    """The year; after a refusal with what was typed, for thirty days are not typed twice."""
    year, bureau = _year(request), request.actor.bureau
    context = {
        "found": calendar_reads.page(year),
        "year": year,
        "years": calendar_reads.years_known(day_of(request.at)),
        "deadlines": [
            (quarter, reads.deadlines(bureau, str(quarter)))
            for quarter in (Quarter(year, number) for number in range(1, 5))
        ],
        "may_edit": may(request.actor, Power.MAKE_PLAN),
        "says": says,
        "typed": request.POST,
    }
    return render(request, "planning/calendar.html", context, status=status)


def _saved(request: HttpRequest) -> HttpResponse:
    check(request.actor, Power.MAKE_PLAN)
    year = _year(request)
    days = {name: _days(request.POST.get(name, ""), what) for what, name in SHORT.items()}
    found = CalendarYear(
        year=year,
        published=request.POST.get("published") == "on",
        source=" ".join(request.POST.get("source", "").split())[:200],
        **days,
    )
    reason = request.POST.get("reason", "")
    changes = actions.set_calendar_year(found, reason, by=request.actor, at=request.at)
    messages.success(request, f"已修改 {year} 年工作日历，共 {len(changes)} 处，各项期限随之变动。")
    return redirect(f"/plan/calendar/?year={year}")


def _days(text: str, what: str) -> tuple[date, ...]:
    words = re.split(r"[\s,，、;；]+", text.strip())
    try:
        return tuple(sorted(date.fromisoformat(word) for word in words if word))
    except ValueError as error:
        wrong = next(word for word in words if word and not _is_day(word))
        raise Invalid(f"{what}里的“{wrong}”不是日期，请写成 2027-01-01 的样子。") from error


def _is_day(word: str) -> bool:
    try:
        date.fromisoformat(word)
    except ValueError:
        return False
    return True
