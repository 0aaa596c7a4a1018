"""What one cell may hold: each reader gives the value, or raises ValueError with a sentence."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from gongchou.core import codes
from gongchou.core.asking import condition_of
from gongchou.core.refusals import Invalid
from gongchou.core.terms import Term
from gongchou.registry.importing import synonyms

Reader = Callable[[str], Any]
_CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?" + _CLOCK, re.ASCII)
_EIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
_SPLIT = re.compile(r"[、,，;；/／|]+")
# Days since the end of 1899, as spreadsheets count them: 1982 to 2064.
_SERIAL = re.compile(r"[3-5]\d{4}", re.ASCII)
# Of the texts a column repeats, so many are kept with their values.
KEPT = 4096
YES = ("是", "有", "1", "true", "yes", "y", "√", "✓")
NO = ("否", "无", "0", "false", "no", "n", "", "×", "✗")


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
    """2024-03-28, 2024/3/28, 2024年3月28日 or 20240328, with a time of day or without."""
    if not cell:
        return None
    plain = unicodedata.normalize("NFKC", cell)
    found = _DAY.fullmatch(plain) or _EIGHT.fullmatch(plain)
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
    """Reads one word of the glossary, by its label, its value or what rosters write for it."""

    term: type[Term]

    def __call__(self, cell: str) -> str:
        return self.member(cell).value if cell else ""

    def member(self, cell: str) -> Term:
        found = synonyms.known(self.term).get(synonyms.plain(cell))
        if found is not None:
            return found
        *others, last = (f"“{member.label}”" for member in self.term)
        raise ValueError(f"为“{cell}”，应填{''.join(others)}或{last}")

    def told(self, cell: str) -> str:
        """How a short form was read; empty where the word itself stands there."""
        member = self.member(cell)
        is_own = cell in (member.value, member.label)
        return "" if is_own else f"“{cell}”按“{member.label}”读入"


@dataclass(frozen=True, slots=True)
class Words:
    """Reads several words of the glossary, joined by 、."""

    term: type[Term]

    def __call__(self, cell: str) -> list[str]:
        return list(_several(self.term, cell)) if cell else []

    def told(self, cell: str) -> str:
        """How short forms among them were read."""
        one = Word(self.term)
        return "，".join(filter(None, map(one.told, _words(cell))))


@lru_cache(maxsize=KEPT)
def _several(term: type[Term], cell: str) -> tuple[str, ...]:
    return tuple(sorted({Word(term)(word) for word in _words(cell)}))


def _words(cell: str) -> list[str]:
    return [part.strip() for part in _SPLIT.split(cell) if part.strip()]


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
