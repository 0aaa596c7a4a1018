"""What the pages of a draw show, gathered for a person; nothing here writes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongchou.accounts import reads as accounts
from gongchou.core.powers import Actor, Power, may
from gongchou.core.quota_words import near_percent
from gongchou.core.terms import (
    AbsenceReason,
    DrawMode,
    DrawState,
    ExcuseReason,
    PlanState,
    VoidGround,
)
from gongchou.core.workdays import Quarter
from gongchou.drawing import (
    ballot_pages,
    cost_reads,
    fitness_reads,
    freeze_reads,
    key_reads,
    override_reads,
    proofs,
    reads,
    separation,
    swap_reads,
    void_reads,
)
from gongchou.drawing.agenda import agenda, current
from gongchou.drawing.duties import acts, missing_parties, unrevealed
from gongchou.planning import reads as plans
from gongchou.registry import reads as registers
from gongchou.registry.policy import profile_of

CLOSING_KINDS = (
    ("d6:25", "现场投掷骰子 25 次（1 至 6）"),
    ("d10:20", "现场投掷十面骰 20 次（0 至 9）"),
    ("lottery:14", "公告之后开出的彩票号码，共 14 位数字"),
    ("drand:64", "公开随机信标的值，共 64 位十六进制"),
)
STEP_WORDS = {
    "freeze": "冻结底册",
    "accept_teams": "认可没有证明能组成检查组",
    "announce": "发布公告",
    "close": "收口",
    "draw": "抽取",
    "seal": "密封",
    "open": "开启",
    "substitute": "补抽",
    "reseat": "补派人员",
    "move": "改检查日",
    "film": "登记现场录像",
    "no_team": "组不成检查组",
    "void_request": "申请收口后作废",
    "void_refused": "不予收口后作废",
    "void": "作废",
    "publish": "公开",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """The visits of one planned day, by how many are still sealed."""

    on: date
    visits: int
    sealed: int
    requested: int
    released: int
    is_due: bool


def home(by: Actor, quarter: Quarter) -> dict[str, Any]:
    """The draws of a quarter, and the tasks that still wait for theirs."""
    bureau = by.bureau
    draws, plan = reads.draws(bureau, str(quarter)), plans.plan_of(bureau, str(quarter))
    live = {draw.task for draw in draws if draw.state is not DrawState.VOID}
    tasks = {task.ref: task for task in plan.tasks} if plan else {}
    key = reads.secrecy_key(bureau)
    is_approved = plan is not None and plan.state is PlanState.APPROVED
    waiting = sorted(
        (task for task in tasks.values() if task.ref not in live), key=lambda t: not t.is_drawable
    )
    return {
        "quarter": quarter,
        "plan": plan,
        "is_approved": is_approved,
        "key": key,
        "draws": [(draw, tasks.get(draw.task)) for draw in draws[::-1]],
        "waiting": waiting,
        "units": accounts.units(bureau),
        "modes": list(DrawMode),
        "usual_mode": profile_of(bureau, quarter.last).text("draw.mode", quarter.last),
        "barred": separation.barred_tasks([task.ref for task in waiting], by),
        "may_freeze": may(by, Power.FREEZE_DRAW) and is_approved and key and waiting,
        "openings": len(reads.openings(bureau, only_open=True)),
        "swaps": swap_reads.swaps(bureau, str(quarter)),
        "sees_visits": may(by, Power.SEE_VISITS),
    }


def draw(by: Actor, found: reads.DrawRow, today: date) -> dict[str, Any]:
    """Agenda, current step and everything public of one draw."""
    schedule = reads.schedule(found.ref)
    left = sum(row.state != "released" for row in schedule)
    return {
        "draw": found,
        "task": plans.task(found.task),
        "agenda": agenda(found, sealed_left=left),
        "step": current(found, sealed_left=left),
        "acts": acts(by, found, sealed_left=left),
        "mine": next((c for c in found.contributions if c.person_ref == by.ref), None),
        "missing": missing_parties(found),
        "unrevealed": unrevealed(found),
        "strata": _chances(found.strata),
        "departments": [(row, _chances(row.strata)) for row in found.departments],
        "report": freeze_reads.freeze_report(found.ref),
        "overlaps": override_reads.overlaps_in(found.ref),
        "overrides": [row for row in override_reads.overrides(found.ref) if row.count],
        "limits": cost_reads.limits(found.ref),
        "closing_kinds": CLOSING_KINDS,
        "tickets": _short(reads.tickets(found.ref)),
        **_split(days(schedule, today)),
        "sealed_left": left,
        "overdue": sum(row.state == "sealed" and row.planned_on <= today for row in schedule),
        "today": today,
        "released_count": len(schedule) - left,
        "openings": reads.openings(found.bureau, draw=found.ref),
        "moves": reads.moves(found.ref),
        "films": reads.films(found.ref),
        "movable": [row for row in schedule if row.state == "sealed"],
        "voids": void_reads.of_draw(found.ref),
        "void_grounds": _grounds(found),
        "roll": ballot_pages.roll_of(found.ref) if found.is_ballot and found.announced_at else None,
        "has_list": found.state in (DrawState.DRAWN, DrawState.SEALED, DrawState.PUBLISHED),
        "hands": separation.by_duty(found.ref),
        "doubled": separation.overlaps_of(found.ref),
    }


def _chances(strata: Sequence[reads.DrawnStratum]) -> list[tuple[reads.DrawnStratum, str]]:
    return [(row, near_percent(row.chance)) for row in strata]


# The projector asks again by itself: quickly while something can change, slowly afterwards.
QUICK, SLOW, SECONDS_A_TICKET = 3, 60, 1


def projector(
    found: reads.DrawRow, at: datetime, *, is_paused: bool, again: datetime | None = None
) -> dict[str, Any]:
    """What the projector adds: when to ask again, and the tickets that have appeared by now.

    They appear in their own order, one after the other from the moment of the draw, or from `again`
    where it is replayed; nothing is shown that the record does not hold. Once the record is public
    each ticket has the roster id beside it.
    """
    ids = proofs.ids_of_tickets(found.ref)
    whole = [
        (label, [(ticket[:16], ids.get(ticket, "")) for ticket in held])
        for label, held in reads.tickets(found.ref)
        if held
    ]
    total = sum(len(held) for _, held in whole)
    begun = again if again and found.published_at else found.drawn_at
    since = int((at - begun).total_seconds()) if begun else 0
    room = shown = min(total, max(0, since // SECONDS_A_TICKET))
    tickets = []
    for label, held in whole:
        tickets.append((label, held[:room], len(held)))
        room = max(0, room - len(held))
    is_over = found.state in (DrawState.SEALED, DrawState.PUBLISHED, DrawState.VOID)
    pace = SLOW if is_over and shown == total else QUICK
    return {
        "appearing": tickets,
        "shown": shown,
        "total": total,
        "is_paused": is_paused,
        "is_public": bool(ids),
        "now": int(at.timestamp()),
        "again": int(again.timestamp()) if again and found.published_at else 0,
        "pace": 0 if is_paused else pace,
    }


def _grounds(found: reads.DrawRow) -> list[VoidGround]:
    """The ground that can be true: a list that stays shut, a known result, or a missing share."""
    if found.state in (DrawState.DRAWN, DrawState.SEALED):
        return [VoidGround.KEYS_LOST]
    return [VoidGround.NO_TEAM if found.no_team else VoidGround.SHARE_LOST]


def _short(tickets: Sequence[tuple[str, tuple[str, ...]]]) -> list[tuple[str, list[str]]]:
    """The first 16 digits of each ticket, as the page says."""
    return [(label, [ticket[:16] for ticket in held]) for label, held in tickets if held]


def days(schedule: Sequence[reads.ScheduleRow], today: date) -> list[DayRow]:
    """Dates and counts only."""
    counted: dict[date, Counter[str]] = {}
    for row in schedule:
        counted.setdefault(row.planned_on, Counter())[row.state] += 1
    return [
        DayRow(
            on=on,
            visits=held.total(),
            sealed=held["sealed"],
            requested=held["requested"],
            released=held["released"],
            is_due=on <= today,
        )
        for on, held in sorted(counted.items())
    ]


NEAR_DAYS = 5


def _split(rows: Sequence[DayRow]) -> dict[str, Sequence[DayRow]]:
    """What is due and the next few days; a whole quarter of later ones is folded away."""
    due = sum(row.is_due for row in rows)
    return {"near_days": rows[: due + NEAR_DAYS], "later_days": rows[due + NEAR_DAYS :]}


def _names(bureau: str, on: date) -> dict[str, str]:
    return {person.ref: person.name for person in registers.inspectors(bureau, on)}


def released(found: reads.DrawRow) -> dict[str, Any]:
    """The opened visits with names; the caller records the look."""
    visits = reads.released(found.ref)
    last = max((visit.planned_on for visit in visits), default=date.min)
    names = _names(found.bureau, last) if visits else {}
    teams = {v.number: "、".join(names.get(p, p) for p in v.inspectors) for v in visits}
    return {
        "draw": found,
        "visits": visits,
        "rows": [(visit, teams[visit.number]) for visit in visits],
        "sealed_left": len(reads.schedule(found.ref)) - len(visits),
    }


def _teams(found: reads.DrawRow, opened: reads.ReleasedVisit) -> list[tuple[str, list[str]]]:
    """The parts of a team under what they are: the department's name where several draw."""
    people = {p.ref: p for p in registers.inspectors(found.bureau, opened.planned_on)}
    depts = {row.dept: row.name for row in found.departments[1:]}
    rows = []
    for place, part in enumerate(opened.parts):
        units = {people[ref].unit for ref in part if ref in people}
        name = next((depts[unit] for unit in units if unit in depts), "")
        what = name or ("检查组" if place == 0 else "联合人员")
        rows.append((what, [people[ref].name if ref in people else ref for ref in part]))
    return rows


def visit(by: Actor, found: reads.DrawRow, number: int, today: date) -> dict[str, Any]:
    """One opened visit: why, by whom, and the proof that it was fixed at the draw."""
    opened = reads.released_visit(found.ref, number)
    names = _names(found.bureau, opened.planned_on)
    unfit = () if opened.excused_as else fitness_reads.unfit(opened, found.bureau, today)
    excusing = [o for o in reads.openings(found.bureau, draw=found.ref, only_open=True) if o.excuse]
    return {
        "draw": found,
        "visit": opened,
        "teams": _teams(found, opened),
        "why": proofs.why_me(found.ref, number, bureau=found.bureau, on=today),
        "is_fixed": proofs.is_fixed_at_the_draw(found.ref, number, bureau=found.bureau),
        "may_excuse": acts(by, found, sealed_left=1).release
        and opened.excused_as is None
        and not excusing,
        "may_reseat": acts(by, found, sealed_left=1).release and opened.excused_as is None,
        "unfit": unfit,
        "team": [(person, names.get(person, person)) for person in opened.inspectors],
        "reasons": list(ExcuseReason),
        "absences": list(AbsenceReason),
        "today": today,
    }


def _needs_key(bureau: str, key: reads.KeyRow | None) -> bool:
    return key is None or key_reads.may_be_replaced(bureau)


def keys(by: Actor) -> dict[str, Any]:
    """Custodians, their key, and what waits for this one."""
    people, key = reads.custodians(by.bureau), reads.secrecy_key(by.bureau)
    mine = next((person for person in people if person.person_ref == by.ref), None)
    openings = reads.openings(by.bureau)
    waiting = [row for row in openings if not row.ended_at][::-1]
    holds = may(by, Power.HOLD_KEY)
    changes = [row for row in key_reads.key_changes(by.bureau) if not row.ended_at]
    is_holder = holds and mine is not None and mine.has_share and mine.lost_at is None
    mine_to_agree = [row for row in waiting if is_holder and by.ref not in row.agreed_refs]
    return {
        "custodians": people,
        "key": key,
        "mine": mine,
        "holds": holds,
        "may_enrol": holds and mine is None,
        "may_establish": holds
        and mine is not None
        and len(people) >= 2
        and _needs_key(by.bureau, key),
        "waiting": [(row, row in mine_to_agree) for row in waiting],
        "to_agree": len(mine_to_agree),
        "can_open": sum(1 for row in people if row.has_share and row.lost_at is None),
        "changes": [(row, is_holder and by.ref not in row.agreed_refs) for row in changes],
        "may_change": is_holder and key is not None and not changes,
        "ended": [row for row in openings if row.ended_at][:20],
    }
