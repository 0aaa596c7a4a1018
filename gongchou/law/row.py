"""One table of a policy's file, read field by field; a fault names file, line and remedy."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, TypeVar

from gongchou.core.refusals import Faults, Invalid, sentences
from gongchou.core.rules import Clause
from gongchou.core.terms import Term

Table = Mapping[str, Any]
Word = TypeVar("Word", bound=Term)
DATED = frozenset({"since", "until", "source", "clause", "says"})
FRACTION = re.compile(r"(\d{1,9})/(\d{1,9})", re.ASCII)


class Collected:
    """Faults found one after the other, told together."""

    def __init__(self) -> None:
        self.says: list[str] = []

    def tried(self, what: Callable[..., Any], *given: Any) -> Any:
        """What the call gives; None where it is refused, and the faults are kept."""
        try:
            return what(*given)
        except Invalid as refusal:
            self.says += sentences(refusal)
            return None

    def refuse(self) -> None:
        """Faults with all of them, where there is one."""
        if self.says:
            raise Faults(self.says)


class Row:
    """One table of a file, read field by field; a fault names file, table and remedy."""

    def __init__(
        self,
        file: str,
        kind: str,
        number: int,
        table: Table,
        *,
        text: str,
        known: frozenset[str],
    ) -> None:
        self.file, self.number, self.kind = file, number, kind
        self.line, self.block = _block(text, kind, number)
        self.table = table
        self.known = known

    def fault(self, says: str, *, at: str = "") -> Invalid:
        """The refusal, with the line of field `at`, else of the first it names, or the table's."""
        what = f"第 {self.number} 个 [[{self.kind}]]" if self.number else "开头"
        if not self.line:
            return Invalid(f"{self.file} {what}：{says}。")
        fields = [re.match(r"\s*(\w+)\s*=", line) for line in self.block]
        lines = {found[1]: n for n, found in reversed(list(enumerate(fields))) if found}
        named = [at, *re.findall(r"“(\w+)”", says)]
        offset = next((lines[name] for name in named if name in lines), 0)
        return Invalid(f"{self.file} 第 {self.line + offset} 行（{what}）：{says}。")

    def each(self, **fields: Callable[[], Any]) -> dict[str, Any]:
        """Every field as it is read; Faults with what is wrong in any of them."""
        found = Collected()
        found.tried(self._no_stranger)
        values = {name: found.tried(field) for name, field in fields.items()}
        found.refuse()
        return values

    def _no_stranger(self) -> None:
        unknown = sorted(set(self.table) - self.known) if self.number else []
        if unknown:
            raise self.fault(f"有不认识的字段“{'、'.join(unknown)}”，请删除或改正拼写")

    def text(self, name: str, default: str | None = None) -> str:
        value = self.table.get(name, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.fault(f"缺少“{name}”，请补上文字")
        return value

    def day(self, name: str) -> date:
        value = self.table.get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fault(f"缺少日期“{name}”，请写成 2024-03-28 的样子，不加引号")
        return value

    def until(self) -> date | None:
        if "until" not in self.table:
            return None
        until = self.day("until")
        if until <= self.day("since"):
            raise self.fault("“until”应晚于“since”")
        return until

    def word(self, name: str, words: type[Word], default: str | None = None) -> Word:
        value = self.text(name, default)
        if value not in set(words):
            raise self.fault(f"“{name}”的值“{value}”未知，应为{'、'.join(words)}之一")
        return words(value)

    def ratio(self, name: str, *, most: int | None = 1) -> Fraction:
        """A fraction written as text; floats are refused because they round in secret."""
        text = self.table.get(name)
        if not isinstance(text, str):
            raise self.fault(f'“{name}”应写成带引号的分数，如 "25/100"，不得写小数')
        parts = FRACTION.fullmatch(text)
        if not parts or not int(parts[2]):
            raise self.fault(f'“{name}”的值“{text}”不是分数，请写成 "25/100" 的样子')
        found = Fraction(int(parts[1]), int(parts[2]))
        if most is not None and found > most:
            raise self.fault(f"“{name}”的值“{text}”应在 0 与 1 之间")
        return found

    def one_of(self, name: str, words: Iterable[str], default: str) -> str:
        value = self.text(name, default)
        if value not in (known := tuple(words)):
            raise self.fault(f"“{name}”的值“{value}”未知，应为{'、'.join(known)}之一")
        return value

    def whole(self, name: str) -> int:
        value = self.table.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.fault(f"“{name}”应写不小于 0 的整数，不加引号")
        return value

    def flag(self, name: str) -> bool:
        value = self.table.get(name, False)
        if not isinstance(value, bool):
            raise self.fault(f"“{name}”应写 true 或 false，不加引号")
        return value

    def dated(self, source: str, **fields: Callable[[], Any]) -> dict[str, Any]:
        """The fields, and what every provision has: its clause and the days it is in force."""
        found = self.each(
            **fields,
            clause_source=lambda: self.text("source", source),
            number=lambda: self.text("clause"),
            says=lambda: self.text("says"),
            since=lambda: self.day("since"),
            until=self.until,
        )
        clause = {name: found.pop(name) for name in ("number", "says")}
        return {"clause": Clause(source=found.pop("clause_source"), **clause), **found}


def _block(text: str, kind: str, number: int) -> tuple[int, list[str]]:
    """Where a table begins in its file (0 where the text is not at hand), and its lines."""
    lines = text.splitlines()
    heads = [n for n, line in enumerate(lines) if line.lstrip().startswith("[[")]
    if not number:
        return (1 if lines else 0), lines[: heads[0] if heads else None]
    starts = [n for n in heads if re.match(rf"\s*\[\[\s*{kind}\s*\]\]", lines[n])]
    if len(starts) < number:
        return 0, []
    start = starts[number - 1]
    end = next((n for n in heads if n > start), None)
    return start + 1, lines[start:end]
