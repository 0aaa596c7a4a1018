"""How many visits of a day, a week and a month are too many: below, on and above each line."""

from datetime import date

import pytest

from gongchou.core.caps import clean_limit, crowding
from gongchou.law.load import load_profile

PRESET, PLAN = load_profile("frequency_2025"), load_profile("tangshan_gaoxin_2024")
WEDNESDAY = date(2026, 7, 1)


def spans(*days: str) -> list[tuple[str, int]]:
    found = crowding(PRESET, map(date.fromisoformat, days), WEDNESDAY)
    return [(row.span, row.count) for row in found]


@pytest.mark.parametrize(
    ("days", "over"),
    [
        (["2026-07-01"], []),
        (["2026-07-01", "2026-07-01"], [("当日", 2)]),
        (["2026-06-29", "2026-07-01"], []),
        (["2026-06-29", "2026-07-01", "2026-07-05"], [("当周", 3)]),
        (["2026-06-28", "2026-07-01", "2026-07-06"], []),
        (["2026-07-01", "2026-07-10", "2026-07-31"], []),
        (["2026-07-01", "2026-07-10", "2026-07-20", "2026-07-31"], [("当月", 4)]),
        (["2026-07-01", "2026-07-10", "2026-07-20", "2026-08-01"], []),
        (["2026-07-01"] * 4, [("当日", 4), ("当周", 4), ("当月", 4)]),
    ],
)
def test_the_second_of_a_day_the_third_of_a_week_the_fourth_of_a_month_is_told(days, over):
    assert spans(*days) == over


def test_a_month_ends_with_its_last_day_in_december_and_february():
    days = [date(2026, 12, 1), date(2026, 12, 20), date(2026, 12, 25), date(2026, 12, 31)]
    assert [r.span for r in crowding(PRESET, days, date(2026, 12, 31))] == ["当月"]
    days = [date(2026, 2, 1), date(2026, 2, 10), date(2026, 2, 28), date(2026, 3, 1)]
    assert crowding(PRESET, days, date(2026, 2, 10)) == ()


def test_a_policy_without_lines_tells_nothing():
    assert crowding(PLAN, [WEDNESDAY] * 9, WEDNESDAY) == ()
    assert (clean_limit(PLAN, WEDNESDAY), clean_limit(PRESET, WEDNESDAY)) == (None, 3)
