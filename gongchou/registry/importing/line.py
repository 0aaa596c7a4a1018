"""A row on its way through the import, and the columns its file has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gongchou.core.refusals import Problem
from gongchou.registry.importing.columns import Column, Layout
from gongchou.registry.importing.texts import Cells


def named(title: str, says: str) -> str:
    """What is wrong with a column, its title said once."""
    if says.startswith(title):
        return says
    return f"“{title}”中的{says}" if says.startswith("“") else f"“{title}”{says}"


@dataclass(slots=True)
class Row:
    """A row on its way through the chain; `number` as the officer's spreadsheet shows it.

    `line` is the whole of it, `cells` the known columns. An aside is a line of totals or remarks:
    told, not counted. What concerns the whole file has the number 0.
    """

    number: int
    cells: Cells = field(default_factory=list)
    line: Cells = field(default_factory=list)
    # The cells one below the other, as `find_damage` looked at them.
    text: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    is_duplicate: bool = False
    is_aside: bool = False

    @property
    def is_good(self) -> bool:
        """Whether it goes to the writer."""
        return not self.problems and not self.is_aside

    def is_at_fault(self, column: str) -> bool:
        return any(problem.column == column for problem in self.problems)

    def fault(self, column: str, value: str, says: str) -> None:
        """What keeps the row out."""
        self.problems = [*self.problems, self._problem(column, value, says)]

    def doubt(self, column: str, value: str, says: str) -> None:
        """What an officer should look at, though the row goes in."""
        self.warnings = [*self.warnings, self._problem(column, value, says)]

    def _problem(self, column: str, value: str, says: str) -> Problem:
        found = named(column, says) if column else f"：{says}"
        where = f"第 {self.number} 行{found}" if self.number else says
        sentence = f"{where.rstrip('。')}。"
        return Problem(row=self.number, column=column, value=value[:80], says=sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The columns of a layout that a file has, and where each stands."""

    layout: Layout
    columns: tuple[Column, ...]
    places: tuple[int, ...]

    def indexes(self, fields: Sequence[str]) -> tuple[int, ...]:
        """Where the cells of some fields, or of a site they speak of, stand in a row."""
        plain = [column.field.removeprefix("subject_") for column in self.columns]
        return tuple(index for index, name in enumerate(plain) if name in fields)
