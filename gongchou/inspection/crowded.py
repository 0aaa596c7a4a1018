"""Whether a site is visited too often in a day, a week or a month: told, recorded, not refused."""

from datetime import date, timedelta

from django.db.models.functions import Coalesce

from gongchou.core.caps import Crowding, crowding
from gongchou.core.terms import VisitState
from gongchou.inspection import models
from gongchou.registry import past_reads
from gongchou.registry.policy import profile_of

AROUND = timedelta(days=31)


def crowded(bureau: str, subject: str, on: date, *, is_new: bool = False) -> tuple[Crowding, ...]:
    """The spans around a day in which a site's visits of every kind are over the policy's line.

    Counted are those on record, imported ones too, and those under way; `is_new` adds one that is
    still to be sent out. A merged visit is one.
    """
    since, until = on - AROUND, on + AROUND
    held = models.Visit.objects.filter(bureau__code=bureau, subject__ref=subject)
    under_way = held.exclude(state=VisitState.VOID.value).annotate(
        day=Coalesce("ended_on", "planned_on")
    )
    days = dict(under_way.filter(day__range=(since, until)).values_list("ref", "day"))
    days |= past_reads.visit_days(bureau, subject, since, until)
    return crowding(profile_of(bureau, on), [*days.values(), *([on] if is_new else [])], on)


def crowded_text(found: tuple[Crowding, ...]) -> str:
    """The spans in one sentence without full stop; empty where there is none."""
    return f"同一场所检查偏密：{'；'.join(row.says for row in found)}" if found else ""
