"""Every act about training, outreach, service and good practice."""

from gongchou.training.actions.events import (
    EventDraft,
    add_attendance,
    add_material,
    record_event,
    withdraw_event,
)
from gongchou.training.actions.practices import decide_practice, offer_practice
from gongchou.training.actions.quizzes import QuizDraft, make_quiz, take_quiz

__all__ = [
    "EventDraft",
    "QuizDraft",
    "add_attendance",
    "add_material",
    "decide_practice",
    "make_quiz",
    "offer_practice",
    "record_event",
    "take_quiz",
    "withdraw_event",
]
