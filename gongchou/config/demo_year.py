"""Three finished quarters and the beginning of a fourth, in the order in which they happened.

Every act is one of the product's own, by the person whose work it is, at a working hour of its
day. Only the beginning of the present quarter is left: its plan is approved, its draw waits.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from gongchou.config import (
    demo_bureau,
    demo_ceremony,
    demo_joint,
    demo_openness,
    demo_oversight,
    demo_submission,
    demo_training,
    demo_visits,
)
from gongchou.config.demo_agenda import Agenda, after, at, person, pick, starting_day
from gongchou.config.demo_bureau import CODE
from gongchou.core.coverage import SourceReading
from gongchou.core.terms import OffsiteConclusion, SourceKind, Stratum, VisitState
from gongchou.core.workdays import Quarter
from gongchou.drawing import actions as drawing
from gongchou.drawing import reads as draws
from gongchou.offsite import actions as offsite
from gongchou.planning import actions as planning
from gongchou.planning import reads as plans
from gongchou.publication import actions as publication
from gongchou.publication import due, outward
from gongchou.publication import reads as published
from gongchou.registry import reads as registers
from gongchou.reporting import actions as reporting
from gongchou.web.clock import day_of

FINISHED = 3


@transaction.atomic
def build(now: datetime, *, finished: int = FINISHED) -> None:
    """The whole demonstration, up to nine o'clock of the day of `now`; all of it or nothing."""
    agenda, this = Agenda(), Quarter.of(day_of(now))
    quarters = list(_before(this, finished))
    begun = at(starting_day(quarters[0]), 8)
    agenda.put(begun, partial(_found, now=day_of(now)))
    for quarter in quarters:
        act = partial(_plan, agenda, quarter, has_joint=quarter == quarters[-1])
        agenda.put(at(starting_day(quarter), 8, 30), act)
    demo_openness.schedule(agenda, now)
    agenda.put(now - timedelta(minutes=20), partial(_plan_only, this))
    agenda.put(now - timedelta(minutes=5), demo_ceremony.sign)
    agenda.run(now)


def _before(this: Quarter, count: int) -> Iterable[Quarter]:
    """The quarters before, the earliest first."""
    found = [this]
    for _ in range(count):
        found.insert(0, found[0].previous())
    return found[:-1]


def _found(when: datetime, *, now: date) -> None:
    demo_bureau.found(when, now)
    demo_ceremony.keep_keys(when)
    for row in registers.item_lists(CODE):
        _make_public(publication.propose_item_list(row.ref, by=person("gong", when), at=when), when)


def _make_public(ref: str, when: datetime) -> None:
    """What one proposed another approves, and then it is published."""
    digest = published.document(ref).digest
    publication.approve(ref, digest=digest, by=person("zhao", when), at=when)
    publication.publish(ref, by=person("gong", when), at=when)


def _plan_only(quarter: Quarter, when: datetime, *, has_joint: bool = True) -> str:
    demo_bureau.take_quarter_facts(quarter, when)
    plan = planning.compute_plan(str(quarter), by=person("ding", when), at=when)
    if has_joint:
        demo_joint.add_task(plan, when)
    approved = when + timedelta(minutes=10)
    planning.approve_plan(plan, by=person("zhao", approved), at=approved)
    _make_public(publication.propose_plan(plan, by=person("gong", approved), at=approved), approved)
    return plan


def _plan(agenda: Agenda, quarter: Quarter, when: datetime, *, has_joint: bool) -> None:
    """The plan, the draws on the same morning, and everything that hangs on them."""
    plan = _plan_only(quarter, when, has_joint=has_joint)
    day = day_of(when)
    for number, task in enumerate(plans.tasks(CODE, str(quarter))):
        agenda.put(at(day, 10 + 3 * number), partial(_draw, agenda, task.ref))
    demo_training.schedule(agenda, day)
    for number, subject in enumerate(plans.classification(plan).members(Stratum.GENERAL_LISTED)):
        on = after(day, 10 + number % 25)
        agenda.put(at(on, 14, number % 60), partial(_look, agenda, str(quarter), subject))
    for days in range(18, 53, 17):
        agenda.put(at(after(day, days), 16, 30), _publish_results)
    ended = after(quarter.last, 1)
    agenda.put(at(ended, 9), _publish_results)
    agenda.put(at(ended, 10), partial(_close, quarter))
    demo_submission.schedule(agenda, quarter)
    demo_oversight.schedule(agenda, quarter)


def _draw(agenda: Agenda, task: str, when: datetime) -> None:
    demo_visits.schedule(agenda, demo_ceremony.hold(task, when))


def _look(agenda: Agenda, quarter: str, subject: str, when: datetime) -> None:
    """An off-site check by its papers; the reviewer concludes the next working day."""
    given = offsite.Given(
        since=Quarter.parse(quarter).first,
        until=day_of(when),
        sources=(
            SourceReading(kind=SourceKind.EXECUTION_REPORT, expected=1, read=1),
            SourceReading(kind=SourceKind.LEDGER, expected=60, read=55 + pick(subject, 6)),
        ),
        evidence="执行报告和台账齐全，与许可证载明内容一致（演示）",
    )
    chance = f"{quarter} {subject}".encode()
    by = person("chen", when)
    check = offsite.record_check(quarter, subject, given, chance=chance, by=by, at=when)
    agenda.put(when + timedelta(days=1), partial(_conclude, check))


def _conclude(check: str, when: datetime) -> None:
    conclusion = OffsiteConclusion.NORMAL
    if pick(f"reminded {check}", 12) == 0:
        conclusion = OffsiteConclusion.REMIND
    offsite.conclude_check(
        check,
        conclusion,
        opinion="资料完整，未见异常（演示）",
        spot_note="抽看一日台账，记录连续（演示）",
        by=person("shen", when),
        at=when,
    )


def _publish_results(when: datetime) -> None:
    """What is reviewed goes into one notice; what has changed since is corrected."""
    today = day_of(when)
    waiting = [row for row in due.result_due(CODE, today) if row.state is None]
    ready = [row.visit for row in waiting if row.record_state is VisitState.REVIEWED]
    by = person("gong", when)
    if ready:
        _make_public(publication.propose_results(ready, by=by, at=when), when)
    for ref in sorted({row.publication for row in due.changed_results(CODE, today)}):
        reason = "整改复查或处罚决定有了结果（演示）"
        _make_public(publication.correct(ref, reason, by=by, at=when), when)


def _close(quarter: Quarter, when: datetime) -> None:
    """The first working day after: the records of the draws become public, and the table."""
    by = person("gong", when)
    for task in plans.tasks(CODE, str(quarter)):
        draw = draws.draw_of_task(task.ref)
        assert draw is not None
        opening = drawing.request_publication(draw.ref, by=person("chen", when), at=when)
        demo_ceremony.open_up(opening, when)
        _make_public(publication.propose_draw_record(draw.ref, by=by, at=when), when)
    reporting.build_facts(quarter, by=person("chen", when), at=when)
    table = reporting.make_statistics(quarter, by=person("chen", when), at=when)
    _make_public(reporting.propose_statistics(table, by=by, at=when), when)
    _make_public(reporting.propose_rates(quarter, by=by, at=when), when)
    permits = outward.permit_rows(CODE, str(quarter), day_of(when))
    if permits:
        refs = [row.visit for row in permits]
        publication.record_permit_entries(refs, on=day_of(when), by=person("gong", when), at=when)
