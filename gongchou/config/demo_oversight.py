"""Oversight of the demonstration: alarms looked into, a report, a blind re-inspection, sheets.

Each of the product's own acts, by the person whose work it is; what is said is made up.
"""

import hashlib
from datetime import datetime, timedelta
from functools import partial

from gongchou.accounts import actions as accounts
from gongchou.config.demo_agenda import Agenda, after, at, person, pick
from gongchou.config.demo_bureau import CODE, login_of
from gongchou.core.oversight_terms import (
    AlarmOutcome,
    AlarmState,
    IntegrityKind,
    MendingState,
    ReportOutcome,
)
from gongchou.core.powers import outsider, system
from gongchou.core.refusals import Infeasible
from gongchou.core.terms import ItemResult
from gongchou.core.workdays import Quarter
from gongchou.drawing import actions as drawing
from gongchou.inspection import actions as inspection
from gongchou.intake import actions as intake
from gongchou.reporting import actions as reporting
from gongchou.reporting import assessment_reads, oversight_reads, recheck_reads

RULE, THROWS = "d10:20 演示：现场投掷十面骰二十次", 20
SAYS = "演示：核对了原始记录和照片"
LEFT_OPEN = 2


def schedule(agenda: Agenda, quarter: Quarter) -> None:
    """What follows a finished quarter, in the first working days of the next."""
    ended = after(quarter.last, 1)
    agenda.put(at(ended, 8, 30), partial(_look_out_of_turn, quarter))
    agenda.put(at(ended, 10, 30), _alarms)
    agenda.put(at(ended, 15), _set_task)
    agenda.put(at(ended, 11), partial(_report, agenda, quarter))
    agenda.put(at(ended, 14), partial(_let_read, quarter))
    agenda.put(at(after(ended, 1), 16, 30), partial(_assess, quarter))
    agenda.put(at(after(ended, 1), 10), partial(_recheck, agenda, quarter))
    agenda.put(at(after(ended, 9), 10), partial(_finish, quarter))


def _let_read(quarter: Quarter, when: datetime) -> None:
    """The superior has asked to read the records of the quarter, and reads one of them."""
    draft = accounts.RightDraft(
        quarter=str(quarter),
        since=when.date(),
        until=after(when.date(), 20),
        document_number=f"临环监函〔{quarter.year}〕{quarter.number}号（演示）",
        reason="演示：上级抽看检查记录质量",
    )
    number = accounts.grant_records(draft, by=person("zhao", when), at=when)
    watcher, read = person("shang", when), when + timedelta(minutes=30)
    _, rows = inspection.consult_visits(number, by=watcher, at=read)
    if rows:
        inspection.consult_record(number, rows[0].ref, by=watcher, at=read)


def _look_out_of_turn(quarter: Quarter, when: datetime) -> None:
    """An officer asks again and again for a list that is not theirs: a case for the rules."""
    for minute in range(3):
        by, asked = person("wang", when), when + timedelta(minutes=minute)
        says = "演示：不是检查组成员，不能查看名单"
        drawing.record_refused_view(f"演示 {quarter}", says, by=by, at=asked)


def _alarms(when: datetime) -> None:
    """The rules find what they find; the discipline office looks at all but the newest two."""
    reporting.raise_alarms(by=system(CODE), at=when)
    rows = [row for row in oversight_reads.alarms(CODE) if row.state is AlarmState.RAISED]
    for row in rows[LEFT_OPEN:]:
        by, looked = person("ji", when), when + timedelta(minutes=10)
        reporting.close_alarm(row.number, AlarmOutcome.EXPLAINED, SAYS, by=by, at=looked)


def _set_task(when: datetime) -> None:
    """Something has to be mended by somebody by a day; one of two is reported mended."""
    due = after(when.date(), 10)
    by, owner = person("zhao", when), person("chen", when)
    for says in ("演示：补齐纸质记录的交接签字", "演示：明确公示前的核对步骤"):
        ref = reporting.set_task("预警", says, owner.ref, due_on=due, by=by, at=when)
    reporting.report_mended(ref, "演示：已写入岗位清单", by=owner, at=when + timedelta(minutes=5))


def _finish(quarter: Quarter, when: datetime) -> None:
    """What was left open is mended, looked at and answered before its day."""
    leader, owner = person("zhao", when), person("chen", when)
    for task in assessment_reads.tasks(CODE):
        if task.state is MendingState.OPEN:
            reporting.report_mended(task.ref, "演示：已补齐签字", by=owner, at=when)
        if task.state is not MendingState.CLOSED:
            seen = when + timedelta(minutes=30)
            reporting.check_task(task.ref, SAYS, is_mended=True, by=leader, at=seen)
    for row in assessment_reads.sheets(CODE, str(quarter)):
        for one in row.appeals:
            if one.is_upheld is None:
                reporting.answer_appeal(
                    row.ref, one.number, "演示：核对后记录确有欠缺，不采纳",
                    is_upheld=False, by=leader, at=when,
                )  # fmt: skip


def _report(agenda: Agenda, quarter: Quarter, when: datetime) -> None:
    """A stranger reports something about a check; it is taken up the next day and concluded."""
    chance = hashlib.sha256(f"report {quarter}".encode()).digest()[:15]
    draft = intake.ReportDraft(about="演示：某次检查的检查组", says="演示：检查时没有出示证件")
    ref = intake.send_report(draft, chance=chance, by=outsider(CODE), at=when).ref
    agenda.put(at(after(when.date(), 1), 9, 30), partial(_accept, ref))
    agenda.put(at(after(when.date(), 12), 9, 30), partial(_conclude, ref))
    gift = "演示：退回被检查单位的一盒茶叶"
    by, on = person("li", when), when.date()
    intake.declare(IntegrityKind.REFUSED_GIFT, gift, on=on, by=by, at=when)


def _accept(ref: str, when: datetime) -> None:
    intake.accept_report(ref, "演示：属于受理范围", by=person("ji", when), at=when)


def _conclude(ref: str, when: datetime) -> None:
    told = "演示：经核查，检查组到场时已出示证件，有音像记录。感谢监督。"
    by = person("ji", when)
    intake.conclude_report(ref, ReportOutcome.UNFOUNDED, SAYS, told, by=by, at=when)


def _assess(quarter: Quarter, when: datetime) -> None:
    """Sheets for all; two who fell short appeal, and the leader has answered the first."""
    leader = person("zhao", when)
    reporting.make_assessment(quarter, by=leader, at=when)
    sheets = assessment_reads.sheets(CODE, str(quarter))
    fell_short = [
        (row, point)
        for row in sheets
        for point in row.body.points
        if not row.is_unit and point.short
    ]
    for row, point in list({row.about: (row, point) for row, point in fell_short}.values())[:2]:
        says, by = "演示：所缺内容已在现场笔录中写明", person(login_of(row.about), when)
        reporting.appeal(row.ref, point.point, point.short[0], says, by=by, at=when)
    for row, _ in fell_short[:1]:
        [one] = assessment_reads.sheet(row.ref, CODE).appeals
        answer = "演示：情况属实，下一版不计这条记录"
        reporting.answer_appeal(row.ref, one.number, answer, is_upheld=True, by=leader, at=when)


def _recheck(agenda: Agenda, quarter: Quarter, when: datetime) -> None:
    """Finished visits are drawn to be checked again by people who know nothing of the first."""
    ji, bao, words = person("ji", when), person("bao", when), f"演示：{quarter} 的一句话"
    try:
        ref = reporting.promise_recheck(quarter, words, RULE, by=ji, at=when)
    except Infeasible:
        return
    other = f"演示：{quarter} 的另一句话"
    closing = "".join(str(pick(f"recheck {quarter} {n}", 10)) for n in range(THROWS))
    reporting.join_recheck(ref, other, by=bao, at=when)
    reporting.close_recheck(ref, words, closing, by=ji, at=when + timedelta(minutes=5))
    drawn = when + timedelta(minutes=10)
    reporting.draw_recheck(ref, other, closing, by=bao, at=drawn)
    row = recheck_reads.draw_of(CODE, str(quarter))
    for number in row.waiting[:2] if row else ():
        opened = drawn + timedelta(minutes=number)
        reporting.open_recheck(ref, number, by=ji, at=opened)
        agenda.put(opened + timedelta(hours=4), partial(_record, ref, number))


def _record(ref: str, number: int, when: datetime) -> None:
    """The second team answers every item, most of them without a problem."""
    row = recheck_reads.recheck(ref, number, CODE)
    answers = {
        code: (
            ItemResult.PROBLEM if pick(f"{ref} {number} {code}", 9) == 0 else ItemResult.NO_PROBLEM
        ).value
        for code, _ in row.items
    }
    by = person(login_of(row.team[0][0]), when)
    reporting.record_recheck(ref, number, answers, "演示：独立复查", by=by, at=when)
