"""What oversight waits for: alarms, reports, appeals, re-inspections, and what must be mended."""

from collections.abc import Iterator

from gongchou.core.oversight_terms import MendingState, RecheckState
from gongchou.core.powers import Power
from gongchou.desk.waiting.rows import Desk, Todo, address, is_past
from gongchou.intake import conduct_reads as conduct
from gongchou.registry import people_reads
from gongchou.reporting import assessment_reads as assessments
from gongchou.reporting import oversight_reads as oversight
from gongchou.reporting import recheck_reads as rechecks
from gongchou.training import quiz_reads

# Whose step it is, and what the button says.
RECHECK_STEPS = {
    RecheckState.PROMISED: (Power.CONTRIBUTE, "为复查抽取作出承诺", "审计人员提出了复查抽取。"),
    RecheckState.ANNOUNCED: (Power.ORDER_RECHECK, "录入复查收口值", "复查抽取已经公告。"),
    RecheckState.CLOSED: (Power.CONTRIBUTE, "揭示并抽取复查", "复查抽取已经收口。"),
}


def todos(desk: Desk) -> Iterator[Todo]:
    if desk.may(Power.HANDLE_ALARM):
        yield from _alarms(desk)
    if desk.may(Power.HANDLE_REPORT):
        yield from _reports(desk)
    if desk.may(Power.DECIDE_APPEAL):
        yield from _appeals(desk)
    yield from _rechecks(desk)
    if desk.may(Power.SET_TASK):
        yield from _to_check(desk)
    if desk.may(Power.OWN_MATTERS):
        yield from _mine(desk)
    if desk.may(Power.SEE_TRAINING):
        yield from _quizzes(desk)


def _alarms(desk: Desk) -> Iterator[Todo]:
    if count := oversight.open_count(desk.bureau):
        yield Todo(
            act="核查预警", says=f"{count} 条预警还没有核查。", url=address("oversight:home")
        )


def _reports(desk: Desk) -> Iterator[Todo]:
    rows = [row for row in conduct.reports(desk.bureau) if row.is_open]
    if rows:
        due = min(conduct.due(row) for row in rows)
        yield Todo(
            act="办理违纪反映",
            says=f"{len(rows)} 件没有办结。",
            url=address("intake:reports"),
            due=due,
            is_late=is_past(due, desk.today),
        )


def _appeals(desk: Desk) -> Iterator[Todo]:
    if count := assessments.open_appeals(desk.bureau):
        yield Todo(
            act="答复考核申诉",
            says=f"{count} 件申诉没有答复。",
            url=address("oversight:assessments"),
        )


def _rechecks(desk: Desk) -> Iterator[Todo]:
    for quarter in desk.quarters:
        row = rechecks.draw_of(desk.bureau, str(quarter))
        power, act, says = RECHECK_STEPS.get(row.state, (None, "", "")) if row else (None, "", "")
        if power and desk.may(power):
            where = address("oversight:rechecks", quarter=quarter)
            yield Todo(act=act, says=f"{quarter.label}：{says}", url=where)
        if row and row.waiting and desk.may(Power.ORDER_RECHECK):
            where = address("oversight:rechecks", quarter=quarter)
            says = f"{quarter.label}抽中的复查还有 {len(row.waiting)} 家没有启封。"
            yield Todo(act="启封复查", says=says, url=where)
    if desk.may(Power.DO_VISIT):
        yield from _to_record(desk)


def _to_record(desk: Desk) -> Iterator[Todo]:
    """Re-inspections of the own team without a record."""
    me = people_reads.inspector_of_person(desk.actor.ref, desk.bureau, desk.today)
    rows = rechecks.rechecks(desk.bureau, member=me.ref) if me else ()
    for row in rows:
        if row.recorded_at is None:
            where = address("oversight:recheck", row.draw, str(row.number))
            yield Todo(act="实施复查", says=f"{row.subject_name}（独立复查）", url=where)


def _to_check(desk: Desk) -> Iterator[Todo]:
    rows = [
        row
        for row in assessments.tasks(desk.bureau)
        if row.state is MendingState.MENDED and row.set_by == desk.actor.ref
    ]
    if rows:
        says = f"{len(rows)} 件已报整改完成，等待核实。"
        yield Todo(act="核实整改", says=says, url=address("oversight:tasks"))


def _mine(desk: Desk) -> Iterator[Todo]:
    for row in assessments.tasks(desk.bureau, desk.actor.ref):
        if row.state is MendingState.OPEN:
            yield Todo(
                act="完成整改",
                says=row.says,
                url=address("oversight:mine"),
                due=row.due_on,
                is_late=row.is_late(desk.today),
            )


def _quizzes(desk: Desk) -> Iterator[Todo]:
    """Tests about what the person attended, until they are passed or over."""
    for row in quiz_reads.open_for(desk.bureau, desk.actor.ref, desk.today):
        where = address("training:quiz", row.ref)
        yield Todo(act="参加学习测试", says=f"“{row.title}”还没有合格。", url=where, due=row.until)
