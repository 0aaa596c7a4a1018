"""What goes on to other platforms: published results line by line, and visits of permit holders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core import canon
from gongchou.core.record import UNVISITABLE, RecordBody
from gongchou.core.shapes import Row
from gongchou.core.terms import PermitCategory, VisitResult, VisitState
from gongchou.core.workdays import Deadline, Quarter, workdays_between
from gongchou.inspection import reads as visits
from gongchou.inspection.rows import Aftermath, VisitRow
from gongchou.law.load import load_calendar
from gongchou.planning import reads as plans
from gongchou.publication import gathering_results as results
from gongchou.publication import models
from gongchou.publication.due import deadline_now
from gongchou.publication.reads import day
from gongchou.publication.result_words import case_says
from gongchou.registry import reads as registers


def national_rows(bureau: str, quarter: str, on: date) -> list[Row]:
    """Each item of each random visit whose result is public on a day, in the words inside.

    What goes to a platform of the state is not masked; it leaves only by the back office.
    """
    lines = models.ResultLine.objects.filter(
        bureau=bureau, quarter=quarter, is_public=True, keep_until__gt=on
    ).select_related("publication")
    drawn = {visit.ref: visit for visit in visits.visits(bureau, quarter) if visit.is_random}
    found: list[Row] = []
    for line in lines.order_by("publication__ref", "number"):
        visit = drawn.get(line.visit)
        if visit:
            found += _items(_original(line), _heads(visit, line))
    return found


def _original(line: models.ResultLine) -> dict[str, Any]:
    rows = canon.parse(bytes(line.publication.original))["rows"]
    found: dict[str, Any] = next(row for row in rows if row["number"] == line.number)
    return found


def _heads(visit: VisitRow, line: models.ResultLine) -> Row:
    task = plans.task(visit.task)
    published_on = day(line.publication.published_at)
    return {
        "plan": task.plan,
        "plan_title": f"{Quarter.parse(task.quarter).label}双随机抽查计划",
        "task": task.ref,
        "task_name": task.name,
        "mode": task.task_mode.value,
        "publication": line.publication.ref,
        "number": str(line.number),
        "published_on": published_on.isoformat() if published_on else "",
    }


def _items(row: Mapping[str, Any], heads: Row) -> Iterator[Row]:
    """One line an item, with its own result beside that of the visit, as it was published."""
    same = ("authority", "subject", "uscc", "ended_on", "handling")
    for item in row["items"]:
        yield {
            **heads,
            **{name: str(row[name]) for name in same},
            "result": row["result_code"],
            "local_result": row.get("local_result", ""),
            "item": item,
            "item_result": _item_result(row, item),
        }


def _item_result(row: Mapping[str, Any], item: str) -> str:
    if VisitResult(row["result_code"]) in UNVISITABLE:
        return "unchecked"
    found = any(problem.partition("：")[0] == item for problem in row["problems"])
    return "problem" if found else "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitRow:
    """A finished visit of a permit holder, and whether it stands on the permit platform."""

    visit: str
    subject: str
    permit_number: str
    ended_on: date
    deadline: Deadline
    day: int
    of: int
    entered_on: date | None
    entered_by: str
    row: Row

    @property
    def says(self) -> str:
        return f"未填报，第 {self.day}／{self.of} 个工作日"

    def is_late(self, on: date) -> bool:
        return (self.entered_on or on) > self.deadline.on


def _permits(bureau: str, on: date) -> dict[str, str]:
    """The permit numbers of those that hold one; a permit bears the code of its site (HJ 608)."""
    holders = (PermitCategory.KEY, PermitCategory.SIMPLIFIED)
    return {
        site.ref: site.permit_number or site.site_code
        for site in registers.snapshot(bureau, on).subjects
        if site.permit_category in holders
    }


def permit_rows(bureau: str, quarter: str, on: date) -> tuple[PermitRow, ...]:
    """Reviewed visits of permit holders in a quarter: what waits first, the soonest due first."""
    numbers = _permits(bureau, on)
    found = visits.visits(bureau, quarter, state=VisitState.REVIEWED)
    held = [visit for visit in found if visit.subject in numbers]
    rows = models.PermitEntry.objects.filter(bureau=bureau, visit__in=[v.ref for v in held])
    entries, name = {row.visit: row for row in rows}, accounts.bureau(bureau).name
    follow = visits.aftermaths([visit.ref for visit in held])
    bodies = visits.newest_bodies([visit.ref for visit in held])
    made = []
    for visit in held:
        after, body = follow[visit.ref], bodies.get(visit.ref, RecordBody())
        row = {"permit_number": numbers[visit.subject], "authority": name}
        row |= _permit_row(visit, body, after)
        made.append(_permit(visit, row, follow=after, entry=entries.get(visit.ref), on=on))
    return tuple(sorted(made, key=lambda r: (r.entered_on is not None, r.deadline.on, r.visit)))


def permits_waiting(bureau: str, quarter: str, on: date) -> tuple[tuple[str, Deadline], ...]:
    """Permit holders whose visit is not entered yet, and by when: every desk asks."""
    found = visits.visits(bureau, quarter, state=VisitState.REVIEWED)
    rows = models.PermitEntry.objects.filter(bureau=bureau, visit__in=[v.ref for v in found])
    entered = set(rows.values_list("visit", flat=True))
    left = [visit for visit in found if visit.ref not in entered]
    if not left:
        return ()
    numbers = _permits(bureau, on)
    return tuple(
        (visit.subject_name, deadline_now(visit)) for visit in left if visit.subject in numbers
    )


def _permit(
    visit: VisitRow, row: Row, *, follow: Aftermath, entry: models.PermitEntry | None, on: date
) -> PermitRow:
    ended_on = visit.ended_on or visit.planned_on
    deadline, calendar = results.deadline_after(visit, follow), load_calendar()
    return PermitRow(
        visit=visit.ref,
        subject=visit.subject_name,
        permit_number=row["permit_number"],
        ended_on=ended_on,
        deadline=deadline,
        day=max(0, workdays_between(ended_on, on, calendar)),
        of=workdays_between(ended_on, deadline.on, calendar),
        entered_on=entry.entered_on if entry else None,
        entered_by=entry.by_name if entry else "",
        row=row,
    )


def _none_found(visit: VisitRow) -> str:
    """An empty cell would be left for somebody to type."""
    return "没有检查成" if visit.visit_result in UNVISITABLE else "无"


def _permit_row(visit: VisitRow, body: RecordBody, follow: Aftermath) -> Row:
    """When, what, with which result, and what was decided (排污许可管理条例 §25)."""
    decided = [case for case in follow.standing_cases if case.decided_on]
    return {
        "subject": visit.subject_name,
        "uscc": visit.uscc,
        "ended_on": (visit.ended_on or visit.planned_on).isoformat(),
        "items": "、".join(visit.group_names),
        "result_name": visit.visit_result.label if visit.visit_result else "",
        "problems": "；".join(results.problems_of(visit, body)) or _none_found(visit),
        "penalty": "；".join(case_says(case) for case in decided) or "无",
        "visit": visit.ref,
    }
