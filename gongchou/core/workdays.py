"""Quarters, working days and the deadlines of a quarter. Days are those of Asia/Shanghai."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongchou.core.refusals import Invalid

ONE_DAY = timedelta(days=1)
SATURDAY, MOST_DAYS = 5, 60
_QUARTER = re.compile(r"(2\d{3})Q([1-4])", re.ASCII)
_NUMERALS = "一二三四"
# A day in a sentence, with the blanks around it; part of a number or of an instant it is none.
_DAY_IN_TEXT = re.compile(
    r"(?:(?<![0-9A-Za-z]) )?(?<![0-9A-Za-z-])(\d{4}-\d{2}-\d{2})(?![0-9A-Za-z-])(?: (?!\d))?",
    re.ASCII,
)


def written_day(day: date) -> str:
    """A day as sentences and papers write it: 2026年4月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def days_written(text: str) -> str:
    """A text in which each day that is held as 2026-04-01 reads as a sentence writes it."""
    return _DAY_IN_TEXT.sub(_written, text)


def _written(found: re.Match[str]) -> str:
    try:
        return written_day(date.fromisoformat(found[1]))
    except ValueError:
        return found[0]


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, written `2024Q1`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """The quarter written in `text`; Invalid with a sentence otherwise."""
        found = _QUARTER.fullmatch(text)
        if not found:
            raise Invalid(f"季度“{text}”写法不对，请写成 2025Q4 的样子。")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year:04}Q{self.number}"

    @property
    def label(self) -> str:
        return f"{self.year}年第{_NUMERALS[self.number - 1]}季度"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.next().first - ONE_DAY

    def next(self) -> "Quarter":
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )

    def previous(self) -> "Quarter":
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days differ from the week: weekdays off, weekends worked, and the years published."""

    days_off: frozenset[date]
    makeup: frozenset[date]
    published: frozenset[int]

    def is_workday(self, day: date) -> bool:
        return day in self.makeup or (day.weekday() < 5 and day not in self.days_off)

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether counting from `first` to `last` touches a year not yet published."""
        return any(year not in self.published for year in range(first.year, last.year + 1))

    def workdays(self, day: date, step: int) -> Iterator[date]:
        """Working days after `day` (step 1) or before it (step −1), nearest first."""
        while True:
            day += step * ONE_DAY
            if self.is_workday(day):
                yield day


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarYear:
    """One year's working days as announced: weekdays off, weekends worked, and by whom."""

    year: int
    published: bool
    source: str
    days_off: tuple[date, ...]
    makeup: tuple[date, ...]


def calendar_of(years: Iterable[CalendarYear]) -> Calendar:
    """The calendar of some years; of two entries for one year the later one holds."""
    held = {one.year: one for one in years}
    return Calendar(
        days_off=frozenset(day for one in held.values() for day in one.days_off),
        makeup=frozenset(day for one in held.values() for day in one.makeup),
        published=frozenset(one.year for one in held.values() if one.published),
    )


def year_problems(found: CalendarYear) -> tuple[str, ...]:
    """Why a year cannot be right, one sentence each."""
    says = [f"{day} 不在 {found.year} 年。" for day in (*found.days_off, *found.makeup)
            if day.year != found.year]  # fmt: skip
    says += [f"{day} 是周末，本来就放假，不必列为放假日。" for day in found.days_off
             if day.weekday() >= SATURDAY]  # fmt: skip
    says += [f"{day} 不是周末，不能列为补班日。" for day in found.makeup
             if day.weekday() < SATURDAY]  # fmt: skip
    for days, what in ((found.days_off, "放假日"), (found.makeup, "补班日")):
        if len(set(days)) != len(days):
            says.append(f"{what}有重复，请删去重复的一行。")
    if len(found.days_off) > MOST_DAYS or len(found.makeup) > MOST_DAYS:
        says.append(f"放假日、补班日各不超过 {MOST_DAYS} 天，请核对。")
    if found.published and not found.source:
        says.append("已公布的，请写明国务院办公厅通知的文号。")
    return tuple(says)


def year_differences(was: CalendarYear, now: CalendarYear) -> tuple[str, ...]:
    """What one entry of a year says otherwise than another, in the order of the days."""
    names = {"放假": (was.days_off, now.days_off), "补班": (was.makeup, now.makeup)}
    found = [
        (day, f"{day} 由“{what}”改为平常。" if day in old else f"{day} 改为“{what}”。")
        for what, (old, new) in names.items()
        for day in set(old) ^ set(new)
    ]
    says = tuple(text for _, text in sorted(found))
    if was.published != now.published:
        says += ("标为已公布。" if now.published else "改标为暂定。",)
    return says


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A last day; `provisional` where the year's make-up days are not yet published."""

    on: date
    provisional: bool


def add_workdays(day: date, count: int, calendar: Calendar) -> date:
    """The `count`-th working day strictly after `day`, or before it where `count` < 0."""
    days = calendar.workdays(day, 1 if count > 0 else -1)
    found = day
    for _ in range(abs(count)):
        found = next(days)
    return found


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative where `end` is earlier."""
    if end < start:
        return -workdays_between(end, start, calendar)
    days = (end - start).days
    return sum(calendar.is_workday(start + n * ONE_DAY) for n in range(1, days + 1))


def _deadline(start: date, on: date, calendar: Calendar) -> Deadline:
    provisional = calendar.is_provisional(min(start, on), max(start, on))
    return Deadline(on=on, provisional=provisional)


def task_deadline(
    quarter: Quarter, calendar: Calendar, *, days: int = 5, reading: str = "B"
) -> Deadline:
    """`days` working days before the quarter's end (the Plan's 四（五）), in one of three readings.

    B: the n-th working day strictly before the last date. A: the n-th last, counted inclusively.
    C: n whole working days remain after it.
    """
    last = quarter.last
    if reading == "B":
        on = add_workdays(last, -days, calendar)
    elif reading == "A":
        on = add_workdays(last + ONE_DAY, -days, calendar)
    elif reading == "C":
        on = add_workdays(last + ONE_DAY, -days - 1, calendar)
    else:
        raise Invalid(f"“季度结束前工作日”的读法 {reading} 未知，应为 A、B 或 C。")
    return _deadline(last, on, calendar)


def statistics_deadline(quarter: Quarter, calendar: Calendar, *, days: int = 1) -> Deadline:
    """The `days`-th working day after the quarter (四（五）)."""
    return _deadline(quarter.last, add_workdays(quarter.last, days, calendar), calendar)


def forms_deadline(quarter: Quarter, calendar: Calendar, *, days: int = 7) -> Deadline:
    """Within `days` working days after the quarter (二（五）)."""
    return _deadline(quarter.last, add_workdays(quarter.last, days, calendar), calendar)


def publication_deadline(ended_on: date, calendar: Calendar, *, days: int) -> Deadline:
    """Within `days` working days after a visit's end; the day of the end is not counted."""
    return _deadline(ended_on, add_workdays(ended_on, days, calendar), calendar)
