"""What one cell may hold: each reader gives the value, or raises ValueError with a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from gongchou.core import codes
from gongchou.core.asking import condition_of
from gongchou.core.refusals import Invalid
from gongchou.core.terms import Term

Reader = Callable[[str], Any]
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00:00)?", re.ASCII)
_SPLIT = re.compile(r"[、,，;；/／|]+")
# Days since the end of 1899, as spreadsheets count them: 1982 to 2064.
_SERIAL = re.compile(r"[3-5]\d{4}", re.ASCII)
# Of the texts a column repeats, so many are kept with their values.
KEPT = 4096
YES, NO = ("是", "有", "1", "true", "√"), ("否", "无", "0", "false", "", "×")


def text(cell: str) -> str:
    return cell


def required(reader: Reader) -> Reader:
    def read(cell: str) -> Any:
        if not cell:
            raise ValueError("不得为空，请补填")
        return reader(cell)

    return read


needed_text = required(text)


@lru_cache(maxsize=KEPT)
def day(cell: str) -> date | None:
    """2024-03-28, 2024/3/28 or 2024年3月28日."""
    if not cell:
        return None
    found = _DAY.fullmatch(cell)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    if _SERIAL.fullmatch(cell):
        meant = date(1899, 12, 30) + timedelta(int(cell))
        raise ValueError(
            f"为“{cell}”，是表格软件保存的日期序号（相当于 {meant}），"
            "请把该列设为日期格式，核对后重新保存再导入"
        )
    raise ValueError(f"为“{cell}”，不是日期，请写成 2024-03-28 的样子")


def asked(cell: str) -> str:
    """When a question is asked: `事项名称：答案`."""
    try:
        condition_of(cell)
    except Invalid as fault:
        raise ValueError(str(fault).removesuffix("。").removeprefix("前提")) from fault
    return cell


def last_day(cell: str) -> date | None:
    """The end of a period written 2021-01-01至2025-12-31, or a single day."""
    return day(re.split(r"[至到~～—]", cell)[-1].strip())


def yes(cell: str) -> bool:
    if cell.lower() in YES:
        return True
    if cell.lower() in NO:
        return False
    raise ValueError(f"为“{cell}”，应填“是”或“否”")


@dataclass(frozen=True, slots=True)
class Word:
    """Reads one word of the glossary, by its label or its value."""

    term: type[Term]

    def __call__(self, cell: str) -> str:
        if not cell:
            return ""
        known = _known(self.term)
        if cell in known:
            return known[cell]
        *others, last = (f"“{member.label}”" for member in self.term)
        raise ValueError(f"为“{cell}”，应填{''.join(others)}或{last}")


@cache
def _known(term: type[Term]) -> Mapping[str, str]:
    values = [str(member.value) for member in term]
    return {**{m.label: str(m.value) for m in term}, **dict(zip(values, values, strict=True))}


@dataclass(frozen=True, slots=True)
class Words:
    """Reads several words of the glossary, joined by 、."""

    term: type[Term]

    def __call__(self, cell: str) -> list[str]:
        return list(_several(self.term, cell)) if cell else []


@lru_cache(maxsize=KEPT)
def _several(term: type[Term], cell: str) -> tuple[str, ...]:
    one = Word(term)
    return tuple(sorted({one(part.strip()) for part in _SPLIT.split(cell) if part.strip()}))


def parts(cell: str) -> list[str]:
    return sorted({part.strip() for part in _SPLIT.split(cell) if part.strip()})


def coded(problem: Callable[[str], str | None]) -> Reader:
    """A code that has a check of its own; empty is allowed."""

    def read(cell: str) -> str:
        found = codes.clean(cell)
        says = problem(found) if found else None
        if says:
            raise ValueError(says.rstrip("。"))
        return found

    return read
