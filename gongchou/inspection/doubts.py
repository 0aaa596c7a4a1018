"""What a reader would ask about one visit's record, by the policy in force and the briefing."""

from datetime import timedelta

from gongchou.core.plausibility import SHORTEST_STAY, questions
from gongchou.core.record import RecordBody
from gongchou.inspection import models
from gongchou.inspection.rows import VisitRow
from gongchou.registry.policy import profile_of


def shortest_stay(found: VisitRow) -> timedelta:
    """Below what a stay on site wants a word; the policy's figure, or the product's own."""
    profile = profile_of(found.bureau, found.planned_on)
    minutes = profile.setting("visit.shortest_minutes", found.planned_on)
    return timedelta(minutes=minutes) if isinstance(minutes, int) else SHORTEST_STAY


def doubts_of(found: VisitRow, body: RecordBody) -> tuple[str, ...]:
    """The questions a record raises; empty where it is what was planned."""
    return questions(
        body,
        planned_on=found.planned_on,
        unread=_unread(found, body),
        shortest=shortest_stay(found),
    )


def _unread(found: VisitRow, body: RecordBody) -> list[str]:
    """Who had not confirmed the briefing when the team arrived."""
    if body.started_at is None:
        return []
    held = models.BriefingReading.objects.filter(visit__ref=found.ref)
    times = dict(held.values_list("inspector", "at"))
    # The phone tells both hours in whole seconds.
    arrived = body.started_at + timedelta(seconds=1)
    return [p.name for p in found.inspectors if p.ref not in times or times[p.ref] >= arrived]
