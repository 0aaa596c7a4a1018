"""Every act about training, outreach, service and good practice."""

from gongchou.training.actions.events import (
    EventDraft,
    add_attendance,
    add_material,
    record_event,
    withdraw_event,
)
from gongchou.training.actions.practices import decide_practice, offer_practice

__all__ = [
    "EventDraft",
    "add_attendance",
    "add_material",
    "decide_practice",
    "offer_practice",
    "record_event",
    "withdraw_event",
]
