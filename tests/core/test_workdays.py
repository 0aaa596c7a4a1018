"""Deadlines of the quarters, hand-counted across 国庆 and 春节 (domain rules §5)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongchou.core.deadlines import is_past, quarter_deadlines
from gongchou.core.plain import SHANGHAI
from gongchou.core.refusals import Invalid
from gongchou.core.workdays import (
    Quarter,
    add_workdays,
    days_written,
    forms_deadline,
    publication_deadline,
    statistics_deadline,
    task_deadline,
    workdays_between,
)
from gongchou.law.load import load_calendar, load_profile

CALENDAR = load_calendar()
PROFILE = load_profile("tangshan_gaoxin_2024")
# quarter, reading A, B, C, first working day after, seventh working day after
TABLE = [
    ("2024Q1", "2024-03-25", "2024-03-25", "2024-03-22", "2024-04-01", "2024-04-10"),
    ("2024Q2", "2024-06-24", "2024-06-24", "2024-06-21", "2024-07-01", "2024-07-09"),
    ("2024Q3", "2024-09-25", "2024-09-24", "2024-09-24", "2024-10-08", "2024-10-15"),
    ("2024Q4", "2024-12-25", "2024-12-24", "2024-12-24", "2025-01-02", "2025-01-10"),
    ("2025Q1", "2025-03-25", "2025-03-24", "2025-03-24", "2025-04-01", "2025-04-10"),
    ("2025Q2", "2025-06-24", "2025-06-23", "2025-06-23", "2025-07-01", "2025-07-09"),
    ("2025Q3", "2025-09-25", "2025-09-24", "2025-09-24", "2025-10-09", "2025-10-16"),
    ("2025Q4", "2025-12-25", "2025-12-24", "2025-12-24", "2026-01-04", "2026-01-12"),
    ("2026Q1", "2026-03-25", "2026-03-24", "2026-03-24", "2026-04-01", "2026-04-10"),
    ("2026Q2", "2026-06-24", "2026-06-23", "2026-06-23", "2026-07-01", "2026-07-09"),
    ("2026Q3", "2026-09-23", "2026-09-22", "2026-09-22", "2026-10-08", "2026-10-15"),
    ("2026Q4", "2026-12-25", "2026-12-24", "2026-12-24", "2027-01-04", "2027-01-12"),
]


@pytest.mark.parametrize(("text", "a", "b", "c", "first", "seventh"), TABLE)
def test_deadlines_of_the_quarter(text, a, b, c, first, seventh):
    quarter = Quarter.parse(text)
    found = [str(task_deadline(quarter, CALENDAR, reading=reading).on) for reading in "ABC"]
    assert found == [a, b, c]
    assert str(statistics_deadline(quarter, CALENDAR).on) == first
    assert str(forms_deadline(quarter, CALENDAR).on) == seventh


def test_only_a_year_not_yet_published_makes_a_deadline_provisional():
    provisional = [row[0] for row in TABLE if _ends_provisional(row[0])]
    assert provisional == ["2026Q4"]
    assert not task_deadline(Quarter.parse("2026Q4"), CALENDAR).provisional


def _ends_provisional(text):
    quarter = Quarter.parse(text)
    return {f(quarter, CALENDAR).provisional for f in (statistics_deadline, forms_deadline)} == {
        True
    }


@pytest.mark.parametrize(("year", "count"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_the_year(year, count):
    assert workdays_between(date(year - 1, 12, 31), date(year, 12, 31), CALENDAR) == count


def test_the_calendar_agrees_with_an_independent_one_on_every_day():
    other = holidays.CN(language="zh_CN", years=range(2024, 2027))
    days = [date(2024, 1, 1) + timedelta(n) for n in range(366 + 365 + 365)]
    assert [d for d in days if CALENDAR.is_workday(d) != other.is_working_day(d)] == []


def test_seven_days_after_the_third_quarter_of_2024_count_the_saturday_at_work():
    days = CALENDAR.workdays(date(2024, 9, 30), 1)
    assert [next(days).day for _ in range(7)] == [8, 9, 10, 11, 12, 14, 15]


@pytest.mark.parametrize(
    ("start", "step", "days"),
    [
        (date(2024, 3, 31), 1, "04-01 04-02 04-03 04-07 04-08 04-09 04-10"),
        (date(2024, 9, 30), -1, "09-29 09-27 09-26 09-25 09-24"),
        (date(2024, 12, 31), 1, "01-02 01-03 01-06 01-07 01-08 01-09 01-10"),
        (date(2025, 12, 31), 1, "01-04 01-05 01-06 01-07 01-08 01-09 01-12"),
    ],
)
def test_days_counted_by_hand_across_makeup_days_and_the_new_year(start, step, days):
    counted = CALENDAR.workdays(start, step)
    assert [f"{next(counted):%m-%d}" for _ in days.split()] == days.split()


def test_a_year_without_any_table_is_provisional():
    assert statistics_deadline(Quarter(2029, 1), CALENDAR).provisional


@pytest.mark.parametrize(
    ("quarter", "reading", "task", "early"),
    [
        ("2025Q1", "A", date(2025, 3, 25), date(2025, 3, 24)),
        ("2024Q1", "B", date(2024, 3, 25), date(2024, 3, 22)),
        ("2025Q3", "B", date(2025, 9, 24), date(2025, 9, 24)),
    ],
)
def test_note_33_the_strictest_reading_reminds_inside_the_house(quarter, reading, task, early):
    rows = tuple(
        replace(row, value=reading) if row.key == "deadline.task.reading" else row
        for row in PROFILE.parameters
    )
    found = quarter_deadlines(Quarter.parse(quarter), replace(PROFILE, parameters=rows), CALENDAR)
    assert (found.task.on, found.early.on) == (task, early)


@pytest.mark.parametrize(
    ("day", "clock", "cutoff", "is_late"),
    [
        (24, time(23, 59, 59), "24:00", False),
        (25, time(0, 0), "24:00", True),
        (24, time(17, 30), "17:30", False),
        (24, time(17, 30, 1), "17:30", True),
        (23, time(20, 0), "17:30", False),
    ],
)
def test_note_33_the_last_day_ends_at_the_hour_of_the_policy(day, clock, cutoff, is_late):
    deadline = quarter_deadlines(Quarter(2026, 1), PROFILE, CALENDAR).task
    at = datetime.combine(date(2026, 3, day), clock, tzinfo=SHANGHAI).astimezone(UTC)
    assert is_past(at, deadline, cutoff) is is_late


def test_the_day_a_visit_ends_is_not_counted():
    ended = date(2026, 1, 5)
    assert publication_deadline(ended, CALENDAR, days=20).on == add_workdays(ended, 20, CALENDAR)
    assert publication_deadline(ended, CALENDAR, days=1).on == date(2026, 1, 6)


def test_counting_between_is_the_inverse_of_adding():
    for n in (1, 7, 20):
        assert (
            workdays_between(
                date(2024, 9, 27), add_workdays(date(2024, 9, 27), n, CALENDAR), CALENDAR
            )
            == n
        )
    assert workdays_between(date(2024, 10, 8), date(2024, 9, 30), CALENDAR) == -1


@pytest.mark.parametrize(
    "text", ["2025q4", "2025Q5", "25Q1", "2025Q4 ", "", "0000Q1", "9999Q4", "２025Q4"]
)
def test_a_quarter_written_otherwise_is_refused(text):
    with pytest.raises(Invalid, match="2025Q4"):
        Quarter.parse(text)


def test_quarters_follow_each_other_over_the_year():
    quarter = Quarter(2025, 4)
    assert quarter.next() == Quarter(2026, 1)
    assert quarter.next().previous() == quarter
    assert (quarter.first, quarter.last) == (date(2025, 10, 1), date(2025, 12, 31))
    assert quarter.label == "2025年第四季度"


DAYS = st.dates(min_value=date(2024, 2, 1), max_value=date(2026, 11, 30))


@given(day=DAYS, count=st.integers(min_value=1, max_value=40))
def test_a_deadline_is_a_working_day_with_so_many_up_to_it(day, count):
    found = add_workdays(day, count, CALENDAR)
    assert CALENDAR.is_workday(found)
    assert workdays_between(day, found, CALENDAR) == count
    assert CALENDAR.is_workday(add_workdays(day, -count, CALENDAR))


@given(day=DAYS)
def test_every_day_lies_in_its_own_quarter(day):
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert Quarter.parse(str(quarter)) == quarter
    assert quarter.previous() < quarter < quarter.next()


@pytest.mark.parametrize(
    ("day", "count", "on"),
    [
        # across 春节: 2024 to 2027, the last one without announced make-up days
        (date(2024, 2, 8), 5, date(2024, 2, 21)),
        (date(2025, 1, 24), 6, date(2025, 2, 8)),
        (date(2026, 2, 12), 7, date(2026, 2, 28)),
        (date(2027, 2, 4), 7, date(2027, 2, 19)),
        # across 国庆
        (date(2024, 9, 30), 7, date(2024, 10, 15)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2027, 9, 30), 7, date(2027, 10, 14)),
    ],
)
def test_working_days_across_the_long_holidays_of_four_years(day, count, on):
    assert add_workdays(day, count, CALENDAR) == on


def test_the_dates_of_2027_are_provisional_and_counted_from_the_statutory_days():
    for quarter, task, statistics, forms in (
        (Quarter(2027, 1), date(2027, 3, 24), date(2027, 4, 1), date(2027, 4, 12)),
        (Quarter(2027, 3), date(2027, 9, 23), date(2027, 10, 6), date(2027, 10, 14)),
    ):
        found = (
            task_deadline(quarter, CALENDAR),
            statistics_deadline(quarter, CALENDAR),
            forms_deadline(quarter, CALENDAR),
        )
        assert [one.on for one in found] == [task, statistics, forms]
        assert all(one.provisional for one in found)


@pytest.mark.parametrize(
    ("held", "read"),
    [
        ("限 2026-01-14 前改正", "限2026年1月14日前改正"),
        ("2026-03-01 09:00:00", "2026年3月1日 09:00:00"),
        ("共 3 2026-03-01", "共 3 2026年3月1日"),
        ("2026-03-01T09:00:00+08:00", "2026-03-01T09:00:00+08:00"),
        ("12026-08-281、A-2026-03-01", "12026-08-281、A-2026-03-01"),
        ("2026-03-01-7", "2026-03-01-7"),
        ("2026-02-30", "2026-02-30"),
        ("没有日期", "没有日期"),
    ],
)  # fmt: skip
def test_days_in_a_text_read_as_sentences_write_them(held, read):
    assert days_written(held) == read
    assert days_written(read) == read
