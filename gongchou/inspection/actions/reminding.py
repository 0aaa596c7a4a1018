"""The dispatch reaches each officer, and whoever stands still is reminded."""

from datetime import datetime

from django.db import transaction

from gongchou.audit import actions as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.reminding import ReminderRule, due_rules
from gongchou.core.terms import ReceiptWay
from gongchou.inspection import course, models, reads
from gongchou.inspection.permissions import check_member
from gongchou.inspection.rows import VisitRow
from gongchou.inspection.telling import ask_to_tell
from gongchou.inspection.writers import own_row
from gongchou.law.load import load_reminders
from gongchou.web.clock import day_of


@transaction.atomic
def note_receipt(ref: str, way: ReceiptWay, *, by: Actor, at: datetime) -> None:
    """A member of the team has the dispatch before the eyes; only the first time counts."""
    row, found = own_row(ref, by), reads.visit(ref)
    member = check_member(by, found, day_of(at))
    _, is_new = models.VisitReceipt.objects.get_or_create(
        visit=row, inspector=member, defaults={"name": by.name, "way": way.value, "at": at}
    )
    if is_new:
        data = {"inspector": member, "way": way.value}
        audit.append(EventKind.DISPATCH_RECEIVED, about=ref, by=by, at=at, data=data)


@transaction.atomic
def remind(*, by: Actor, at: datetime) -> int:
    """Give every card that is due and was not given yet; returns how many. Twice gives none."""
    check(by, Power.RAISE_ALARMS)
    rules, given = load_reminders(), 0
    for found in reads.visits_in(by.bureau, course.OPEN):
        for rule in due_rules(rules, course.waits_of(found), at):
            given += _given(found, rule, by, at)
    return given


def _given(found: VisitRow, rule: ReminderRule, by: Actor, at: datetime) -> bool:
    since = course.waits_of(found)[rule.waits_for]
    _, is_new = models.VisitReminder.objects.get_or_create(
        visit=models.Visit.objects.get(ref=found.ref),
        rule=rule.key,
        defaults={
            "waits_for": rule.waits_for.value,
            "level": rule.level.value,
            "says": rule.says,
            "since": since,
            "at": at,
        },
    )
    if is_new:
        data = {"level": rule.level.value, "rule": rule.key}
        ask_to_tell(found.ref, rule.key)
        audit.append(EventKind.VISIT_REMINDED, about=found.ref, by=by, at=at, data=data)
    return is_new
