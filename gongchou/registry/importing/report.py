"""What an import did or would do: every row has exactly one outcome."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gongchou.core.refusals import Problem
from gongchou.core.terms import RowOutcome

COUNTS = {
    RowOutcome.ACCEPTED: "accepted",
    RowOutcome.UPDATED: "updated",
    RowOutcome.UNCHANGED: "unchanged",
    RowOutcome.DUPLICATE: "duplicates",
    RowOutcome.REJECTED: "rejected",
}


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """Counts per outcome and all problems; rows = the sum of the counts, always."""

    outcomes: Counter[RowOutcome] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    sensitive: int = 0
    diff: Sequence[Any] = ()

    def add(
        self, outcome: RowOutcome, problems: Sequence[Problem], warnings: Sequence[Problem] = ()
    ) -> None:
        self.outcomes[outcome] += 1
        self.problems += problems
        self.warnings += warnings

    def warn(self, warnings: Sequence[Problem]) -> None:
        """What concerns no row that counts."""
        self.warnings += warnings

    @property
    def rows(self) -> int:
        return sum(self.outcomes.values())

    @property
    def rejected(self) -> int:
        return self.outcomes[RowOutcome.REJECTED]

    def plain(self) -> dict[str, Any]:
        """The document of `gongchou register import --json`."""
        return {
            "rows": self.rows,
            **{name: self.outcomes[outcome] for outcome, name in COUNTS.items()},
            "warnings": [_plain(warning) for warning in self.warnings],
            "problems": [_plain(problem) for problem in self.problems],
        }


def _plain(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "says": problem.says,
    }
