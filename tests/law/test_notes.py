"""Each of the 43 notes has a default Ruling, and those that a setting answers move with it."""

from datetime import date
from pathlib import Path

import pytest

from gongchou.core.rules import Ruling
from gongchou.core.rulings import with_rulings
from gongchou.law.load import load_profile

PROFILE = load_profile("tangshan_gaoxin_2024")
DAY = date(2026, 1, 5)
TESTS = Path(__file__).parents[1]
QUESTIONS = (TESTS.parent / "docs" / "law" / "questions.md").read_text("utf-8")
NOTES = range(1, 44)

# Notes that a setting answers: the setting, and another value a bureau may choose.
SETTINGS = {
    1: ("precedence", ("key", "special", "general_listed", "general_unlisted")),
    4: ("key.unit_types", ("water", "air")),
    5: ("special.credit", ("D", "E")),
    7: ("special.lookback", "previous_calendar_year"),
    8: ("special.complaint", ("true",)),
    10: ("include.registered", False),
    20: ("joint.internal.denominator", "planned_onsite_visits"),
    21: ("joint.both_counts_internal", "never"),
    22: ("joint.cross_dept.sessions", 4),
    24: ("team.balance", True),
    27: ("release.earliest", "hours_before"),
    28: ("draw.mode", "manual_ballot"),
    29: ("measure.unvisitable_counts", False),
    30: ("base.stopped_long", "in"),
    31: ("offsite.sources", 3),
    33: ("deadline.task.reading", "C"),
    34: ("measure.late_counts", False),
    35: ("deadline.statistics", 2),
    36: ("deadline.forms", 5),
    38: ("publish.result", 10),
    39: ("assessment.weights", "as_set"),
    43: ("cap.per", "site"),
}


def ruling_of(note: int) -> Ruling:
    return next(r for r in PROFILE.rulings if r.ref == f"default-{note}")


@pytest.mark.parametrize("note", NOTES)
def test_each_note_has_a_default_ruling_with_question_reading_and_clause(note):
    ruling = ruling_of(note)
    assert ruling.question
    assert ruling.reading
    assert ruling.clause
    assert f"| {note} | {ruling.clause} | {ruling.question} |" in QUESTIONS


@pytest.mark.parametrize("note", sorted(SETTINGS))
def test_a_bureau_s_ruling_on_the_note_moves_its_setting_from_its_day(note):
    key, value = SETTINGS[note]
    assert (ruling_of(note).key, PROFILE.setting(key, DAY)) != (key, value)
    own = Ruling(
        ref="own-1",
        key=key,
        value=value,
        question="虚构",
        reading="虚构",
        decided_by="虚构小组",
        document="虚构〔2026〕1号",
        on=DAY,
        replaces=f"default-{note}",
    )
    profile = with_rulings(PROFILE, [own])
    assert profile.setting(key, DAY) == value
    assert profile.setting(key, date(2026, 1, 4)) == PROFILE.setting(key, date(2026, 1, 4))
    assert profile.ruling(key).ref == "own-1"
