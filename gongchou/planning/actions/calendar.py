"""Working days as announced, entered by the bureau; every deadline follows them."""

from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core.canon import HASHES, Canonical
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import Invalid, Refused, Stale
from gongchou.core.workdays import CalendarYear, year_differences, year_problems
from gongchou.law.calendar_form import toml_of
from gongchou.planning import calendar_reads, models
from gongchou.planning.own_years import write_own_years

FIRST_YEAR, LAST_YEAR = 2020, 2100


@transaction.atomic
def set_calendar_year(
    found: CalendarYear, reason: str, *, by: Actor, at: datetime
) -> tuple[str, ...]:
    """Put a year into force; returns what changed against the one before."""
    check(by, Power.MAKE_PLAN)
    why = " ".join(reason.split())
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Invalid(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间，{found.year} 不在其中。")
    if problems := year_problems(found):
        raise Invalid("".join(problems))
    if not why or len(why) > 200:
        raise Invalid("请写明修改工作日历的理由，不超过 200 字。")
    was = calendar_reads.in_force(found.year)
    changes = year_differences(was, found)
    if not changes and was.source == found.source:
        raise Refused(f"{found.year} 年的工作日历没有变化，不必再存。")
    _store(found, why, changes, by=by, at=at)
    transaction.on_commit(write_own_years)
    return changes


def _store(
    found: CalendarYear, why: str, changes: tuple[str, ...], *, by: Actor, at: datetime
) -> None:
    text = toml_of(found)
    number = models.CalendarEntry.objects.filter(year=found.year).count() + 1
    digest = HASHES["sha256"](text.encode()).hex()
    try:
        with transaction.atomic():
            models.CalendarEntry.objects.create(
                year=found.year,
                number=number,
                bureau=Bureau.objects.get(code=by.bureau),
                text=text,
                digest=digest,
                reason=why,
                changes=list(changes),
                entered_by_ref=by.ref,
                entered_by_name=by.name,
                entered_at=at,
            )
    except IntegrityError as error:
        raise Stale("工作日历刚由他人修改，请刷新页面再试。") from error
    data: dict[str, Canonical] = {"digest": digest, "reason": why, "changes": list(changes)}
    audit.append(EventKind.CALENDAR_CHANGED, about=str(found.year), by=by, at=at, data=data)
