"""How far a day is, in working days, as every page says it."""

from dataclasses import dataclass
from datetime import date

from gongchou.core.workdays import workdays_between
from gongchou.law.load import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """Working days left (negative when past) and the sentence about it."""

    left: int
    says: str
    is_late: bool


def distance(day: date, today: date) -> Distance:
    """From today to a last day; that day itself still counts."""
    if day == today:
        return Distance(left=0, says="就是今天", is_late=False)
    left = workdays_between(today, day, load_calendar())
    if day > today:
        says = f"还有 {left} 个工作日" if left else "还有不到 1 个工作日"
        return Distance(left=left, says=says, is_late=False)
    says = f"已过 {-left} 个工作日" if left else "已过期"
    return Distance(left=left, says=says, is_late=True)
