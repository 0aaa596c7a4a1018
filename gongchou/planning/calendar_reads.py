"""Working days year by year: as shipped, as entered here, and as a third source has them."""

from dataclasses import dataclass
from datetime import date, datetime

import holidays

from gongchou.core.workdays import SATURDAY, CalendarYear, year_differences
from gongchou.law.load import calendar_year, shipped_years
from gongchou.planning import models


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One entry of a year, with what it changed."""

    year: int
    number: int
    reason: str
    changes: tuple[str, ...]
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPage:
    """A year in force, whether it is the bureau's own, and what other sources say otherwise."""

    found: CalendarYear
    is_own: bool
    against_shipped: tuple[str, ...]
    against_package: tuple[str, ...]
    entries: tuple[EntryRow, ...]


def _entries(year: int) -> list[models.CalendarEntry]:
    return list(models.CalendarEntry.objects.filter(year=year).order_by("-number"))


def newest() -> dict[int, str]:
    """The text in force of every year that was entered here."""
    rows = models.CalendarEntry.objects.order_by("year", "number")
    return {row.year: row.text for row in rows}


def shipped(year: int) -> CalendarYear:
    """As shipped; an unknown year has nothing but weekends and is provisional."""
    for one in shipped_years():
        if one.year == year:
            return one
    return CalendarYear(year=year, published=False, source="", days_off=(), makeup=())


def in_force(year: int) -> CalendarYear:
    held = _entries(year)
    return calendar_year(held[0].text, f"{year}.toml") if held else shipped(year)


def by_package(year: int) -> CalendarYear:
    """As the free package of holidays has the year."""
    found = holidays.country_holidays("CN", years=year)
    days = (day for day in found if day.year == year and day.weekday() < SATURDAY)
    makeup = getattr(found, "weekend_workdays", ())
    return CalendarYear(
        year=year,
        published=True,
        source="",
        days_off=tuple(sorted(days)),
        makeup=tuple(sorted(day for day in makeup if day.year == year)),
    )


def differences(other: CalendarYear, found: CalendarYear) -> tuple[str, ...]:
    """Day by day; whether it is announced is no question of the days."""
    same = CalendarYear(
        year=found.year,
        published=other.published,
        source=other.source,
        days_off=found.days_off,
        makeup=found.makeup,
    )
    return year_differences(other, same)


def page(year: int) -> YearPage:
    held, found = _entries(year), in_force(year)
    return YearPage(
        found=found,
        is_own=bool(held),
        against_shipped=differences(shipped(year), found),
        against_package=differences(by_package(year), found),
        entries=tuple(
            EntryRow(
                year=row.year,
                number=row.number,
                reason=row.reason,
                changes=tuple(row.changes),
                entered_by=row.entered_by_name,
                entered_at=row.entered_at,
            )
            for row in held
        ),
    )


def years_known(today: date) -> tuple[int, ...]:
    """The years that a page offers: all known ones and the next."""
    known = {one.year for one in shipped_years()} | set(newest()) | {today.year + 1}
    return tuple(sorted(known))
